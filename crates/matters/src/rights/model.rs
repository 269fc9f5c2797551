//! The words of keeping and erasing.

use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde::Serialize;

/// Why a matter is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The time it had to be kept is up.
    Retention,
    /// Its applicant asked for it, and nothing stood against it.
    Request,
}

impl Basis {
    /// The word in the event.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retention => "retention",
            Self::Request => "request",
        }
    }
}

/// How long a matter is kept, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Class of retention: `legal-aid`, `consultation`, …
    pub class: String,
    /// Parameter that says how long.
    pub rule: String,
    /// The last day it must be kept; from the next day on it may be erased.
    pub until: Date,
}

/// Why a matter cannot be erased yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// It has not ended.
    Open,
    /// It has ended, but somebody still waits for an answer or a paper.
    Work,
    /// A legal hold stands until this day, that day included.
    Held(Date),
    /// It must be kept until this day, that day included.
    Kept(Date),
    /// No rule says how long its class is kept, so nobody may erase it.
    NoRule,
}

impl Wait {
    /// The word in events and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Work => "work",
            Self::Held(_) => "hold",
            Self::Kept(_) => "kept",
            Self::NoRule => "no-rule",
        }
    }

    /// The last day of waiting, where a day is known.
    pub const fn until(self) -> Option<Date> {
        match self {
            Self::Held(day) | Self::Kept(day) => Some(day),
            Self::Open | Self::Work | Self::NoRule => None,
        }
    }
}

/// What a retention run would do on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The day.
    pub as_of: Date,
    /// Matters that would be erased.
    pub due: u64,
    /// Matters whose time is up and that are kept by a legal hold.
    pub held: u64,
    /// The same by class.
    pub classes: Vec<ClassPlan>,
}

/// One class of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassPlan {
    /// The class.
    pub class: String,
    /// The parameter that says how long.
    pub rule: String,
    /// How many units.
    pub count: u32,
    /// Which unit: `day`, `month`, `year`.
    pub unit: &'static str,
    /// Whether the text behind the rule was read.
    pub verified: bool,
    /// Where the rule comes from.
    pub source: String,
    /// Matters that would be erased.
    pub due: u64,
    /// Matters kept by a legal hold although their time is up.
    pub held: u64,
    /// The first day one of them ended on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_ended: Option<Date>,
    /// The last day one of them ended on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_ended: Option<Date>,
}

/// What a retention run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// Matters erased.
    pub erased: u64,
    /// Matters left by a legal hold.
    pub held: u64,
    /// Matters somebody acted on meanwhile; the next run looks at them again.
    pub busy: Vec<MatterNumber>,
    /// Lines of the access log removed by their age.
    pub log_lines: u64,
}

store::record! {
    /// One matter whose content was deleted.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Erasure {
        /// Its number.
        pub number: MatterNumber,
        /// Sequence of the event `erased`.
        pub seq: i64,
        /// When.
        pub at: Instant,
        /// Class of retention.
        pub class: String,
        /// `retention` or `request`.
        pub basis: String,
        /// Parameter that said how long.
        pub rule: String,
        /// The last day it had to be kept.
        pub kept_until: Date,
    }
}
