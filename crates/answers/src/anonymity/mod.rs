//! Whether a text still tells whom it is about (去标识化检查): names of the people of a matter, numbers that name
//! somebody, places smaller than a county, days and sums so exact that whoever knows the case knows it again.
//!
//! [`check`] is pure: the people and the places are brought along. A *hard* finding keeps a text from being published;
//! a *soft* one may be meant (a day a law came into force) and is either struck out or confirmed by a person.

mod dates;
mod digits;
mod folded;
mod people;
mod places;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::Serialize;

use folded::Folded;
pub use places::Gazetteer;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// May be meant.
    Soft,
    /// Never published.
    Hard,
}

macro_rules! sorts {
    ($($(#[$doc:meta])* $variant:ident = $word:literal $weight:ident),+ $(,)?) => {
        /// What was found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Sort { $($(#[$doc])* $variant),+ }

        impl Sort {
            /// Every sort.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word, as in JSON and in message keys.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// How much it weighs.
            pub const fn weight(self) -> Weight {
                match self { $(Self::$variant => Weight::$weight),+ }
            }
        }
    };
}

sorts! {
    /// Name of somebody the matter is about.
    Name = "name" Hard,
    /// Their given name alone, or what looks like somebody's name.
    MaybeName = "maybe-name" Soft,
    /// Name of a company or body the matter is about.
    Company = "company" Hard,
    /// What such a name is mostly called.
    MaybeCompany = "maybe-company" Soft,
    /// Identity number, credit code.
    Paper = "paper" Hard,
    /// Telephone.
    Phone = "phone" Hard,
    /// Bank card.
    Card = "card" Hard,
    /// Another long number, or one of which a part was starred.
    LongNumber = "long-number" Soft,
    /// Number of a matter here.
    Matter = "matter" Hard,
    /// Number of a case in court.
    Case = "case" Hard,
    /// Number plate.
    Plate = "plate" Hard,
    /// Mail address.
    Mail = "mail" Hard,
    /// Account of a chat or of a payment service.
    Account = "account" Hard,
    /// A link.
    Link = "link" Soft,
    /// House, flat, street with number.
    Address = "address" Hard,
    /// What looks like where somebody lives.
    MaybeAddress = "maybe-address" Soft,
    /// A village or community of the divisions.
    Village = "village" Hard,
    /// What looks like one.
    MaybeVillage = "maybe-village" Soft,
    /// A town or street office.
    Town = "town" Soft,
    /// A county.
    County = "county" Soft,
    /// A day.
    Day = "day" Soft,
    /// An exact sum.
    Sum = "sum" Soft,
}

/// One finding with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub sort: Sort,
    /// How much it weighs.
    pub weight: Weight,
    /// First character, counted from 0 in characters.
    pub from: usize,
    /// The character after the last.
    pub to: usize,
    /// The words themselves.
    pub said: String,
}

impl Finding {
    /// How a finding is confirmed: by its sort and words, wherever they stand.
    pub fn key(&self) -> String {
        format!("{}:{}", self.sort.as_str(), self.said)
    }
}

/// Who and what a matter is about, as far as a text must not tell it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Names of people.
    pub people: Vec<String>,
    /// Names of companies and bodies.
    pub companies: Vec<String>,
    /// Numbers of papers and telephones.
    pub numbers: Vec<String>,
}

/// Everything found in a text, in order; what lies within a heavier or longer finding is told once.
pub fn check(text: &str, known: &Known, places: &Gazetteer) -> Vec<Finding> {
    let folded = Folded::new(text);
    let mut spans = people::known(&folded, known);
    spans.extend(digits::find(&folded, known));
    spans.extend(dates::find(&folded));
    spans.extend(people::looks(&folded));
    spans.extend(places.find(&folded));
    spans.extend(places::looks(&folded));
    spans.sort_by_key(|span| (std::cmp::Reverse(span.sort.weight()), std::cmp::Reverse(span.to - span.from)));
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        let overlaps = |other: &Span| span.from < other.to && other.from < span.to;
        if !kept.iter().any(overlaps) {
            kept.push(span);
        }
    }
    kept.sort_by_key(|span| span.from);
    kept.into_iter().map(|span| folded.finding(span)).collect()
}

/// The text with every finding struck out, for whoever must not know: a language model.
pub fn struck(text: &str, findings: &[Finding]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut ends: HashMap<usize, usize> = findings.iter().map(|one| (one.from, one.to)).collect();
    let mut until = 0;
    for (at, letter) in text.chars().enumerate() {
        if let Some(to) = ends.remove(&at) {
            out.push_str("（略）");
            until = until.max(to);
        }
        if at >= until {
            out.push(letter);
        }
    }
    out
}

/// Something found, by places in the folded text.
#[derive(Debug, Clone, Copy)]
struct Span {
    sort: Sort,
    from: usize,
    to: usize,
}
