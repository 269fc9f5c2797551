//! A paper of a matter, as it was handed in.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::app::App;
use crate::desk::frame::Staff;
use crate::download::download;
use crate::portal::fault::{Fault, nothing, text};
use crate::portal::matter::number;

/// `GET /desk/matters/{number}/files/{file}`: a paper of a matter this person may open in full.
pub async fn file(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let mine = view["materials"].as_array().into_iter().flatten().any(|paper| text(paper, "file") == id);
    let stored = app
        .files()
        .find(&id)
        .await?
        .filter(|stored| mine && stored.number == Some(number))
        .ok_or_else(nothing)?;
    let content = app.files().content(&id).await?.ok_or_else(nothing)?;
    Ok(download(&stored, content))
}
