//! What a template is made of, as its file says it.

use std::collections::BTreeMap;

use catalog::item::Localized;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::when::When;
use crate::words::Line;

/// What a template is for; the list of the portal is in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Complaints that open a case in court.
    Complaint,
    /// What else goes to a court.
    Court,
    /// Labour disputes outside the court.
    Labour,
    /// Legal aid, mediation, reconsideration.
    Service,
    /// What people sign with each other.
    Agreement,
    /// Will and power of attorney.
    Own,
}

impl Group {
    /// All of them, as they are shown.
    pub const ALL: [Self; 6] =
        [Self::Complaint, Self::Court, Self::Labour, Self::Service, Self::Agreement, Self::Own];

    /// Its word on the outside.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Court => "court",
            Self::Labour => "labour",
            Self::Service => "service",
            Self::Agreement => "agreement",
            Self::Own => "own",
        }
    }
}

/// The shape of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One line.
    Text,
    /// A story, with paragraphs.
    Long,
    /// Several, one a line.
    Rows,
    /// A day.
    Date,
    /// An amount in yuan.
    Money,
    /// A whole number.
    Whole,
    /// A percentage.
    Rate,
    /// One of several.
    Choice,
    /// Yes or no.
    Flag,
}

impl Kind {
    /// Its word on the outside.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Long => "long",
            Self::Rows => "rows",
            Self::Date => "date",
            Self::Money => "money",
            Self::Whole => "whole",
            Self::Rate => "rate",
            Self::Choice => "choice",
            Self::Flag => "flag",
        }
    }
}

/// A number that checks itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// 公民身份号码.
    Id18,
    /// A telephone number.
    Phone,
    /// 统一社会信用代码.
    Uscc,
}

/// One of the answers of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read, and printed in Chinese.
    pub zh: String,
    /// What is read in English.
    pub en: String,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its name, alike in all templates for the same fact.
    pub id: String,
    /// What is asked.
    pub label: Localized,
    /// Help under it; empty when there is none.
    pub help: Localized,
    /// In which shape.
    pub kind: Kind,
    /// Its choices.
    pub choices: Vec<Choice>,
    /// Which number it is, when it checks itself.
    pub form: Option<Form>,
    /// Whether the document is not whole without it.
    pub required: bool,
    /// Only under this condition.
    pub when: When,
    /// By what other name another page may bring the answer.
    pub fact: Option<String>,
}

impl Question {
    /// Whether everybody is to answer it.
    pub fn always(&self) -> bool {
        self.required && self.when.is_empty()
    }

    /// Whether it is to be answered only under a condition.
    pub fn sometimes(&self) -> bool {
        self.required && !self.when.is_empty()
    }

    /// Most characters of an answer.
    pub const fn longest(&self) -> usize {
        match self.kind {
            Kind::Long | Kind::Rows => 6_000,
            _ => 200,
        }
    }

    /// Its JSON Schema.
    pub fn schema(&self, lang: kernel::lang::Lang) -> Value {
        let mut schema = match self.kind {
            Kind::Text | Kind::Long => json!({ "type": "string", "maxLength": self.longest() }),
            Kind::Rows => json!({
                "anyOf": [
                    { "type": "string", "maxLength": self.longest() },
                    { "type": "array", "maxItems": 60, "items": { "type": "string", "maxLength": 1000 } },
                ],
            }),
            Kind::Date => json!({ "type": "string", "format": "date" }),
            Kind::Money | Kind::Rate => json!({
                "anyOf": [{ "type": "number", "minimum": 0 }, { "type": "string" }],
                "format": self.kind.as_str(),
            }),
            Kind::Whole => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string" }] }),
            Kind::Choice => {
                let values: Vec<&str> = self.choices.iter().map(|choice| choice.value.as_str()).collect();
                json!({ "type": "string", "enum": values })
            }
            Kind::Flag => json!({ "type": "boolean" }),
        };
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("title".into(), json!(self.label.get(lang)));
            let help = self.help.get(lang);
            if !help.is_empty() {
                fields.insert("description".into(), json!(help));
            }
            if let Some(fact) = &self.fact {
                fields.insert("x-fact".into(), json!(fact));
            }
        }
        schema
    }
}

