//! Who may do what with answers. Pure.
//!
//! Whoever answers questions proposes; whoever heads that work for the body, or supervises the area, publishes; and
//! never the same person both.

use access::policy::Class;
use access::policy::table::{allows, works};
use access::{Grant, Principal};
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};

use crate::model::{State, Version};

/// The duty and item answers come from.
const DUTY: &str = "consultation";
const ITEM: &str = "consultation.text";

/// Series of the items answers come from.
pub const SERIES: &str = "consultation.";

/// Whether somebody answers questions at all.
pub fn consults(who: &Principal) -> bool {
    who.is_staff()
        && who.account.is_some()
        && !who.grants.iter().any(|grant| grant.role.administers())
        && who.grants.iter().any(|grant| allows(grant.role, Class::Act) && works(grant.role, DUTY, ITEM))
}

fn heads(grant: &Grant, office: &str, area: AreaCode) -> bool {
    let leads = allows(grant.role, Class::Supervise) && works(grant.role, DUTY, ITEM);
    let here = match &grant.organisation {
        Some(own) if grant.role != Role::Supervisor => own.as_str() == office,
        _ => grant.covers(area),
    };
    leads && here
}

/// Whether somebody decides about answers of a body in an area.
pub fn decides(who: &Principal, office: &str, area: AreaCode) -> bool {
    consults(who) && who.grants.iter().any(|grant| heads(grant, office, area))
}

/// Whether somebody decides about answers of any body.
pub fn decides_anywhere(who: &Principal) -> bool {
    consults(who)
        && who
            .grants
            .iter()
            .any(|grant| allows(grant.role, Class::Supervise) && works(grant.role, DUTY, ITEM))
}

/// Whether this is who wrote it.
pub fn owns(who: &Principal, version: &Version) -> bool {
    who.account.as_ref().is_some_and(|id| id.as_str() == version.owner)
}

/// Whether somebody may open a version that is not published.
pub fn may_open(who: &Principal, version: &Version) -> bool {
    consults(who) && (owns(who, version) || decides(who, &version.office, version.area))
}

/// What is done with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Change the texts, propose them, give them up.
    Write,
    /// Publish or send back.
    Decide,
    /// Look through a published one: it still holds.
    Renew,
    /// Take a published one back.
    Withdraw,
    /// Begin the next version of a published one.
    Revise,
}

