//! Passing work to others: a hand-over that waits for its yes, a head's assignment, another office's help.
//!
//! Whoever has a matter keeps it until the receiver has accepted (首问负责制): it is never without an owner.

use access::Principal;
use access::policy::{Class, Denied, TaskPlace, may_act};
use catalog::form;
use catalog::item::{Kind, Question, Register as Choices, RegisterOf};
use kernel::actor::Role;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value};

use super::authorise::{self, denied};
use super::shared::{self, Shared};
use crate::ask::Ready;
use crate::consent;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::standing::{self, CO_HANDLE, HAND_OVER};
use crate::engine::state::{HandOver, Owner, Person};
use crate::engine::transition::Chosen;
use crate::register::Register;

/// A question for somebody of the register.
pub(super) fn choice(fact: &str, kind: Kind) -> Question {
    Question { kind, max_length: None, lines: None, sensitive: false, ..form::long_text(fact, true) }
}

/// The questions of a shared act with the people and offices that may be chosen.
pub(crate) async fn ready(register: &Register, act: Shared, matter: &Matter) -> Result<Ready, Refusal> {
    let mut questions = shared::questions(act, matter);
    for question in &mut questions {
        let role = match act {
            Shared::HandOver => owner_role(matter),
            Shared::Assign => matter
                .state
                .tasks
                .iter()
                .find(|task| task.office.is_some() && task.name != HAND_OVER)
                .map(|task| task.role),
            _ => None,
        };
        question.register = match question.kind {
            Kind::Account => Some(Choices { role, of: role.and_then(body), ..Choices::default() }),
            Kind::Organisation => Some(Choices { neighbours: true, ..Choices::default() }),
            _ => None,
        };
    }
    if act == Shared::ChangeConsent {
        questions = consent::questions(register.catalog(), matter);
    }
    if act == Shared::AskCorrection {
        register.correctable(matter, &mut questions).await?;
    }
    register.with_choices(matter, &questions).await
}

/// People of a firm are chosen from their firm, others from the office that handles the matter.
fn body(role: Role) -> Option<RegisterOf> {
    matches!(role, Role::Lawyer | Role::LegalWorker | Role::FirmAdmin).then_some(RegisterOf::Firm)
}

/// Whom the input names.
pub(super) async fn chosen(
    register: &Register,
    matter: &Matter,
    ready: Ready,
    input: &Map<String, Value>,
) -> Result<Option<Chosen>, Refusal> {
    for field in ["pass.person", "pass.office"] {
        if let Some(named) = input.get(field).and_then(Value::as_str) {
            return register.named(matter, named, ready.people).await;
        }
    }
    Ok(None)
}

fn owner_role(matter: &Matter) -> Option<Role> {
    let Some(Owner::Account { person, role, .. }) = &matter.state.owner else { return None };
    let mine = |task: &&crate::engine::state::Task| task.assignee.as_ref() == Some(person);
    role.or_else(|| matter.state.tasks.iter().find(mine).map(|task| task.role))
}

/// Only the owner hands a matter over, and one offer waits at a time.
pub(crate) fn may_hand_over(who: &Principal, matter: &Matter) -> Result<Role, Refusal> {
    let Some(role) = owns(who, matter) else { return Err(denied(Denied::SomebodyElse, Role::Clerk)) };
    if matter.state.hand_over.is_some() {
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-hand-over-waits"))
            .rule(Rule::house("hand-over"))
            .next(Next::say("next-wait-for-colleague")));
    }
    Ok(role)
}

/// The role in which somebody owns a matter, if they do.
pub(super) fn owns(who: &Principal, matter: &Matter) -> Option<Role> {
    let owner = matter.state.owner_person()?.account.as_str();
    let is_theirs = who.account.as_ref().is_some_and(|account| account.as_str() == owner);
    is_theirs.then(|| owner_role(matter)).flatten()
}

