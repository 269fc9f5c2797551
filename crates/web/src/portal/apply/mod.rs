//! Applying without scripts and without an account: one question a page, kept in a draft, sent once.
//!
//! The pages write one answer each, so two of them never contradict; the draft's revision keeps a late
//! writer from undoing another. What a changed answer hides stays in the draft but is not sent.

pub mod applicant;
pub mod area;
pub mod check;
pub mod contact;
pub mod others;
pub mod papers;
pub mod question;
pub mod resume;
pub mod save;
pub mod start;

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use catalog::Catalog;
use catalog::item::{Item, Kind, Material, Need, Question};
use jiff::civil::Date;
use kernel::actor::Door;
use kernel::area::AreaCode;
use kernel::refusal::{Code, FieldError};
use matters::Carried;
use matters::draft::{Answers, Draft, DraftError, Drafts};
use serde_json::{Map, Value};

use super::fault::{Fault, nothing};
use crate::app::App;
use crate::ui::Visit;

/// A draft under way, with what its answers mean.
pub struct Going {
    /// The token of its cookie.
    pub token: String,
    /// The draft.
    pub draft: Draft,
    /// The item it is for.
    pub item: Arc<Item>,
    /// The questions asked of this person, in order, as the answers so far decide.
    pub asked: Vec<Question>,
    /// The answers to those, in the kinds rules compute with.
    pub facts: Map<String, Value>,
    /// What the matter it follows from hands on.
    pub known: Option<Carried>,
}

/// Where a page goes when it cannot be shown: another page of ours.
pub enum Elsewhere {
    /// To this address.
    To(String),
    /// Nowhere: a refusal.
    Fault(Fault),
}

impl IntoResponse for Elsewhere {
    fn into_response(self) -> Response {
        match self {
            Self::To(address) => Redirect::to(&address).into_response(),
            Self::Fault(fault) => fault.into_response(),
        }
    }
}

