//! What an absence is made of.

use jiff::civil::Date;
use kernel::time::Instant;

use crate::principal::Grant;

/// Why somebody is away; no more than an office needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Leave.
    Leave,
    /// Illness.
    Sick,
    /// Away on duty.
    Travel,
    /// Training.
    Training,
    /// Anything else.
    Other,
}

impl Kind {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Leave, Self::Sick, Self::Travel, Self::Training, Self::Other];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Sick => "sick",
            Self::Travel => "travel",
            Self::Training => "training",
            Self::Other => "other",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// An absence to be entered.
#[derive(Debug, Clone)]
pub struct NewAbsence {
    /// Whose; none for one's own.
    pub login: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why.
    pub kind: Kind,
    /// Login of who stands in.
    pub substitute: Option<String>,
}

store::record! {
    /// One absence with the names shown for it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Absence {
        /// Its id.
        pub id: String,
        /// Account of who is away.
        pub account: String,
        /// Their login.
        pub login: Option<String>,
        /// Their name.
        pub name: Option<String>,
        /// First day.
        pub first_day: Date,
        /// Last day.
        pub last_day: Date,
        /// Why.
        pub kind: String,
        /// Login of the substitute.
        pub substitute_login: Option<String>,
        /// Name of the substitute.
        pub substitute_name: Option<String>,
        /// When it was ended before its last day.
        pub ended_at: Option<Instant>,
    }
}

/// Where an absence stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Still to come.
    Planned,
    /// Away now.
    Running,
    /// Past, or called off.
    Over,
}

impl Stage {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Over => "over",
        }
    }
}

impl Absence {
    /// Where it stands on this day.
    pub fn stage(&self, today: Date) -> Stage {
        if self.ended_at.is_some() || self.last_day < today {
            Stage::Over
        } else if self.first_day > today {
            Stage::Planned
        } else {
            Stage::Running
        }
    }
}

/// Somebody who stands in.
#[derive(Debug, Clone)]
pub struct Standin {
    /// Account.
    pub account: String,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub grants: Vec<Grant>,
}

/// Somebody who is away on a day.
#[derive(Debug, Clone)]
pub struct Away {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// Id of the absence.
    pub absence: String,
    /// The last day of it.
    pub until: Date,
    /// Who stands in, unless they are away themselves.
    pub standin: Option<Standin>,
}
