//! Opening a matter, whatever the door: read the body, route it, number it, start its clocks, hand out a receipt.

use std::sync::Arc;

use access::{Kind, Principal};
use catalog::item::Item;
use jiff::civil::Date;
use kernel::actor::{Door, Role};
use kernel::area::AreaCode;
use kernel::chain::Digest;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::{Changes, StoreError};

use super::Answer;
use super::act::wrong_input;
use super::authorise::{self, actor, denied};
use super::body::{digest_of, key_of, mismatch};
use super::commit::{self, Moved};
use super::follow::Origin;
use super::many;
use super::new::New;
use crate::consent::{self, Consent};
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::state::{Act, MaterialMark, Owner, State};
use crate::engine::transition::{self, With};
use crate::material;
use crate::party::{PartyFacts, Reader};
use crate::register::{Register, broken, fault};
use crate::store as table;
use crate::view::facts::SealedFacts;
use crate::view::receipt;

const FIELDS: [&str; 9] =
    ["item", "area", "door", "applicant", "parties", "form", "materials", "received_at", "consents"];

/// How long ago papers may have been received that are entered now, in days.
const RECEIVED_AT_MOST_DAYS_AGO: i64 = 366;

/// A body that has been read and found right.
struct Intake {
    item: Arc<Item>,
    area: AreaCode,
    door: Door,
    parties: Vec<PartyFacts>,
    form: Map<String, Value>,
    materials: Vec<MaterialMark>,
    consents: Vec<Consent>,
    received_on: Date,
    origin: Option<Origin>,
}

impl Register {
    /// Opens a matter from a request body. The same key and body answer with the first receipt.
    pub async fn open(
        &self,
        who: &Principal,
        body: &Value,
        key: &str,
        lang: Lang,
    ) -> Result<Answer, Refusal> {
        let key = key_of(who, key);
        let digest = digest_of(body)?;
        if let Some(answer) = self.opened_before(&key, &digest).await? {
            return Ok(answer);
        }
        let now = self.now();
        let (body, origin) = self.carried(who, body, now).await?;
        let mut intake = self.read(who, &body, now)?;
        intake.origin.clone_from(&origin);
        let number = self.next_number(intake.area, now.date().year()).await?;
        let (receipt, changes) = self.prepare(who, intake, number, (&key, &digest), now, lang).await?;
        match self.db().apply("open matter", changes).await {
            Ok(()) => {
                if let Some(origin) = origin
                    && let Err(refusal) = self.tell(number, &origin.kind, origin.number, now).await
                {
                    // The timers tell it again; the matter itself stands.
                    tracing::warn!(%number, %refusal, "link back");
                }
                Ok(Answer { body: receipt, replayed: false })
            }
            // The same key came twice at once: the other one won.
            Err(error) if error.is_duplicate_of("intake_key") => {
                match self.opened_before(&key, &digest).await? {
                    Some(answer) => Ok(answer),
                    None => Err(broken("open matter", &error)),
                }
            }
            Err(StoreError::Conflict("file claim")) => {
                Err(wrong_input(vec![FieldError::new("/materials", "file", "error-file-gone")]))
            }
            Err(error) => Err(broken("open matter", &error)),
        }
    }

