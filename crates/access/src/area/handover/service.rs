//! Listing what waits for a successor, and saying it.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::json;
use store::StoreError;

use super::model::{NewLink, Orphan, Overview};
use super::store as table;
use crate::admin::service::actor;
use crate::area::atlas::{Atlas, How};
use crate::area::import;
use crate::area::succession::{Link, Source};
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::policy::{Class, may_do};
use crate::principal::{Kind, Principal};
use crate::room::Access;

/// Longest reason, in characters.
const REASON_CHARS: usize = 500;

/// Whether somebody answers for a place: its head, its supervisor.
fn answers(who: &Principal, place: AreaCode) -> bool {
    may_do(who, Class::Supervise, place)
}

impl Access {
    /// Former divisions around the caller, and what hangs on them; everywhere for the platform itself.
    pub async fn area_overview(
        &self,
        who: &Principal,
        within: Option<AreaCode>,
        now: Instant,
    ) -> Result<Overview, AccessError> {
        let supervises = |principal: &Principal| {
            principal.grants.iter().any(|grant| crate::policy::table::allows(grant.role, Class::Supervise))
        };
        if who.kind != Kind::System && !supervises(who) {
            return Err(not_yours().into());
        }
        let atlas = self.areas().current().await?;
        let today = now.date();
        let mine = |code: AreaCode| within.is_none_or(|within| within.contains(code)) && answers(who, code);
        let mut overview = Overview::default();
        for place in atlas.all().iter().filter(|place| mine(place.code)) {
            if place.stands(today) {
                overview.standing += 1;
            } else if place.valid_to.is_some() {
                overview.linked += 1;
            }
        }
        overview.unknown = atlas.unknown(within).filter(|place| mine(place.code)).count();
        overview.linked -= overview.unknown;
        let mut reader = self.db.reader().await?;
        let (offices, people) = (table::offices(&mut reader).await?, table::people(&mut reader).await?);
        drop(reader);
        let mut waiting: BTreeMap<AreaCode, Orphan> = BTreeMap::new();
        for (is_office, (code, id, name)) in
            offices.into_iter().map(|row| (true, row)).chain(people.into_iter().map(|row| (false, row)))
        {
            let code = AreaCode::from_i64(code).map_err(|fault| StoreError::column("area", fault))?;
            let Some(orphan) = orphan(&atlas, code, now).filter(|_| mine(code)) else { continue };
            let orphan = waiting.entry(code).or_insert(orphan);
            let hanging = if is_office { &mut orphan.offices } else { &mut orphan.people };
            hanging.push((id, name));
        }
        overview.waiting = waiting.into_values().collect();
        Ok(overview)
    }

    /// Links a former division to what took it over, for its head or supervisor. With the reason it stands in the
    /// record. Grants follow at the next sign-in, routing and figures at once.
    pub async fn link_area(&self, who: &Principal, new: &NewLink, now: Instant) -> Result<(), AccessError> {
        if !(answers(who, new.from) && answers(who, new.to)) {
            return Err(not_yours().into());
        }
        let atlas = self.areas().current().await?;
        let ended = atlas.unknown(Some(new.from)).filter(|place| place.code == new.from).last();
        let stands = atlas.rows(new.to).iter().any(|place| place.stands(now.date()));
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, code, key: &'static str| {
            errors.push(FieldError::new(pointer, code, Text::new(key)));
        };
        if ended.is_none() {
            wrong("/from", "state", "area-link-from");
        }
        if !stands {
            wrong("/to", "unknown", "area-link-to");
        } else if new.to.level() > new.from.level() {
            wrong("/to", "level", "area-link-level");
        }
        let reason = new.reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_CHARS {
            wrong("/reason", "length", "area-link-reason");
        }
        let Some(changed_on) = ended.and_then(|place| place.valid_to).filter(|_| errors.is_empty()) else {
            return Err(Refusal::new(Code::FactsWrong, "refused-facts")
                .rule(Rule::house("areas"))
                .errors(errors)
                .next(Next::say("next-mend-fields"))
                .into());
        };
        let link = Link { from: new.from, to: new.to, changed_on, source: Source::Manual };
        let words = json!({ "from": new.from, "to": new.to, "reason": reason });
        let entry = Entry::new(actor(who), Act::AreaLink, None, Outcome::Done).words(words);
        let mut changes = store::Changes::new();
        import::link(&mut changes, &[link]);
        self.record(&mut changes, &entry, now)?;
        self.write_areas("link area", |all| {
            all.append(changes);
        })
        .await
    }
}

/// A code whose last row ended without a known successor.
fn orphan(atlas: &Atlas, code: AreaCode, now: Instant) -> Option<Orphan> {
    let today = now.date();
    let last = atlas.rows(code).last()?;
    let landing = atlas.as_of(code, Some(last.valid_from), today)?;
    let ended_on = last.valid_to.filter(|_| landing.how == How::Above)?;
    Some(Orphan {
        code,
        name: last.name.to_string(),
        ended_on,
        town: landing.area,
        offices: Vec::new(),
        people: Vec::new(),
    })
}

fn not_yours() -> Refusal {
    Refusal::new(Code::Forbidden, Text::new("area-link-not-yours"))
        .rule(Rule::house("areas"))
        .next(Next::say("absence-next-head"))
}
