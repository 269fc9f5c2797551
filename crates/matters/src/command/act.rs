//! Acting on a matter: load, authorise, guard, decide, and one compare-and-set write.

use access::Principal;
use catalog::item::{ActionDef, Kind};
use kernel::actor::{Door, Role};
use kernel::chain::Digest;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};

use super::apart::Apart;
use super::authorise::{self, actor, denied};
use super::body::{digest_of, key_of};
use super::commit::Done;
use super::load::Seen;
use super::shared::{self, Shared};
use super::{Answer, commit, reveal};
use crate::ask::Read;
use crate::engine::matter::Matter;
use crate::engine::state::Task;
use crate::engine::transition::{self, By, With};
use crate::register::{Register, broken, fault};
use crate::rights;
use crate::store as table;
use crate::view::events;

/// Marks the kept answer of a look in full: it holds the names of the values, never the values.
const REVEALED: &str = "revealed";

/// What a caller asks for.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// Action name.
    pub action: &'a str,
    /// Version the caller saw.
    pub version: i64,
    /// Values given.
    pub input: Map<String, Value>,
    /// Which task, where several could be meant.
    pub task: Option<&'a str>,
    /// Idempotency key.
    pub key: &'a str,
    /// Language of the receipt.
    pub lang: Lang,
}

impl Register {
    /// Does an action. The same key and body answer with the first receipt.
    pub async fn act(&self, who: &Principal, number: MatterNumber, ask: &Ask<'_>) -> Result<Answer, Refusal> {
        let key = key_of(who, ask.key);
        let digest = digest_of(&json!({
            "action": ask.action, "version": ask.version, "input": ask.input, "task": ask.task,
        }))?;
        let now = self.now();
        let mut seen = self.load(who, number, Some(&key), now).await?;
        if let Some((kept, body)) = seen.kept.take() {
            return self.repeat(&seen.matter, &kept, &digest, body).await;
        }
        if seen.matter.state.erased.is_some() {
            return Err(rights::gone(&seen.matter));
        }
        if seen.matter.version != ask.version {
            return Err(self.stale(&seen.matter, ask.version).await?);
        }
        let base = seen.matter.version;
        let moved = match self.decide(who, &mut seen, ask, now).await? {
            Done::Moved(moved) => moved,
            Done::Revealed(look) => {
                let mut changes = look.log;
                let kept = json!({ REVEALED: look.names });
                changes.push(table::insert_action_key(number, &key, digest.as_bytes(), &kept, now));
                self.db().apply("reveal", changes).await.map_err(|error| broken("reveal", &error))?;
                return Ok(Answer { body: look.body, replayed: false });
            }
        };
        match commit::save(self, &seen.matter, base, &moved, Some((&key, &digest)), ask.lang).await {
            Ok(body) => Ok(Answer { body, replayed: false }),
            Err(commit::Failed::Refused(refusal)) => Err(*refusal),
            // Somebody was faster: with this key (a double click) or with another command.
            Err(commit::Failed::Raced) => {
                let mut seen = self.load(who, number, Some(&key), now).await?;
                match seen.kept.take() {
                    Some((kept, body)) => self.repeat(&seen.matter, &kept, &digest, body).await,
                    None => Err(self.stale(&seen.matter, ask.version).await?),
                }
            }
        }
    }

    /// Answers a repeat. Values that were shown in full are never stored; they are read again.
    async fn repeat(
        &self,
        matter: &Matter,
        kept: &[u8],
        digest: &Digest,
        body: Value,
    ) -> Result<Answer, Refusal> {
        let names = body.get(REVEALED).and_then(Value::as_array).map(|names| {
            names.iter().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect::<Vec<_>>()
        });
        match names {
            Some(names) if kept == digest.as_bytes() => {
                let body = reveal::full_values(self, matter, &names).await?;
                Ok(Answer { body, replayed: true })
            }
            _ => commit::replay(self, matter, kept, digest, body),
        }
    }

