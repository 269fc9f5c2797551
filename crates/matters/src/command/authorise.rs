//! Who may do this, at the core: the task's role, office and person; the applicant's own acts; four eyes.

use access::policy::{Denied, Relation, TaskPlace, may_act, may_act_as_party};
use access::{Kind, Principal};
use catalog::item::{ActionDef, Effect};
use kernel::actor::{ActorId, Role};
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;

use crate::engine::matter::Matter;
use crate::engine::standing;
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
    let place = TaskPlace {
        role: task.role,
        organisation: task.office.as_deref(),
        area: task.area.unwrap_or(matter.area),
        assignee: assignee.as_ref(),
        work: work_of(matter, task),
    };
    may_act(who, &place)
}

/// Duty and item of a task; none where a body was asked by name, whatever the item.
pub(crate) fn work_of<'a>(matter: &'a Matter, task: &Task) -> Option<(&'a str, &'a str)> {
    (!standing::stands(task)).then_some((matter.item.duty.as_str(), matter.item.id.as_str()))
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
    let organisation = (role != Role::System).then_some(matter.office.as_str());
    let work = Some((matter.item.duty.as_str(), matter.item.id.as_str()));
    may_act(who, &TaskPlace { role, organisation, area: matter.area, assignee: None, work })
}

/// In which of its roles the caller may do an action beside the work. A wrong intake may also be undone by
/// whoever took it in, in whatever role that was.
pub fn beside_any(
    who: &Principal,
    matter: &Matter,
    action: &ActionDef,
    relations: &[Relation],
    now: Instant,
) -> Result<Role, (Denied, Role)> {
    if action.effect == Some(Effect::Serve) {
        let open = matter.state.tasks.iter().filter(|open| open.name == standing::SERVE);
        for open in open {
            if task(who, matter, open, relations, now).is_ok() {
                return Ok(open.role);
            }
        }
    }
    let mut why = (Denied::Role, action.role);
    for role in std::iter::once(action.role).chain(action.also.iter().copied()) {
        match beside(who, matter, role, relations, now) {
            Ok(()) => return Ok(role),
            Err(denied) if matches!(why.0, Denied::Role) => why = (denied, role),
            Err(_) => {}
        }
    }
    if helps(who, matter, action, relations, now) {
        return Ok(Role::Helper);
    }
    let opened = matter.state.acts.first().filter(|act| act.actor == actor(who));
    match opened.filter(|act| action.effect == Some(Effect::Void) && !is_party(act.role)) {
        Some(act) if who.is_staff() => Ok(act.role),
        _ => Err(why),
    }
}

/// Whether the caller may do an applicant's act as the applicant's helper: what the table lets helpers do.
pub fn helps(
    who: &Principal,
    matter: &Matter,
    action: &ActionDef,
    relations: &[Relation],
    now: Instant,
) -> bool {
    action.role == Role::Applicant
        && access::policy::table::HELPERS_DO.contains(&action.id.as_str())
        && may_act_as_party(who, Role::Helper, matter.number, relations, now).is_ok()
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
        Denied::Duty => (Code::Forbidden, "refused-duty"),
        Denied::Elsewhere => (Code::Forbidden, "refused-elsewhere"),
        Denied::SomebodyElse => (Code::Forbidden, "refused-somebody-else"),
    };
    Refusal::new(code, Text::new(key).arg("role", role)).rule(Rule::house("who-may-act"))
}
