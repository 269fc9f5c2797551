//! What every matter knows, whatever its item: take, reply, see to what ran late, rate, a new query code, a look
//! in full. Passing work to others has a file of its own, [`super::pass`].

use access::Principal;
use access::policy::Sight;
use catalog::form;
use catalog::item::{Kind, Owner as OwnerRule, Question};
use kernel::actor::Role;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, json};
use store::Changes;

use super::act::{Ask, door_of, wrong_input};
use super::authorise::{self, actor, denied};
use super::commit::{Done, Moved, holders};
use super::load::Seen;
use super::{contact, helper, many, note, pass, reveal};
use crate::consent;
use crate::engine::matter::Matter;
use crate::engine::standing;
use crate::engine::state::Task;
use crate::engine::transition::{self, By};
use crate::party::{MOST_PARTIES, PartyFacts};
use crate::register::Register;
use crate::rights::{self, correct};

/// The acts that no item has to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// Take a task out of the pool.
    Take,
    /// Answer a message or an urging.
    Answer,
    /// See to what ran out of time, and say what was done.
    Attend,
    /// Offer the matter to a colleague.
    HandOver,
    /// Take over what was offered.
    AcceptHandOver,
    /// Leave it with whoever offered it.
    RefuseHandOver,
    /// Ask for a matter back that went on while one was away.
    AskBack,
    /// The head gives a task to somebody.
    Assign,
    /// Name somebody else whom the matter concerns.
    AddParty,
    /// Note something, with a paper where there is one.
    AddNote,
    /// Ask another office to help.
    CoHandle,
    /// Give the help that was asked for.
    FinishCoHandling,
    /// Rate the service, once a closing and party.
    Rate,
    /// Let somebody help, by a code the applicant hands on.
    AddHelper,
    /// End the help.
    EndHelper,
    /// Let the old query code die and give a new one.
    ReissueCode,
    /// Change how the applicant may be reached.
    ChangeContact,
    /// Agree, or no longer, to data being handled.
    ChangeConsent,
    /// See values in full, with a reason that is logged.
    Reveal,
    /// Keep the content although its time may be up (依法留存).
    Hold,
    /// End such a hold.
    ReleaseHold,
    /// Ask for a value to be corrected.
    AskCorrection,
    /// Correct it.
    AcceptCorrection,
    /// Leave it, with the reason.
    RefuseCorrection,
}

impl Shared {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Take,
        Self::Answer,
        Self::Attend,
        Self::AcceptHandOver,
        Self::RefuseHandOver,
        Self::FinishCoHandling,
        Self::Assign,
        Self::HandOver,
        Self::AskBack,
        Self::CoHandle,
        Self::AddParty,
        Self::AddNote,
        Self::Rate,
        Self::AddHelper,
        Self::EndHelper,
        Self::ReissueCode,
        Self::ChangeContact,
        Self::ChangeConsent,
        Self::Reveal,
        Self::Hold,
        Self::ReleaseHold,
        Self::AskCorrection,
        Self::AcceptCorrection,
        Self::RefuseCorrection,
    ];

    /// Reads an action name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == name)
    }

    /// Its action name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Answer => "answer-message",
            Self::Attend => "attend",
            Self::HandOver => "hand-over",
            Self::AskBack => pass::ASK_BACK,
            Self::AcceptHandOver => "accept-hand-over",
            Self::RefuseHandOver => "refuse-hand-over",
            Self::Assign => "assign",
            Self::AddParty => "add-party",
            Self::AddNote => note::ADD,
            Self::CoHandle => "co-handle",
            Self::FinishCoHandling => "finish-co-handling",
            Self::Rate => "rate",
            Self::AddHelper => "add-helper",
            Self::EndHelper => "end-helper",
            Self::ReissueCode => "reissue-code",
            Self::ChangeContact => contact::CHANGE,
            Self::ChangeConsent => consent::CHANGE,
            Self::Reveal => "reveal",
            Self::Hold => "hold",
            Self::ReleaseHold => "release-hold",
            Self::AskCorrection => "ask-correction",
            Self::AcceptCorrection => "accept-correction",
            Self::RefuseCorrection => "refuse-correction",
        }
    }

    /// The standing task it discharges, if it discharges one.
    pub const fn discharges(self) -> Option<&'static str> {
        match self {
            Self::Answer => Some(standing::ANSWER),
            Self::Attend => Some(standing::ATTEND),
            Self::AcceptHandOver | Self::RefuseHandOver => Some(standing::HAND_OVER),
            Self::FinishCoHandling => Some(standing::CO_HANDLE),
            Self::AcceptCorrection | Self::RefuseCorrection => Some(standing::CORRECT),
            _ => None,
        }
    }
}

