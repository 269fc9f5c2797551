//! Before the first question: what is needed, how long it takes, what it costs, other ways, and going on
//! with what was begun.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use catalog::item::Item;
use kernel::number::MatterNumber;
use maud::html;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Elsewhere, cookie_name, drafts, going, going_with, item_of};
use crate::app::App;
use crate::portal::door::{cookie, private, with_cookie};
use crate::portal::fault::text;
use crate::portal::items::period;
use crate::portal::{items, matter, places};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::form::Posted;
use crate::ui::time;
use crate::ui::{Page, Visit};

/// The cookie outlives the draft by nothing: both end after thirty days without a page.
const DAYS: u32 = 30;

/// Names of fields another page hands over answers in: this, and the fact.
pub const CARRY: &str = "carry.";

/// The matter it is to follow from.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    from: String,
}

impl Wanted {
    /// The matter, when this person may see it and the item may follow from it as it stands.
    async fn from(&self, app: &App, visit: &Visit, item: &str) -> Result<Option<MatterNumber>, Elsewhere> {
        if self.from.is_empty() {
            return Ok(None);
        }
        let number = matter::number(&self.from)?;
        if matter::signed_in(visit, number).is_err() {
            return Err(Elsewhere::To(format!("/progress?number={number}")));
        }
        let offers = app.register().follow_ups(&visit.principal, number, visit.lang).await?;
        let may = offers.iter().any(|offer| text(offer, "item") == item);
        Ok(may.then_some(number))
    }
}

/// `GET /apply/{item}?from=`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let item = item_of(&app, &id)?;
    let from = wanted.from(&app, &visit, &id).await?;
    let begun = match going(&app, &visit, &id).await {
        Ok(going) => Some(going),
        Err(Elsewhere::To(_)) => None,
        Err(fault) => return Err(fault),
    };
    let catalog = app.register().catalog();
    let name = item.name.get(lang);
    let limit = item.clocks.first().and_then(|clock| {
        items::limits(catalog, &clock.rule, places::home(&visit), visit.now.date()).into_iter().next()
    });
    Ok(Page::new(&visit, name)
        .sensitive(app.register().catalog().quick_exit().marks(&id))
        .crumb(name, format!("/items/{id}"))
        .column(&html! {
            h1 class="govuk-heading-l" { (t!(lang, "start-title", name = name)) }
            p class="govuk-body-l" { (item.summary.get(lang)) }
            @if let Some(going) = &begun {
                div class="hf-due" {
                    h2 class="govuk-heading-s" { (t!(lang, "start-begun")) }
                    p class="govuk-body" { (t!(lang, "start-begun-text", date = time::date(lang, going.draft.expires_on))) }
                    (button::link(&t!(lang, "start-go-on"), &going.next(catalog, visit.now.date()), Weight::Main))
                }
            }
            h2 class="govuk-heading-m" { (t!(lang, "start-need")) }
            ul class="govuk-list govuk-list--bullet" {
                @for material in &item.materials { li { (material.name.get(lang)) } }
            }
            p class="govuk-body" { (t!(lang, "start-need-later")) }
            h2 class="govuk-heading-m" { (t!(lang, "start-know")) }
            ul class="govuk-list govuk-list--bullet" {
                li { (t!(lang, "start-time")) }
                @if let Some(limit) = &limit { li { (t!(lang, "start-limit", period = period(lang, limit))) } }
                li { (t!(lang, "items-fee")) (item.guide.fee.get(lang)) }
                li { (t!(lang, "start-private")) }
            }
            form method="post" action={ "/apply/" (id) } {
                (visit.csrf_field())
                @if let Some(from) = from {
                    input type="hidden" name="from" value=(from);
                    p class="govuk-body" { (t!(lang, "follow-carried", number = from.grouped())) }
                }
                @let (label, weight) = if begun.is_some() { ("start-again", Weight::Second) } else { ("start-now", Weight::Main) };
                (button::submit(&t!(lang, label), weight))
            }
            h2 class="govuk-heading-m" { (t!(lang, "start-other-ways")) }
            ul class="govuk-list govuk-list--bullet" {
                li { a class="govuk-link" href={ "tel:" (visit.site.hotline) } { (t!(lang, "ui-call", tel = visit.site.hotline)) } " " (t!(lang, "start-by-phone")) }
                li { a class="govuk-link" href={ "/offices?duty=" (item.duty) } { (t!(lang, "way-near")) } " " (t!(lang, "start-by-window")) }
                li { a class="govuk-link" href="/resume" { (t!(lang, "home-resume")) } }
            }
        })
        .into_response())
}

/// `POST /apply/{item}`: begins a draft; one that lay there is thrown away, as the button says.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let item = item_of(&app, &id)?;
    let from = Wanted { from: posted.values.get("from").to_owned() }.from(&app, &visit, &id).await?;
    let name = cookie_name(&id);
    if let Some(old) = visit.cookie(&name) {
        let kept = drafts(&app).find(old, visit.now.date()).await?;
        if kept.is_some_and(|draft| draft.number.is_none()) {
            drafts(&app).throw_away(old).await?;
        }
    }
    let token = drafts(&app).begin(&item.id, item.version, visit.now.date()).await?;
    let carried = carried(&item, &posted);
    if !carried.is_empty() {
        let mut begun = going_with(&app, &visit, Arc::clone(&item), token.clone()).await?;
        begun.draft.answers.carried = carried.keys().cloned().collect();
        begun.draft.answers.form = carried;
        drafts(&app).save(&token, &begun.draft, visit.now.date()).await?;
    }
    let first = if from.is_some() {
        let mut begun = going_with(&app, &visit, Arc::clone(&item), token.clone()).await?;
        begun.draft.answers.from = from;
        drafts(&app).save(&token, &begun.draft, visit.now.date()).await?;
        let begun = going_with(&app, &visit, Arc::clone(&item), token.clone()).await?;
        begun.next(app.register().catalog(), visit.now.date())
    } else if item.area_from.is_none() {
        format!("/apply/{id}/area")
    } else {
        item.questions()
            .next()
            .map_or_else(|| format!("/apply/{id}/applicant"), |q| format!("/apply/{id}/q/{}", q.fact))
    };
    Ok(with_cookie(Redirect::to(&first).into_response(), cookie(&name, &token, DAYS, private(&headers))))
}

/// What another page hands over, as far as this item asks for it. Each stands on its question's page to be looked at.
fn carried(item: &Item, posted: &Posted) -> Map<String, Value> {
    let questions = item.questions().filter_map(|question| {
        let value = posted.values.get(&format!("{CARRY}{}", question.fact)).trim();
        (!value.is_empty()).then(|| (question.fact.clone(), Value::from(value)))
    });
    questions.collect()
}
