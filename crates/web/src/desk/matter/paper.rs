//! A paper of a matter, as it was handed in: with the application or with any act since.

use access::policy::Sight;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::app::App;
use crate::desk::frame::Staff;
use crate::download::download;
use crate::portal::fault::{Fault, nothing};
use crate::portal::matter::number;

/// `GET /desk/matters/{number}/files/{file}`: a paper of a matter this person may open in full.
pub async fn file(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let open = app.register().sight(&visit.principal, number).await? == Sight::Full;
    let found = app.files().find(&id).await?;
    let stored = found.filter(|stored| open && stored.number == Some(number)).ok_or_else(nothing)?;
    let content = app.files().content(&id).await?.ok_or_else(nothing)?;
    Ok(download(&stored, content))
}
