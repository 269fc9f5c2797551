//! Calculators and documents at the desk: the pages of the public, for whoever is signed in here.

use axum::extract::{Path, State};
use axum::response::Response;
use axum_extra::extract::Query;

use super::frame::Staff;
use crate::app::App;
use crate::portal::calculators::{self as sums, Wanted};
use crate::portal::drafts::{self as papers, list};
use crate::portal::fault::Fault;
use crate::ui::form::Posted;

/// `GET /desk/calculators`.
pub async fn calculators(state: State<App>, Staff(visit): Staff) -> Response {
    sums::list(state, visit).await
}

/// `GET /desk/calculators/{name}`.
pub async fn calculator(
    state: State<App>,
    Staff(visit): Staff,
    name: Path<String>,
    wanted: Query<Wanted>,
) -> Result<Response, Fault> {
    sums::get(state, visit, name, wanted).await
}

/// `POST /desk/calculators/{name}`.
pub async fn compute(
    state: State<App>,
    Staff(visit): Staff,
    name: Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    sums::post(state, visit, name, posted).await
}

/// `GET /desk/drafts`.
pub async fn drafts(state: State<App>, Staff(visit): Staff, wanted: Query<list::Wanted>) -> Response {
    list::get(state, visit, wanted).await
}

/// `GET /desk/drafts/{id}`.
pub async fn draft(state: State<App>, Staff(visit): Staff, id: Path<String>) -> Result<Response, Fault> {
    papers::get(state, visit, id).await
}

/// `POST /desk/drafts/{id}`.
pub async fn write(
    state: State<App>,
    Staff(visit): Staff,
    id: Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    papers::post(state, visit, id, posted).await
}