/// The head of an office gives its tasks to its people.
pub(crate) fn may_assign(who: &Principal, matter: &Matter) -> Result<Role, Refusal> {
    let heads = [Role::AidHead, Role::OfficeHead, Role::CommitteeHead, Role::FirmAdmin];
    let office =
        matter.state.tasks.iter().find_map(|task| task.office.clone().filter(|_| task.name != HAND_OVER));
    let Some(office) = office else { return Err(denied(Denied::Role, Role::OfficeHead)) };
    // A head gives work to the people of the house, whatever the house was asked to do.
    let leads = |role: Role| TaskPlace {
        role,
        organisation: Some(&office),
        area: matter.area,
        assignee: None,
        work: None,
    };
    heads
        .into_iter()
        .find(|role| may_act(who, &leads(*role)).is_ok())
        .ok_or_else(|| denied(Denied::Role, Role::OfficeHead))
}

/// Whoever owns a matter, or has it in their office, may ask another office for help; one at a time.
pub(crate) fn may_co_handle(who: &Principal, matter: &Matter, now: Instant) -> Result<Role, Refusal> {
    if matter.final_ || matter.state.tasks.iter().any(|task| task.name == CO_HANDLE) {
        return Err(Refusal::new(
            Code::WrongStep,
            Text::new("refused-nothing-there").arg("action", "co-handle"),
        )
        .next(Next::say("next-look-again")));
    }
    let me = who.account.as_ref().map(access::AccountId::as_str);
    let owner = matter.state.owner_person().map(|person| person.account.as_str());
    if owner.is_some() && owner == me {
        return owner_role(matter).ok_or_else(|| denied(Denied::Role, Role::Clerk));
    }
    who.grants
        .iter()
        .find(|grant| {
            access::policy::table::allows(grant.role, Class::Supervise)
                && authorise::beside(who, matter, grant.role, &[], now).is_ok()
        })
        .map(|grant| grant.role)
        .ok_or_else(|| denied(Denied::SomebodyElse, Role::Clerk))
}

/// Offers the matter to a colleague: a task for them, with an end.
pub(super) fn offer(
    register: &Register,
    matter: &mut Matter,
    role: Role,
    from: Option<&Person>,
    chosen: Option<&Chosen>,
    now: Instant,
) {
    let (Some(from), Some(Chosen::Person { person, organisation })) = (from, chosen) else { return };
    let until = clocks::after(register, matter, "office.hand-over", now);
    matter.state.hand_over = Some(HandOver { from: from.clone(), to: person.clone(), role, until });
    let office = organisation.clone().or_else(|| Some(matter.office.clone()));
    standing::open(matter, HAND_OVER, (role, office, Some(person.clone())), None, now);
}

/// Name of the act of whoever is back.
pub const ASK_BACK: &str = "ask-back";

/// Who was away may ask for what went on meanwhile, as long as somebody else has it: nothing comes back by itself.
pub(crate) fn may_ask_back(who: &Principal, matter: &Matter) -> Result<Role, Refusal> {
    let me = who.account.as_ref().map(access::AccountId::as_str);
    let was = matter.state.stood_in.iter().find(|one| Some(one.from.account.as_str()) == me);
    let owner = matter.state.owner_person().map(|person| person.account.as_str());
    match was {
        Some(was) if !matter.final_ && owner.is_some() && owner != me && matter.state.hand_over.is_none() => {
            Ok(was.role)
        }
        _ => Err(Refusal::new(Code::WrongStep, Text::new("refused-nothing-there").arg("action", ASK_BACK))
            .next(Next::say("next-look-again"))),
    }
}