/// What is asked for with a shared act.
pub fn questions(act: Shared, matter: &Matter) -> Vec<Question> {
    match act {
        // The texts to agree to are not the matter's own: [`pass::ready`] knows them.
        Shared::Take
        | Shared::ReissueCode
        | Shared::AcceptHandOver
        | Shared::EndHelper
        | Shared::ChangeConsent => Vec::new(),
        Shared::AddHelper => helper::questions(),
        Shared::Answer | Shared::FinishCoHandling => vec![form::long_text("reply.text", true)],
        Shared::AskCorrection => correct::questions(),
        Shared::AcceptCorrection => vec![form::long_text("reply.text", false)],
        Shared::Attend
        | Shared::RefuseHandOver
        | Shared::AskBack
        | Shared::RefuseCorrection
        | Shared::ReleaseHold => vec![form::long_text("reason", true)],
        Shared::Hold => rights::hold_questions(),
        Shared::HandOver | Shared::Assign => {
            vec![pass::choice("pass.person", Kind::Account), form::long_text("reason", true)]
        }
        Shared::CoHandle => {
            vec![pass::choice("pass.office", Kind::Organisation), form::long_text("text", true)]
        }
        Shared::AddParty => form::party_questions(),
        Shared::AddNote => note::questions(),
        Shared::Rate => matter.item.rating.as_ref().map(form::rating_questions).unwrap_or_default(),
        Shared::ChangeContact => contact::questions(),
        Shared::Reveal => vec![
            Question { kind: Kind::List, ..form::long_text("facts", true) },
            form::long_text("reason", true),
        ],
    }
}

/// Whether the caller may rate now: the matter ended in a step that is rated, and this party has not rated.
pub fn may_rate(who: &Principal, seen: &Seen, now: Instant) -> Result<(), Refusal> {
    let matter = &seen.matter;
    let rated_step = matter.item.rating.as_ref().filter(|rating| rating.steps.contains(&matter.step));
    let Some(rating) = rated_step else {
        return Err(Refusal::new(Code::WrongStep, Text::new("refused-not-rated-here"))
            .next(Next::say("next-wait-for-the-end"))
            .current(json!({ "version": matter.version, "step": matter.step, "changed": [] })));
    };
    authorise::beside(who, matter, rating.by, &seen.relations, now).map_err(|why| denied(why, rating.by))?;
    if !matter.state.rated.is_empty() {
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-rated-already"))
            .rule(Rule::house("rate-once"))
            .next(Next::say("next-message-instead")));
    }
    Ok(())
}

/// The open pool task a caller may take.
pub fn takeable<'a>(
    who: &Principal,
    matter: &'a Matter,
    asked: Option<&str>,
    now: Instant,
) -> Result<&'a Task, Refusal> {
    let mut free = matter.state.tasks.iter().filter(|task| {
        task.assignee.is_none() && task.office.is_some() && asked.is_none_or(|id| task.id == id)
    });
    let mut why = None;
    for task in &mut free {
        match authorise::task(who, matter, task, &[], now) {
            Ok(()) => return Ok(task),
            Err(denial) => why = Some((denial, task.role)),
        }
    }
    Err(match why {
        Some((denial, role)) => denied(denial, role),
        None => Refusal::new(Code::WrongStep, Text::new("refused-nothing-to-take"))
            .next(Next::say("next-look-again"))
            .current(json!({ "version": matter.version, "step": matter.step, "changed": [] })),
    })
}

/// Whether the caller may give a new query code: the applicant, or the office that has the matter.
pub fn may_reissue(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    if authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now).is_ok() {
        return Ok(Role::Applicant);
    }
    let office_role = [Role::Clerk, Role::HotlineAgent, Role::AidOfficer, Role::OfficeHead, Role::AidHead]
        .into_iter()
        .find(|role| authorise::beside(who, &seen.matter, *role, &seen.relations, now).is_ok());
    office_role.ok_or_else(|| denied(access::policy::Denied::Role, Role::Clerk))
}

