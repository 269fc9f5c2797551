//! The person behind a request, with everything the policy needs, so that no request looks grants up again.

use std::fmt;

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use serde::{Deserialize, Serialize};

use crate::policy::{self, Reach};

/// Opaque id of an account (uuid v7 as text). Appears in events and access rows; says nothing about the person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub String);

/// Id of an organisation, readable (`aid.dongchangfu`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgId(pub String);

impl AccountId {
    /// The id as text, for binding and comparing.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OrgId {
    /// The id as text, for binding and comparing.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of caller this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody who serves, signed in with a password.
    Staff,
    /// A citizen, signed in with a phone code.
    Citizen,
    /// The applicant of this one matter, signed in with number and query code.
    Guest(MatterNumber),
    /// Nobody in particular: a visitor without a session.
    Anonymous,
    /// The platform itself (timers, followers).
    System,
}

impl Kind {
    /// The word of the contract: `staff`, `citizen`, `guest`; `anonymous` and `system` never leave the house.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Citizen => "citizen",
            Self::Guest(_) => "guest",
            Self::Anonymous => "anonymous",
            Self::System => "system",
        }
    }
}

/// A role held in an area, sometimes for one organisation only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where: this division and everything below it.
    pub area: AreaCode,
    /// For which organisation only, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrgId>,
    /// Inclusive code ranges the area stands for, former and later codes of the same division included
    /// (resolved through `area_link` at sign-in).
    pub ranges: Vec<(i64, i64)>,
}

impl Grant {
    /// A grant whose ranges are just the subtree of its area.
    pub fn new(role: Role, area: AreaCode, organisation: Option<OrgId>) -> Self {
        Self { role, area, organisation, ranges: vec![area.range()] }
    }

    /// Whether the division lies within this grant.
    pub fn covers(&self, area: AreaCode) -> bool {
        let code = area.as_i64();
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&code))
    }
}

/// The caller of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Account, when there is one (staff and citizens).
    pub account: Option<AccountId>,
    /// What kind of caller.
    pub kind: Kind,
    /// Login, when there is one.
    pub login: Option<String>,
    /// Name for greeting and for display to colleagues; empty for visitors.
    pub name: String,
    /// Roles held, each with its area.
    pub grants: Vec<Grant>,
    /// The body the person belongs to: what comes to it is theirs to see when a role of theirs is held for an
    /// area and not for a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<OrgId>,
}

impl Principal {
    /// A visitor without a session.
    pub fn anonymous() -> Self {
        Self {
            account: None,
            kind: Kind::Anonymous,
            login: None,
            name: String::new(),
            grants: Vec::new(),
            home: None,
        }
    }

    /// The platform itself.
    pub fn system() -> Self {
        Self {
            account: None,
            kind: Kind::System,
            login: None,
            name: "system".into(),
            grants: Vec::new(),
            home: None,
        }
    }

    /// The applicant of one matter, proved by number and query code.
    pub fn guest(number: MatterNumber) -> Self {
        Self {
            account: None,
            kind: Kind::Guest(number),
            login: None,
            name: String::new(),
            grants: Vec::new(),
            home: None,
        }
    }

    /// Whether the role is held anywhere.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether a session is open (anything but a visitor).
    pub fn is_signed_in(&self) -> bool {
        self.kind != Kind::Anonymous
    }

    /// Whether this is somebody who serves.
    pub fn is_staff(&self) -> bool {
        self.kind == Kind::Staff
    }

    /// In whose name matters concern this person beyond office and area: the account, the organisations named in
    /// the grants, their own body where a role is held for an area, and the pools (`lawyer@aid.centre`) of roles
    /// that otherwise see only what is theirs.
    pub fn principals(&self) -> Vec<String> {
        let mut found: Vec<String> = self.account.iter().map(|id| id.0.clone()).collect();
        let mut add = |id: String| {
            if !found.contains(&id) {
                found.push(id);
            }
        };
        for grant in &self.grants {
            let reach = policy::table::line_of(grant.role).reach;
            match (&grant.organisation, reach) {
                (Some(organisation), Reach::Personal) => add(format!("{}@{organisation}", grant.role)),
                (Some(organisation), _) => add(organisation.0.clone()),
                (None, Reach::Area | Reach::OwnOffice) => {
                    if let Some(home) = &self.home {
                        add(home.0.clone());
                    }
                }
                (None, _) => {}
            }
        }
        found
    }
}
