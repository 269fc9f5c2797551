//! Months of work in the city, lived through day by day: at each moment somebody does one act of what they may,
//! and the timers run every morning.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use access::Principal;
use access::policy::Reach;
use catalog::item::Item;
use fastrand::Rng;
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::calendar::Calendar;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::time::{Clock as _, FixedClock, Instant};
use matters::{Ask, Register};
use serde_json::{Map, Value, json};

use super::{people, way};
use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::settings::Settings;

/// How long ago the city begins, in days.
const DAYS: i64 = 100;

/// Acts tried on one matter before it is left as it is.
const TRIES: u32 = 4;

/// Most acts of one life.
const ACTS: u32 = 40;

/// What people leave alone: notes say what nobody said, codes would change, values be shown, helpers named.
const LEFT_ALONE: [&str; 9] = [
    "reissue-code",
    "reveal",
    "add-note",
    "add-helper",
    "end-helper",
    "change-contact",
    "change-consent",
    "hold",
    "ask-correction",
];

/// One matter on its way to the step that was chosen for it.
struct Life {
    item: Arc<Item>,
    distances: HashMap<String, usize>,
    target: String,
    number: Option<MatterNumber>,
    acts: u32,
    chance: Rng,
}

/// Who there is.
struct City {
    register: Register,
    clock: Arc<FixedClock>,
    staff: Vec<Principal>,
    citizens: Vec<Principal>,
    towns: Vec<AreaCode>,
}

/// Lives through `count` matters, until now.
pub async fn live(context: &Context, settings: &Settings, count: u32) -> Result<(), Failure> {
    if count == 0 {
        return Ok(());
    }
    let now = context.clock().now();
    let clock = Arc::new(FixedClock::at(now.plus(SignedDuration::from_hours(-24 * DAYS))));
    let node = Node::open(&context.with_clock(clock.clone()), settings.clone()).await?;
    // Written down which calendar days are counted with, before there is anything to count.
    node.register.recount().await.map_err(Failure::environment)?;
    let everybody = node.access.everybody().await.map_err(Failure::environment)?;
    let (staff, citizens) = everybody.into_iter().partition(Principal::is_staff);
    let towns = super::towns(&node.access, now.date()).await?;
    let city = City { register: node.register.clone(), clock, staff, citizens, towns };
    let lived = city.live(count, now).await;
    node.db.close().await;
    lived
}

impl City {
    async fn live(&self, count: u32, until: Instant) -> Result<(), Failure> {
        let mut lives = self.lives(count);
        let mut moments: BinaryHeap<Reverse<(Instant, usize)>> = BinaryHeap::new();
        for (index, life) in lives.iter_mut().enumerate() {
            moments.push(Reverse((begins(life, until), index)));
        }
        let mut today = None;
        while let Some(Reverse((at, index))) = moments.pop() {
            if at >= until {
                let life = &lives[index];
                tracing::debug!(item = life.item.id, target = life.target, acts = life.acts, "out of time");
                continue;
            }
            // A clock is never set back.
            self.clock.set(at.max(self.clock.now()));
            if today != Some(at.date()) {
                today = Some(at.date());
                self.register.tick().await.map_err(Failure::environment)?;
            }
            let life = &mut lives[index];
            if self.act(life).await? {
                moments.push(Reverse((later(at, &mut life.chance), index)));
            }
        }
        self.clock.set(until.max(self.clock.now()));
        self.register.tick().await.map_err(Failure::environment)?;
        Ok(())
    }

    /// Every step of every item is somebody's target before any is twice.
    fn lives(&self, count: u32) -> Vec<Life> {
        let items: Vec<&Arc<Item>> = self.register.catalog().items().collect();
        let steps: Vec<(&Arc<Item>, &str)> = items
            .iter()
            .flat_map(|item| item.steps.iter().map(move |step| (*item, step.id.as_str())))
            .collect();
        let mut chance = Rng::with_seed(37_15);
        steps
            .iter()
            .cycle()
            .take(count as usize)
            .map(|(item, step)| Life {
                item: Arc::clone(item),
                distances: way::distances(item, step),
                target: (*step).to_owned(),
                number: None,
                acts: 0,
                chance: chance.fork(),
            })
            .collect()
    }

