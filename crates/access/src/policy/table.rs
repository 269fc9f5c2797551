//! The table of roles: what each may do, how far it reaches, and for which duties. The only place where this is
//! written; that it fits the items of the catalogue in both directions is a test of the register
//! (`crates/matters/tests/policy_table.rs`).

use kernel::actor::Role;

/// How far a role sees beyond what concerns the person (assigned, acted, applicant, party, helper).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every matter of the area of the grant, whichever office has it (one window, supervision).
    Area,
    /// Matters of the organisation of the grant; of the area when the grant names none.
    OwnOffice,
    /// Matters of the organisation of the grant only.
    Organisation,
    /// Only what concerns the person.
    Personal,
    /// No matter at all, not even one that would concern the person as staff.
    Nothing,
}

/// What a holder of a role does with matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Opens and reads matters within reach.
    See,
    /// Discharges tasks of that role, writes messages, opens matters at a door.
    Act,
    /// Watches over others' matters: hand-outs, urging, second notices, reopening.
    Supervise,
    /// Accounts, grants, keys, logs: the three administrators, who are separate people.
    Administer,
}

/// For which duties of items a role works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Items of every duty: who takes in, who supervises, the people a matter is about.
    Every,
    /// Items of these duties (`legal-aid`), or only these items (`legal-aid.civil`).
    Only(&'static [&'static str]),
    /// None.
    Nothing,
}

impl Work {
    /// Whether an item of a duty is among it.
    pub fn covers(self, duty: &str, item: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Only(named) => named.contains(&duty) || named.contains(&item),
            Self::Nothing => false,
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The role.
    pub role: Role,
    /// How far it sees.
    pub reach: Reach,
    /// What it may do: see, act, supervise, administer.
    pub classes: &'static [Class],
    /// For which duties it does so. What an office is asked by name (help, an answer, something that ran late)
    /// it does whatever the item.
    pub work: Work,
}

use Class::{Act, Administer, See, Supervise};
use Reach::{Area, Nothing, Organisation, OwnOffice, Personal};
use Work::{Every, Only};

const fn line(role: Role, reach: Reach, classes: &'static [Class], work: Work) -> Line {
    Line { role, reach, classes, work }
}

/// Role × reach × action class × duty.
pub const TABLE: &[Line] = &[
    line(Role::Clerk, Area, &[See, Act], Every),
    line(Role::HotlineAgent, Area, &[See, Act], Every),
    line(Role::AidOfficer, OwnOffice, &[See, Act], Only(&["legal-aid", "consultation"])),
    line(Role::AidApprover, OwnOffice, &[See, Act], Only(&["legal-aid"])),
    line(Role::AidHead, OwnOffice, &[See, Act, Supervise], Only(&["legal-aid", "consultation"])),
    line(Role::OfficeHead, OwnOffice, &[See, Act, Supervise], Every),
    line(Role::Lawyer, Personal, &[See, Act], Only(&["legal-aid"])),
    line(Role::LegalWorker, Personal, &[See, Act], Only(&["legal-aid.civil"])),
    line(Role::FirmAdmin, Organisation, &[See, Act], Only(&["legal-aid"])),
    line(Role::Mediator, Organisation, &[See, Act], Only(&["mediation", "intake"])),
    line(Role::CommitteeHead, Organisation, &[See, Act, Supervise], Only(&["mediation", "intake"])),
    line(Role::Adviser, OwnOffice, &[See, Act], Every),
    line(Role::Supervisor, Area, &[See, Act, Supervise], Every),
    line(Role::Organ, Organisation, &[See, Act], Only(&["mediation", "complaint"])),
    line(Role::SystemAdmin, Nothing, &[Administer], Work::Nothing),
    line(Role::SecurityAdmin, Nothing, &[Administer], Work::Nothing),
    line(Role::AuditAdmin, Nothing, &[Administer], Work::Nothing),
    line(Role::Applicant, Personal, &[See, Act], Every),
    line(Role::Party, Personal, &[See, Act], Every),
    line(Role::Helper, Personal, &[See, Act], Every),
    line(Role::System, Nothing, &[Act], Every),
];

/// Duties of bodies that decide for themselves (practice.md 11): who reaches such a matter by area sees
/// number, state and clock, never content.
pub const WALLED_DUTIES: &[&str] = &["notary", "appraisal", "arbitration"];

/// What a helper does in the applicant's stead: write and hand in. Never what disposes of the matter or of a right
/// (withdraw, object, rate, acknowledge receipt, sign), nor what lets others in.
pub const HELPERS_DO: &[&str] =
    &["message", "urge", "reply", "supplement", "supply", "hand-in", "complete-paperwork"];

/// The line of a role. Every role has one (a test holds it), so the fallback is never taken.
pub fn line_of(role: Role) -> Line {
    TABLE.iter().copied().find(|line| line.role == role).unwrap_or(Line {
        role,
        reach: Nothing,
        classes: &[],
        work: Work::Nothing,
    })
}

/// Whether a role may do a class of action at all.
pub fn allows(role: Role, class: Class) -> bool {
    line_of(role).classes.contains(&class)
}

/// Whether a role works on an item of a duty.
pub fn works(role: Role, duty: &str, item: &str) -> bool {
    line_of(role).work.covers(duty, item)
}
