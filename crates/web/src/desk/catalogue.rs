//! The service items as officials read them: what is asked, what to bring, how it goes, who does what by when, and
//! what one version says that another does not.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use catalog::compare::{Difference, compare};
use catalog::item::{ActionDef, Item, To};
use maud::{Markup, html};
use serde::Deserialize;

use super::frame::{Staff, role_key, with_menu};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::{Fault, nothing};
use crate::portal::items::{limit, limits};
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::details::details;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Ask, Choice, Page, Visit, select};

/// Address of the list.
pub const PAGE: &str = "/desk/catalogue";

/// `GET /desk/catalogue`.
pub async fn list(State(app): State<App>, Staff(visit): Staff) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "catalogue-title");
    let heads =
        ["desk-item", "catalogue-version", "catalogue-doors", "catalogue-duties"].map(|key| t!(lang, key));
    let rows: Vec<Vec<Markup>> = app
        .register()
        .catalog()
        .items()
        .map(|item| {
            vec![
                html! { a class="govuk-link" href={ (PAGE) "/" (item.id) } { (item.name.get(lang)) } br; span class="hf-quiet" { (item.id) } },
                html! { (item.version) },
                html! { (doors(lang, item)) },
                html! { (item.clocks.iter().map(|clock| clock.duty.get(lang)).collect::<Vec<_>>().join("；")) },
            ]
        })
        .collect();
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "catalogue-lead")) }
        (table(&title, &heads.each_ref().map(String::as_str), &rows))
    };
    Page::desk(&visit, title.clone()).body(with_menu(&app, &visit, PAGE, &body)).into_response()
}

fn doors(lang: Lang, item: &Item) -> String {
    item.doors.iter().map(|door| t!(lang, &format!("door-{door}"))).collect::<Vec<_>>().join("、")
}

/// Which version, and beside which.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    version: Option<u32>,
    against: Option<u32>,
}

/// `GET /desk/catalogue/{item}?version=&against=`.
pub async fn show(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let newest = catalog.item(&id).cloned().ok_or_else(nothing)?;
    let of = |version: u32| catalog.version(&id, version).cloned().ok_or_else(nothing);
    let item = match wanted.version {
        Some(version) => of(version)?,
        None => newest,
    };
    let mut versions: Vec<u32> =
        catalog.versions().filter(|one| one.id == id).map(|one| one.version).collect();
    versions.sort_unstable();
    let against = match wanted.against {
        Some(version) => Some(of(version)?),
        None => None,
    };
    let title = item.name.get(lang).to_owned();
    let body = html! {
        span class="govuk-caption-l" { (item.id) " · " (t!(lang, "catalogue-version-n", n = item.version)) }
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (item.summary.get(lang)) " " a class="govuk-link" href={ "/items/" (item.id) } { (t!(lang, "catalogue-guide")) } }
        (others(lang, &item, &versions, wanted.against))
        @if let Some(against) = &against {
            (differences(lang, &item, against))
        } @else {
            (asked(lang, &item))
            (clocks(&app, &visit, &item))
            (steps(lang, &item))
        }
    };
    Ok(Page::desk(&visit, title).back(PAGE).body(with_menu(&app, &visit, PAGE, &body)).into_response())
}

/// The other versions there are, to read or to hold beside this one.
fn others(lang: Lang, item: &Item, versions: &[u32], against: Option<u32>) -> Markup {
    let choices: Vec<Choice> = versions
        .iter()
        .filter(|version| **version != item.version)
        .map(|version| Choice::new(version.to_string(), t!(lang, "catalogue-version-n", n = version)))
        .collect();
    html! {
        @if choices.is_empty() {
            p class="govuk-body hf-quiet" { (t!(lang, "catalogue-only-version")) }
        } @else {
            form class="hf-search" method="get" action={ (PAGE) "/" (item.id) } {
                input type="hidden" name="version" value=(item.version);
                (select::select(lang, &Ask::new("against", t!(lang, "catalogue-against")), &choices, &against.map(|n| n.to_string()).unwrap_or_default()))
                (button::submit(&t!(lang, "catalogue-compare"), Weight::Second))
            }
        }
    }
}

