//! `GET /drafts?kind=`: what can be written here, by what it is for.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use drafting::{Group, Template};
use maud::html;
use serde::Deserialize;

use super::{HOME, address};
use crate::app::App;
use crate::desk::frame::wide_tool;
use crate::lang::{Lang, say};
use crate::t;
use crate::ui::field::{Ask, Choice};
use crate::ui::{Page, Visit, select};

/// What is looked for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    kind: String,
}

/// A group in words.
pub fn group(lang: Lang, group: Group) -> String {
    say(lang, &format!("draft-group-{}", group.as_str()), &[])
}

/// The list.
pub async fn get(State(app): State<App>, visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let lang = visit.lang;
    let kinds: BTreeSet<&str> =
        app.drafts().all().flat_map(|one| one.kinds.iter().map(String::as_str)).collect();
    // A kind nobody knows shows all.
    let kind = kinds.get(wanted.kind.as_str()).copied().unwrap_or_default();
    let choices: Vec<Choice> = kinds.iter().map(|kind| Choice::new(*kind, *kind)).collect();
    let fits = |one: &&Template| kind.is_empty() || one.kinds.iter().any(|label| label == kind);
    let title = t!(lang, "draft-title");
    Page::here(&visit, title.clone())
        .current(HOME)
        .crumb(title.clone(), visit.here(HOME))
        .body(wide_tool(&app, &visit, html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body-l" { (t!(lang, "draft-lead")) }
            form class="hf-filter" method="get" action=(visit.here(HOME)) {
                (select::filter(lang, &Ask::new("kind", t!(lang, "draft-kind")), &choices, kind))
                button type="submit" class="govuk-button govuk-button--secondary" { (t!(lang, "draft-filter")) }
            }
            @for of in Group::ALL {
                @let here: Vec<&Template> = app.drafts().all().filter(|one| one.group == of).filter(fits).collect();
                @if !here.is_empty() {
                    h2 class="govuk-heading-m" { (group(lang, of)) }
                    ul class="hf-drafts" {
                        @for one in here {
                            li {
                                a class="govuk-link" href=(address(&visit, one)) { (one.name.get(lang)) }
                                p { (one.summary.get(lang)) }
                            }
                        }
                    }
                }
            }
            p class="govuk-hint" { (t!(lang, "draft-not-kept")) }
        }))
        .into_response()
}

/// The templates that answer a question typed into the search box.
pub fn found<'a>(app: &'a App, lang: Lang, q: &str, most: usize) -> Vec<&'a Template> {
    let named = app.drafts().all().map(|one| {
        (format!("{} {} {}", one.name.get(lang), one.summary.get(lang), one.words.join(" ")), one)
    });
    crate::portal::search::hits(q, named, most)
}
