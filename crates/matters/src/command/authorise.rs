//! Who may do this, at the core: the task's role, office and person; the applicant's own acts; four eyes.

use access::policy::{Denied, Relation, may_act, may_act_as_party};
use access::{Kind, Principal};
use catalog::item::ActionDef;
use kernel::actor::{ActorId, Role};
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;

use crate::engine::matter::Matter;
use crate::engine::state::{Person, Task};

/// Opaque id of the caller in events.
pub fn actor(who: &Principal) -> ActorId {
    match (&who.account, who.kind) {
        (Some(account), _) => ActorId::account(account.as_str()),
        (None, Kind::Guest(number)) => ActorId::guest(number),
        (None, _) => ActorId::system(),
    }
}

/// The caller as a person on the desk.
pub fn person(who: &Principal) -> Option<Person> {
    let account = who.account.as_ref()?;
    Some(Person {
        account: account.as_str().to_owned(),
        login: who.login.clone().unwrap_or_default(),
        name: who.name.clone(),
    })
}

/// Whether the role is one of the people a matter is about.
pub fn is_party(role: Role) -> bool {
    matches!(role, Role::Applicant | Role::Party | Role::Helper)
}

/// Whether the caller may discharge this task.
pub fn task(
    who: &Principal,
    matter: &Matter,
    task: &Task,
    relations: &[Relation],
    now: Instant,
) -> Result<(), Denied> {
    if is_party(task.role) {
        return may_act_as_party(who, task.role, matter.number, relations, now);
    }
    let assignee = task.assignee.as_ref().map(|person| access::AccountId(person.account.clone()));
    may_act(who, task.role, task.office.as_deref(), matter.area, assignee.as_ref())
}

/// Whether the caller may do something beside the work (message, withdraw, urge, look in full) in a role.
pub fn beside(
    who: &Principal,
    matter: &Matter,
    role: Role,
    relations: &[Relation],
    now: Instant,
) -> Result<(), Denied> {
    if is_party(role) {
        return may_act_as_party(who, role, matter.number, relations, now);
    }
    if role == Role::System {
        return may_act(who, role, None, matter.area, None);
    }
    may_act(who, role, Some(&matter.office), matter.area, None)
}

/// Four eyes: who did one of these acts may not do this one.
pub fn four_eyes(who: &Principal, matter: &Matter, action: &ActionDef) -> Result<(), Refusal> {
    let me = actor(who);
    if action.not_by.is_empty() || !matter.state.did(&me, &action.not_by) {
        return Ok(());
    }
    let mut refusal =
        Refusal::new(Code::RuleRefused, Text::new("refused-four-eyes").arg("action", &action.name.zh));
    refusal = match &action.basis {
        Some(basis) => refusal.rule(Rule::lawful("four-eyes", &basis.law, &basis.article)),
        None => refusal.rule(Rule::house("four-eyes")),
    };
    Err(refusal.next(Next::say("next-ask-a-colleague")))
}

/// Puts a denial into a refusal.
pub fn denied(why: Denied, role: Role) -> Refusal {
    let (code, key) = match why {
        Denied::SignIn => (Code::Unauthenticated, "refused-sign-in"),
        Denied::Role => (Code::Forbidden, "refused-role"),
        Denied::Elsewhere => (Code::Forbidden, "refused-elsewhere"),
        Denied::SomebodyElse => (Code::Forbidden, "refused-somebody-else"),
    };
    Refusal::new(code, Text::new(key).arg("role", role)).rule(Rule::house("who-may-act"))
}
