//! The rules of the policy, case by case.

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;

use super::*;
use crate::principal::{AccountId, Grant, Kind, OrgId, Principal};

fn area(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn staff(grants: Vec<Grant>) -> Principal {
    Principal {
        account: Some(AccountId("acc-1".into())),
        kind: Kind::Staff,
        login: Some("someone".into()),
        name: String::new(),
        grants,
        home: None,
    }
}

#[test]
fn every_role_has_one_line() {
    for role in Role::ALL {
        assert_eq!(table::TABLE.iter().filter(|line| line.role == *role).count(), 1, "{role}");
    }
}

#[test]
fn the_three_administrators_see_no_matters_not_even_with_another_role() {
    let number = MatterNumber::new(area("371502"), 2026, 1).unwrap();
    let now = Instant::from_micros(0).unwrap();
    let personal = [Relation { principal: "acc-1".into(), reason: "assigned".into(), until: None }];
    let place = MatterPlace {
        number,
        area: area("371502"),
        office: "aid.east",
        duty: "legal-aid",
        item: "legal-aid.civil",
        personal: &personal,
    };
    for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        let grants = vec![Grant::new(role, area("37"), None), Grant::new(Role::Supervisor, area("37"), None)];
        assert_eq!(may_see(&staff(grants), &place, now), Sight::None, "{role}");
    }
}

#[test]
fn the_content_wall_shows_an_outline_by_area_and_everything_to_those_concerned() {
    let number = MatterNumber::new(area("371502"), 2026, 1).unwrap();
    let now = Instant::from_micros(0).unwrap();
    let supervisor = staff(vec![Grant::new(Role::Supervisor, area("3715"), None)]);
    let mut place = MatterPlace {
        number,
        area: area("371502"),
        office: "x",
        duty: "notary",
        item: "notary.deed",
        personal: &[],
    };
    assert_eq!(may_see(&supervisor, &place, now), Sight::Outline);
    place.duty = "legal-aid";
    assert_eq!(may_see(&supervisor, &place, now), Sight::Full);
    place.duty = "notary";
    let personal = [Relation { principal: "acc-1".into(), reason: "acted".into(), until: None }];
    place.personal = &personal;
    assert_eq!(may_see(&supervisor, &place, now), Sight::Full);
}

/// A pool task of a role for an item.
fn pool<'a>(
    role: Role,
    organisation: Option<&'a str>,
    here: AreaCode,
    work: (&'a str, &'a str),
) -> TaskPlace<'a> {
    TaskPlace { role, organisation, area: here, assignee: None, work: Some(work) }
}

const AID: (&str, &str) = ("legal-aid", "legal-aid.civil");

#[test]
fn a_task_is_for_its_role_at_its_place_and_a_person_s_task_for_nobody_else() {
    let here = area("371502");
    let bound = staff(vec![Grant::new(Role::AidOfficer, here, Some(OrgId("aid.east".into())))]);
    assert_eq!(may_act(&bound, &pool(Role::AidOfficer, Some("aid.east"), here, AID)), Ok(()));
    let west = pool(Role::AidOfficer, Some("aid.west"), here, AID);
    assert_eq!(may_act(&bound, &west), Err(Denied::Elsewhere));
    let approver = pool(Role::AidApprover, Some("aid.east"), here, AID);
    assert_eq!(may_act(&bound, &approver), Err(Denied::Role));
    let free = staff(vec![Grant::new(Role::Clerk, area("3715"), None)]);
    let window = pool(Role::Clerk, Some("center.east"), here, AID);
    assert_eq!(may_act(&free, &window), Ok(()));
    assert_eq!(may_act(&free, &TaskPlace { area: area("3716"), ..window }), Err(Denied::Elsewhere));
    let other = AccountId("acc-2".into());
    let theirs = TaskPlace { assignee: Some(&other), ..window };
    assert_eq!(may_act(&free, &theirs), Err(Denied::SomebodyElse));
    assert_eq!(may_act(&Principal::anonymous(), &window), Err(Denied::SignIn));
    let administrator = staff(vec![Grant::new(Role::SystemAdmin, area("37"), None)]);
    let task = TaskPlace { work: None, ..pool(Role::SystemAdmin, None, here, AID) };
    assert_eq!(may_act(&administrator, &task), Err(Denied::Role));
}

#[test]
fn a_role_works_on_its_duties_only_but_a_body_does_what_it_is_asked_by_name() {
    let here = area("371502");
    let officer = staff(vec![Grant::new(Role::AidOfficer, here, Some(OrgId("aid.east".into())))]);
    let dispute = pool(Role::AidOfficer, Some("aid.east"), here, ("mediation", "mediation.people"));
    assert_eq!(may_act(&officer, &dispute), Err(Denied::Duty));
    assert_eq!(may_act(&officer, &TaskPlace { work: None, ..dispute }), Ok(()), "help that was asked for");
    // Criminal cases and the duty are for lawyers alone, even where somebody gave one to a legal worker.
    let me = AccountId("acc-1".into());
    let worker = staff(vec![Grant::new(Role::LegalWorker, here, Some(OrgId("service.one".into())))]);
    let given = TaskPlace { assignee: Some(&me), ..pool(Role::LegalWorker, Some("service.one"), here, AID) };
    assert_eq!(may_act(&worker, &given), Ok(()));
    for item in ["legal-aid.criminal", "legal-aid.duty-lawyer"] {
        let given = TaskPlace { work: Some(("legal-aid", item)), ..given };
        assert_eq!(may_act(&worker, &given), Err(Denied::Duty), "{item}");
    }
}

#[test]
fn a_role_held_for_an_area_sees_there_only_what_it_works_on() {
    let now = Instant::from_micros(0).unwrap();
    let number = MatterNumber::new(area("371502"), 2026, 1).unwrap();
    let place =
        |(duty, item)| MatterPlace { number, area: area("371502"), office: "x", duty, item, personal: &[] };
    let officer = staff(vec![Grant::new(Role::AidOfficer, area("3715"), None)]);
    assert_eq!(may_see(&officer, &place(AID), now), Sight::Full);
    assert_eq!(may_see(&officer, &place(("mediation", "mediation.people")), now), Sight::None);
    let clerk = staff(vec![Grant::new(Role::Clerk, area("3715"), None)]);
    assert_eq!(may_see(&clerk, &place(("mediation", "mediation.people")), now), Sight::Full);
}

#[test]
fn a_helper_s_consent_ends_to_the_second() {
    let end: Instant = "2026-12-01T00:00:00+08:00".parse().unwrap();
    let second = jiff::SignedDuration::from_secs(1);
    let before = end.plus(-second);
    let number = MatterNumber::new(area("371502"), 2026, 1).unwrap();
    let personal = [Relation { principal: "acc-1".into(), reason: "helper".into(), until: Some(end) }];
    let (duty, item) = AID;
    let place = MatterPlace { number, area: area("371502"), office: "x", duty, item, personal: &personal };
    let helper = Principal { kind: Kind::Citizen, ..staff(Vec::new()) };
    let act = |at| may_act_as_party(&helper, Role::Helper, number, &personal, at);
    assert_eq!((may_see(&helper, &place, before), act(before)), (Sight::Full, Ok(())));
    assert_eq!((may_see(&helper, &place, end), act(end)), (Sight::None, Err(Denied::Elsewhere)));
    let as_applicant = may_act_as_party(&helper, Role::Applicant, number, &personal, before);
    assert_eq!(as_applicant, Err(Denied::Elsewhere), "a helper is never the applicant");
}
