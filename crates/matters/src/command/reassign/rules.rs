//! What of one matter may move, and why not. Pure.

use access::Principal;
use access::absence::{answers_for, serves};
use kernel::actor::Role;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};

use super::People;
use crate::command::authorise::denied;
use crate::command::load::Seen;
use crate::engine::cover::{self, Handed};
use crate::engine::matter::Matter;

/// As what the caller answers for work of a body: its head, or who supervises the place.
pub(super) fn in_charge(who: &Principal, office: Option<&str>, matter: &Matter) -> Option<Role> {
    who.grants
        .iter()
        .find(|grant| {
            let head = grant.organisation.as_ref().is_some_and(|own| Some(own.as_str()) == office);
            let supervises = grant.role == Role::Supervisor && grant.covers(matter.area);
            (head || supervises) && answers_for(who, std::slice::from_ref(grant))
        })
        .map(|grant| grant.role)
}

/// Moves the work of one matter in memory, or says why it cannot go.
pub(super) fn decide(who: &Principal, seen: &mut Seen, people: &People) -> Result<(Role, Handed), Refusal> {
    let matter = &mut seen.matter;
    let mine = |task: &&crate::engine::state::Task| {
        task.assignee.as_ref().is_some_and(|person| person.account == people.from.account)
    };
    let mut role = None;
    for task in matter.state.tasks.iter().filter(mine) {
        role = Some(in_charge(who, task.office.as_deref(), matter).ok_or_else(elsewhere)?);
        let Some(to) = &people.to else { continue };
        if !serves(&to.grants, task.role, task.office.as_deref(), task.area.unwrap_or(matter.area)) {
            return Err(no_role(&to.name));
        }
        if cover::barred(matter, task, &to.account) {
            return Err(Refusal::new(
                Code::RuleRefused,
                Text::new("reassign-four-eyes").arg("name", &to.name),
            )
            .rule(Rule::house("four-eyes"))
            .next(Next::say("next-ask-a-colleague")));
        }
    }
    let owner = matter.state.owner.clone();
    if let Some(crate::engine::state::Owner::Account { person, organisation, role: known }) = &owner
        && person.account == people.from.account
    {
        let office = organisation.as_deref().unwrap_or(&matter.office);
        role = role.or(in_charge(who, Some(office), matter));
        if let (Some(to), Some(as_what)) = (&people.to, known)
            && !serves(&to.grants, *as_what, Some(office), matter.area)
        {
            return Err(no_role(&to.name));
        }
    }
    let role = role.ok_or_else(elsewhere)?;
    let to = people.to.as_ref().map(cover::person);
    // Found right above, task by task: nothing is left behind.
    let handed = cover::move_from(matter, &people.from.account, to.as_ref(), |_, _| true);
    handed.map(|handed| (role, handed)).ok_or_else(changed)
}

fn elsewhere() -> Refusal {
    denied(access::policy::Denied::Elsewhere, Role::OfficeHead)
}

fn no_role(name: &str) -> Refusal {
    Refusal::new(Code::RuleRefused, Text::new("reassign-no-role").arg("name", name))
        .rule(Rule::house("who-may-act"))
        .next(Next::say("next-ask-a-colleague"))
}

pub(super) fn changed() -> Refusal {
    Refusal::new(Code::StaleVersion, Text::new("reassign-changed")).next(Next::say("next-look-again"))
}
