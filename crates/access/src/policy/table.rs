//! The table of roles: what each may do, and how far it reaches. The only place where this is written.

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

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The role.
    pub role: Role,
    /// How far it sees.
    pub reach: Reach,
    /// What it may do: see, act, supervise, administer.
    pub classes: &'static [Class],
}

use Class::{Act, Administer, See, Supervise};
use Reach::{Area, Nothing, Organisation, OwnOffice, Personal};

const fn line(role: Role, reach: Reach, classes: &'static [Class]) -> Line {
    Line { role, reach, classes }
}

/// Role × reach × action class.
pub const TABLE: &[Line] = &[
    line(Role::Clerk, Area, &[See, Act]),
    line(Role::HotlineAgent, Area, &[See, Act]),
    line(Role::AidOfficer, OwnOffice, &[See, Act]),
    line(Role::AidApprover, OwnOffice, &[See, Act]),
    line(Role::AidHead, OwnOffice, &[See, Act, Supervise]),
    line(Role::OfficeHead, OwnOffice, &[See, Act, Supervise]),
    line(Role::Lawyer, Personal, &[See, Act]),
    line(Role::LegalWorker, Personal, &[See, Act]),
    line(Role::FirmAdmin, Organisation, &[See, Act]),
    line(Role::Mediator, Organisation, &[See, Act]),
    line(Role::CommitteeHead, Organisation, &[See, Act, Supervise]),
    line(Role::Adviser, OwnOffice, &[See, Act]),
    line(Role::Supervisor, Area, &[See, Act, Supervise]),
    line(Role::Organ, Organisation, &[See, Act]),
    line(Role::SystemAdmin, Nothing, &[Administer]),
    line(Role::SecurityAdmin, Nothing, &[Administer]),
    line(Role::AuditAdmin, Nothing, &[Administer]),
    line(Role::Applicant, Personal, &[See, Act]),
    line(Role::Party, Personal, &[See, Act]),
    line(Role::Helper, Personal, &[See, Act]),
    line(Role::System, Nothing, &[Act]),
];

/// Duties of bodies that decide for themselves (practice.md 11): who reaches such a matter by area sees
/// number, state and clock, never content.
pub const WALLED_DUTIES: &[&str] = &["notary", "appraisal", "arbitration"];

/// The line of a role. Every role has one (a test holds it), so the fallback is never taken.
pub fn line_of(role: Role) -> Line {
    TABLE.iter().copied().find(|line| line.role == role).unwrap_or(Line {
        role,
        reach: Nothing,
        classes: &[],
    })
}

/// Whether a role may do a class of action at all.
pub fn allows(role: Role, class: Class) -> bool {
    line_of(role).classes.contains(&class)
}