    /// One act, or the opening; says whether there is more to come.
    async fn act(&self, life: &mut Life) -> Result<bool, Failure> {
        let Some(number) = life.number else {
            life.number = self.open(life).await?;
            return Ok(life.number.is_some());
        };
        life.acts += 1;
        if life.acts > ACTS {
            return Ok(false);
        }
        for _ in 0..TRIES {
            let guest = Principal::guest(number);
            let view = self.register.view(&guest, number, Lang::Zh).await.map_err(Failure::environment)?;
            let step = view["step"].as_str().unwrap_or_default().to_owned();
            if view["final"] == true {
                return self.rate(life, number).await;
            }
            if step == life.target {
                return self.linger(life, number).await;
            }
            let Some((who, offer)) = self.choose(life, number, &view).await? else {
                tracing::debug!(%number, item = life.item.id, target = life.target, step, "nobody goes on");
                return Ok(false);
            };
            if self.done(&who, number, &view, &offer, life.acts).await {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn open(&self, life: &mut Life) -> Result<Option<MatterNumber>, Failure> {
        let chance = &mut life.chance;
        let examples = &life.item.examples;
        if examples.is_empty() || self.towns.is_empty() {
            return Ok(None);
        }
        let mut body = examples[chance.usize(..examples.len())].body.clone();
        let town = self.towns[chance.usize(..self.towns.len())];
        body["area"] = json!(town);
        people::another(&mut body["applicant"], chance);
        people::sent_now(&mut body);
        let door = life.item.doors[chance.usize(..life.item.doors.len())];
        body["door"] = json!(door);
        let wanted = match door {
            kernel::actor::Door::Window => Some(Role::Clerk),
            kernel::actor::Door::Hotline => Some(Role::HotlineAgent),
            kernel::actor::Door::Village => Some(Role::Adviser),
            kernel::actor::Door::Partner => Some(Role::Organ),
            kernel::actor::Door::Web | kernel::actor::Door::Kiosk => None,
        };
        let who = match wanted {
            Some(role) => self
                .staff
                .iter()
                .find(|who| who.grants.iter().any(|grant| grant.role == role && grant.covers(town))),
            None if chance.u8(..5) == 0 && !self.citizens.is_empty() => {
                self.citizens.get(chance.usize(..self.citizens.len()))
            }
            None => None,
        };
        let who = who.cloned().unwrap_or_else(|| {
            body["door"] = json!("web");
            Principal::anonymous()
        });
        let key = format!("demo-history-{:032x}", chance.u128(..));
        let opened = match self.register.open(&who, &body, &key, Lang::Zh).await {
            Ok(opened) => opened,
            Err(refusal) => {
                tracing::debug!(item = life.item.id, %refusal, ?refusal.errors, "not opened");
                return Ok(None);
            }
        };
        Ok(opened.body["number"].as_str().and_then(|number| number.parse().ok()))
    }

    /// Somebody who may do one of the acts the matter waits for, and the act that leads nearest to the target.
    async fn choose(
        &self,
        life: &mut Life,
        number: MatterNumber,
        view: &Value,
    ) -> Result<Option<(Principal, Value)>, Failure> {
        let mut found: Vec<(usize, Principal, Value)> = Vec::new();
        if let Some((who, offer)) = self.ending(life, number, view).await {
            return Ok(Some((who, offer)));
        }
        for waiting in view["waiting_for"].as_array().into_iter().flatten() {
            for who in self.who_may(waiting, number, &mut life.chance) {
                let offers = self.register.actions(&who, number, Lang::Zh).await;
                let Ok(Value::Array(offers)) = offers else { continue };
                let wanted = |offer: &Value| {
                    let action = offer["action"].as_str().unwrap_or_default();
                    offer["task"] == waiting["task"] && !LEFT_ALONE.contains(&action)
                };
                let fitting: Vec<Value> = offers.into_iter().filter(wanted).collect();
                let any = !fitting.is_empty();
                for offer in fitting {
                    let to = offer["to"].as_str().unwrap_or_default();
                    let far = life.distances.get(to).copied().unwrap_or(99);
                    // Staying where one is leads nowhere, except where it is the only thing to do.
                    let far = if to == view["step"] { far + 3 } else { far };
                    found.push((far, who.clone(), offer));
                }
                if any {
                    break;
                }
            }
        }
        if found.is_empty() {
            return Ok(None);
        }
        // Now and then another way is taken: a guard may close the shortest one.
        if life.chance.u8(..5) == 0 {
            let (_, who, offer) = found.swap_remove(life.chance.usize(..found.len()));
            return Ok(Some((who, offer)));
        }
        let nearest = found.into_iter().min_by_key(|(far, ..)| *far);
        Ok(nearest.map(|(_, who, offer)| (who, offer)))
    }

    /// An act beside the work that leads to the target at once: to withdraw, to void. Only after some work.
    async fn ending(
        &self,
        life: &mut Life,
        number: MatterNumber,
        view: &Value,
    ) -> Option<(Principal, Value)> {
        let item = Arc::clone(&life.item);
        let leads = |action: &catalog::item::ActionDef| {
            action.task.is_none() && action.to.from("") == life.target && action.role != Role::System
        };
        let here = item.step(view["step"].as_str()?)?;
        let action = here.actions.iter().find(|action| leads(action))?;
        if life.acts < 2 {
            return None;
        }
        let who = match action.role {
            Role::Applicant => vec![Principal::guest(number)],
            role => {
                let waiting = json!({ "role": role, "area": view["area"], "organisation": view["office"] });
                self.who_may(&waiting, number, &mut life.chance)
            }
        };
        for who in who {
            let Ok(offers) = self.register.actions(&who, number, Lang::Zh).await else { continue };
            let offer = offers.as_array()?.iter().find(|offer| offer["action"] == action.id.as_str());
            if let Some(offer) = offer {
                return Some((who, offer.clone()));
            }
        }
        None
    }

    /// People who could answer a call for work, a few of them, in some order.
    fn who_may(&self, waiting: &Value, number: MatterNumber, chance: &mut Rng) -> Vec<Principal> {
        let role: Option<Role> = waiting["role"].as_str().and_then(|role| role.parse().ok());
        let Some(role) = role else { return Vec::new() };
        if matches!(role, Role::Applicant | Role::Party | Role::Helper) {
            return vec![Principal::guest(number)];
        }
        let area: Option<AreaCode> = waiting["area"].as_str().and_then(|area| area.parse().ok());
        let (login, organisation) = (waiting["login"].as_str(), waiting["organisation"].as_str());
        let personal = access::policy::table::line_of(role).reach == Reach::Personal;
        let fits = |who: &&Principal| match login {
            Some(login) => who.login.as_deref() == Some(login),
            None => who.grants.iter().any(|grant| {
                grant.role == role
                    && match &grant.organisation {
                        Some(own) => organisation.is_none_or(|wanted| own.as_str() == wanted),
                        None => !personal && area.is_none_or(|area| grant.covers(area)),
                    }
            }),
        };
        let mut who: Vec<Principal> = self.staff.iter().filter(fits).cloned().collect();
        chance.shuffle(&mut who);
        who.truncate(4);
        who
    }

    async fn done(
        &self,
        who: &Principal,
        number: MatterNumber,
        view: &Value,
        offer: &Value,
        nth: u32,
    ) -> bool {
        let action = offer["action"].as_str().unwrap_or_default();
        let input = offer["example"].as_object().cloned().unwrap_or_default();
        self.ask(who, number, (action, offer["task"].as_str()), input, view["version"].as_i64(), nth).await
    }

    async fn ask(
        &self,
        who: &Principal,
        number: MatterNumber,
        (action, task): (&str, Option<&str>),
        input: Map<String, Value>,
        version: Option<i64>,
        nth: u32,
    ) -> bool {
        let key = format!("demo-act-{number}-{nth}-{action}");
        let version = version.unwrap_or_default();
        let ask = Ask { action, version, input, task, key: &key, lang: Lang::Zh };
        match self.register.act(who, number, &ask).await {
            Ok(_) => true,
            Err(refusal) => {
                tracing::debug!(%number, action, %refusal, "not done");
                false
            }
        }
    }

    /// At its target a matter stays: now and then its applicant writes or urges.
    async fn linger(&self, life: &mut Life, number: MatterNumber) -> Result<bool, Failure> {
        let guest = Principal::guest(number);
        let wanted = match life.chance.u8(..12) {
            0 => "message",
            1 => "urge",
            _ => return Ok(false),
        };
        let offers = self.register.actions(&guest, number, Lang::Zh).await.map_err(Failure::environment)?;
        let offer = offers.as_array().into_iter().flatten().find(|offer| offer["action"] == wanted);
        let view = self.register.view(&guest, number, Lang::Zh).await.map_err(Failure::environment)?;
        if let Some(offer) = offer {
            self.done(&guest, number, &view, offer, life.acts).await;
        }
        Ok(false)
    }

    /// Two of three rate what has ended, and not everybody is content.
    async fn rate(&self, life: &mut Life, number: MatterNumber) -> Result<bool, Failure> {
        let guest = Principal::guest(number);
        if life.chance.u8(..3) == 0 {
            return Ok(false);
        }
        let offers = self.register.actions(&guest, number, Lang::Zh).await.map_err(Failure::environment)?;
        let Some(offer) = offers.as_array().into_iter().flatten().find(|offer| offer["action"] == "rate")
        else {
            return Ok(false);
        };
        let view = self.register.view(&guest, number, Lang::Zh).await.map_err(Failure::environment)?;
        let mut input = offer["example"].as_object().cloned().unwrap_or_default();
        let stars = [2, 3, 4, 4, 5, 5, 5, 5][life.chance.usize(..8)];
        for value in input.values_mut().filter(|value| value.is_number()) {
            *value = json!(stars);
        }
        self.ask(&guest, number, ("rate", None), input, view["version"].as_i64(), life.acts).await;
        Ok(false)
    }
}

/// When a life begins: so that it reaches its target in time, most of them lately.
fn begins(life: &mut Life, until: Instant) -> Instant {
    let acts = life.distances.get(&life.item.first_step().id).copied().unwrap_or(6);
    // Long ways have more acts that lead nowhere: papers served, questions asked back.
    let each = if acts > 6 { 5 } else { 3 };
    let needed = (i64::try_from(acts).unwrap_or(6) * each + 2).min(DAYS - 1);
    let spare = (DAYS - needed).max(1);
    // What has ended lies anywhere in these months; what stands open has mostly come to where it is lately.
    let ends = life.item.step(&life.target).is_some_and(|step| step.final_);
    let back = life.chance.f64().powi(if ends { 1 } else { 8 });
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "some days")]
    let ago = needed + (back * spare as f64) as i64;
    at_work(until.plus(SignedDuration::from_hours(-24 * ago)), &mut life.chance)
}

/// The next moment something happens: hours later the same day, or within three days.
fn later(at: Instant, chance: &mut Rng) -> Instant {
    let hours = if chance.u8(..3) == 0 { chance.i64(1..4) } else { chance.i64(16..64) };
    at_work(at.plus(SignedDuration::from_mins(hours * 60 + chance.i64(0..60))), chance)
}

/// Moved into the hours in which offices are open.
fn at_work(at: Instant, chance: &mut Rng) -> Instant {
    let calendar = Calendar::official();
    let mut day = at.date();
    let hour = at.civil().hour();
    if (9..17).contains(&hour) && calendar.is_working(day) {
        return at;
    }
    if hour >= 17 {
        day = day.tomorrow().unwrap_or(day);
    }
    while !calendar.is_working(day) {
        day = day.tomorrow().unwrap_or(day);
    }
    let opens = kernel::time::start_of_day(day).plus(SignedDuration::from_hours(9));
    opens.plus(SignedDuration::from_mins(chance.i64(0..7 * 60)))
}
