//! 找律师、找法工…: those who practise, by place, by what they know and by language. In the order of the register:
//! nobody is put first for being looked at or for paying.

use access::practitioner::{Practitioner, PractitionerQuery};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::fault::Fault;
use super::{places, tools};
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::input::{Typed, input};
use crate::ui::pagination::pagination;
use crate::ui::place::place;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Ask, Choice, Icon, Page, Visit, icon, select};

/// Address of the page.
pub const PAGE: &str = "/practitioners";

/// Kinds people look for.
const KINDS: [&str; 6] = ["lawyer", "legal_worker", "notary", "appraiser", "mediator", "adviser"];

/// Message key of what somebody of a kind is called.
fn word(kind: &str) -> String {
    format!("practitioner-{}", kind.replace('_', "-"))
}

/// Message key of looking for somebody of a kind.
pub fn find(kind: &str) -> String {
    word(kind) + "-find"
}

/// People of a page.
const ROWS: u32 = 20;

/// What is asked of the list.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    kind: String,
    #[serde(flatten)]
    place: places::Asked,
    skill: String,
    q: String,
    cursor: String,
}

impl Wanted {
    fn address(&self, area: &str, cursor: Option<&str>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in
            [("kind", self.kind.as_str()), ("area", area), ("skill", &self.skill), ("q", &self.q)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        format!("{PAGE}?{}", query.finish())
    }
}

/// `GET /practitioners?kind=&area=&skill=&q=&cursor=`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let around = places::around(&visit);
    let said = wanted.place.said(&app, &visit).await?;
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let query = PractitionerQuery {
        kind: KINDS.into_iter().find(|kind| *kind == wanted.kind).map(ToOwned::to_owned),
        area: said.code.or_else(|| places::home(&visit)),
        skill: some(&wanted.skill),
        text: some(&wanted.q),
        after: some(&wanted.cursor),
        limit: ROWS + 1,
        ..PractitionerQuery::default()
    };
    let (mut found, total) = app.access().practitioners(&query).await?;
    let more = found.len() > ROWS as usize;
    found.truncate(ROWS as usize);
    let area = said.code.map(|code| code.to_string()).unwrap_or_default();
    let next = found.last().filter(|_| more).map(|last| wanted.address(&area, Some(&last.id)));
    let first = query.after.as_ref().map(|_| wanted.address(&area, None));
    let book = app.access().offices().current().await?;
    let kinds = KINDS.map(|kind| Choice::new(kind, t!(lang, &word(kind))));
    let title = match &query.kind {
        Some(kind) => t!(lang, &find(kind)),
        None => t!(lang, "practitioners-title"),
    };
    Ok(Page::new(&visit, title.clone())
        .crumb(title.clone(), wanted.address("", None))
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body" { (t!(lang, "practitioners-lead")) }
                form method="get" action=(PAGE) class="hf-filter" {
                    (select::filter(lang, &Ask::new("kind", t!(lang, "practitioners-kind")), &kinds, &wanted.kind))
                    (place(lang, &Ask::new("area", t!(lang, "practitioners-area")).error(said.problem(lang)), &said, &around))
                    (input(lang, &Ask::new("skill", t!(lang, "practitioners-skill")).hint(t!(lang, "practitioners-skill-hint")).optional(true), &wanted.skill, Typed::Search))
                    (input(lang, &Ask::new("q", t!(lang, "practitioners-name")).optional(true), &wanted.q, Typed::Search))
                    (button::submit(&t!(lang, "offices-show"), Weight::Second))
                }
                h2 class="govuk-heading-m" { (t!(lang, "practitioners-count", n = total)) }
                @if found.is_empty() {
                    p class="govuk-body" { (t!(lang, "practitioners-none", tel = visit.site.hotline)) }
                    p class="govuk-body" { a class="govuk-link" href="/offices" { (t!(lang, "ui-to-offices")) } }
                }
            } }
            div class="hf-offices" {
                @for one in &found {
                    (card(&visit, one, book.get(&one.organisation).map_or("", |office| office.name.as_str())))
                }
            }
            (pagination(lang, first.as_deref(), next.as_deref()))
            (tools::tools(&visit))
        })
        .into_response())
}

fn card(visit: &Visit, one: &Practitioner, office: &str) -> Markup {
    let lang = visit.lang;
    html! {
        div class="hf-office" {
            h3 class="govuk-heading-s" {
                (one.name) " "
                span class="hf-quiet hf-normal" { (t!(lang, &word(&one.kind))) }
            }
            p class="govuk-body" { (office) }
            @if !one.skills.is_empty() {
                p class="govuk-body" { @for skill in &one.skills { (tag(skill, Tone::Quiet)) " " } }
            }
            @if !one.languages.is_empty() {
                p class="govuk-body" { span class="hf-quiet" { (t!(lang, "practitioners-languages")) } (one.languages.join("、")) }
            }
            @if let Some(phone) = &one.phone {
                p class="govuk-body" { a class="govuk-link hf-tel" href={ "tel:" (phone) } { (icon(Icon::Phone)) (phone) } }
            }
            @if let Some(licence) = &one.licence_no {
                p class="govuk-body-s hf-quiet" { (t!(lang, "practitioners-licence")) (licence) }
            }
        }
    }
}