/// Something may be put with a matter while it runs, by whoever sees its content.
pub(super) fn open_to(seen: &Seen, act: Shared) -> Result<(), Refusal> {
    let matter = &seen.matter;
    if !matter.final_ && seen.sight == Sight::Full {
        return Ok(());
    }
    Err(Refusal::new(Code::WrongStep, Text::new("refused-nothing-there").arg("action", act.as_str()))
        .next(Next::say("next-look-again"))
        .current(json!({ "version": matter.version, "step": matter.step, "changed": [] })))
}

/// Whether the caller may name a further party: whoever serves where the matter is, while it is open.
pub fn may_add_party(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    let matter = &seen.matter;
    open_to(seen, Shared::AddParty)?;
    if matter.state.parties >= MOST_PARTIES {
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-too-many-parties"))
            .rule(Rule::house("parties"))
            .next(Next::say("next-open-another")));
    }
    [
        Role::Mediator,
        Role::CommitteeHead,
        Role::AidOfficer,
        Role::AidHead,
        Role::Clerk,
        Role::HotlineAgent,
        Role::OfficeHead,
        Role::Supervisor,
    ]
    .into_iter()
    .find(|role| authorise::beside(who, matter, *role, &seen.relations, now).is_ok())
    .ok_or_else(|| denied(access::policy::Denied::Role, Role::Clerk))
}

/// Whether the caller may see values in full: staff with the whole content before them.
pub fn may_reveal(who: &Principal, seen: &Seen) -> Result<(), Refusal> {
    if who.is_staff() && seen.sight == Sight::Full {
        Ok(())
    } else {
        Err(denied(access::policy::Denied::Role, Role::Clerk))
    }
}