/// A hand-over that begins with whoever wants the matter: its owner says yes or no.
pub(super) fn ask_back(
    register: &Register,
    matter: &mut Matter,
    role: Role,
    me: Option<&Person>,
    now: Instant,
) {
    let Some(me) = me else { return };
    let Some(Owner::Account { person: owner, organisation, .. }) = matter.state.owner.clone() else { return };
    let until = clocks::after(register, matter, "office.hand-over", now);
    let office = organisation.or_else(|| Some(matter.office.clone()));
    let as_what = owner_role(matter).unwrap_or(role);
    matter.state.hand_over = Some(HandOver { from: owner.clone(), to: me.clone(), role, until });
    standing::open(matter, HAND_OVER, (as_what, office, Some(owner)), Some(ASK_BACK.to_owned()), now);
}

/// The receiver owns the matter, and what lay with the one who offered it lies with them.
pub(super) fn accept(matter: &mut Matter) {
    let Some(offer) = matter.state.hand_over.take() else { return };
    matter.state.tasks.retain(|task| task.name != HAND_OVER);
    for task in matter.state.tasks.iter_mut().filter(|task| task.assignee.as_ref() == Some(&offer.from)) {
        task.assignee = Some(offer.to.clone());
    }
    matter.state.stood_in.retain(|one| one.from != offer.to);
    if let Some(Owner::Account { person, role, .. }) = &mut matter.state.owner {
        *person = offer.to;
        *role = Some(offer.role);
    }
}

/// It stays where it was.
pub(crate) fn refuse(matter: &mut Matter) {
    matter.state.hand_over = None;
    matter.state.tasks.retain(|task| task.name != HAND_OVER);
}

/// Gives a task, and with the work of the step the matter, to a person.
pub(super) fn give(matter: &mut Matter, asked: Option<&str>, chosen: Option<&Chosen>, now: Instant) {
    let Some(Chosen::Person { person, organisation }) = chosen else { return };
    let meant = |task: &&mut crate::engine::state::Task| {
        task.office.is_some() && task.name != HAND_OVER && asked.is_none_or(|id| task.id == id)
    };
    let Some(task) = matter.state.tasks.iter_mut().find(meant) else { return };
    task.assignee = Some(person.clone());
    task.since = now;
    let (role, office) = (task.role, task.office.clone());
    let stands = standing::stands(task);
    // Who gets the work of a step gets the matter, if it lay with their own office.
    let own = matter.state.owner.as_ref().is_some_and(|owner| match owner {
        Owner::Account { organisation: known, .. } => known.is_none() || *known == office,
        Owner::Office { organisation: known, .. } => Some(known) == office.as_ref(),
    });
    if own && !stands {
        matter.state.owner = Some(Owner::Account {
            person: person.clone(),
            organisation: organisation.clone().or(office),
            role: Some(role),
        });
    }
    matter.state.hand_over = None;
    matter.state.tasks.retain(|task| task.name != HAND_OVER);
}

/// Opens a task for the office that is asked to help.
pub(super) async fn ask_help(
    register: &Register,
    matter: &mut Matter,
    chosen: Option<&Chosen>,
    now: Instant,
) -> Result<(), Refusal> {
    let Some(Chosen::Organisation { id, .. }) = chosen else { return Ok(()) };
    let offices = register.offices().await?;
    let role = offices.get(id).map_or(Role::Clerk, |office| reception_role(&office.kind));
    standing::open(matter, CO_HANDLE, (role, Some(id.clone()), None), None, now);
    Ok(())
}

/// Who takes what comes in at an office of a kind.
pub(crate) fn reception_role(kind: &str) -> Role {
    match kind {
        "aid-center" => Role::AidOfficer,
        "mediation-committee" => Role::Mediator,
        "bureau" => Role::Supervisor,
        "law-firm" | "legal-service-office" => Role::FirmAdmin,
        "organ" => Role::Organ,
        _ => Role::Clerk,
    }
}

/// Who answers for an office of a kind.
pub(crate) fn head_role(kind: &str) -> Role {
    match kind {
        "aid-center" => Role::AidHead,
        "mediation-committee" => Role::CommitteeHead,
        "law-firm" | "legal-service-office" => Role::FirmAdmin,
        "bureau" => Role::Supervisor,
        _ => Role::OfficeHead,
    }
}