/// Questions that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What they are about.
    pub title: Localized,
    /// In the order they are asked.
    pub questions: Vec<Question>,
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Citation {
    /// Short title of the law, as everywhere in the catalogue.
    pub law: String,
    /// The article: `1134`.
    pub article: String,
}

impl Citation {
    /// `民法典#1134`.
    pub fn parse(text: &str) -> Option<Self> {
        let (law, article) = text.split_once('#')?;
        let whole = !law.is_empty() && article.parse::<u32>().is_ok_and(|number| number > 0);
        whole.then(|| Self { law: law.to_owned(), article: article.to_owned() })
    }
}

/// How much a finding wants of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Look at this before you go on.
    Warn,
    /// Good to know.
    Note,
    /// As it should be.
    Good,
}

/// What a check does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rule {
    /// Says a sentence of the file.
    Say(Localized),
    /// Whether a period of the law has passed: which, and the questions that tell when it began.
    Limitation {
        /// `civil`, …: a row `limitation.<of>`.
        of: String,
        /// The first that is answered counts.
        from: Vec<String>,
        /// When it began anew.
        again: Option<String>,
    },
    /// What the court takes.
    Fee {
        /// The calculator.
        calculator: String,
        /// Its inputs; `=x` is the answer to `x`.
        inputs: BTreeMap<String, String>,
    },
    /// Runs a calculator and says a sentence with what it found.
    Calc {
        /// The calculator.
        calculator: String,
        /// Its inputs; `=x` is the answer to `x`.
        inputs: BTreeMap<String, String>,
        /// The sentence; `{name}` is a result.
        say: Localized,
        /// When the sentence warns.
        warn: When,
    },
}

/// One check against the law.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Check {
    pub rule: Rule,
    pub when: When,
    pub level: Level,
    pub cites: Vec<Citation>,
    /// Whether the text it rests on was read.
    pub verified: bool,
}

/// Answers that make a document, and what it must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The day it is tried on.
    #[serde(default = "first_day")]
    pub on: Date,
    /// Answers by question.
    pub answers: BTreeMap<String, String>,
    /// Words the document must have.
    pub has: Vec<String>,
    /// Words it must not have.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Words its findings must have, in Chinese.
    #[serde(default)]
    pub says: Vec<String>,
}

/// The day examples are tried on that name none: periods and rates depend on it.
fn first_day() -> Date {
    jiff::civil::date(2026, 11, 23)
}

/// A document people can write here.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// `complaint-loan`.
    pub id: String,
    /// What it is for.
    pub group: Group,
    /// Its place in the group: the commonest first.
    pub rank: u32,
    /// What people call it.
    pub name: Localized,
    /// One sentence: when one needs it.
    pub summary: Localized,
    /// Kinds of problem it serves, as `catalog/triage/kinds.toml` names them.
    pub kinds: Vec<String>,
    /// Other words people look for it by.
    pub words: Vec<String>,
    /// Service items that help further.
    pub items: Vec<String>,
    /// Whether somebody may have to leave the page at once.
    pub sensitive: bool,
    /// What is asked.
    pub sections: Vec<Section>,
    /// What to do with the paper.
    pub after: Vec<Localized>,
    /// Articles its words rest on.
    pub cites: Vec<Citation>,
    /// Examples; each is a test.
    pub examples: Vec<Example>,
    pub(crate) title: String,
    pub(crate) text: Vec<Line>,
    pub(crate) sign: Vec<Line>,
    pub(crate) checks: Vec<Check>,
}

impl Template {
    /// All questions, in their order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// A question by its name.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|question| question.id == id)
    }

    /// Every article it rests on, of its words and of its checks, each once.
    pub fn citations(&self) -> Vec<&Citation> {
        let mut all: Vec<&Citation> =
            self.cites.iter().chain(self.checks.iter().flat_map(|check| &check.cites)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// The JSON Schema of its answers.
    pub fn schema(&self, lang: kernel::lang::Lang) -> Value {
        let properties: Map<String, Value> =
            self.questions().map(|question| (question.id.clone(), question.schema(lang))).collect();
        let names = |wanted: fn(&&Question) -> bool| -> Vec<&str> {
            self.questions().filter(wanted).map(|question| question.id.as_str()).collect()
        };
        json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "x-order": names(|_| true),
            // Not `required`: a half-filled document is a document with lines to write on.
            "x-wanted": names(|question| question.required),
        })
    }
}
