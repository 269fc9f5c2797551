//! The life of an answer: written from a closed matter, proposed, looked at by somebody else, published, looked through
//! again, taken back. Every change is one compare-and-set write with its act.

mod deciding;
mod writing;

use access::Principal;
use jiff::Span;
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::period::Unit;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::text::prose;
use laws::citation::Citation;
use matters::Closing;
use store::{Changes, StoreError};

use crate::anonymity::{Finding, Known, Weight};
use crate::library::Library;
use crate::model::{REASON_MAX, Version};
use crate::store_rows as rows;
use crate::{broken, fault};

/// The parameter that says after how long an answer is looked through again.
pub const REVIEW: &str = "answer.review";

/// What somebody wrote.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Kind of problem.
    pub kind: String,
    /// The question, in general words.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// What it cites, as typed.
    pub cites: String,
    /// Findings the author lets stand, by their keys.
    pub confirmed: Vec<String>,
}

/// What is done with what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Kept, to go on later.
    Keep,
    /// Given to somebody else to look at.
    Propose,
}

/// What the reviewer says.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Publish it; with the findings that may stand.
    Publish(Vec<String>),
    /// Send it back, and why.
    Return(String),
}

/// A finding and which text it stands in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Placed {
    /// `question` or `answer`.
    pub field: &'static str,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}

/// What can be said of a closed matter as the beginning of an answer.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// What was asked.
    pub question: String,
    /// What was answered.
    pub answer: String,
    /// The articles it named.
    pub articles: String,
}

fn refused(errors: Vec<FieldError>) -> Refusal {
    Refusal::new(Code::FactsWrong, "refused-facts").errors(errors).next(Next::say("next-mend-fields"))
}

fn wrong(field: &str, code: &'static str, text: Text) -> FieldError {
    FieldError::new(format!("/{field}"), code, text)
}

fn open_still() -> Refusal {
    Refusal::new(Code::WrongStep, Text::new("answers-refused-open"))
        .rule(Rule::house("answer-closed"))
        .next(Next::say("answers-next-close"))
}

fn known(closing: &Closing) -> Known {
    let named = closing.named.clone();
    Known { people: named.people, companies: named.companies, numbers: named.numbers }
}

impl Library {
    /// The day an answer looked through today must be looked through again.
    fn due(&self, area: AreaCode, today: Date) -> Date {
        let catalog = self.parts().register.catalog();
        let row = catalog.parameters().governing(REVIEW, Some(area), today);
        let count = i32::try_from(row.and_then(|row| row.count).unwrap_or(12)).unwrap_or(12);
        let span = match row.and_then(|row| row.unit) {
            Some(Unit::Year) => Span::new().years(count),
            Some(Unit::Day | Unit::Workday) => Span::new().days(count),
            _ => Span::new().months(count),
        };
        today.checked_add(span).unwrap_or(today)
    }

    async fn note(
        &self,
        changes: &mut Changes,
        who: &Principal,
        of: &Version,
        act: &'static str,
        reason: Option<&str>,
    ) -> Result<(), Refusal> {
        let id = uuid::Uuid::now_v7().to_string();
        let sealed = match reason {
            Some(reason) => self.seal_reason(of.source, &id, reason).await?,
            None => None,
        };
        changes.push(rows::act(&id, of, &account(who)?, act, sealed));
        Ok(())
    }

    async fn apply(&self, name: &'static str, changes: Changes) -> Result<(), Refusal> {
        self.parts().db.apply(name, changes).await.map_err(|error| match error {
            StoreError::Conflict(_) => Refusal::new(Code::StaleVersion, Text::new("answers-refused-stale"))
                .next(Next::say("answers-next-reload")),
            other => broken(&other),
        })
    }
}

fn account(who: &Principal) -> Result<String, Refusal> {
    who.account.as_ref().map(|id| id.as_str().to_owned()).ok_or_else(crate::not_found)
}

fn act_of(wish: Wish) -> &'static str {
    match wish {
        Wish::Keep => "keep",
        Wish::Propose => "propose",
    }
}

fn json(cites: &[Citation]) -> Result<serde_json::Value, Refusal> {
    serde_json::to_value(cites).map_err(|error| fault(&error))
}

fn reason_of(typed: &str) -> Result<String, Refusal> {
    let reason = prose(typed);
    match reason.chars().count() {
        0 => Err(refused(vec![wrong("reason", "required", Text::new("error-required"))])),
        length if length > REASON_MAX => {
            let text = Text::new("answers-error-long").arg("most", REASON_MAX);
            Err(refused(vec![wrong("reason", "length", text)]))
        }
        _ => Ok(reason),
    }
}

/// Findings that stand in the way: the hard ones, and soft ones nobody confirmed.
fn finding_errors(found: &[Placed], confirmed: &[String]) -> Vec<FieldError> {
    found
        .iter()
        .filter(|one| one.finding.weight == Weight::Hard || !confirmed.contains(&one.finding.key()))
        .map(|one| {
            let key = match one.finding.weight {
                Weight::Hard => "answers-error-hard",
                Weight::Soft => "answers-error-soft",
            };
            let text = Text::new(key).arg("said", &one.finding.said).arg("place", one.finding.from + 1);
            wrong(one.field, one.finding.sort.as_str(), text)
        })
        .collect()
}
