//! Law, sums and documents beside the work: for a story told at the counter or on the phone, or for that of a matter.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::area::AreaCode;
use maud::{Markup, html};
use serde_json::Value;

use super::frame::{Staff, with_menu};
use crate::app::App;
use crate::ask::{self, Asked, panel};
use crate::portal::danger;
use crate::portal::fault::{Fault, text};
use crate::portal::matter::number;
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::{Page, Visit, textarea};

/// Where a story is told again.
pub const HERE: &str = "/desk/help";

/// `GET /desk/help`: the box for a story.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    show(&app, &visit, "", None, None).await
}

/// `POST /desk/help`.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let kind = Some(posted.values.get("kind")).filter(|kind| !kind.is_empty());
    show(&app, &visit, posted.values.get("q"), kind, places::home(&visit)).await
}

/// `GET /desk/matters/{number}/help`: what helps with the story of a matter, as far as it may be seen.
pub async fn of_matter(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let story = story_of(&app, &view).unwrap_or_default();
    let area = text(&view, "area").parse().ok();
    show(&app, &visit, &story, None, area).await
}

/// What somebody told in the form of a matter.
pub fn story_of(app: &App, view: &Value) -> Option<String> {
    let topics = app.triage().topics();
    let form = view["form"].as_object()?;
    let told = |(fact, value): (&String, &Value)| {
        (topics.carried(fact) == Some("story")).then(|| value.as_str().map(str::to_owned))?
    };
    form.iter().find_map(told).filter(|story| !story.is_empty())
}

async fn show(
    app: &App,
    visit: &Visit,
    story: &str,
    kind: Option<&str>,
    area: Option<AreaCode>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let title = t!(lang, "desk-help");
    let found = if story.trim().is_empty() {
        html! { p class="govuk-body" { (t!(lang, "desk-help-lead")) } }
    } else {
        helped(app, visit, story.trim(), kind, area).await?
    };
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        (form(visit, HERE, &html! {
            (textarea::textarea(lang, &Ask::new("q", t!(lang, "ask-story")), story, 4))
            (button::submit(&t!(lang, "ask-again"), Weight::Main))
        }))
        (found)
    };
    Ok(Page::desk(visit, title.clone()).body(with_menu(app, visit, HERE, &body)).into_response())
}

async fn helped(
    app: &App,
    visit: &Visit,
    story: &str,
    kind: Option<&str>,
    area: Option<AreaCode>,
) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let atlas = places::atlas(app).await?;
    let place = area.map(|area| atlas.full_name(area, visit.now.date())).unwrap_or_default();
    let help = ask::gather(app, &Asked { text: story, kind, area }).await?;
    Ok(html! {
        (danger::numbers(lang, &help.signs))
        (panel::kinds(visit, &help, story, HERE))
        (panel::said(lang, &help))
        (panel::articles(lang, &help))
        (panel::sums(visit, &help, &place))
        (panel::drafts(app, visit, &help, story))
    })
}