impl<E: Into<Fault>> From<E> for Elsewhere {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// The drafts of this node.
pub fn drafts(app: &App) -> Drafts {
    Drafts::new(app.db().clone(), app.keyring().clone())
}

/// Name of the cookie that holds the draft of an item.
pub fn cookie_name(item: &str) -> String {
    format!("huifa_draft.{item}")
}

/// The item of an address, when it may come in through the web.
pub fn item_of(app: &App, id: &str) -> Result<Arc<Item>, Fault> {
    app.register()
        .catalog()
        .item(id)
        .filter(|item| item.doors.contains(&Door::Web))
        .cloned()
        .ok_or_else(nothing)
}

/// The draft under way for an item. Without one the person is led to the start; a sent one leads to its receipt.
pub async fn going(app: &App, visit: &Visit, id: &str) -> Result<Going, Elsewhere> {
    let item = item_of(app, id)?;
    let start = || Elsewhere::To(format!("/apply/{id}"));
    let token = visit.cookie(&cookie_name(id)).ok_or_else(start)?.to_owned();
    going_with(app, visit, item, token).await
}

/// The draft of a token, with what its answers mean.
pub async fn going_with(
    app: &App,
    visit: &Visit,
    item: Arc<Item>,
    token: String,
) -> Result<Going, Elsewhere> {
    let id = item.id.as_str();
    let start = || Elsewhere::To(format!("/apply/{id}"));
    let today = visit.now.date();
    let mut draft =
        drafts(app).find(&token, today).await?.filter(|draft| draft.item == id).ok_or_else(start)?;
    if let Some(number) = draft.number {
        return Err(Elsewhere::To(format!("/receipt/{number}")));
    }
    if draft.item_version != item.version {
        renew(app, &item, &mut draft, &token, today).await?;
    }
    let known = match draft.answers.from {
        Some(from) => match app.register().carried_to(&visit.principal, from, id).await {
            Ok(known) => Some(known),
            // Whoever is not signed in to the old matter any more proves its code first.
            Err(refusal) if refusal.code == Code::NotFound => {
                return Err(Elsewhere::To(format!("/progress?number={from}")));
            }
            Err(refusal) => return Err(refusal.into()),
        },
        None => None,
    };
    let (asked, facts) = asked(app.register().catalog(), &item, &draft.answers, known.as_ref(), visit);
    Ok(Going { token, draft, item, asked, facts, known })
}

/// The item changed while the draft lay: answers that still fit stay, the others are asked again.
async fn renew(
    app: &App,
    item: &Item,
    draft: &mut Draft,
    token: &str,
    today: Date,
) -> Result<(), DraftError> {
    let catalog = app.register().catalog();
    let fits = |fact: &String, value: &Value| {
        let Some(question) = item.question(fact) else { return false };
        let question = Question { when: None, ..question.clone() };
        let typed = Map::from_iter([(fact.clone(), value.clone())]);
        catalog::form::validate(catalog, std::slice::from_ref(&question), &typed, &Map::new(), today).is_ok()
    };
    draft.answers.form.retain(|fact, value| fits(fact, value));
    draft.answers.passed.retain(|fact| item.question(fact).is_some_and(|question| !question.required));
    draft.answers.papers.retain(|id, _| item.material(id).is_some());
    draft.answers.renewed_from = Some(draft.item_version);
    draft.item_version = item.version;
    drafts(app).save(token, draft, today).await?;
    draft.revision += 1;
    Ok(())
}

/// Which questions are asked, decided in order: a condition may speak of earlier answers only.
fn asked(
    catalog: &Catalog,
    item: &Item,
    answers: &Answers,
    known: Option<&Carried>,
    visit: &Visit,
) -> (Vec<Question>, Map<String, Value>) {
    let today = visit.now.date();
    let mut facts = Map::new();
    let mut asked = Vec::new();
    let area = answers.area.as_deref().or(known.map(|known| known.area.as_str()));
    for question in item.questions() {
        let here = area.map_or(visit.site.area, |area| area.parse::<AreaCode>().ok());
        let wanted = match (&question.when, here) {
            (None, _) => true,
            (Some(rule), Some(area)) => matches!(catalog.holds(rule, &facts, area, today), Ok(Some(true))),
            (Some(_), None) => false,
        };
        if !wanted {
            continue;
        }
        let handed_on = || known.and_then(|known| known.form.get(&question.fact));
        let answer = answers.form.get(&question.fact).or_else(handed_on);
        if let Some(Ok(read)) = answer.map(|value| read_one(catalog, question, value, &facts, today)) {
            facts.extend(read);
        }
        asked.push(question.clone());
    }
    (asked, facts)
}

/// Reads one answer as the register will.
pub fn read_one(
    catalog: &Catalog,
    question: &Question,
    value: &Value,
    known: &Map<String, Value>,
    today: Date,
) -> Result<Map<String, Value>, Vec<FieldError>> {
    let typed = Map::from_iter([(question.fact.clone(), value.clone())]);
    catalog::form::validate(catalog, std::slice::from_ref(question), &typed, known, today)
}

impl Going {
    /// Whether somebody may have to leave these pages at once.
    pub fn sensitive(&self, app: &App) -> bool {
        app.register().catalog().quick_exit().holds(&self.item.id, &self.facts)
    }

    /// Address of a page of this draft.
    pub fn at(&self, page: &str) -> String {
        format!("/apply/{}/{page}", self.item.id)
    }

    /// Whether a question has been dealt with.
    fn done(&self, question: &Question) -> bool {
        // What another page carried here is looked at first.
        if self.draft.answers.carried.contains(&question.fact) {
            return false;
        }
        self.draft.answers.form.contains_key(&question.fact)
            || self.draft.answers.passed.contains(&question.fact)
            || self.carries(&question.fact) && self.facts.contains_key(&question.fact)
    }

    /// Whether the place must be asked for by itself: no question of the form says where the matter belongs.
    pub fn asks_area(&self) -> bool {
        self.item.area_from.is_none()
    }

    /// Where the matter belongs, as answered.
    pub fn area(&self) -> Option<String> {
        match &self.item.area_from {
            Some(fact) => self.answer(fact).and_then(Value::as_str).map(str::to_owned),
            None => self
                .draft
                .answers
                .area
                .clone()
                .or_else(|| self.known.as_ref().map(|known| known.area.clone())),
        }
    }

