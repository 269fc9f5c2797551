//! 服务站点: offices by place and by what they do.

use access::office::Office;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;

use super::fault::Fault;
use super::{places, tools};
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::{Ask, Choice};
use crate::ui::place::place;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Icon, Page, Visit, icon, select};

/// What is asked of the list.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    #[serde(flatten)]
    place: places::Asked,
    duty: String,
}

/// Duties people look for, in the order of the list.
const DUTIES: [&str; 5] = ["consultation", "legal-aid", "mediation", "publicity", "complaint"];

/// Whether an office is open at this moment, where its hours can be read.
pub fn is_open(app: &App, office: &Office) -> Option<bool> {
    office
        .hours
        .as_deref()
        .and_then(|hours| access::office::is_open(hours, app.now(), app.register().calendar()))
}

/// One office: name, telephone, address, hours, and whether it is open now.
pub fn card(lang: Lang, office: &Office, open: Option<bool>) -> Markup {
    html! {
        div class="hf-office" {
            h3 class="govuk-heading-s" { (office.name) }
            @if let Some(phone) = &office.phone {
                p class="govuk-body" {
                    a class="govuk-link hf-tel" href={ "tel:" (phone) } { (icon(Icon::Phone)) (phone) }
                }
            }
            @if let Some(address) = &office.address {
                p class="govuk-body" { span class="hf-quiet" { (t!(lang, "offices-address")) } (address) }
            }
            @if let Some(hours) = &office.hours {
                p class="govuk-body" {
                    span class="hf-quiet" { (t!(lang, "offices-hours")) } (hours) " "
                    @if let Some(open) = open {
                        (tag(&t!(lang, if open { "offices-open" } else { "offices-closed" }), if open { Tone::Good } else { Tone::Quiet }))
                    }
                }
            }
        }
    }
}

/// `GET /offices?area=&duty=`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let around = places::around(&visit);
    let said = wanted.place.said(&app, &visit).await?;
    let area = said.code;
    let below = match area {
        Some(area) => places::below(&app, area, around.on).await?,
        None => places::counties(&app, &visit).await?,
    };
    let duty = DUTIES.into_iter().chain(["legal-aid-case"]).find(|duty| *duty == wanted.duty);
    let book = app.access().offices().current().await?;
    let found: Vec<&Office> = match area {
        Some(area) => book.serving(duty, area),
        None => book.within(duty, places::home(&visit)).collect(),
    };
    // Bodies that work for the office rather than for the public at the door are not listed here.
    let open: Vec<&&Office> = found.iter().filter(|office| office.kind != "organ").collect();
    let duties: Vec<Choice> =
        DUTIES.iter().map(|duty| Choice::new(*duty, t!(lang, &format!("duty-{duty}")))).collect();
    let title = t!(lang, "offices-title");
    Ok(Page::new(&visit, title.clone())
        .current("/offices")
        .crumb(title.clone(), "/offices")
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body" { (t!(lang, "offices-lead", tel = visit.site.hotline)) }
                form method="get" action="/offices" class="hf-filter" {
                    (place(lang, &Ask::new("area", t!(lang, "offices-area")).error(said.problem(lang)), &said, &around))
                    (select::select(lang, &Ask::new("duty", t!(lang, "offices-duty")), &duties, &wanted.duty))
                    (button::submit(&t!(lang, "offices-show"), Weight::Second))
                }
                @if !below.is_empty() {
                    details class="govuk-details" {
                        summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (t!(lang, "offices-towns")) } }
                        ul class="govuk-list hf-columns" {
                            @for town in &below {
                                li { a class="govuk-link" href={ "/offices?area=" (town.value) "&duty=" (wanted.duty) } { (town.label) } }
                            }
                        }
                    }
                }
                h2 class="govuk-heading-m" { (t!(lang, "offices-count", n = open.len())) }
            } }
            div class="hf-offices" { @for office in &open { (card(lang, office, is_open(&app, office))) } }
            (tools::tools(&visit))
        })
        .into_response())
}
