//! Rules an official can write: a small part of CEL, typed, with three values.
//!
//! Allowed are comparison, logic, arithmetic, `in`, `size`, `has` and the
//! functions `word`, `money`, `number` (a dated parameter), `yuan`, `date`,
//! `today`, `days_between` and `unclear`. Everything else is refused when the
//! rule is read, and so is a comparison of unlike kinds or with a choice that
//! does not exist. A fact nobody knows makes a rule *unclear*, never *no*
//! (Kleene's logic), except where the other side decides alone.

pub(crate) mod bounds;
mod check;
mod eval;
#[cfg(test)]
mod tests;

pub use check::compile;

use crate::item::{Choice, Kind};
use crate::parameters::Parameter;
use jiff::civil::Date;
use kernel::money::Fen;
use std::collections::BTreeSet;

/// What a rule may speak of.
pub trait Names {
    /// Kind and choices of a fact.
    fn fact(&self, name: &str) -> Option<(Kind, &[Choice])>;
    /// Whether there is such a parameter.
    fn parameter(&self, id: &str) -> bool;
}

/// What a rule is evaluated against.
pub trait Env {
    /// The value of a fact, as far as known.
    fn fact(&self, name: &str) -> Known;
    /// The row of a parameter that governs here and today.
    fn parameter(&self, id: &str) -> Option<&Parameter>;
    /// The day on which the rule is asked.
    fn today(&self) -> Date;
}

/// A value, or that it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nobody knows.
    Unknown,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A sum, in fen.
    Money(Fen),
    /// A day.
    Date(Date),
    /// A text or choice.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl Known {
    /// Reads a fact as forms and registers keep it (money as a decimal string of yuan).
    #[must_use]
    pub fn from_json(kind: Kind, value: &serde_json::Value) -> Self {
        use serde_json::Value as J;
        match (kind, value) {
            (Kind::Bool, J::Bool(b)) => Self::Bool(*b),
            (Kind::Int, J::Number(n)) => n.as_i64().map_or(Self::Unknown, Self::Int),
            (Kind::Money, J::String(s)) => s.parse().map_or(Self::Unknown, Self::Money),
            (Kind::Date, J::String(s)) => s.parse().map_or(Self::Unknown, Self::Date),
            (Kind::List, J::Array(list)) => list
                .iter()
                .map(|v| v.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .map_or(Self::Unknown, Self::List),
            (Kind::Bool | Kind::Int | Kind::Money | Kind::Date | Kind::List, _) => Self::Unknown,
            (_, J::String(s)) => Self::Text(s.clone()),
            _ => Self::Unknown,
        }
    }

    /// Yes, no, or unclear.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }
}

/// A fault in a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RuleFault {
    /// `rule-syntax`, `rule-not-allowed`, `rule-kinds`, `unknown-fact`, `unknown-choice` or `unknown-parameter`.
    pub code: &'static str,
    /// Where in the rule, in bytes.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// A rule that was read and typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    source: String,
    node: Node,
    facts: BTreeSet<String>,
    parameters: BTreeSet<String>,
}

impl Rule {
    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The facts it touches.
    #[must_use]
    pub fn facts(&self) -> &BTreeSet<String> {
        &self.facts
    }

    /// The parameters it touches.
    #[must_use]
    pub fn parameters(&self) -> &BTreeSet<String> {
        &self.parameters
    }

    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// Whether it holds: yes, no, or unclear.
    #[must_use]
    pub fn holds(&self, env: &dyn Env) -> Option<bool> {
        eval::evaluate(&self.node, env).truth()
    }
}

/// A typed expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Const(Known),
    Texts(Vec<String>),
    Ints(Vec<i64>),
    Fact(String),
    Has(String),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Compare(Order, Box<Node>, Box<Node>),
    Arith(Sign, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Size(Box<Node>),
    Word(String),
    Sum(String),
    Number(String),
    Today,
    DaysBetween(Box<Node>, Box<Node>),
    Unclear,
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
    Times,
    Divide,
}
