//! Snapshots, dated rows, and links between them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::area::AreaCode;
use serde::Serialize;

use super::rules::step;

/// One snapshot: every division of a subtree with its name.
pub type Census = BTreeMap<AreaCode, String>;

/// Why somebody says that one division took another over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A published change of codes.
    Official,
    /// Found by its name in the same town.
    Name,
    /// Its county or town stands under a new code.
    Recode,
    /// An official said so.
    Manual,
}

impl Source {
    /// The word it is stored by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Name => "name",
            Self::Recode => "recode",
            Self::Manual => "manual",
        }
    }

    /// The source of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Official, Self::Name, Self::Recode, Self::Manual].into_iter().find(|own| own.as_str() == word)
    }
}

/// A division under one name, from a day until the day before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Code.
    pub code: AreaCode,
    /// Name.
    pub name: String,
    /// First day it is known to stand under this name.
    pub valid_from: Date,
    /// First day it no longer did.
    pub valid_to: Option<Date>,
}

/// `to` took `from` over on `changed_on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The former division.
    pub from: AreaCode,
    /// What took it over.
    pub to: AreaCode,
    /// The day.
    pub changed_on: Date,
    /// Who says so.
    pub source: Source,
}

/// A division that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// Its code.
    pub code: AreaCode,
    /// What took it over, when that is known.
    pub successor: Option<(AreaCode, Source)>,
}

/// What happened between two snapshots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Codes that go on under a new name.
    pub renamed: Vec<AreaCode>,
    /// Divisions that ended; the code of some stands again for another place.
    pub gone: Vec<Gone>,
    /// Divisions that began.
    pub new: Vec<AreaCode>,
}

impl Step {
    /// How many ended without a known successor.
    pub fn unknown(&self) -> usize {
        self.gone.iter().filter(|gone| gone.successor.is_none()).count()
    }

    /// How many were linked for this reason.
    pub fn linked(&self, source: Source) -> usize {
        self.gone.iter().filter(|gone| gone.successor.is_some_and(|(_, own)| own == source)).count()
    }
}

/// Several snapshots as dated rows and links.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Rows by code and first day.
    pub spans: BTreeMap<(AreaCode, Date), Span>,
    /// Links by former code.
    pub links: Vec<Link>,
    /// What happened at each snapshot after the first.
    pub steps: Vec<(Date, Step)>,
}

/// Tells the story of snapshots, which are given in the order of their days.
pub fn history<'a>(snapshots: impl IntoIterator<Item = (Date, &'a Census)>) -> History {
    let mut told = History::default();
    let mut standing: BTreeMap<AreaCode, Date> = BTreeMap::new();
    let mut before = &Census::new();
    for (index, (on, after)) in snapshots.into_iter().enumerate() {
        let step = step(before, after);
        let ended = step.gone.iter().map(|gone| gone.code).chain(step.renamed.iter().copied());
        for code in ended {
            if let Some(span) = standing.remove(&code).and_then(|from| told.spans.get_mut(&(code, from))) {
                span.valid_to = Some(on);
            }
        }
        for code in step.new.iter().chain(&step.renamed) {
            let name = after.get(code).cloned().unwrap_or_default();
            standing.insert(*code, on);
            told.spans.insert((*code, on), Span { code: *code, name, valid_from: on, valid_to: None });
        }
        told.links.extend(step.gone.iter().filter_map(|gone| {
            let (to, source) = gone.successor?;
            Some(Link { from: gone.code, to, changed_on: on, source })
        }));
        if index > 0 {
            told.steps.push((on, step));
        }
        before = after;
    }
    told
}
