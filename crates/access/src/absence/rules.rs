//! Who may stand in for whom, and who may enter it. Pure.

use kernel::actor::Role;
use kernel::area::AreaCode;

use crate::policy::Class;
use crate::policy::table::allows;
use crate::principal::{Grant, Principal};

/// Roles that answer for the people of their body.
const HEADS: [Role; 4] = [Role::AidHead, Role::OfficeHead, Role::CommitteeHead, Role::FirmAdmin];

/// Whether these grants let somebody do the work of a role for a body, or in an area around a place.
pub fn serves(grants: &[Grant], role: Role, office: Option<&str>, area: AreaCode) -> bool {
    grants.iter().filter(|grant| grant.role == role && allows(role, Class::Act)).any(|grant| {
        match (&grant.organisation, office) {
            (Some(own), Some(asked)) => own.as_str() == asked,
            (Some(_), None) => false,
            (None, _) => grant.covers(area),
        }
    })
}

/// Whether two people hold the same role in the same office, so that one can do the work of the other.
pub(super) fn colleagues(one: &[Grant], other: &[Grant]) -> bool {
    one.iter().filter(|grant| allows(grant.role, Class::Act)).any(|grant| {
        let office = grant.organisation.as_ref().map(crate::principal::OrgId::as_str);
        match office {
            Some(_) => serves(other, grant.role, office, grant.area),
            None => other.iter().any(|held| {
                held.role == grant.role && held.organisation.is_none() && held.covers(grant.area)
            }),
        }
    })
}

/// Whether the caller answers for somebody with these grants: the head of their body, or who supervises the area.
pub fn answers_for(who: &Principal, grants: &[Grant]) -> bool {
    who.is_staff()
        && grants.iter().any(|theirs| {
            who.grants.iter().any(|own| {
                let head = HEADS.contains(&own.role)
                    && own.organisation.is_some()
                    && own.organisation == theirs.organisation;
                head || own.role == Role::Supervisor && own.covers(theirs.area)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::OrgId;

    fn grant(role: Role, area: &str, office: Option<&str>) -> Grant {
        Grant::new(role, area.parse().unwrap(), office.map(|id| OrgId(id.to_owned())))
    }

    #[test]
    fn the_same_role_in_the_same_office_makes_a_substitute() {
        let officer = [grant(Role::AidOfficer, "371502", Some("aid"))];
        for (other, fits) in [
            (grant(Role::AidOfficer, "371502", Some("aid")), true),
            (grant(Role::AidOfficer, "371502", Some("elsewhere")), false),
            (grant(Role::AidApprover, "371502", Some("aid")), false),
            (grant(Role::AidOfficer, "3715", None), true),
            (grant(Role::AidOfficer, "371503", None), false),
        ] {
            assert_eq!(colleagues(&officer, std::slice::from_ref(&other)), fits, "{other:?}");
        }
        let supervisor = [grant(Role::Supervisor, "371502", None)];
        assert!(colleagues(&supervisor, &[grant(Role::Supervisor, "3715", None)]));
        assert!(!colleagues(&supervisor, &[grant(Role::Supervisor, "371502001", None)]), "a smaller area");
    }

    #[test]
    fn administrators_stand_in_for_nobody_here() {
        let admin = [grant(Role::SystemAdmin, "3715", None)];
        assert!(!colleagues(&admin, &admin), "they have no work in the register");
    }

    #[test]
    fn heads_answer_for_their_own_body_and_supervisors_for_their_area() {
        let who = |role, area: &str, office| Principal {
            account: Some(crate::AccountId("head".into())),
            kind: crate::Kind::Staff,
            grants: vec![grant(role, area, office)],
            ..Principal::anonymous()
        };
        let officer = [grant(Role::AidOfficer, "371502", Some("aid"))];
        assert!(answers_for(&who(Role::AidHead, "371502", Some("aid")), &officer));
        assert!(!answers_for(&who(Role::AidHead, "371502", Some("elsewhere")), &officer));
        assert!(!answers_for(&who(Role::AidOfficer, "371502", Some("aid")), &officer));
        assert!(answers_for(&who(Role::Supervisor, "3715", None), &officer));
        assert!(!answers_for(&who(Role::Supervisor, "371503", None), &officer));
    }
}
