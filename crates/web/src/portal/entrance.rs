//! The eight entrances (找律师 … 考法考). An entrance whose service is not online yet says what exists:
//! whom to call, where to go, what to do next.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::fault::{Fault, nothing};
use super::{items, offices, practitioners, tools};
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::{Icon, Page, Visit, icon};

/// Which offices help at an entrance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Helped {
    /// Organisations of this kind.
    Kind(&'static str),
    /// Organisations with this duty.
    Duty(&'static str),
}

/// One entrance.
#[derive(Debug, Clone, Copy)]
pub struct Entrance {
    /// Name in addresses; also the ending of its messages.
    pub slug: &'static str,
    /// Its picture.
    pub icon: Icon,
    /// Series of items that stand behind it.
    pub series: &'static [&'static str],
    /// Who helps.
    pub helped: Helped,
    /// The kind of people one finds here, as the register calls it.
    pub people: Option<&'static str>,
}

/// All of them, in the order of the home page.
pub const ENTRANCES: [Entrance; 8] = [
    Entrance {
        slug: "lawyer",
        icon: Icon::Lawyer,
        series: &["lawyer", "consultation"],
        helped: Helped::Kind("law-firm"),
        people: Some("lawyer"),
    },
    Entrance {
        slug: "legal-worker",
        icon: Icon::LegalWorker,
        series: &["legal-worker"],
        helped: Helped::Kind("legal-service-office"),
        people: Some("legal_worker"),
    },
    Entrance {
        slug: "appraisal",
        icon: Icon::Appraisal,
        series: &["appraisal"],
        helped: Helped::Duty("consultation"),
        people: Some("appraiser"),
    },
    Entrance {
        slug: "learn",
        icon: Icon::Learn,
        series: &["learn", "consultation"],
        helped: Helped::Duty("publicity"),
        people: Some("adviser"),
    },
    Entrance {
        slug: "notary",
        icon: Icon::Notary,
        series: &["notary"],
        helped: Helped::Duty("consultation"),
        people: Some("notary"),
    },
    Entrance {
        slug: "legal-aid",
        icon: Icon::LegalAid,
        series: &["legal-aid"],
        helped: Helped::Duty("legal-aid"),
        people: None,
    },
    Entrance {
        slug: "mediation",
        icon: Icon::Mediation,
        series: &["mediation"],
        helped: Helped::Duty("mediation"),
        people: Some("mediator"),
    },
    Entrance {
        slug: "exam",
        icon: Icon::Exam,
        series: &["exam"],
        helped: Helped::Duty("supervision"),
        people: None,
    },
];

/// `GET /entrance/{slug}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(slug): Path<String>) -> Result<Response, Fault> {
    let lang = visit.lang;
    let entrance = ENTRANCES.iter().find(|one| one.slug == slug).ok_or_else(nothing)?;
    let title = t!(lang, &format!("entrance-{slug}"));
    let catalog = app.register().catalog();
    let own: Vec<_> =
        catalog.items().filter(|item| entrance.series.contains(&item.series.as_str())).collect();
    let book = app.access().offices().current().await?;
    let found: Vec<_> = book
        .all()
        .iter()
        .filter(|office| match entrance.helped {
            Helped::Kind(kind) => office.kind == kind,
            Helped::Duty(duty) => office.duties.iter().any(|own| own == duty),
        })
        .collect();
    Ok(Page::new(&visit, title.clone())
        .crumb(title.clone(), format!("/entrance/{slug}"))
        .column(&html! {
            div class="hf-panel-head" { span class="hf-badge" { (icon(entrance.icon)) } h1 class="govuk-heading-l" { (title) } }
            p class="govuk-body-l" { (t!(lang, &format!("entrance-{slug}-lead"))) }
            @if slug == "learn" {
                p { (button::link(&t!(lang, "laws-find"), "/laws", Weight::Main)) }
                p { (button::link(&t!(lang, "answers-find"), super::answers::PAGE, Weight::Second)) }
            }
            @if own.is_empty() {
                div class="govuk-inset-text" { (t!(lang, "entrance-not-online")) }
            } @else {
                h2 class="govuk-heading-m" { (t!(lang, "entrance-online")) }
                @for item in &own { (items::card(lang, item)) }
            }
            @if let Some(kind) = entrance.people {
                p { (button::link(&t!(lang, &practitioners::find(kind)), &format!("{}?kind={kind}", practitioners::PAGE), Weight::Main)) }
            }
            h2 class="govuk-heading-m" { (t!(lang, "entrance-now")) }
            ol class="govuk-list govuk-list--number govuk-list--spaced" {
                li { (t!(lang, "entrance-step-call", tel = visit.site.hotline)) }
                li { (t!(lang, "entrance-step-go")) }
                li { (t!(lang, "entrance-step-bring")) }
            }
            p { (button::link(&t!(lang, "ui-call", tel = visit.site.hotline), &format!("tel:{}", visit.site.hotline), Weight::Second)) }
            @if !found.is_empty() {
                h2 class="govuk-heading-m" { (t!(lang, "entrance-offices")) }
                @for office in found.iter().take(8) { (offices::card(lang, office, offices::is_open(&app, office))) }
                @if found.len() > 8 {
                    p class="govuk-body" { a class="govuk-link" href="/offices" { (t!(lang, "offices-all")) } }
                }
            }
            (tools::tools(&visit))
        })
        .into_response())
}
