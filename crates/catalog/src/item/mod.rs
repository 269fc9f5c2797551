//! The model of a service item: what one kind of matter is, as data.
//!
//! These are the *resolved* shapes: fragments are already included and every
//! question carries its label and kind from the facts dictionary, so that an
//! item is whole by itself. This is also what `item_version` keeps, and what a
//! matter finishes under. The shapes of the TOML files are in [`crate::source`].

mod document;
mod flow;
mod guide;
mod question;

pub use document::{Document, From};
pub use flow::{
    ActionDef, Clock, ClockStart, Closing, Dimension, Effect, Extension, Guard, Join, Owner, Pool, Rating,
    Step, TaskDef, To, WaitingOn,
};
pub use guide::{Basis, Faq, Guide, Phone};
pub use question::{Choice, Kind, MatterList, Page, Question, Register, RegisterOf};

use kernel::actor::Door;
use kernel::area::Level;
use kernel::lang::Lang;
use serde::{Deserialize, Serialize};

/// A text in the two languages of the platform, Chinese first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// Simplified Chinese.
    pub zh: String,
    /// The English twin.
    pub en: String,
}

impl Localized {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One service item (事项), in one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `legal-aid.civil`: series, dot, name.
    pub id: String,
    /// Counts up with every change of content.
    pub version: u32,
    /// The entrance of the portal it belongs to, `legal-aid`.
    pub series: String,
    /// What people call it.
    pub name: Localized,
    /// One sentence: what it does for you.
    pub summary: Localized,
    /// The duty an office needs to handle it (`legal-aid`); routing climbs the
    /// area tree to the nearest office that has it.
    pub duty: String,
    /// The lowest level of office that may handle it.
    pub level: Level,
    /// The doors it may come through.
    pub doors: Vec<Door>,
    /// The fact that says where the matter belongs (jurisdiction), when that
    /// is not simply where the applicant lives.
    pub area_from: Option<String>,
    /// What the applicant must say about themselves.
    pub applicant: ApplicantNeeds,
    /// The public guide page.
    pub guide: Guide,
    /// The pages of questions, in the order they are asked.
    pub form: Vec<Page>,
    /// What is to be handed in.
    pub materials: Vec<Material>,
    /// The decision table, where the law knows conditions.
    pub eligibility: Option<Eligibility>,
    /// The duties with a time limit.
    pub clocks: Vec<Clock>,
    /// The documents its actions make.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// What it may follow from, and what is then not asked again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<From>,
    /// The states; the first is where a matter opens.
    pub steps: Vec<Step>,
    /// How the service is rated, when it is.
    pub rating: Option<Rating>,
    /// What may happen after the end.
    pub closing: Closing,
    /// Whole bodies that `POST /matters` accepts.
    pub examples: Vec<Example>,
}

/// Whether something about a person must, may or need not be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Refused without it.
    Required,
    /// Kept when given.
    Optional,
    /// Not asked; pages do not show the question.
    None,
}

/// What the applicant must say about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicantNeeds {
    /// Who may apply: `person`, `company`, `organ`.
    pub kinds: Vec<String>,
    /// The identity document (or credit code of a company).
    pub identity: Need,
    /// A phone number.
    pub phone: Need,
}

/// One material to hand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// `identity`.
    pub id: String,
    /// What it is called.
    pub name: Localized,
    /// Who issues it.
    pub issuer: Localized,
    /// Original or copy, how many, what to look for.
    pub note: Option<Localized>,
    /// Needed for a decision (its absence never refuses an application).
    pub required: bool,
    /// Needed only when this rule over the form's facts holds.
    pub when: Option<String>,
    /// May come later (容缺受理).
    pub may_defer: Option<Defer>,
    /// May be replaced by a declaration (告知承诺).
    pub may_declare: Option<Declaration>,
    /// Where it is demanded.
    pub basis: Option<Basis>,
}

/// Deferral of a material (容缺受理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defer {
    /// The parameter that says how long.
    pub rule: String,
    /// What happens if it never comes.
    pub then: Localized,
}

