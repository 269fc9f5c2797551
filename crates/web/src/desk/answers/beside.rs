//! What stands beside a consultation: answers to questions like it while it is open, and writing one once it is closed.

use answers::model::Published;
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::PAGE;
use crate::app::App;
use crate::portal::fault::{Fault, text};
use crate::portal::offer::Offer;
use crate::t;
use crate::ui::Visit;
use crate::ui::button::{self, Weight};
use crate::ui::form::form;

/// Answers shown beside a matter.
const MOST: usize = 3;

/// The offer whose form takes an answer, if it stands.
fn answering(offers: &[Offer]) -> Option<&Offer> {
    offers.iter().find(|offer| offer.action == "answer")
}

/// The panel; nothing where no question is answered.
pub async fn panel(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    view: &Value,
    offers: &[Offer],
) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let is_question = text(view, "item").starts_with(answers::rules::SERIES);
    if !is_question || !answers::rules::consults(&visit.principal) || view["applicant"].is_null() {
        return Ok(html! {});
    }
    if view["final"].as_bool().unwrap_or(false) {
        return Ok(html! {
            div class="hf-card" {
                h2 class="govuk-heading-s" { (t!(lang, "answers-desk-title")) }
                p class="govuk-body" { (t!(lang, "answers-write-offer")) }
                (button::link(&t!(lang, "answers-write-title"), &format!("{PAGE}/new?from={number}"), Weight::Second))
            }
        });
    }
    let Some(offer) = answering(offers) else { return Ok(html! {}) };
    let question = text(&view["form"], "consult.question");
    let found = app.library().search(question, None, MOST).await?;
    Ok(html! {
        div class="hf-card" {
            h2 class="govuk-heading-s" { (t!(lang, "answers-alike")) }
            @if found.is_empty() { p class="govuk-body hf-quiet" { (t!(lang, "answers-nothing")) } }
            @for one in &found { (alike(visit, number, offer, one)) }
            p class="govuk-body" { a class="govuk-link" href={ (PAGE) "/for/" (number) } { (t!(lang, "answers-search-more")) } }
            (draft_button(app, visit, number))
        }
    })
}

/// A similar answer with the way to use it.
pub(super) fn alike(visit: &Visit, number: MatterNumber, offer: &Offer, one: &Published) -> Markup {
    let lang = visit.lang;
    let page = format!("/desk/matters/{number}");
    html! {
        p class="govuk-body" {
            a class="govuk-link" href={ "/answers/" (one.id) } { (one.question) }
            br;
            a class="govuk-link" href=(offer.href_with(&page, "reuse", &one.id)) aria-label=(t!(lang, "answers-use-this", question = one.question)) { (t!(lang, "answers-use")) }
        }
    }
}

/// The button that makes a draft.
pub(super) fn draft_button(app: &App, visit: &Visit, number: MatterNumber) -> Markup {
    let lang = visit.lang;
    let key = if app.library().has_model() { "drafting-ask-model" } else { "drafting-ask" };
    form(
        visit,
        &format!("{PAGE}/for/{number}"),
        &html! {
            p class="govuk-body-s hf-quiet" { (t!(lang, &format!("{key}-hint"))) }
            (button::submit(&t!(lang, key), Weight::Second))
        },
    )
}
