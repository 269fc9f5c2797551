//! The table of roles and the items of the catalogue say the same: every role an item gives work to works on its
//! duty, and no role works on a duty where nothing gives it work.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::collections::BTreeSet;

use access::policy::table::{Class, TABLE, Work, works};
use catalog::Catalog;
use catalog::item::Item;
use catalog::load::Files;
use kernel::actor::{Door, Role};

/// Roles that have to do with every item: who takes in at the doors, who answers when something runs late or is
/// complained of, the people a matter is about, and time.
const EVERYWHERE: [Role; 9] = [
    Role::Clerk,
    Role::HotlineAgent,
    Role::Adviser,
    Role::OfficeHead,
    Role::Supervisor,
    Role::Applicant,
    Role::Party,
    Role::Helper,
    Role::System,
];

/// Heads give work to their people and answer for it, so they work on what those work on.
const HEADS: [(Role, &[Role]); 3] = [
    (Role::AidHead, &[Role::AidOfficer, Role::AidApprover]),
    (Role::CommitteeHead, &[Role::Mediator]),
    (Role::FirmAdmin, &[Role::Lawyer, Role::LegalWorker]),
];

/// Roles an item gives work to: its tasks, its actions and its rating, and the heads of those who do it. What a
/// shared part of the catalogue adds with `also` names whoever may have such a matter at all; there the table
/// decides.
fn given(item: &Item) -> BTreeSet<Role> {
    let mut roles: BTreeSet<Role> = EVERYWHERE.into();
    for step in &item.steps {
        roles.extend(step.tasks.iter().map(|task| task.role));
        roles.extend(step.actions.iter().map(|action| action.role));
    }
    roles.extend(item.rating.as_ref().map(|rating| rating.by));
    for (head, people) in HEADS {
        if people.iter().any(|role| roles.contains(role)) {
            roles.insert(head);
        }
    }
    roles
}

fn items() -> Vec<Item> {
    let catalog = Catalog::from_files(&Files::embedded()).unwrap();
    catalog.items().map(|item| (**item).clone()).collect()
}

#[test]
fn every_role_an_item_gives_work_to_works_on_its_duty() {
    let mut seen = 0;
    for item in items() {
        for role in given(&item) {
            assert!(works(role, &item.duty, &item.id), "{role} has work in {} ({})", item.id, item.duty);
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} pairs of role and item");
}

#[test]
fn no_role_works_on_a_duty_that_gives_it_no_work() {
    let items = items();
    for line in TABLE {
        let used = |named: &str| {
            items
                .iter()
                .any(|item| (item.duty == named || item.id == named) && given(item).contains(&line.role))
        };
        match line.work {
            Work::Every => assert!(EVERYWHERE.contains(&line.role), "{} works on everything", line.role),
            Work::Only(named) => {
                for name in named {
                    assert!(used(name), "nothing of {name} gives work to {}", line.role);
                }
            }
            Work::Nothing => assert!(line.role.administers(), "{} works on nothing", line.role),
        }
    }
    // Item by item for those the table keeps apart: a legal worker has no work in criminal cases or on duty.
    for item in items.iter().filter(|item| item.duty == "legal-aid") {
        assert_eq!(
            works(Role::LegalWorker, &item.duty, &item.id),
            given(item).contains(&Role::LegalWorker),
            "{}",
            item.id
        );
    }
}

#[test]
fn whoever_an_action_names_beside_its_role_has_work_of_that_kind_somewhere() {
    for item in items() {
        for action in item.steps.iter().flat_map(|step| &step.actions) {
            for role in &action.also {
                let line = access::policy::table::line_of(*role);
                assert!(
                    line.classes.contains(&Class::Act) && line.work != Work::Nothing,
                    "{role} in {}",
                    item.id
                );
            }
        }
    }
}

#[test]
fn who_opens_at_a_door_does_so_whatever_the_item() {
    for item in items() {
        for (door, role) in
            [(Door::Window, Role::Clerk), (Door::Hotline, Role::HotlineAgent), (Door::Village, Role::Adviser)]
        {
            if item.doors.contains(&door) {
                assert!(works(role, &item.duty, &item.id), "{role} takes {} in", item.id);
            }
        }
    }
}