    async fn opened_before(&self, key: &str, digest: &Digest) -> Result<Option<Answer>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let kept = table::intake_key(&mut reader, key).await.map_err(|error| broken("intake key", &error))?;
        let Some((kept, number, mut body)) = kept else { return Ok(None) };
        if kept != digest.as_bytes() {
            return Err(mismatch());
        }
        receipt::add_code(self, &mut body.0, number, 1);
        Ok(Some(Answer { body: body.0, replayed: true }))
    }

    fn read(&self, who: &Principal, body: &Value, now: Instant) -> Result<Intake, Refusal> {
        let Some(object) = body.as_object() else {
            return Err(
                Refusal::new(Code::Malformed, Text::new("refused-body")).next(Next::say("next-mend-body"))
            );
        };
        let mut errors: Vec<FieldError> = object
            .keys()
            .filter(|name| !FIELDS.contains(&name.as_str()))
            .map(|name| FieldError::new(format!("/{name}"), "unknown-field", "error-unknown-field"))
            .collect();
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let item = text("item").and_then(|id| self.catalog().item(id)).cloned();
        let area = text("area").and_then(|code| code.parse::<AreaCode>().ok());
        let door = text("door").and_then(|door| door.parse::<Door>().ok());
        for (name, missing, key) in [
            ("item", item.is_none(), "error-item"),
            ("area", area.is_none(), "error-area"),
            ("door", door.is_none(), "error-door"),
        ] {
            if missing {
                let code = if object.contains_key(name) { "choice" } else { "required" };
                errors.push(FieldError::new(format!("/{name}"), code, key));
            }
        }
        let (Some(item), Some(area), Some(door)) = (item, area, door) else {
            return Err(wrong_input(errors));
        };
        may_open(who, &item, door, area)?;
        let empty = json!({});
        let mut reader = Reader { today: now.date(), errors: &mut errors };
        let mut parties = vec![reader.applicant(object.get("applicant").unwrap_or(&empty), &item.applicant)];
        parties.extend(reader.others(object.get("parties")));
        let form = match object.get("form") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(form)) => form.clone(),
            Some(_) => {
                errors.push(FieldError::new("/form", "format", "error-object-expected"));
                Map::new()
            }
        };
        let form = match catalog::form::form(self.catalog(), &item, &form, now.date()) {
            Ok(form) => form,
            Err(wrong) => {
                errors.extend(wrong);
                Map::new()
            }
        };
        let received_on = received_on(who, object.get("received_at"), now, &mut errors);
        let materials = material::read(
            self.catalog(),
            &item,
            object.get("materials"),
            &form,
            area,
            received_on,
            &mut errors,
        );
        let given = object.get("consents");
        let consents = consent::read(self.catalog(), &item.id, given, &parties[0], now, &mut errors);
        if errors.is_empty() {
            Ok(Intake { item, area, door, parties, form, materials, consents, received_on, origin: None })
        } else {
            Err(wrong_input(errors))
        }
    }

    async fn prepare(
        &self,
        who: &Principal,
        intake: Intake,
        number: MatterNumber,
        (key, digest): (&str, &Digest),
        now: Instant,
        lang: Lang,
    ) -> Result<(Value, Changes), Refusal> {
        let offices = self.offices().await?;
        let item = &intake.item;
        let office =
            offices.route_from(&item.duty, intake.area, item.level).ok_or_else(|| no_office(item))?;
        let (data_key, wrapped) = self.keyring().new_data_key().map_err(|error| fault("data key", &error))?;
        let check = self.catalog().check(item, &intake.form, Some(intake.area), now.date());
        let applicant =
            who.account.as_ref().filter(|_| who.kind == Kind::Citizen).map(|id| id.as_str().to_owned());
        let facts = SealedFacts {
            form: intake.form,
            check: check.as_ref().map(|check| check.to_value(Lang::Zh)),
            kept: Map::new(),
        };
        let mut matter = Matter {
            number,
            item: Arc::clone(item),
            area: intake.area,
            office: office.id.as_str().to_owned(),
            office_name: office.name.clone(),
            door: intake.door,
            step: String::new(),
            final_: false,
            outcome: None,
            version: 1,
            head: Digest::ZERO,
            opened_at: now,
            received_on: intake.received_on,
            closed_at: None,
            issue: 1,
            state: State {
                materials: intake.materials,
                consents: intake.consents,
                owner: Some(Owner::Office {
                    organisation: office.id.as_str().to_owned(),
                    name: office.name.clone(),
                }),
                eligible: check.as_ref().map(|check| check.eligible().to_owned()),
                applicant: applicant.clone(),
                ..State::default()
            },
            data_key: Some(wrapped),
            facts: Some(facts.seal(&data_key, number)?),
        };
        let first = item.first_step().id.clone();
        transition::enter(&mut matter, &first, &With { facts: facts.form.clone(), ..With::default() }, now);
        many::join(self, &mut matter, &intake.parties, now).await?;
        let role = role_at_door(who, intake.door);
        let moved = Moved {
            office: Some(matter.office.clone()),
            notify: vec![Role::Applicant],
            linked: intake.origin.as_ref().map(|origin| (origin.kind.clone(), origin.number)),
            ..Moved::new(actor(who), role, intake.door, "open", now)
        };
        matter.state.acts.push(Act { action: "open".to_owned(), actor: moved.actor.clone(), role });
        let reading = clocks::read(self, &matter, now);
        let event = commit::make_event(self, &matter, &moved, &reading)?;
        matter.head = event.hash;
        matter.state.told = reading.due;

        let mut body = receipt::opened(self, &matter, &event, &reading, lang);
        let mut changes = Changes::new();
        changes.push(table::insert_intake_key(key, digest.as_bytes(), number, &body, now));
        self.put_new(
            &mut changes,
            &New {
                matter: &matter,
                key: &data_key,
                event: &event,
                reading: &reading,
                parties: &intake.parties,
                applicant: applicant.as_ref(),
                handler: None,
                form: &facts.form,
            },
        )?;
        if let Some(origin) = &intake.origin {
            changes.push(table::insert_link(number, &origin.kind, origin.number));
            changes.push(table::insert_link_due(number, &origin.kind, origin.number));
        }
        let files: Vec<String> = matter.state.materials.iter().filter_map(|mark| mark.file.clone()).collect();
        changes.append(self.files().claim(
            number,
            &files,
            who.account.as_ref().map(access::AccountId::as_str),
            now,
        ));
        receipt::add_code(self, &mut body, number, 1);
        Ok((body, changes))
    }
}