/// Whether somebody may do it, in this order: who, then where it stands.
pub fn may(who: &Principal, version: &Version, deed: Deed) -> Result<(), Refusal> {
    if !may_open(who, version) {
        return Err(crate::not_found());
    }
    let (mine, head) = (owns(who, version), decides(who, &version.office, version.area));
    let allowed = match deed {
        Deed::Write => mine,
        Deed::Withdraw | Deed::Revise => mine || head,
        Deed::Decide | Deed::Renew => head,
    };
    if !allowed {
        return Err(Refusal::new(Code::Forbidden, Text::new("answers-refused-role"))
            .rule(Rule::house("answer-review"))
            .next(Next::say("answers-next-head")));
    }
    if mine && matches!(deed, Deed::Decide | Deed::Renew) {
        return Err(Refusal::new(Code::RuleRefused, Text::new("answers-refused-own"))
            .rule(Rule::house("answer-four-eyes"))
            .next(Next::say("answers-next-other")));
    }
    let stands = match deed {
        Deed::Write => matches!(version.state, State::Draft | State::Proposed),
        Deed::Decide => version.state == State::Proposed,
        Deed::Renew | Deed::Withdraw | Deed::Revise => version.state == State::Published,
    };
    if stands {
        return Ok(());
    }
    Err(Refusal::new(Code::WrongStep, Text::new("answers-refused-step"))
        .rule(Rule::house("answer-life"))
        .next(Next::link("answers-next-look", format!("/desk/answers/{}/{}", version.id, version.version))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{AccountId, Kind, OrgId};
    use kernel::number::MatterNumber;
    use kernel::time::Instant;

    fn who(id: &str, role: Role, area: &str, office: Option<&str>) -> Principal {
        let area = area.parse().expect("an area");
        Principal {
            account: Some(AccountId(id.to_owned())),
            kind: Kind::Staff,
            grants: vec![Grant::new(role, area, office.map(|id| OrgId(id.to_owned())))],
            ..Principal::anonymous()
        }
    }

    fn version(state: State) -> Version {
        let area: AreaCode = "371502".parse().expect("an area");
        Version {
            id: "a".into(),
            version: 1,
            state,
            kind: "劳动争议".into(),
            words: crate::model::Words::default(),
            cites: Vec::new(),
            owner: "writer".into(),
            owner_name: String::new(),
            office: "center.here".into(),
            area,
            source: MatterNumber::new(area, 2026, 1).expect("a number"),
            changed_at: Instant::new(jiff::Timestamp::UNIX_EPOCH),
            reviewed_on: None,
            due_on: None,
            revision: 1,
        }
    }

    #[test]
    fn who_answers_questions_proposes_and_nobody_else() {
        for (role, may) in [
            (Role::Clerk, true),
            (Role::HotlineAgent, true),
            (Role::AidOfficer, true),
            (Role::Adviser, true),
            (Role::OfficeHead, true),
            (Role::Lawyer, false),
            (Role::Mediator, false),
            (Role::CommitteeHead, false),
            (Role::SystemAdmin, false),
            (Role::AuditAdmin, false),
        ] {
            assert_eq!(consults(&who("x", role, "371502", None)), may, "{role}");
        }
        assert!(!consults(&Principal::anonymous()));
    }

    #[test]
    fn heads_decide_for_their_body_supervisors_for_their_area_and_nobody_for_themselves() {
        let proposed = version(State::Proposed);
        let decide = |who: &Principal| may(who, &proposed, Deed::Decide).map_err(|refusal| refusal.code);
        assert_eq!(decide(&who("h", Role::OfficeHead, "371502", Some("center.here"))), Ok(()));
        assert_eq!(decide(&who("s", Role::Supervisor, "3715", Some("bureau"))), Ok(()));
        assert_eq!(decide(&who("h", Role::OfficeHead, "371502", Some("elsewhere"))), Err(Code::NotFound));
        assert_eq!(decide(&who("s", Role::Supervisor, "371503", None)), Err(Code::NotFound));
        assert_eq!(decide(&who("c", Role::Clerk, "371502", None)), Err(Code::NotFound));
        assert_eq!(decide(&who("writer", Role::Clerk, "371502", None)), Err(Code::Forbidden));
        let own = who("writer", Role::OfficeHead, "371502", Some("center.here"));
        assert_eq!(decide(&own), Err(Code::RuleRefused), "four eyes");
    }

    #[test]
    fn what_is_done_fits_where_it_stands() {
        let head = who("h", Role::OfficeHead, "371502", Some("center.here"));
        let writer = who("writer", Role::Clerk, "371502", None);
        for (state, deed, who, fits) in [
            (State::Draft, Deed::Write, &writer, true),
            (State::Proposed, Deed::Write, &writer, true),
            (State::Published, Deed::Write, &writer, false),
            (State::Draft, Deed::Decide, &head, false),
            (State::Published, Deed::Decide, &head, false),
            (State::Published, Deed::Withdraw, &head, true),
            (State::Published, Deed::Withdraw, &writer, true),
            (State::Withdrawn, Deed::Withdraw, &head, false),
            (State::Published, Deed::Renew, &head, true),
            (State::Published, Deed::Revise, &writer, true),
            (State::Replaced, Deed::Revise, &writer, false),
        ] {
            let answer = may(who, &version(state), deed).map_err(|refusal| refusal.code);
            let expected = if fits { Ok(()) } else { Err(Code::WrongStep) };
            assert_eq!(answer, expected, "{state} {deed:?}");
        }
    }
}
