//! One form for every act the engine offers, drawn from the schema that comes with the offer.
//!
//! The same page serves the applicant and the officer: what may be done, and what must be given, is
//! decided by the register and the catalogue, never here.

use std::sync::Arc;

use access::Principal;
use catalog::item::Item;
use files::Stored;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use matters::Ask;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::{Fault, at, labelled_problems, text};
use super::{places, upload};
use crate::app::App;
use crate::lang::Lang;
use crate::problem::say;
use crate::t;
use crate::ui::Visit;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::{Choice, LabelSize};
use crate::ui::form::{Posted, Values};
use crate::ui::question::{Shown, label, read_all};

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

    /// The same with one of its choices picked already.
    pub fn href_picking(&self, page: &str, value: &str) -> String {
        self.href_with(page, "pick", value)
    }

    /// The same with a word added to the address.
    pub fn href_with(&self, page: &str, name: &str, value: &str) -> String {
        let href = self.href(page);
        let and = if href.contains('?') { '&' } else { '?' };
        format!("{href}{and}{name}={value}")
    }

    /// For a matter that stands at this step: an act that stays where it is ends nothing.
    #[must_use]
    pub fn at(mut self, step: &str) -> Self {
        self.ends = self.ends && self.to != step;
        self
    }

    /// Reads an offer of the register; `hint` says what files are taken.
    fn read(offer: &Value, places: &[Choice], hint: &str) -> Self {
        let mut questions = Shown::all_of(&offer["schema"], places);
        for question in questions.iter_mut().filter(|question| question.is_file()) {
            question.help.get_or_insert_with(|| hint.to_owned());
        }
        Self {
            action: text(offer, "action").to_owned(),
            name: text(offer, "name").to_owned(),
            task: offer.get("task").and_then(Value::as_str).map(str::to_owned),
            ends: offer.get("final").and_then(Value::as_bool).unwrap_or(false),
            to: text(offer, "to").to_owned(),
            questions,
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
    let hint = t!(lang, "ui-file-hint", n = app.config().limits.upload_bytes >> 20);
    Ok(offers
        .as_array()
        .map(|list| list.iter().map(|offer| Offer::read(offer, places, &hint)).collect())
        .unwrap_or_default())
}

/// What the address of a matter may add: which task an act means, and what was just done.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    /// The task an act discharges.
    pub task: Option<String>,
    /// The act that led back to the matter.
    pub done: Option<String>,
    /// A choice of the form that is picked already.
    pub pick: Option<String>,
    /// An answer given before whose text the form begins with.
    pub reuse: Option<String>,
}

/// The offer an address means, if it still stands: of one task, when the address names it.
pub async fn find(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    action: &str,
    task: Option<&str>,
) -> Result<Option<Offer>, Fault> {
    let places = places::counties(app, visit).await?;
    let offers = offers(app, &visit.principal, number, visit.lang, &places).await?;
    let mut named = offers.into_iter().filter(|offer| offer.action == action);
    Ok(match task {
        Some(task) => named.find(|offer| offer.task.as_deref() == Some(task)),
        None => named.next(),
    })
}

/// The item of a matter, in the version the matter began with.
pub fn item_of(app: &App, view: &Value) -> Option<Arc<Item>> {
    let version = view["item_version"].as_u64().and_then(|version| u32::try_from(version).ok())?;
    let catalog = app.register().catalog();
    catalog.version(text(view, "item"), version).or_else(|| catalog.item(text(view, "item"))).cloned()
}

/// What the catalogue says one should know before an act.
pub fn hint(app: &App, visit: &Visit, view: &Value, action: &str) -> Option<String> {
    let item = item_of(app, view)?;
    let hint = item.action(text(view, "step"), action)?.hint.as_ref()?;
    Some(hint.get(visit.lang).to_owned())
}

/// What stands in the form of an offer.
#[derive(Debug, Default)]
pub struct Filled {
    version: i64,
    values: Map<String, Value>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// What the form says and asks besides, before its button.
    pub besides: Markup,
}

impl Filled {
    /// The same with a value that is there already, where the form asks for it.
    #[must_use]
    pub fn with(self, offer: &Offer, name: &str, value: &str) -> Self {
        self.put(offer, name, Value::String(value.to_owned()))
    }

    /// The same with a file that was taken already, where the form asks for one.
    #[must_use]
    pub fn with_file(self, offer: &Offer, name: &str, file: &Stored) -> Self {
        self.put(offer, name, json!({ "id": file.id, "name": file.name }))
    }

