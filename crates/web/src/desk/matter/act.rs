//! The form of an act, and doing it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use maud::html;
use serde_json::Value;

use super::drafted;
use super::sections::late;
use super::{caption, page_of};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::lang::knows;
use crate::portal::fault::{Fault, text};
use crate::portal::matter::number;
use crate::portal::offer::{self, Filled, Offer, Outcome, Wanted};
use crate::t;
use crate::ui::form::Posted;
use crate::ui::{Page, Visit};

pub(super) fn show(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    told: &[String],
    filled: &Filled,
) -> Response {
    let page = page_of(number);
    let body = html! {
        (caption(number))
        h1 class="govuk-heading-l" { (offer.name) }
        @if !told.is_empty() {
            div class="govuk-inset-text" { @for one in told { p class="govuk-body" { (one) } } }
        }
        div class="hf-narrow" { (offer::form(visit, offer, &page, filled)) }
    };
    Page::desk(visit, offer.name.clone())
        .back(page.clone())
        .problems(&filled.problems)
        .body(with_menu(app, visit, "", &body))
        .into_response()
}

/// What one should know before an act: what the catalogue says, and for a reminder what ran late.
fn told(app: &App, visit: &Visit, view: &Value, action: &str) -> Vec<String> {
    let mut told: Vec<String> = offer::hint(app, visit, view, action).into_iter().collect();
    let lead = format!("desk-act-lead-{action}");
    told.extend(knows(&lead).then(|| t!(visit.lang, &lead)));
    if action == "attend" {
        told.extend(late(visit, offer::item_of(app, view).as_deref(), view));
    }
    told
}

/// The form of an act with what one should know before it.
pub fn form(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    view: &Value,
    filled: &Filled,
) -> Response {
    show(app, visit, number, offer, &told(app, visit, view, &offer.action), filled)
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
    let mut told = told(&app, &visit, &view, &action);
    let mut filled = Filled::fresh(&view, &offer, wanted.pick.as_deref());
    if let Some(id) = &wanted.reuse
        && let Some(one) = app.library().find(id).await?
    {
        let (form, said) = drafted::reused(&visit, &offer, filled, &one);
        filled = form;
        told.push(said);
    }
    Ok(show(&app, &visit, number, &offer, &told, &filled))
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
    if let Some(filled) = drafted::unread(&app, &visit, number, &offer, &posted.values).await? {
        let view = app.register().view(&visit.principal, number, visit.lang).await?;
        return Ok(form(&app, &visit, number, &offer, &view, &filled));
    }
    match offer::act(&app, &visit, number, &offer, posted).await? {
        Outcome::Done => {
            // The act may have carried it out of sight; then the list is the place to be.
            let still = app.register().view(&visit.principal, number, visit.lang).await.is_ok();
            let to = if still { format!("{}?done={action}", page_of(number)) } else { "/desk".to_owned() };
            Ok(Redirect::to(&to).into_response())
        }
        Outcome::Again(filled) => {
            let view = app.register().view(&visit.principal, number, visit.lang).await?;
            Ok(form(&app, &visit, number, &offer, &view, &filled))
        }
    }
}