/// Which doors are open to whom.
fn may_open(who: &Principal, item: &Item, door: Door, area: AreaCode) -> Result<(), Refusal> {
    if !item.doors.contains(&door) {
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-door").arg("door", door))
            .rule(Rule::house("doors"))
            .next(Next::link("next-see-guide", format!("/api/v1/items/{}", item.id))));
    }
    if !door.needs_staff() {
        return Ok(());
    }
    if !who.is_staff() {
        let why =
            if who.is_signed_in() { access::policy::Denied::Role } else { access::policy::Denied::SignIn };
        return Err(denied(why, Role::Clerk));
    }
    if door == Door::Partner {
        return if who.has(Role::Organ) {
            Ok(())
        } else {
            Err(denied(access::policy::Denied::Role, Role::Organ))
        };
    }
    let administers = who.grants.iter().any(|grant| grant.role.administers());
    if administers || !access::policy::may_do(who, access::policy::Class::Act, area) && !serves_somewhere(who)
    {
        return Err(denied(access::policy::Denied::Role, Role::Clerk));
    }
    Ok(())
}

/// Taking in needs no local competence (无差别受理): whoever serves anywhere may take a matter in for any place.
fn serves_somewhere(who: &Principal) -> bool {
    who.grants.iter().any(|grant| !grant.role.administers() && !authorise::is_party(grant.role))
}

fn role_at_door(who: &Principal, door: Door) -> Role {
    if !who.is_staff() {
        return Role::Applicant;
    }
    let wanted = match door {
        Door::Hotline => Role::HotlineAgent,
        Door::Village => Role::Adviser,
        Door::Partner => Role::Organ,
        _ => Role::Clerk,
    };
    if who.has(wanted) { wanted } else { who.grants.first().map_or(Role::Clerk, |grant| grant.role) }
}

pub(super) fn no_office(item: &Item) -> Refusal {
    Refusal::new(Code::RuleRefused, Text::new("refused-no-office").arg("item", &item.name.zh))
        .rule(Rule::house("routing"))
        .error(FieldError::new("/area", "choice", "error-area-not-served"))
        .next(Next::call("next-call-12348", "12348"))
}

/// The day papers were received: today, unless staff enter what came in before.
fn received_on(who: &Principal, value: Option<&Value>, now: Instant, errors: &mut Vec<FieldError>) -> Date {
    let today = now.date();
    let Some(value) = value.filter(|value| !value.is_null()) else { return today };
    let read = value.as_str().and_then(|text| {
        text.parse::<Instant>().ok().map(Instant::date).or_else(|| text.parse::<Date>().ok())
    });
    let earliest = today.checked_sub(jiff::Span::new().days(RECEIVED_AT_MOST_DAYS_AGO)).unwrap_or(today);
    let (code, key) = match read {
        None => ("format", "error-instant"),
        Some(_) if !who.is_staff() => ("not-yours", "error-received-at-staff"),
        Some(day) if day > today => ("future", "error-received-at-future"),
        Some(day) if day < earliest => ("too-old", "error-received-at-old"),
        Some(day) => return day,
    };
    errors.push(FieldError::new("/received_at", code, key));
    today
}