/// Declaration instead of a certificate (告知承诺).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// What the person declares.
    pub text: Localized,
    /// What follows from an untrue declaration.
    pub consequence: Localized,
    /// The article that allows it.
    pub basis: Option<Basis>,
}

/// The decision table of an item. It advises and is kept with the matter; it
/// never refuses an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// CEL over the row ids: `scope && (exempt || hardship)`.
    pub decision: String,
    /// The rows, in the order they are explained.
    pub rows: Vec<EligibilityRow>,
    /// What to do next, by outcome.
    pub next: EligibilityNext,
    /// Worked cases; they are the table's tests.
    pub examples: Vec<EligibilityExample>,
}

/// One row: a condition with its article and its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityRow {
    /// ASCII name, used in `decision`.
    pub id: String,
    /// CEL over facts and parameters.
    pub when: String,
    /// The article it rests on; absent for a condition of our own.
    pub basis: Option<Basis>,
    /// What the condition is.
    pub text: Localized,
    /// Facts without which nobody can say; told as missing when the row is unclear.
    pub asks: Vec<String>,
}

/// What a person should do next, by outcome of the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityNext {
    /// When the conditions seem met.
    pub yes: Localized,
    /// When they seem not met.
    pub no: Localized,
    /// When it cannot be said.
    pub unclear: Localized,
}

/// A worked case of a decision table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityExample {
    /// What the case shows.
    pub name: String,
    /// Area for dated, regional parameters; twelve digits.
    pub area: Option<String>,
    /// Facts by name, as a form would send them.
    pub facts: serde_json::Map<String, serde_json::Value>,
    /// `yes`, `no` or `unclear`.
    pub eligible: String,
    /// What some rows must say: `true`, `false`, or the text `unclear`.
    #[serde(default)]
    pub rows: serde_json::Map<String, serde_json::Value>,
}

/// A whole body that `POST /matters` accepts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the example shows.
    pub name: Localized,
    /// The body.
    pub body: serde_json::Value,
}

impl Item {
    /// The step where a matter opens. A resolved item has at least one.
    #[must_use]
    pub fn first_step(&self) -> &Step {
        &self.steps[0]
    }

    /// A step by id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// An action by step and id.
    #[must_use]
    pub fn action(&self, step: &str, id: &str) -> Option<&ActionDef> {
        self.step(step)?.action(id)
    }

    /// A clock by id.
    #[must_use]
    pub fn clock(&self, id: &str) -> Option<&Clock> {
        self.clocks.iter().find(|c| c.id == id)
    }

    /// A document by id.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.iter().find(|d| d.id == id)
    }

    /// A material by id.
    #[must_use]
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.iter().find(|m| m.id == id)
    }

    /// Every rule over facts that the item contains, in file order, repeats left in.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let form = self.questions().filter_map(|q| q.when.as_deref());
        let materials = self.materials.iter().filter_map(|m| m.when.as_deref());
        let rows = self.eligibility.iter().flat_map(|e| e.rows.iter().map(|r| r.when.as_str()));
        let actions = self.steps.iter().flat_map(|s| s.actions.iter()).flat_map(|a| {
            let input = a.input.iter().filter_map(|q| q.when.as_deref());
            a.guard.iter().map(|g| g.when.as_str()).chain(input)
        });
        form.chain(materials).chain(rows).chain(actions)
    }

    /// All questions of the form, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.form.iter().flat_map(|p| p.questions.iter())
    }

    /// Whether whoever applies is asked who else is concerned: the worked examples say so by naming somebody.
    pub fn names_others(&self) -> bool {
        self.examples.iter().any(|example| example.body.get("parties").is_some())
    }

    /// The form's question for a fact.
    #[must_use]
    pub fn question(&self, fact: &str) -> Option<&Question> {
        self.questions().find(|q| q.fact == fact)
    }

    /// The clocks that run while a matter stands in this step.
    pub fn clocks_of<'a>(&'a self, step: &'a str) -> impl Iterator<Item = &'a Clock> {
        self.clocks.iter().filter(move |c| c.runs_in.iter().any(|s| s == step))
    }
}
