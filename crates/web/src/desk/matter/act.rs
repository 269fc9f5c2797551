//! The form of an act, and doing it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use maud::html;
use serde_json::Value;

use super::{caption, item_of, page_of};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::fault::{Fault, text};
use crate::portal::matter::number;
use crate::portal::offer::{self, Filled, Offer, Outcome, Wanted};
use crate::ui::form::Posted;
use crate::ui::{Page, Visit};

fn show(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    hint: Option<&str>,
    filled: &Filled,
) -> Response {
    let page = page_of(number);
    let body = html! {
        (caption(number))
        h1 class="govuk-heading-l" { (offer.name) }
        @if let Some(hint) = hint { div class="govuk-inset-text" { (hint) } }
        div class="hf-narrow" { (offer::form(visit, offer, &page, filled)) }
    };
    Page::desk(visit, offer.name.clone())
        .back(page.clone())
        .problems(&filled.problems)
        .body(with_menu(app, visit, "", &body))
        .into_response()
}

/// `GET /desk/matters/{number}/{action}`.
pub async fn ask(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, action)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let Some(offer) = offer::find(&app, &visit, number, &action, wanted.task.as_deref()).await? else {
        return Ok(Redirect::to(&page_of(number)).into_response());
    };
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let offer = offer.at(text(&view, "step"));
    let hint = hint(&app, &visit, &view, &action);
    Ok(show(&app, &visit, number, &offer, hint.as_deref(), &Filled::fresh(&view)))
}

/// What the catalogue says one should know before an act.
fn hint(app: &App, visit: &Visit, view: &Value, action: &str) -> Option<String> {
    let item = item_of(app, view)?;
    let hint = item.action(text(view, "step"), action)?.hint.as_ref()?;
    Some(hint.get(visit.lang).to_owned())
}

/// `POST /desk/matters/{number}/{action}`.
pub async fn act(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, action)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    posted: Posted,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let Some(offer) = offer::find(&app, &visit, number, &action, wanted.task.as_deref()).await? else {
        // Done meanwhile, perhaps by this very form sent twice: the matter itself says how it stands.
        return Ok(Redirect::to(&page_of(number)).into_response());
    };
    match offer::act(&app, &visit, number, &offer, posted).await? {
        Outcome::Done => {
            // The act may have carried it out of sight; then the list is the place to be.
            let still = app.register().view(&visit.principal, number, visit.lang).await.is_ok();
            let to = if still { format!("{}?done={action}", page_of(number)) } else { "/desk".to_owned() };
            Ok(Redirect::to(&to).into_response())
        }
        Outcome::Again(filled) => Ok(show(&app, &visit, number, &offer, None, &filled)),
    }
}
