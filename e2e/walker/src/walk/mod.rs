//! Carries matters from any door to a rated close, through random actions by random people who may act.

mod choose;
mod lists;
mod open;
mod step;
mod wrong;

use crate::accounts::People;
use crate::client::{Client, Reply};
use crate::items;
use crate::random::Random;
use crate::views::{Area, Event, Item, Matter, Number, Page};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use lists::Open;

/// How far and how wildly to walk.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only this item; none: all.
    pub item: Option<String>,
    /// Matters of each item to carry to their end.
    pub matters: usize,
    /// Matters of each item to leave on the way, so that lists have something to show.
    pub leave: usize,
    /// How many are carried at the same time.
    pub workers: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// What a walk did.
#[derive(Debug, Default, Clone)]
pub struct Walked {
    /// Matters carried to their end.
    pub ended: usize,
    /// Matters left on the way.
    pub left: usize,
    /// Commands accepted.
    pub commands: usize,
    /// Deliberately wrong things tried, all refused as the contract says.
    pub refused: usize,
    /// How the matters ended, `item: outcome`.
    pub outcomes: BTreeMap<String, usize>,
    /// Which actions were taken, `item: action`.
    pub actions: BTreeMap<String, usize>,
}

impl Walked {
    fn add(&mut self, other: Self) {
        self.ended += other.ended;
        self.left += other.left;
        self.commands += other.commands;
        self.refused += other.refused;
        for (from, into) in [(other.outcomes, &mut self.outcomes), (other.actions, &mut self.actions)] {
            for (key, times) in from {
                *into.entry(key).or_default() += times;
            }
        }
    }
}

/// A matter under the walker's hands.
struct Walk<'a> {
    people: &'a People,
    item: &'a Item,
    distances: &'a std::collections::HashMap<String, usize>,
    chance: Random,
    number: Number,
    query_code: String,
    applicant: Client,
    walked: Walked,
    /// Divisions it has belonged to so far: an office that sent it on still sees what becomes of it.
    places: Vec<Area>,
    /// Wrong codes tried so far.
    codes: u8,
    /// What was done so far, `step: action`, for whoever has to find out what went wrong.
    trail: Vec<String>,
}

/// Walks every item and then holds the lists of everybody against what was left open.
pub async fn run(people: Arc<People>, options: &Options) -> Result<Walked> {
    let mut found = items::load(&mut people.anonymous()).await?;
    found.retain(|item| options.item.as_ref().is_none_or(|only| *only == item.id));
    ensure!(!found.is_empty(), "no item to walk");
    let found = Arc::new(found);
    let jobs = found.len() * (options.matters + options.leave);
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..options.workers.max(1) {
        let (people, found, next, options) = (people.clone(), found.clone(), next.clone(), options.clone());
        workers.spawn(async move {
            let mut sum = (Walked::default(), Vec::new());
            loop {
                let job = next.fetch_add(1, Ordering::Relaxed);
                if job >= jobs {
                    return Ok::<_, anyhow::Error>(sum);
                }
                let item = &found[job % found.len()];
                let leave = job / found.len() >= options.matters;
                let chance = Random::new(options.seed).fork(job as u64);
                let (walked, open) = one(&people, item, chance, leave, job)
                    .await
                    .with_context(|| format!("matter {job} of seed {} ({})", options.seed, item.id))?;
                sum.0.add(walked);
                sum.1.extend(open);
            }
        });
    }
    let (mut walked, mut open) = (Walked::default(), Vec::new());
    while let Some(done) = workers.join_next().await {
        let (one_walked, one_open) = done.context("a worker broke")??;
        walked.add(one_walked);
        open.extend(one_open);
    }
    lists::check(&people, &open).await.context("worklists")?;
    Ok(walked)
}

/// In every view of everybody the total is the number of rows; nothing may move meanwhile.
pub async fn counts_equal_lists(people: &People) -> Result<()> {
    lists::check(people, &[]).await
}

/// One matter from its door to its end, or to somewhere on the way.
async fn one(
    people: &People,
    item: &Item,
    mut chance: Random,
    leave: bool,
    job: usize,
) -> Result<(Walked, Option<Open>)> {
    let distances = items::distances(item);
    let mut walked = Walked::default();
    let opened = open::open(people, item, &mut chance, job, &mut walked).await.context("opening")?;
    let applicant = people.anonymous().guest(&opened.number.0, &opened.query_code).await?;
    let mut walk = Walk {
        people,
        item,
        distances: &distances,
        chance,
        number: opened.number.clone(),
        query_code: opened.query_code,
        applicant,
        walked,
        places: Vec::new(),
        codes: 0,
        trail: Vec::new(),
    };
    let number = opened.number.0.clone();
    match walk.carry(leave).await {
        Ok(open) => Ok((walk.walked, open)),
        Err(error) => {
            let last = walk.trail.len().saturating_sub(12);
            Err(error.context(format!("matter {number} after {}", walk.trail[last..].join(", "))))
        }
    }
}

