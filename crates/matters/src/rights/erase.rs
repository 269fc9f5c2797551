//! Erasing the content of one matter: a command, and with it the end of the key.

use kernel::actor::{ActorId, Door, Role};
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;

use super::model::{Basis, Erasure, Kept, Wait};
use super::{rules, store as table};
use crate::command::commit::{self, Failed, Moved};
use crate::command::helper::Sight;
use crate::engine::matter::Matter;
use crate::engine::state::Erased;
use crate::event::Right;
use crate::register::{Register, fault};

/// Name of the event.
pub(super) const ERASED: &str = "erased";

/// How often a matter is tried again that somebody else changed in the meantime.
const TRIES: u32 = 3;

/// Who decided, as the event tells it.
#[derive(Debug, Clone)]
pub(super) struct Decider {
    pub(super) actor: ActorId,
    pub(super) role: Role,
    pub(super) door: Door,
}

impl Decider {
    /// The platform, by a rule and its day.
    pub(super) fn system() -> Self {
        Self { actor: ActorId::system(), role: Role::System, door: Door::Web }
    }
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Erased now.
    Erased,
    /// Erased before.
    Already,
    /// Something stands against it.
    Waits(Wait, Option<Kept>),
    /// Somebody acted on it again and again.
    Busy,
}

impl Register {
    /// How long a matter is kept by the rows of today; none while it has not ended or no row speaks of it.
    pub(super) fn kept(&self, matter: &Matter, now: Instant) -> Option<Kept> {
        let ended = matter.closed_at.filter(|_| matter.final_)?.date();
        rules::kept(self.catalog().parameters(), &matter.item.id, matter.area, ended, now.date())
    }

    /// Erases the content of a matter if nothing stands against it. The decision is made anew on what is read
    /// here, and the write proves that it still holds: a legal hold that comes first wins.
    pub(super) async fn erase(
        &self,
        number: MatterNumber,
        basis: Basis,
        by: &Decider,
    ) -> Result<Outcome, Refusal> {
        for _ in 0..TRIES {
            let now = self.now();
            let mut matter = self.load_any(number).await?;
            if matter.state.erased.is_some() {
                return Ok(Outcome::Already);
            }
            let kept = self.kept(&matter, now);
            if let Some(wait) = waits(&matter, kept.as_ref(), now) {
                return Ok(Outcome::Waits(wait, kept));
            }
            let Some(kept) = kept else { return Ok(Outcome::Waits(Wait::NoRule, None)) };
            let right = Right {
                basis: basis.as_str().to_owned(),
                class: kept.class.clone(),
                rule: kept.rule.clone(),
                until: Some(kept.until.to_string()),
                refused: None,
            };
            let erasure = Erasure {
                number,
                seq: matter.version + 1,
                at: now,
                class: kept.class,
                basis: basis.as_str().to_owned(),
                rule: kept.rule,
                kept_until: kept.until,
            };
            // Whoever helped has nothing left to help with.
            let helper = matter.state.helping.take().map(Sight::Ends);
            matter.state.erased = Some(Erased { at: now, seq: erasure.seq, right: right.clone() });
            let mut also = table::forget_content(number);
            also.append(self.files().forget(number));
            also.push(table::insert(&erasure));
            let moved = Moved {
                right: Some(right),
                also,
                helper,
                ..Moved::new(by.actor.clone(), by.role, by.door, ERASED, now).from(&matter.step)
            };
            match commit::save(self, &matter, matter.version, &moved, None, Lang::Zh).await {
                Ok(_) => {
                    // The keys of the files are gone with the command; what lies on the disk is noise, and goes
                    // now or, should the node stop here, with the sweeper.
                    self.files().burn().await.map_err(|error| fault("burn files", &error))?;
                    return Ok(Outcome::Erased);
                }
                Err(Failed::Raced) => {}
                Err(Failed::Refused(refusal)) => return Err(*refusal),
            }
        }
        Ok(Outcome::Busy)
    }
}

/// What stands against erasing a matter now.
fn waits(matter: &Matter, kept: Option<&Kept>, now: Instant) -> Option<Wait> {
    let work = !matter.state.tasks.is_empty();
    rules::waits(matter.final_, work, matter.state.held_until, kept, now.date())
}

/// The refusal of whatever needs content that was deleted.
pub(crate) fn gone(matter: &Matter) -> Refusal {
    let on = matter.state.erased.as_ref().map(|erased| erased.at.date().to_string()).unwrap_or_default();
    Refusal::new(Code::Expired, Text::new("refused-erased").arg("date", on))
        .rule(Rule::lawful("retention", "中华人民共和国个人信息保护法", "第四十七条"))
        .next(Next::link(
            "next-deletion-certificate",
            format!("/api/v1/matters/{}/deletion-certificate", matter.number),
        ))
}
