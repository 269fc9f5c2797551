//! A draft for whoever answers an open question. With a language model behind [`Drafter`] when one is set, and only when
//! every word that can be held against the statutes was; else, and in every case of trouble, put together from what is
//! kept: articles, answers, calculators, next doors. A draft goes into a form before a person, never to the asker.

pub mod client;
mod extract;
mod prompt;
mod service;
mod verify;

use laws::citation::Citation;
use store::BoxFuture;

pub use prompt::{Given, Prompt};
pub use service::{Context, ReadIt};
pub use verify::{Verified, read, verify};

/// Whatever writes a draft from a prompt. Answers with the text as it came: what it is worth is decided here.
pub trait Drafter: Send + Sync {
    /// Its name, as it is told beside the draft.
    fn name(&self) -> &str;

    /// Writes.
    fn write<'a>(&'a self, prompt: &'a Prompt) -> BoxFuture<'a, Result<String, Trouble>>;
}

/// Why a draft of a model was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No statutes are kept that speak to the question: nothing could be verified.
    NoStatutes,
    /// Nobody answers at its address, or the answer broke off.
    Away,
    /// It took too long.
    TooLong,
    /// It is asked too much.
    TooMany,
    /// It refuses our key.
    NotAllowed,
    /// It sends elsewhere; nothing is sent there.
    Elsewhere,
    /// It failed.
    Failed,
    /// Its answer is larger than anybody reads.
    TooLarge,
    /// Its answer is not what such a service answers: no JSON, no text, other fields.
    Unreadable,
    /// It wrote nothing, wanted to call a tool, or broke off in the middle.
    Nothing,
    /// What it wrote is not in the form it was asked for.
    WrongForm,
    /// A paragraph rests on nothing.
    NotCited,
    /// It cites what is not kept.
    NoArticle(Citation),
    /// It cites what does not hold today.
    NotInForce(Citation),
    /// It quotes what does not stand in the article.
    NoQuote(String),
    /// It names an article in its text that it does not cite.
    Named(String),
    /// It tells a figure that stands in no article it cites.
    Figure(String),
    /// It tells a name, a number, an address or a link.
    Personal(String),
}

impl Trouble {
    /// The word kept with the draft, and the end of its message key `drafting-trouble-…`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NoStatutes => "no-statutes",
            Self::Away => "away",
            Self::TooLong => "too-long",
            Self::TooMany => "too-many",
            Self::NotAllowed => "not-allowed",
            Self::Elsewhere => "elsewhere",
            Self::Failed => "failed",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
            Self::Nothing => "nothing",
            Self::WrongForm => "wrong-form",
            Self::NotCited => "not-cited",
            Self::NoArticle(_) => "no-article",
            Self::NotInForce(_) => "not-in-force",
            Self::NoQuote(_) => "no-quote",
            Self::Named(_) => "named",
            Self::Figure(_) => "figure",
            Self::Personal(_) => "personal",
        }
    }

    /// What it is about, where it is about something.
    pub fn about(&self) -> String {
        match self {
            Self::NoArticle(cite) | Self::NotInForce(cite) => format!("《{}》{}", cite.law, cite.article),
            Self::NoQuote(said) | Self::Named(said) | Self::Figure(said) | Self::Personal(said) => {
                said.chars().take(60).collect()
            }
            _ => String::new(),
        }
    }
}

/// Where a draft comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A language model wrote it; every citation was verified.
    Model,
    /// Put together from what is kept.
    Extract,
}

impl Basis {
    /// The word in the database and in message keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Extract => "extract",
        }
    }
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// What it rests on.
    pub cites: Vec<Citation>,
    /// Where it comes from.
    pub basis: Basis,
    /// Name of the model that wrote it, or that was asked.
    pub model: Option<String>,
    /// Why it is not the model's, where one was asked.
    pub trouble: Option<Trouble>,
}