/// Decides a shared act.
pub(crate) async fn decide(
    register: &Register,
    who: &Principal,
    seen: &mut Seen,
    asked: &Ask<'_>,
    act: Shared,
    now: Instant,
) -> Result<Done, Refusal> {
    let (role, task) = match act {
        Shared::Take => {
            let task = takeable(who, &seen.matter, asked.task, now)?.clone();
            (task.role, Some(task))
        }
        Shared::Answer
        | Shared::Attend
        | Shared::AcceptHandOver
        | Shared::RefuseHandOver
        | Shared::AcceptCorrection
        | Shared::RefuseCorrection
        | Shared::FinishCoHandling => {
            let task = standing_task(who, seen, act, asked.task, now)?;
            (task.role, Some(task))
        }
        Shared::HandOver => (pass::may_hand_over(who, &seen.matter)?, None),
        Shared::AskBack => (pass::may_ask_back(who, &seen.matter)?, None),
        Shared::Assign => (pass::may_assign(who, &seen.matter)?, None),
        Shared::CoHandle => (pass::may_co_handle(who, &seen.matter, now)?, None),
        Shared::AddParty => (may_add_party(who, seen, now)?, None),
        Shared::AddNote => (note::may(who, seen, now)?, None),
        Shared::Rate => {
            may_rate(who, seen, now)?;
            (seen.matter.item.rating.as_ref().map_or(Role::Applicant, |rating| rating.by), None)
        }
        Shared::AddHelper => (helper::may_name(who, seen, now)?, None),
        Shared::EndHelper => (helper::may_end(who, seen, now)?, None),
        Shared::ReissueCode => (may_reissue(who, seen, now)?, None),
        Shared::Hold => (rights::may_hold(who, seen, now)?, None),
        Shared::ReleaseHold => (rights::may_release(who, seen, now)?, None),
        Shared::AskCorrection => (correct::may_ask(who, seen, now)?, None),
        Shared::ChangeContact | Shared::ChangeConsent => (contact::may_change(who, seen, now)?, None),
        Shared::Reveal => {
            may_reveal(who, seen)?;
            return reveal::reveal(register, who, seen, asked, now).await.map(Done::Revealed);
        }
    };
    let ready = pass::ready(register, act, &seen.matter).await?;
    let mut input =
        form::validate(register.catalog(), &ready.questions, &asked.input, &Map::new(), now.date())
            .map_err(wrong_input)?;
    let chosen = pass::chosen(register, &seen.matter, ready, &input).await?;
    let holding = rights::holding(act, &input, now)?;
    let party = PartyFacts::named(&input);
    let matter = &mut seen.matter;
    let held = holders(matter);
    let mut applicant = None;
    let organisation = task.as_ref().and_then(|task| task.office.clone());
    let me = authorise::person(who).filter(|_| !authorise::is_party(role));
    let mut also = Changes::new();
    let mut sight = None;
    match act {
        Shared::Take => {
            let by = By { person: me.as_ref(), organisation: organisation.as_deref(), role: Some(role) };
            transition::own(matter, OwnerRule::Keep, by, None);
            let id = task.as_ref().map(|task| task.id.clone()).unwrap_or_default();
            if let Some(open) = matter.state.tasks.iter_mut().find(|open| open.id == id) {
                open.assignee = me;
            }
        }
        Shared::AcceptCorrection => {
            if let Some(task) = &task {
                let corrected = register.correct(matter, task).await?;
                input.extend(corrected.said);
                also = corrected.also;
                matter.state.tasks.retain(|open| open.id != task.id);
            }
        }
        Shared::AskCorrection => register.ask_correction(matter, &input, now).await?,
        Shared::Answer | Shared::Attend | Shared::FinishCoHandling | Shared::RefuseCorrection => {
            let id = task.as_ref().map(|task| task.id.clone()).unwrap_or_default();
            matter.state.tasks.retain(|open| open.id != id);
        }
        Shared::HandOver => pass::offer(register, matter, role, me.as_ref(), chosen.as_ref(), now),
        Shared::AskBack => pass::ask_back(register, matter, role, me.as_ref(), now),
        Shared::AcceptHandOver => pass::accept(matter),
        Shared::RefuseHandOver => pass::refuse(matter),
        Shared::Assign => pass::give(matter, asked.task, chosen.as_ref(), now),
        Shared::CoHandle => pass::ask_help(register, matter, chosen.as_ref(), now).await?,
        Shared::AddParty => many::join(register, matter, std::slice::from_ref(&party), now).await?,
        Shared::AddNote => note::add(matter, role, &input, now),
        Shared::Rate => matter.state.rated.push(0),
        Shared::AddHelper => helper::name(matter, &input, now)?,
        Shared::EndHelper => sight = matter.state.helping.take().map(helper::Sight::Ends),
        Shared::ReissueCode => matter.issue += 1,
        Shared::ChangeContact => applicant = Some(contact::change(register, matter, &input).await?),
        Shared::ChangeConsent => consent::change(register.catalog(), matter, &input, now)?,
        Shared::Hold | Shared::ReleaseHold | Shared::Reveal => {}
    }
    let right = holding.and_then(|holding| {
        let (right, held) = holding.on(matter);
        also.append(held);
        right
    });
    let file = |fact: &&str| Some(((*fact).to_owned(), input.get(*fact)?.as_str()?.to_owned()));
    let files = [correct::FILE, note::FILE].iter().filter_map(file).collect();
    Ok(Done::Moved(Box::new(Moved {
        files,
        held,
        right,
        also,
        helper: sight,
        applicant,
        party: (act == Shared::AddParty).then_some(party),
        ..Moved::new(actor(who), role, door_of(who, role), act.as_str(), now)
            .from(&matter.step)
            .task(task.map(|task| task.id), organisation)
            .with(input, chosen.filter(|_| act != Shared::HandOver))
    })))
}

fn standing_task(
    who: &Principal,
    seen: &Seen,
    act: Shared,
    asked: Option<&str>,
    now: Instant,
) -> Result<Task, Refusal> {
    let name = act.discharges();
    let meant = |task: &&Task| Some(task.name.as_str()) == name && asked.is_none_or(|id| task.id == id);
    let mut why = None;
    for task in seen.matter.state.tasks.iter().filter(meant) {
        match authorise::task(who, &seen.matter, task, &seen.relations, now) {
            Ok(()) => return Ok(task.clone()),
            Err(denial) => why = Some((denial, task.role)),
        }
    }
    Err(match why {
        Some((denial, role)) => denied(denial, role),
        None => Refusal::new(Code::WrongStep, Text::new("refused-nothing-to-answer"))
            .next(Next::say("next-look-again"))
            .current(json!({ "version": seen.matter.version, "step": seen.matter.step, "changed": [] })),
    })
}
