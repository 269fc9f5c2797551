//! Legal hold (依法留存): content that is needed for a dispute, an audit or a court stays although its time is up.

use access::Principal;
use catalog::form;
use catalog::item::{Kind, Question};
use jiff::civil::Date;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value};
use store::Changes;

use super::erase::{Decider, gone};
use super::store as table;
use crate::command::act::wrong_input;
use crate::command::authorise::{self, denied};
use crate::command::commit::{self, Failed, Moved};
use crate::command::load::Seen;
use crate::command::shared::Shared;
use crate::engine::matter::Matter;
use crate::event::Right;
use crate::register::Register;

/// What is asked for with a hold.
pub(crate) fn questions() -> Vec<Question> {
    vec![form::plain("hold.until", Kind::Date, true), form::long_text("reason", true)]
}

/// Whoever supervises the place may hold what lies there.
pub(crate) fn may_hold(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    let role = Role::Supervisor;
    authorise::beside(who, &seen.matter, role, &seen.relations, now).map_err(|why| denied(why, role))?;
    Ok(role)
}

/// The same people end a hold that stands.
pub(crate) fn may_release(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    let role = may_hold(who, seen, now)?;
    if seen.matter.state.held_until.is_none() {
        return Err(no_hold());
    }
    Ok(role)
}

/// A hold to be set or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holding(Option<Date>);

/// Reads what a shared act does to a hold; none when it is another act.
pub(crate) fn holding(
    act: Shared,
    input: &Map<String, Value>,
    now: Instant,
) -> Result<Option<Holding>, Refusal> {
    match act {
        Shared::ReleaseHold => Ok(Some(Holding(None))),
        Shared::Hold => {
            let day = input.get("hold.until").and_then(Value::as_str).and_then(|day| day.parse().ok());
            let day: Option<Date> = day.filter(|day| *day >= now.date());
            let wrong = || {
                wrong_input(vec![FieldError::new(
                    form::pointer("/input", "hold.until"),
                    "past",
                    "error-hold-past",
                )])
            };
            Ok(Some(Holding(Some(day.ok_or_else(wrong)?))))
        }
        _ => Ok(None),
    }
}

impl Holding {
    /// Puts it on the matter; what the event says of it in the clear, and what else is written.
    pub(crate) fn on(self, matter: &mut Matter) -> (Option<Right>, Changes) {
        matter.state.held_until = self.0;
        let mut changes = Changes::new();
        changes.push(table::hold(matter.number, self.0));
        let basis = if self.0.is_some() { "hold" } else { "release" };
        let until = self.0.map(|day| day.to_string());
        (Some(Right { basis: basis.to_owned(), until, ..Right::default() }), changes)
    }
}

impl Register {
    /// Sets a legal hold until a day, or ends it (`until` none), for whoever runs the platform. The reason lies
    /// in the sealed part of the event.
    pub async fn hold(&self, number: MatterNumber, until: Option<Date>, reason: &str) -> Result<(), Refusal> {
        loop {
            let now = self.now();
            let mut matter = self.load_any(number).await?;
            if matter.state.erased.is_some() {
                return Err(gone(&matter));
            }
            if until.is_none() && matter.state.held_until.is_none() {
                return Err(no_hold());
            }
            let act = if until.is_some() { Shared::Hold } else { Shared::ReleaseHold };
            let mut input = Map::new();
            input.insert("reason".to_owned(), reason.into());
            if let Some(day) = until {
                input.insert("hold.until".to_owned(), day.to_string().into());
            }
            let holding = holding(act, &input, now)?;
            let (right, also) = holding.map(|holding| holding.on(&mut matter)).unwrap_or_default();
            let by = Decider::system();
            let moved = Moved {
                right,
                also,
                ..Moved::new(by.actor, by.role, by.door, act.as_str(), now)
                    .from(&matter.step)
                    .with(input, None)
            };
            match commit::save(self, &matter, matter.version, &moved, None, Lang::Zh).await {
                Ok(_) => return Ok(()),
                Err(Failed::Raced) => {}
                Err(Failed::Refused(refusal)) => return Err(*refusal),
            }
        }
    }
}

fn no_hold() -> Refusal {
    Refusal::new(Code::WrongStep, Text::new("refused-no-hold"))
        .rule(Rule::house("legal-hold"))
        .next(Next::say("next-look-again"))
}
