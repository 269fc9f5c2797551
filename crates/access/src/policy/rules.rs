//! The decisions in Rust. Pure: the caller brings the matter's place, the relations and the time.

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;

use super::table::{self, Class, Reach, WALLED_DUTIES, Work};
use crate::principal::{AccountId, Kind, Principal};

/// Where a matter stands, as far as the policy asks.
#[derive(Debug, Clone, Copy)]
pub struct MatterPlace<'a> {
    /// Its number.
    pub number: MatterNumber,
    /// The division it belongs to, as of its day.
    pub area: AreaCode,
    /// The organisation that answers for it.
    pub office: &'a str,
    /// The duty of its item.
    pub duty: &'a str,
    /// Its item.
    pub item: &'a str,
    /// Rows of `access` of this matter; those of other people do no harm.
    pub personal: &'a [Relation],
}

/// Why somebody has to do with a matter beyond office and area: one row of `access`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// An account id or an organisation id.
    pub principal: String,
    /// `applicant party helper assigned acted …`
    pub reason: String,
    /// End of the consent or of the assignment; none = no end.
    pub until: Option<Instant>,
}

impl Relation {
    /// Whether it still holds.
    pub fn holds(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// How much of a matter somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// It does not exist for them (404).
    None,
    /// Number, state and clock only: the content wall.
    Outline,
    /// Everything (masked; `reveal` is an action of its own).
    Full,
}

/// One reason to see matters. The enum both the Rust answer and the SQL are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Matters of divisions, each with the duties for which they are in sight.
    Area {
        /// Duties, and inclusive code ranges, sorted and not overlapping. Never empty; no duties twice.
        within: Vec<(Work, Vec<(i64, i64)>)>,
    },
    /// Matters these organisations answer for.
    Organisation {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Matters with an `access` row that still holds for one of these (the account, its organisations).
    Personal {
        /// Account id and organisation ids.
        principals: Vec<String>,
    },
    /// The one matter of a guest.
    Matter(MatterNumber),
    /// The platform itself.
    Everything,
}

/// All reasons this caller has, at most three.
pub fn scopes(principal: &Principal) -> Vec<Scope> {
    match principal.kind {
        Kind::Anonymous => return Vec::new(),
        Kind::System => return vec![Scope::Everything],
        Kind::Guest(number) => return vec![Scope::Matter(number)],
        Kind::Citizen | Kind::Staff => {}
    }
    let mut within: Vec<(Work, Vec<(i64, i64)>)> = Vec::new();
    let mut offices: Vec<String> = Vec::new();
    let mut administers = false;
    for grant in &principal.grants {
        let line = table::line_of(grant.role);
        let office = grant.organisation.as_ref().map(|id| id.0.clone());
        match (line.reach, office) {
            (Reach::Area, _) | (Reach::OwnOffice, None) => {
                match within.iter_mut().find(|(work, _)| *work == line.work) {
                    Some((_, ranges)) => ranges.extend_from_slice(&grant.ranges),
                    None => within.push((line.work, grant.ranges.clone())),
                }
            }
            (Reach::OwnOffice | Reach::Organisation, Some(id)) => {
                if !offices.contains(&id) {
                    offices.push(id);
                }
            }
            (Reach::Organisation, None) | (Reach::Personal, _) => {}
            (Reach::Nothing, _) => administers = true,
        }
    }
    // An administrator sees no matters, whatever else was granted to the account by mistake.
    if administers {
        return Vec::new();
    }
    let mut scopes = Vec::with_capacity(3);
    if principal.account.is_some() {
        scopes.push(Scope::Personal { principals: principal.principals() });
    }
    if !offices.is_empty() {
        scopes.push(Scope::Organisation { ids: offices });
    }
    if !within.is_empty() {
        let within = within.into_iter().map(|(work, ranges)| (work, merged(ranges))).collect();
        scopes.push(Scope::Area { within });
    }
    scopes
}

/// Sorts ranges and joins those that touch, so that the SQL has as few comparisons as can be.
fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (low, high) in ranges {
        match out.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}

impl Scope {
    /// What this reason shows of a matter.
    pub fn sight(&self, place: &MatterPlace<'_>, now: Instant) -> Sight {
        let holds = match self {
            Self::Area { within } => within.iter().any(|(work, ranges)| {
                work.covers(place.duty, place.item)
                    && ranges.iter().any(|(low, high)| (*low..=*high).contains(&place.area.as_i64()))
            }),
            Self::Organisation { ids } => ids.iter().any(|id| id == place.office),
            Self::Personal { principals } => place
                .personal
                .iter()
                .any(|relation| relation.holds(now) && principals.contains(&relation.principal)),
            Self::Matter(number) => *number == place.number,
            Self::Everything => true,
        };
        match self {
            _ if !holds => Sight::None,
            Self::Area { .. } if WALLED_DUTIES.contains(&place.duty) => Sight::Outline,
            _ => Sight::Full,
        }
    }
}

/// Whether and how much the caller sees of a matter.
pub fn may_see(principal: &Principal, place: &MatterPlace<'_>, now: Instant) -> Sight {
    scopes(principal).iter().map(|scope| scope.sight(place, now)).max().unwrap_or(Sight::None)
}

/// Where a task stands, as far as the policy asks.
#[derive(Debug, Clone, Copy)]
pub struct TaskPlace<'a> {
    /// Role that discharges it.
    pub role: Role,
    /// Organisation of the pool, if it has one.
    pub organisation: Option<&'a str>,
    /// Division of the matter.
    pub area: AreaCode,
    /// The one person it is for, if it is for one.
    pub assignee: Option<&'a AccountId>,
    /// Duty and item of the work; none for what a body is asked by name (help, an answer, something late).
    pub work: Option<(&'a str, &'a str)>,
}

