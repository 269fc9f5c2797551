//! Law, sums and documents beside the work: for a story told at the counter or on the phone, or for that of a matter.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::frame::{Staff, with_menu};
use crate::app::App;
use crate::ask::{self, Asked, panel};
use crate::desk::matter::page_of;
use crate::portal::fault::{Fault, text};
use crate::portal::matter::number;
use crate::portal::places;
use crate::portal::{attach, danger};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::{Page, Visit, textarea};

/// Where a story is told again.
pub const HERE: &str = "/desk/help";

/// `GET /desk/help`: the box for a story.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    show(&app, &visit, &Asked { text: "", kind: None, area: None }, None).await
}

/// `POST /desk/help`.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let kind = Some(posted.values.get("kind")).filter(|kind| !kind.is_empty());
    let asked = Asked { text: posted.values.get("q"), kind, area: places::home(&visit) };
    // Another kind chosen for the story of a matter is still about that matter.
    show(&app, &visit, &asked, posted.values.get(attach::MATTER).parse().ok()).await
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
    show(&app, &visit, &Asked { text: &story, kind: None, area }, Some(number)).await
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
    asked: &Asked<'_>,
    matter: Option<MatterNumber>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let title = t!(lang, "desk-help");
    let story = asked.text.trim();
    let found = if story.is_empty() {
        html! { p class="govuk-body" { (t!(lang, "desk-help-lead")) } }
    } else {
        helped(app, visit, &Asked { text: story, ..*asked }, matter).await?
    };
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        @if let Some(number) = matter {
            p class="govuk-body" { a class="govuk-link" href=(page_of(number)) { (t!(lang, "desk-help-back")) " " span class="hf-number" { (number.grouped()) } } }
        }
        (form(visit, HERE, &html! {
            @if let Some(number) = matter { input type="hidden" name=(attach::MATTER) value=(number); }
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
    asked: &Asked<'_>,
    matter: Option<MatterNumber>,
) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let atlas = places::atlas(app).await?;
    let place = asked.area.map(|area| atlas.full_name(area, visit.now.date())).unwrap_or_default();
    let mut help = ask::gather(app, asked).await?;
    help.matter = matter;
    Ok(html! {
        (danger::numbers(lang, &help.signs))
        (panel::kinds(visit, &help, asked.text, HERE))
        (panel::said(lang, &help))
        (panel::articles(lang, &help))
        (panel::sums(visit, &help, &place))
        (panel::drafts(app, visit, &help, asked.text))
    })
}