/// Commands after which the walker stops wandering and takes the shortest way to an end.
const WANDER: usize = 24;
/// Commands after which a matter is said to be stuck.
const STUCK: usize = 160;

impl Walk<'_> {
    fn path(&self, rest: &str) -> String {
        format!("/api/v1/matters/{}{rest}", self.number.0)
    }

    async fn matter(&mut self) -> Result<Matter> {
        let path = self.path("");
        self.applicant.get(&path).await?.done()
    }

    async fn carry(&mut self, leave: bool) -> Result<Option<Open>> {
        let stop = if leave { self.chance.below(6) } else { STUCK };
        for taken in 0.. {
            let matter = self.matter().await?;
            self.hold(&matter)?;
            if !self.places.contains(&matter.area) {
                self.places.push(matter.area.clone());
            }
            if matter.is_final {
                break;
            }
            if taken >= stop {
                ensure!(leave, "not final after {taken} commands, at {}", matter.step);
                self.walked.left += 1;
                return Ok(Some(Open { number: self.number.clone(), waiting_for: matter.waiting_for }));
            }
            self.step(&matter, taken >= WANDER)
                .await
                .with_context(|| format!("command {taken} at step {}", matter.step))?;
        }
        self.rate().await.context("rating")?;
        self.history().await.context("events")?;
        self.progress().await.context("progress")?;
        let matter = self.matter().await?;
        let outcome =
            matter.outcome.clone().with_context(|| format!("ended at {} without an outcome", matter.step))?;
        *self.walked.outcomes.entry(format!("{}: {outcome}", self.item.id)).or_default() += 1;
        self.walked.ended += 1;
        Ok(None)
    }

    /// What must hold of a matter at any time.
    fn hold(&self, matter: &Matter) -> Result<()> {
        ensure!(matter.number == self.number && matter.item == self.item.id, "another matter came");
        ensure!(
            self.item.steps.iter().any(|step| step.id == matter.step),
            "at a step the item does not have: {}",
            matter.step
        );
        if matter.is_final {
            // A message after the end is still answered: an office may be waited for, the matter stays final.
            ensure!(matter.closed_at.is_some(), "final without closed_at");
        } else {
            ensure!(!matter.waiting_for.is_empty(), "stuck at {}: waiting for nobody", matter.step);
            ensure!(matter.owner.is_some(), "at {} without an owner", matter.step);
            ensure!(matter.closed_at.is_none() && matter.outcome.is_none(), "closed, yet not final");
        }
        Ok(())
    }

    /// The applicant rates, once; a second time is refused.
    async fn rate(&mut self) -> Result<()> {
        let path = self.path("/actions");
        let offers: Vec<crate::views::Offer> = self.applicant.get(&path).await?.done()?;
        let Some(offer) = offers.into_iter().find(|offer| offer.action == "rate") else {
            let matter = self.matter().await?;
            // Withdrawn before an office did anything, there may be no service to rate.
            ensure!(
                matter.rated
                    || !self
                        .item
                        .steps
                        .iter()
                        .any(|s| s.id == matter.step && s.actions.iter().any(|a| a.action == "rate")),
                "final at {} and not offered to rate",
                matter.step
            );
            return Ok(());
        };
        let before = self.matter().await?;
        let mut applicant = self.applicant.with_token(self.applicant.token().map(str::to_owned));
        self.act(&mut applicant, &before, &offer, offer.example.clone()).await?;
        let after = self.matter().await?;
        ensure!(after.rated && after.is_final, "rated, yet rated={} final={}", after.rated, after.is_final);
        let again = serde_json::json!({"version": after.version, "input": offer.example});
        let key = self.chance.key();
        let path = self.path("/actions/rate");
        match self.applicant.post::<Value>(&path, &again, Some(&key)).await? {
            Reply::Done(_) => bail!("rated twice"),
            Reply::Refused(_) => self.walked.refused += 1,
        }
        Ok(())
    }

    /// Events are numbered without gaps and each names the hash of the one before.
    async fn history(&mut self) -> Result<()> {
        let mut events: Vec<Event> = Vec::new();
        let mut path = self.path("/events?limit=100");
        loop {
            let page: Page<Event> = self.applicant.get(&path).await?.done()?;
            events.extend(page.items);
            let Some(next) = page.next else { break };
            path = self.path(&format!("/events?limit=100&cursor={next}"));
        }
        let mut before: Option<&Event> = None;
        for (place, event) in (1_i64..).zip(&events) {
            ensure!(
                event.number == self.number && event.seq == place,
                "event {} in place {place}",
                event.seq
            );
            if let Some(before) = before {
                ensure!(
                    event.prev.as_ref() == Some(&before.hash),
                    "event {place} does not name the one before"
                );
                ensure!(event.at >= before.at, "event {place} is older than the one before");
            }
            before = Some(event);
        }
        let commands = self.walked.commands;
        ensure!(events.len() >= commands.min(2), "{} events after {commands} commands", events.len());
        Ok(())
    }
}