    /// An answer: given here, or handed on by the matter this one follows from.
    pub fn answer(&self, fact: &str) -> Option<&Value> {
        let known = || self.known.as_ref().and_then(|known| known.form.get(fact));
        self.draft.answers.form.get(fact).or_else(known)
    }

    /// Whether an answer was handed on and not given anew.
    pub fn carries(&self, fact: &str) -> bool {
        let known = self.known.as_ref().is_some_and(|known| known.form.contains_key(fact));
        known && !self.draft.answers.form.contains_key(fact)
    }

    /// What is said of the applicant, as it will be sent.
    pub fn applicant(&self) -> Map<String, Value> {
        let said = applicant::body(&self.draft.answers.applicant);
        match &self.known {
            Some(known) => applicant::over(&known.applicant, said),
            None => said,
        }
    }

    /// Whether what is said of the applicant is enough to send.
    pub fn applicant_done(&self) -> bool {
        let said = self.applicant();
        let has = |name: &str| said.get(name).and_then(Value::as_str).is_some_and(|value| !value.is_empty());
        let needs = &self.item.applicant;
        has("name")
            && (needs.phone != Need::Required || has("phone"))
            && (needs.identity != Need::Required
                || has("uscc")
                || has("id_no")
                || said.get("id_type").is_some_and(|kind| kind == "none"))
    }

    /// Whether other people are asked for. A matter that follows from another has them already.
    pub fn asks_others(&self) -> bool {
        self.item.names_others() && self.known.is_none()
    }

    /// The page of the last question.
    pub fn last_question(&self) -> String {
        let last = self.asked.last();
        last.map_or_else(|| self.at("area"), |question| self.at(&format!("q/{}", question.fact)))
    }

    /// The materials asked of this person, in order.
    pub fn papers<'a>(&'a self, catalog: &'a Catalog, today: Date) -> impl Iterator<Item = &'a Material> {
        let area = self.area().and_then(|area| area.parse::<AreaCode>().ok());
        self.item.materials.iter().filter(move |material| match (&material.when, area) {
            (None, _) | (Some(_), None) => true,
            (Some(rule), Some(area)) => {
                !matches!(catalog.holds(rule, &self.facts, area, today), Ok(Some(false)))
            }
        })
    }

    /// The next page on the way to sending, after what has just been answered: what is still open, in
    /// order; then the check.
    pub fn next(&self, catalog: &Catalog, today: Date) -> String {
        if self.asks_area() && self.area().is_none() {
            return self.at("area");
        }
        if let Some(open) = self.asked.iter().find(|question| !self.done(question)) {
            return self.at(&format!("q/{}", open.fact));
        }
        if self.asks_others() && !self.draft.answers.others_asked {
            return self.at("others");
        }
        if !self.applicant_done() {
            return self.at("applicant");
        }
        if self.papers(catalog, today).any(|material| !self.draft.answers.papers.contains_key(&material.id)) {
            return self.at("papers");
        }
        self.at("check")
    }

    /// The page before a question.
    pub fn before(&self, fact: &str) -> String {
        let index = self.asked.iter().position(|question| question.fact == fact).unwrap_or(0);
        match index.checked_sub(1).and_then(|index| self.asked.get(index)) {
            Some(question) => self.at(&format!("q/{}", question.fact)),
            None if self.asks_area() => self.at("area"),
            None => format!("/apply/{}", self.item.id),
        }
    }

    /// Saves and leads on.
    pub async fn save(mut self, app: &App, visit: &Visit) -> Result<Response, Elsewhere> {
        let today = visit.now.date();
        drafts(app).save(&self.token, &self.draft, today).await?;
        let catalog = app.register().catalog();
        let (now_asked, facts) = asked(catalog, &self.item, &self.draft.answers, self.known.as_ref(), visit);
        self.asked = now_asked;
        self.facts = facts;
        Ok(Redirect::to(&self.next(catalog, today)).into_response())
    }
}

/// Whether a question is about a place.
pub fn is_place(question: &Question) -> bool {
    question.kind == Kind::Area
}