fn differences(lang: Lang, item: &Item, against: &Item) -> Markup {
    let (old, new) = if against.version < item.version { (against, item) } else { (item, against) };
    let other = if lang == Lang::Zh { "en" } else { "zh" };
    let told: Vec<Difference> = compare(old, new)
        .into_iter()
        .filter(|one| one.place.last().is_none_or(|last| last != other))
        .collect();
    let heads = [
        t!(lang, "catalogue-place"),
        t!(lang, "catalogue-version-n", n = old.version),
        t!(lang, "catalogue-version-n", n = new.version),
    ];
    let side = |text: &Option<String>, missing: &str| match text {
        Some(text) => html! { (text) },
        None => tag(&t!(lang, missing), Tone::Quiet),
    };
    let rows: Vec<Vec<Markup>> = told
        .iter()
        .map(|one| {
            let place: Vec<&str> =
                one.place.iter().map(String::as_str).filter(|part| !matches!(*part, "zh" | "en")).collect();
            vec![
                html! { (place.join(" › ")) },
                side(&one.before, "catalogue-not-yet"),
                side(&one.after, "catalogue-no-more"),
            ]
        })
        .collect();
    let title = t!(lang, "catalogue-differences", n = rows.len());
    html! {
        h2 class="govuk-heading-m" { (title) }
        @if rows.is_empty() {
            p class="govuk-body" { (t!(lang, "catalogue-same")) }
        } @else {
            (table(&title, &heads.each_ref().map(String::as_str), &rows))
        }
    }
}

/// The questions and the materials.
fn asked(lang: Lang, item: &Item) -> Markup {
    let rows: Vec<Row> = item
        .form
        .iter()
        .map(|page| {
            Row::markup(
                page.title.get(lang),
                html! {
                    ul class="govuk-list" {
                        @for question in &page.questions {
                            li {
                                (question.label.get(lang)) " "
                                @if !question.required { span class="hf-quiet" { (t!(lang, "catalogue-optional")) } }
                                @if question.when.is_some() { " " (tag(&t!(lang, "catalogue-sometimes"), Tone::Quiet)) }
                                @if question.sensitive { " " (tag(&t!(lang, "catalogue-sealed"), Tone::Quiet)) }
                            }
                        }
                    }
                },
            )
        })
        .collect();
    let papers: Vec<Row> =
        item.materials.iter().map(|one| Row::text(one.name.get(lang), one.issuer.get(lang))).collect();
    html! {
        h2 class="govuk-heading-m" { (t!(lang, "catalogue-form")) }
        (summary_list(&rows))
        @if !papers.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "papers-title")) }
            (summary_list(&papers))
        }
    }
}

fn clocks(app: &App, visit: &Visit, item: &Item) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let rows: Vec<Row> = item
        .clocks
        .iter()
        .map(|clock| {
            let found = limits(catalog, &clock.rule, places::home(visit), visit.now.date());
            Row::markup(
                clock.duty.get(lang),
                html! { @for one in &found { p class="govuk-body" { (limit(lang, one)) } } },
            )
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "desk-clocks")) }
            (summary_list(&rows))
        }
    }
}

/// Each step, whose turn it is, and what may be done in it by whom.
fn steps(lang: Lang, item: &Item) -> Markup {
    let heads =
        ["catalogue-action", "catalogue-role", "catalogue-leads", "catalogue-rules"].map(|key| t!(lang, key));
    html! {
        h2 class="govuk-heading-m" { (t!(lang, "catalogue-steps")) }
        @for step in &item.steps {
            @let name = step.name.get(lang);
            (details(name, &html! {
                p class="govuk-body" { (step.plain.get(lang)) }
                @if step.actions.is_empty() {
                    p class="govuk-body hf-quiet" { (t!(lang, "catalogue-no-action")) }
                } @else {
                    (table(name, &heads.each_ref().map(String::as_str), &step.actions.iter().map(|action| row(lang, item, action)).collect::<Vec<_>>()))
                }
            }))
        }
    }
}

fn row(lang: Lang, item: &Item, action: &ActionDef) -> Vec<Markup> {
    let roles = std::iter::once(&action.role).chain(&action.also);
    let roles: Vec<String> = roles.map(|role| t!(lang, &role_key(*role))).collect();
    let leads = match &action.to {
        To::Same => t!(lang, "catalogue-stays"),
        To::Step(id) => item.step(id).map_or(id.as_str(), |step| step.name.get(lang)).to_owned(),
    };
    let documents: Vec<&str> = action
        .documents
        .iter()
        .map(|id| {
            item.documents.iter().find(|one| one.id == *id).map_or(id.as_str(), |one| one.name.get(lang))
        })
        .collect();
    vec![
        html! { (action.name.get(lang)) },
        html! { (roles.join("、")) },
        html! { (leads) },
        html! {
            @if !action.not_by.is_empty() { p class="govuk-body-s" { (t!(lang, "catalogue-four-eyes")) } }
            @if action.requires_reason { p class="govuk-body-s" { (t!(lang, "catalogue-reason")) } }
            @if let Some(guard) = &action.guard { p class="govuk-body-s" { (guard.text.get(lang)) } }
            @if !documents.is_empty() { p class="govuk-body-s" { (t!(lang, "catalogue-makes", names = documents.join("、"))) } }
            @if let Some(law) = &action.basis { p class="govuk-body-s hf-quiet" { (crate::portal::items::basis(lang, law)) } }
        },
    ]
}