    async fn decide(
        &self,
        who: &Principal,
        seen: &mut Seen,
        ask: &Ask<'_>,
        now: Instant,
    ) -> Result<Done, Refusal> {
        if let Some(found) = find(&seen.matter, ask) {
            let found = found.clone();
            return self.item_action(who, seen, ask, &found, now).await;
        }
        match Shared::parse(ask.action) {
            Some(act) => shared::decide(self, who, seen, ask, act, now).await,
            None => Err(unknown(&seen.matter, ask.action)),
        }
    }

    async fn item_action(
        &self,
        who: &Principal,
        seen: &mut Seen,
        ask: &Ask<'_>,
        action: &ActionDef,
        now: Instant,
    ) -> Result<Done, Refusal> {
        let (role, task) = allowed(who, seen, action, ask.task, now)?;
        let matter = &mut seen.matter;
        if !transition::has_object(matter, action) {
            return Err(nothing_there(matter, action));
        }
        authorise::four_eyes(who, matter, action)?;
        if action.once && matter.state.acts.iter().any(|act| act.action == action.id) {
            return Err(only_once(action));
        }
        let mut facts = self.facts_of(matter)?;
        let Read { input, chosen, present } = self.read_input(matter, action, &facts, &ask.input).await?;
        facts.extend(input.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.guard(matter, action, &facts, now)?;
        let deed = self.deed(matter, action, task.as_ref(), &input, now).await?;
        let extension = self.extension(matter, action, now)?;

        // Decided. From here on nothing refuses.
        let me = authorise::person(who).filter(|_| !authorise::is_party(role));
        let from = matter.step.clone();
        let held = commit::holders(matter);
        let office = matter.office.clone();
        let organisation = task.as_ref().and_then(|task| task.office.clone());
        let by = By { person: me.as_ref(), organisation: organisation.as_deref(), role: Some(role) };
        let with = With { chosen, deed, extension, facts };
        transition::act(matter, action, by, task.as_ref(), &with, now);
        Ok(Done::Moved(Box::new(
            commit::Moved {
                files: file_inputs(action, &input),
                kept: action.input.iter().filter(|question| question.keep).map(|q| q.fact.clone()).collect(),
                notify: action.notify.clone(),
                apart: Apart::of(action, with.chosen.as_ref()),
                held,
                present,
                sender: (matter.office != office).then_some(office),
                ..commit::Moved::new(actor(who), role, door_of(who, role), &action.id, now)
            }
            .from(&from)
            .task(task.map(|task| task.id), organisation)
            .with(input, with.chosen),
        )))
    }

    /// Says what changed since the version the caller saw.
    pub(crate) async fn stale(&self, matter: &Matter, seen: i64) -> Result<Refusal, Refusal> {
        let changed = events::since(self, matter, seen).await?;
        Ok(Refusal::new(Code::StaleVersion, Text::new("refused-stale"))
            .next(Next::say("next-look-again"))
            .current(json!({ "version": matter.version, "step": matter.step, "changed": changed })))
    }
}

/// The action of the present step that is meant: of several with one name, the one whose task is meant.
fn find<'a>(matter: &'a Matter, ask: &Ask<'_>) -> Option<&'a ActionDef> {
    let step = matter.current()?;
    let named: Vec<&ActionDef> = step.actions.iter().filter(|action| action.id == ask.action).collect();
    let task = ask.task.and_then(|id| matter.state.task(id)).map(|task| task.name.as_str());
    named
        .iter()
        .find(|action| task.is_some() && action.task.as_deref() == task)
        .or_else(|| named.first())
        .copied()
}

/// As what the caller acts, and the task discharged; none for acts beside the work. Refuses who may not.
fn allowed(
    who: &Principal,
    seen: &Seen,
    action: &ActionDef,
    task: Option<&str>,
    now: Instant,
) -> Result<(Role, Option<Task>), Refusal> {
    let matter = &seen.matter;
    let Some(name) = action.task.as_deref() else {
        return authorise::beside_any(who, matter, action, &seen.relations, now)
            .map(|role| (role, None))
            .map_err(|(why, role)| denied(why, role));
    };
    let mut open = matter
        .state
        .tasks
        .iter()
        .filter(|open| open.name == name && task.is_none_or(|id| open.id == id))
        .peekable();
    if open.peek().is_none() {
        return Err(wrong_step(matter, &action.id));
    }
    let mut why = None;
    for task in open {
        match authorise::task(who, matter, task, &seen.relations, now) {
            Ok(()) => return Ok((action.role, Some(task.clone()))),
            Err(_) if authorise::helps(who, matter, action, &seen.relations, now) => {
                return Ok((Role::Helper, Some(task.clone())));
            }
            Err(denied) => why = Some(denied),
        }
    }
    Err(denied(why.unwrap_or(access::policy::Denied::Role), action.role))
}

fn nothing_there(matter: &Matter, action: &ActionDef) -> Refusal {
    Refusal::new(Code::WrongStep, Text::new("refused-nothing-there").arg("action", &action.name.zh))
        .next(Next::link("next-see-actions", format!("/api/v1/matters/{}/actions", matter.number)))
        .current(json!({ "version": matter.version, "step": matter.step, "changed": [] }))
}

/// Uploads named by an input.
fn file_inputs(action: &ActionDef, input: &Map<String, Value>) -> Vec<(String, String)> {
    action
        .input
        .iter()
        .filter(|question| question.kind == Kind::File)
        .filter_map(|question| Some((question.fact.clone(), input.get(&question.fact)?.as_str()?.to_owned())))
        .collect()
}

fn unknown(matter: &Matter, action: &str) -> Refusal {
    let elsewhere = matter.item.steps.iter().any(|step| step.action(action).is_some());
    if elsewhere {
        return wrong_step(matter, action);
    }
    Refusal::new(Code::NotFound, Text::new("refused-unknown-action").arg("action", action))
        .next(Next::link("next-see-actions", format!("/api/v1/matters/{}/actions", matter.number)))
}

fn wrong_step(matter: &Matter, action: &str) -> Refusal {
    let name = matter.current().map_or_else(|| matter.step.clone(), |step| step.name.zh.clone());
    Refusal::new(Code::WrongStep, Text::new("refused-wrong-step").arg("action", action).arg("step", name))
        .next(Next::link("next-see-actions", format!("/api/v1/matters/{}/actions", matter.number)))
        .current(json!({ "version": matter.version, "step": matter.step, "changed": [] }))
}

fn only_once(action: &ActionDef) -> Refusal {
    let rule = action
        .basis
        .as_ref()
        .map_or_else(|| Rule::house("once"), |basis| Rule::lawful("once", &basis.law, &basis.article));
    Refusal::new(Code::RuleRefused, Text::new("refused-only-once").arg("action", &action.name.zh))
        .rule(rule)
        .next(Next::say("next-ask-supervisor"))
}

/// The door an action comes through: people without an account use the web, staff their desk.
pub(super) fn door_of(who: &Principal, role: Role) -> Door {
    match role {
        Role::HotlineAgent => Door::Hotline,
        Role::Adviser => Door::Village,
        Role::Organ => Door::Partner,
        _ if who.is_staff() => Door::Window,
        _ => Door::Web,
    }
}

impl Register {
    fn guard(
        &self,
        matter: &Matter,
        action: &ActionDef,
        facts: &Map<String, Value>,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some(guard) = &action.guard else { return Ok(()) };
        let holds = self
            .catalog()
            .holds(&guard.when, facts, matter.area, now.date())
            .map_err(|error| fault("guard", &error))?;
        if holds == Some(true) {
            return Ok(());
        }
        let mut refusal = Refusal::new(
            Code::RuleRefused,
            Text::new("refused-guard").arg("why", &guard.text.zh).arg("why_en", &guard.text.en),
        );
        refusal = match &action.basis {
            Some(basis) => {
                refusal.rule(Rule::lawful(format!("guard.{}", action.id), &basis.law, &basis.article))
            }
            None => refusal.rule(Rule::house(format!("guard.{}", action.id))),
        };
        Err(refusal)
    }
}

/// A wrong value of an action's input.
pub(crate) fn wrong_input(errors: Vec<FieldError>) -> Refusal {
    let code = if errors.iter().all(|error| error.code == "unknown-field") {
        Code::UnknownField
    } else {
        Code::FactsWrong
    };
    Refusal::new(code, Text::new("refused-facts")).errors(errors).next(Next::say("next-mend-fields"))
}
