//! Conditions of lines, questions and checks: `guarantor & rate>12`, `!paid`, `interest=agreed`.

use crate::answers::{Answers, Number};

/// All of these hold; without any it always holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When(Vec<Term>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// Answered, and not with no.
    Yes(String),
    /// Not answered, or with no.
    No(String),
    Is(String, String),
    IsNot(String, String),
    More(String, String),
    Less(String, String),
}

impl When {
    /// Reads a condition; empty always holds.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split('&').map(str::trim).filter(|part| !part.is_empty());
        parts.map(term).collect::<Result<_, _>>().map(Self)
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, answers: &Answers) -> bool {
        self.0.iter().all(|term| term.holds(answers))
    }

    /// Whether it asks for anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Questions it names, each with the value it compares with, if that is a word.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().flat_map(|term| match term {
            Term::Yes(name) | Term::No(name) => vec![(name.as_str(), None)],
            Term::Is(name, value) | Term::IsNot(name, value) => vec![(name.as_str(), Some(value.as_str()))],
            Term::More(name, other) | Term::Less(name, other) => {
                let other = other.as_str();
                let named = other.starts_with(|c: char| c.is_ascii_alphabetic()) && other != "today";
                std::iter::once((name.as_str(), None)).chain(named.then_some((other, None))).collect()
            }
        })
    }
}

fn term(text: &str) -> Result<Term, String> {
    let name = |text: &str| {
        let name = text.trim();
        let plain = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if plain { Ok(name.to_owned()) } else { Err(format!("`{text}` is no condition")) }
    };
    let value = |text: &str| {
        let value = text.trim();
        if value.is_empty() { Err(format!("`{text}` compares with nothing")) } else { Ok(value.to_owned()) }
    };
    if let Some((left, right)) = text.split_once("!=") {
        return Ok(Term::IsNot(name(left)?, value(right)?));
    }
    if let Some((left, right)) = text.split_once('=') {
        return Ok(Term::Is(name(left)?, value(right)?));
    }
    if let Some((left, right)) = text.split_once('>') {
        return Ok(Term::More(name(left)?, value(right)?));
    }
    if let Some((left, right)) = text.split_once('<') {
        return Ok(Term::Less(name(left)?, value(right)?));
    }
    match text.strip_prefix('!') {
        Some(rest) => Ok(Term::No(name(rest)?)),
        None => Ok(Term::Yes(name(text)?)),
    }
}

impl Term {
    fn holds(&self, answers: &Answers) -> bool {
        match self {
            Self::Yes(name) => answers.yes(name),
            Self::No(name) => !answers.yes(name),
            Self::Is(name, value) => answers.get(name) == value,
            Self::IsNot(name, value) => answers.get(name) != value,
            Self::More(name, other) => compare(answers, name, other).is_some_and(std::cmp::Ordering::is_gt),
            Self::Less(name, other) => compare(answers, name, other).is_some_and(std::cmp::Ordering::is_lt),
        }
    }
}

/// Numbers as numbers, days as days; what is missing or neither compares with nothing.
fn compare(answers: &Answers, name: &str, other: &str) -> Option<std::cmp::Ordering> {
    let left = answers.get(name);
    let today = answers.today().to_string();
    let right = match other {
        "today" => today.as_str(),
        _ if other.starts_with(|c: char| c.is_ascii_alphabetic()) => answers.get(other),
        _ => other,
    };
    if let (Some(left), Some(right)) = (Number::parse(left), Number::parse(right)) {
        return Some(left.cmp(&right));
    }
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    Some(day(left)?.cmp(&day(right)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        Answers::plain(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn conditions_hold_as_they_read() {
        let said = answers(&[("rate", "24"), ("paid", "no"), ("kind", "company"), ("due", "2024-01-01")]);
        for (text, holds) in [
            ("", true),
            ("rate", true),
            ("!rate", false),
            ("paid", false),
            ("!paid", true),
            ("kind=company", true),
            ("kind!=company", false),
            ("rate>12", true),
            ("rate<12.5", false),
            ("rate>12 & kind=company", true),
            ("rate>12 & paid", false),
            ("due<today", true),
            ("due>2024-06-01", false),
            ("absent>3", false),
            ("absent!=x", true),
        ] {
            assert_eq!(When::parse(text).unwrap().holds(&said), holds, "{text}");
        }
        for wrong in ["Rate", "a b", "x=", "=3", "!"] {
            assert!(When::parse(wrong).is_err(), "{wrong}");
        }
    }
}