/// Why somebody may not act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Nobody signed in.
    SignIn,
    /// The role is not held at all.
    Role,
    /// The role does no work of this duty.
    Duty,
    /// The role is held, but elsewhere.
    Elsewhere,
    /// The task is somebody else's.
    SomebodyElse,
}

/// Whether the caller may discharge this task: the role must work on items of its duty; somebody's own task is
/// theirs only; a pool task is for whoever holds the role for its organisation, or without an organisation in an
/// area around it.
///
/// Applicants, parties and helpers hold no grants: see [`may_act_as_party`].
pub fn may_act(principal: &Principal, task: &TaskPlace<'_>) -> Result<(), Denied> {
    match principal.kind {
        Kind::Anonymous => return Err(Denied::SignIn),
        Kind::System => return if task.role == Role::System { Ok(()) } else { Err(Denied::Role) },
        Kind::Guest(_) | Kind::Citizen | Kind::Staff => {}
    }
    let fits = task.work.is_none_or(|(duty, item)| table::works(task.role, duty, item));
    if let Some(assignee) = task.assignee {
        let mine = principal.account.as_ref() == Some(assignee);
        return match (mine, fits) {
            (true, true) => Ok(()),
            (true, false) => Err(Denied::Duty),
            (false, _) => Err(Denied::SomebodyElse),
        };
    }
    if !table::allows(task.role, Class::Act) {
        return Err(Denied::Role);
    }
    let mut denied = Denied::Role;
    for grant in principal.grants.iter().filter(|grant| grant.role == task.role) {
        let here = match (&grant.organisation, task.organisation) {
            (Some(own), Some(asked)) => own.0 == asked,
            (Some(_), None) => false,
            (None, _) => grant.covers(task.area),
        };
        if here {
            return if fits { Ok(()) } else { Err(Denied::Duty) };
        }
        denied = Denied::Elsewhere;
    }
    Err(denied)
}

/// The same for the people a matter is about: the guest of this number is its applicant; a citizen acts in
/// the role an `access` row gives, while it holds.
pub fn may_act_as_party(
    principal: &Principal,
    role: Role,
    number: MatterNumber,
    personal: &[Relation],
    now: Instant,
) -> Result<(), Denied> {
    match principal.kind {
        Kind::Anonymous => Err(Denied::SignIn),
        Kind::Guest(own) if own == number && role == Role::Applicant => Ok(()),
        Kind::Citizen | Kind::Staff => {
            let account = principal.account.as_ref().map(AccountId::as_str);
            let related = personal.iter().any(|relation| {
                Some(relation.principal.as_str()) == account
                    && relation.reason == role.as_str()
                    && relation.holds(now)
            });
            if related { Ok(()) } else { Err(Denied::Elsewhere) }
        }
        Kind::Guest(_) | Kind::System => Err(Denied::Role),
    }
}

/// Whether the caller may do a class of action anywhere around this division: the coarse question behind a
/// menu entry or a page.
pub fn may_do(principal: &Principal, class: Class, area: AreaCode) -> bool {
    principal.kind == Kind::System
        || principal.grants.iter().any(|grant| table::allows(grant.role, class) && grant.covers(area))
}
