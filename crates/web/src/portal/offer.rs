//! One form for every act the engine offers, drawn from the schema that comes with the offer.
//!
//! The same page serves the applicant and the officer: what may be done, and what must be given, is
//! decided by the register and the catalogue, never here.

use access::Principal;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use matters::Ask;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::fault::{at, text};
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::Visit;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Choice, LabelSize};
use crate::ui::form::Values;
use crate::ui::question::{Shown, read_all};

/// An act that may be done now, as a form.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its name in the contract.
    pub action: String,
    /// What its button says.
    pub name: String,
    /// The task it discharges, when it does.
    pub task: Option<String>,
    /// Whether the matter stands at an end after it.
    pub ends: bool,
    /// The step it leads to.
    pub to: String,
    /// What must be given.
    pub questions: Vec<Shown>,
}

impl Offer {
    /// Address of its form under a page of the matter.
    pub fn href(&self, page: &str) -> String {
        let task = self.task.as_ref().map(|task| format!("?task={task}")).unwrap_or_default();
        format!("{page}/{}{task}", self.action)
    }

    /// For a matter that stands at this step: an act that stays where it is ends nothing.
    #[must_use]
    pub fn at(mut self, step: &str) -> Self {
        self.ends = self.ends && self.to != step;
        self
    }

    /// Reads an offer of the register.
    fn read(offer: &Value, places: &[Choice]) -> Self {
        Self {
            action: text(offer, "action").to_owned(),
            name: text(offer, "name").to_owned(),
            task: offer.get("task").and_then(Value::as_str).map(str::to_owned),
            ends: offer.get("final").and_then(Value::as_bool).unwrap_or(false),
            to: text(offer, "to").to_owned(),
            questions: Shown::all_of(&offer["schema"], places),
        }
    }
}

/// All offers of a matter to somebody, in the order the register gives them.
pub async fn offers(
    app: &App,
    who: &Principal,
    number: MatterNumber,
    lang: Lang,
    places: &[Choice],
) -> Result<Vec<Offer>, Refusal> {
    let offers = app.register().actions(who, number, lang).await?;
    Ok(offers
        .as_array()
        .map(|list| list.iter().map(|offer| Offer::read(offer, places)).collect())
        .unwrap_or_default())
}

/// The form of one offer. `key` makes a repeat of this very form the same act.
pub fn form(
    visit: &Visit,
    offer: &Offer,
    page: &str,
    version: i64,
    key: &str,
    values: &Map<String, Value>,
    problems: &[Problem],
) -> Markup {
    let lang = visit.lang;
    let weight =
        if offer.action == "withdraw" || offer.action == "void" { Weight::Warning } else { Weight::Main };
    html! {
        form method="post" action=(offer.href(page)) novalidate {
            (visit.csrf_field())
            input type="hidden" name="version" value=(version);
            input type="hidden" name="key" value=(key);
            @for question in &offer.questions {
                @let value = values.get(&question.name).unwrap_or(&Value::Null);
                (question.draw(lang, value, at(problems, &question.name), LabelSize::Plain))
            }
            @if offer.ends { p class="govuk-body" { (t!(lang, "act-ends")) } }
            div class="govuk-button-group" {
                (button::submit(&offer.name, weight))
                a class="govuk-link" href=(page) { (t!(lang, "act-cancel")) }
            }
        }
    }
}

/// Does the act as posted.
pub async fn act(
    app: &App,
    who: &Principal,
    number: MatterNumber,
    offer: &Offer,
    values: &Values,
    lang: Lang,
) -> Result<Value, Refusal> {
    let ask = Ask {
        action: &offer.action,
        version: values.get("version").parse().unwrap_or_default(),
        input: read_all(&offer.questions, values),
        task: offer.task.as_deref(),
        key: values.get("key"),
        lang,
    };
    app.register().act(who, number, &ask).await.map(|answer| answer.body)
}

/// A fresh idempotency key for a form.
pub fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}