    fn put(mut self, offer: &Offer, name: &str, value: Value) -> Self {
        if offer.questions.iter().any(|question| question.name == name) {
            self.values.insert(name.to_owned(), value);
        }
        self
    }

    /// A form as it was typed, with what is wrong.
    pub fn typed(offer: &Offer, values: &Values, problems: Vec<Problem>) -> Self {
        let version = values.get("version").parse().unwrap_or_default();
        Self { version, values: read_all(&offer.questions, values), problems, ..Self::default() }
    }

    /// A form for the matter as it stands: empty but for what was picked, and for what leaves no choice.
    pub fn fresh(view: &Value, offer: &Offer, pick: Option<&str>) -> Self {
        let mut values = Map::new();
        for question in &offer.questions {
            let picked = question.choices.iter().find(|choice| Some(choice.value.as_str()) == pick);
            let only = question.choices.first().filter(|_| question.required && question.choices.len() == 1);
            if let Some(choice) = picked.or(only) {
                values.insert(question.name.clone(), Value::String(choice.value.clone()));
            }
        }
        Self { version: view["version"].as_i64().unwrap_or_default(), values, ..Self::default() }
    }
}

/// The form of one offer. A fresh key makes a repeat of this very form the same act.
pub fn form(visit: &Visit, offer: &Offer, page: &str, filled: &Filled) -> Markup {
    let lang = visit.lang;
    let weight =
        if offer.action == "withdraw" || offer.action == "void" { Weight::Warning } else { Weight::Main };
    let multipart = offer.questions.iter().any(Shown::is_file).then_some("multipart/form-data");
    html! {
        form method="post" action=(offer.href(page)) enctype=[multipart] novalidate {
            (visit.csrf_field())
            input type="hidden" name="version" value=(filled.version);
            input type="hidden" name="key" value=(key());
            @for question in &offer.questions {
                @let value = filled.values.get(&question.name).unwrap_or(&Value::Null);
                (question.draw(lang, value, at(&filled.problems, &question.name), LabelSize::Plain))
            }
            (filled.besides)
            @if offer.ends { p class="govuk-body" { (t!(lang, "act-ends")) } }
            div class="govuk-button-group" {
                (button::submit(&offer.name, weight))
                a class="govuk-link" href=(page) { (t!(lang, "act-cancel")) }
            }
        }
    }
}

/// What became of a posted act.
pub enum Outcome {
    /// It is done.
    Done,
    /// What was given will not do: the form again, with what is wrong.
    Again(Filled),
}

/// Does the act as posted. Files are taken in first and kept, whatever else is wrong with the form.
pub async fn act(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    posted: Posted,
) -> Result<Outcome, Fault> {
    let Posted { values, files } = posted;
    let version = values.get("version").parse().unwrap_or_default();
    let mut input = read_all(&offer.questions, &values);
    let mut again = input.clone();
    let mut problems = Vec::new();
    let asked = offer.questions.iter().filter(|question| question.is_file());
    for upload in upload::of_fields(app, visit, asked, &values, files).await? {
        match upload.taken {
            Ok(Some(file)) => {
                input.insert(upload.field.clone(), Value::String(file.id.clone()));
                again.insert(upload.field, json!({ "id": file.id, "name": file.name }));
            }
            // A kept one that ran out meanwhile has to be picked again.
            Ok(None) => {
                input.remove(&upload.field);
                again.remove(&upload.field);
            }
            Err(refusal) => {
                problems.push(Problem::at(upload.field, say(app.words(), visit.lang, &refusal.detail)));
            }
        }
    }
    if !problems.is_empty() {
        return Ok(Outcome::Again(Filled { version, values: again, problems, ..Filled::default() }));
    }
    let ask = Ask {
        action: &offer.action,
        version,
        input,
        task: offer.task.as_deref(),
        key: values.get("key"),
        lang: visit.lang,
    };
    match app.register().act(&visit.principal, number, &ask).await {
        Ok(_) => Ok(Outcome::Done),
        Err(refusal) if matches!(refusal.code, Code::FactsWrong | Code::RuleRefused | Code::UnknownField) => {
            let label = |field: &str| label(&offer.questions, field);
            let problems = labelled_problems(app.words(), visit.lang, &refusal, label);
            Ok(Outcome::Again(Filled { version, values: again, problems, ..Filled::default() }))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// A fresh idempotency key for a form.
pub fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}
