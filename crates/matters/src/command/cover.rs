//! 请假与 AB 角: nobody owns work while away. Every command is looked over before it is written, and when an
//! absence begins the timer hands on what lies with whoever is away: one event a matter.

use access::absence::store as absences;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;

use super::commit::{self, Failed, Moved};
use super::pass::head_role;
use crate::engine::cover::{self, Handed};
use crate::engine::matter::Matter;
use crate::engine::standing::{self, ATTEND};
use crate::register::{Register, broken};
use crate::store as table;

/// Name of the act of the timer.
pub const STAND_IN: &str = "stand-in";

/// For how many days who was away goes on seeing what went on, so that they can ask for it back.
pub(super) const SEEN_DAYS: i64 = 60;

/// Matters one round looks at.
const ROUND: i64 = 200;

/// Most people whose work one statement looks for.
const PEOPLE: usize = 500;

/// Whom to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Only those to whom this command brought something: the others were looked at when it came to them, and
    /// when the day began.
    Newly,
    /// Everybody.
    All,
}

/// Takes work from whoever is away after this command, and says so in it; `None` when nobody is.
pub(super) async fn cover(
    register: &Register,
    matter: &mut Matter,
    moved: &Moved,
    look: Look,
) -> Result<Option<Moved>, Refusal> {
    let mut holders = cover::holders(matter);
    if look == Look::Newly {
        holders.retain(|account| !moved.held.contains(account) && !moved.present.contains(account));
    }
    if holders.is_empty() {
        return Ok(None);
    }
    let today = moved.at.date();
    let mut reader = register.db().reader().await.map_err(|error| broken("reader", &error))?;
    let away =
        absences::away(&mut reader, today, &holders).await.map_err(|error| broken("absent", &error))?;
    drop(reader);
    if away.is_empty() {
        return Ok(None);
    }
    let mut covered = moved.clone();
    let mut told: Vec<String> = moved
        .input
        .get("reason")
        .and_then(|reason| reason.as_str())
        .map(ToOwned::to_owned)
        .into_iter()
        .collect();
    for one in &away {
        let Some(handed) = cover::cover(matter, one) else { continue };
        told.push(reason(register, &handed));
        cover::remember(matter, &handed);
        covered.held.push(one.account.clone());
        covered.handed.push((format!("absence:{}", one.absence), handed));
    }
    if covered.handed.len() == moved.handed.len() {
        return Ok(None);
    }
    name_office(register, matter).await?;
    wake_heads(register, matter, moved.at).await?;
    covered.input.insert("reason".to_owned(), json!(told.join("；")));
    Ok(Some(covered))
}

/// Why it went on, in the words that are kept with the event.
fn reason(register: &Register, handed: &Handed) -> String {
    match &handed.to {
        Some(to) => register.words().get(
            Lang::Zh,
            "absence-reason-substitute",
            &[("name", &handed.from.name), ("substitute", &to.name)],
        ),
        None => register.words().get(Lang::Zh, "absence-reason-pool", &[("name", &handed.from.name)]),
    }
}

/// An office that owns a matter is shown by its name.
pub(super) async fn name_office(register: &Register, matter: &mut Matter) -> Result<(), Refusal> {
    let offices = register.offices().await?;
    if let Some(crate::engine::state::Owner::Office { organisation, name }) = &mut matter.state.owner
        && let Some(office) = offices.get(organisation)
    {
        name.clone_from(&office.name);
    }
    Ok(())
}

/// A pool in which nobody is there today is nobody's: the head is told, or the bureau when the head is away too.
async fn wake_heads(register: &Register, matter: &mut Matter, now: Instant) -> Result<(), Refusal> {
    let party = super::authorise::is_party;
    let mut pools: Vec<(Role, String)> = matter
        .state
        .tasks
        .iter()
        .filter(|task| task.assignee.is_none() && !party(task.role) && task.name != ATTEND)
        .filter_map(|task| Some((task.role, task.office.clone()?)))
        .collect();
    pools.dedup();
    if matter.state.tasks.iter().any(|task| task.name == ATTEND) {
        return Ok(());
    }
    let offices = register.offices().await?;
    let today = now.date();
    for (role, office) in pools {
        let mut reader = register.db().reader().await.map_err(|error| broken("reader", &error))?;
        let there = absences::anybody(&mut reader, role, Some(&office), matter.area, today).await;
        if there.map_err(|error| broken("absent", &error))? {
            continue;
        }
        let head = offices.get(&office).map_or(Role::OfficeHead, |known| head_role(&known.kind));
        let headed = absences::anybody(&mut reader, head, Some(&office), matter.area, today).await;
        let headed = headed.map_err(|error| broken("absent", &error))?;
        drop(reader);
        let bureau = offices.route("supervision", matter.area).map(|found| found.id.as_str().to_owned());
        let to = match bureau {
            Some(bureau) if !headed => (Role::Supervisor, Some(bureau), None),
            _ => (head, Some(office), None),
        };
        standing::open(matter, ATTEND, to, None, now);
        return Ok(());
    }
    Ok(())
}

impl Register {
    /// Hands on what lies with people who are away today; gives how many matters moved.
    pub(crate) async fn hand_on_of_absent(&self, now: Instant) -> Result<u64, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let away = absences::away_on(&mut reader, now.date()).await;
        drop(reader);
        let away = away.map_err(|error| broken("absent", &error))?;
        let mut moved = 0;
        for people in away.chunks(PEOPLE) {
            let mut after = None;
            loop {
                let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
                let work = table::work_of(&mut reader, people, after, ROUND).await;
                drop(reader);
                let work = work.map_err(|error| broken("work of the absent", &error))?;
                let Some(last) = work.last() else { break };
                after = Some(*last);
                for number in &work {
                    moved += u64::from(self.hand_on(*number, now).await?);
                }
            }
        }
        Ok(moved)
    }

    async fn hand_on(&self, number: MatterNumber, now: Instant) -> Result<bool, Refusal> {
        let matter = self.load_any(number).await?;
        let held = commit::holders(&matter);
        let moved = Moved { held, ..Moved::by_system(STAND_IN, &matter.step, now) };
        // Looked at before it is written: an absence may have been called off since the list was read.
        let mut after = matter.clone();
        let Some(moved) = cover(self, &mut after, &moved, Look::All).await? else { return Ok(false) };
        match commit::save(self, &after, matter.version, &moved, None, Lang::Zh).await {
            Ok(_) => Ok(true),
            // Somebody acted at the last moment; their command was looked over too.
            Err(Failed::Raced) => Ok(false),
            Err(Failed::Refused(refusal)) => Err(*refusal),
        }
    }
}
