//! Access and copy (查阅、复制, 个人信息保护法 art. 45): everything that is kept of a person, in full, and of others
//! what screens show.

use access::Principal;
use access::policy::Sight;
use access::throttle::Limit;
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use serde_json::{Map, Value, json};
use store::Changes;
use store::seal::DataKey;

use super::own::{person, standing};
use super::store as table;
use crate::command::authorise::actor;
use crate::command::load::Seen;
use crate::engine::state::Paper;
use crate::event;
use crate::register::{Register, broken, fault, not_found};
use crate::store::EventRow;
use crate::view::events::shown;
use crate::view::looks::{self, Look};

/// Copies one person may take in a day: each opens everything, and whoever has got hold of a session should not
/// be able to do so at will.
const COPIES: Limit = Limit { bucket: "export", most: 10, window: SignedDuration::from_hours(24) };

/// Events read at once.
const PAGE: i64 = 100;

/// What the access log calls a copy.
pub(super) const COPY: &str = "copy";

impl Register {
    /// Whether the caller may take a copy now; counts it. To be asked once before [`Register::copy_of`].
    pub async fn begin_copy(&self, who: &Principal) -> Result<(), Refusal> {
        person(who)?;
        let subject = self
            .keyring()
            .mac("throttle", actor(who).as_str().as_bytes())
            .map_err(|error| broken("throttle", &error))?;
        let now = self.now();
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let wait =
            COPIES.wait(&mut reader, &subject, now).await.map_err(|error| broken("throttle", &error))?;
        drop(reader);
        if wait.is_some() {
            return Err(Refusal::new(Code::TooMany, Text::new("refused-copies").arg("most", COPIES.most))
                .rule(Rule::house("copies"))
                .next(Next::say("next-copy-tomorrow")));
        }
        COPIES.hit(self.db(), subject, now).await.map(|_| ()).map_err(|error| broken("throttle", &error))
    }

    /// Everything one matter holds of the caller, who is its applicant or a party of it. The look is in the
    /// access log before it is answered.
    pub async fn copy_of(&self, who: &Principal, number: MatterNumber, lang: Lang) -> Result<Value, Refusal> {
        person(who)?;
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        let role = standing(who, &seen, now).filter(|_| seen.sight == Sight::Full).ok_or_else(not_found)?;
        let matter = &seen.matter;
        let mut copy = json!({
            "number": number,
            "item": matter.item.id,
            "item_name": matter.item.name.get(lang),
            "my_role": role,
            "door": matter.door,
            "office": matter.office_name,
            "opened_at": matter.opened_at,
            "closed_at": matter.closed_at,
            "step_name": matter.current().map(|step| step.name.get(lang)),
            "outcome": matter.outcome,
            "kept": self.kept(matter, now),
        });
        if let Some(erased) = &matter.state.erased {
            copy["erased"] = json!({ "at": erased.at, "right": erased.right });
            return Ok(copy);
        }
        let key = self.key_of(matter)?;
        self.log_copy(who, &seen, &key).await?;
        self.add_people(&mut copy, who, &seen, role, &key).await?;
        if role == Role::Applicant {
            let sealed = self.sealed_facts(matter, &key)?;
            copy["form"] = Value::Object(sealed.form);
            copy["check"] = sealed.check.unwrap_or(Value::Null);
            copy["consents"] = Value::Array(self.consents_of(matter));
            copy["materials"] = json!(matter.state.materials);
            copy["files"] = self.own_files(&seen).await?;
        }
        copy["events"] = Value::Array(self.own_events(who, &seen, role, &key).await?);
        copy["documents"] = Value::Array(self.own_documents(who, &seen, role, lang).await?);
        Ok(copy)
    }

    /// The caller's own values in full, those of others masked.
    async fn add_people(
        &self,
        copy: &mut Value,
        who: &Principal,
        seen: &Seen,
        role: Role,
        key: &DataKey,
    ) -> Result<(), Refusal> {
        let number = seen.matter.number;
        let mut mine = Vec::new();
        if let Some(account) = &who.account {
            let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
            mine = table::positions(&mut reader, number, account.as_str())
                .await
                .map_err(|error| broken("positions", &error))?;
        }
        if role == Role::Applicant {
            mine.push(0);
        }
        let parties = self.parties_of(&seen.matter, key).await?;
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for (pos, party) in (0_u32..).zip(&parties) {
            if mine.contains(&pos) {
                own.push(serde_json::to_value(party).map_err(|error| fault("party", &error))?);
            } else {
                others.push(party.masked());
            }
        }
        copy["me"] = Value::Array(own);
        copy["others"] = Value::Array(others);
        Ok(())
    }

    /// What happened. What the caller wrote is told in full, with the salt that proves it against the event's
    /// hash even after everything here was deleted; what others did is told as on the page.
    async fn own_events(
        &self,
        who: &Principal,
        seen: &Seen,
        role: Role,
        key: &DataKey,
    ) -> Result<Vec<Value>, Refusal> {
        let matter = &seen.matter;
        let mut told = Vec::new();
        let mut after = 0;
        loop {
            let rows = self.event_rows(matter.number, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(told) };
            after = last.seq;
            for row in &rows {
                let mut event = shown(&self.item_at(matter, row.seq), row, Some(key), who.is_staff())?;
                if is_own(who, row, role) {
                    add_proof(&mut event, row, key)?;
                }
                told.push(event);
            }
        }
    }

    async fn own_documents(
        &self,
        who: &Principal,
        seen: &Seen,
        role: Role,
        lang: Lang,
    ) -> Result<Vec<Value>, Refusal> {
        let number = seen.matter.number;
        let mine = |paper: &&Paper| paper.copies.iter().any(|copy| copy.to == role);
        let mut documents = Vec::new();
        for paper in seen.matter.state.papers.iter().filter(mine) {
            documents.push(self.document(who, number, &paper.id, lang).await?);
        }
        Ok(documents)
    }

    /// The files that were handed in as materials; their contents are fetched by their address.
    async fn own_files(&self, seen: &Seen) -> Result<Value, Refusal> {
        let mut files = Vec::new();
        for id in seen.matter.state.materials.iter().filter_map(|mark| mark.file.as_deref()) {
            let found = self.files().find(id).await.map_err(|error| fault("file", &error))?;
            if let Some(file) = found {
                let mut told = serde_json::to_value(&file).map_err(|error| fault("file", &error))?;
                told["href"] = json!(format!("/api/v1/files/{id}"));
                files.push(told);
            }
        }
        Ok(Value::Array(files))
    }

    async fn log_copy(&self, who: &Principal, seen: &Seen, key: &DataKey) -> Result<(), Refusal> {
        let reason = self.words().get(Lang::Zh, "rights-copy-reason", &[]);
        let line = looks::line(key, who, seen.matter.number, Look::Copy, COPY, &reason, self.now());
        let mut changes = Changes::new();
        changes.push(line.map_err(|error| fault("seal reason", &error))?);
        self.db().apply("log copy", changes).await.map_err(|error| broken("log copy", &error))
    }
}

/// The applicant's acts are the applicant's, whether done with an account or with number and code; other
/// parties' are those of their account.
fn is_own(who: &Principal, row: &EventRow, role: Role) -> bool {
    let as_role = row.public.0.get("role").and_then(Value::as_str);
    match role {
        Role::Applicant => as_role == Some(Role::Applicant.as_str()),
        _ => row.actor == actor(who).as_str(),
    }
}

/// The values in full, and what proves them: salt and commitment.
fn add_proof(event: &mut Value, row: &EventRow, key: &DataKey) -> Result<(), Refusal> {
    let Some(sealed) = &row.sealed else { return Ok(()) };
    let (salt, sealed) = event::disclose(row.number, row.seq, sealed, key)
        .map_err(|error| fault("event sealed part", &error))?;
    event["facts"] = sealed.get("facts").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    event["reason"] = event["facts"].get("reason").cloned().unwrap_or(Value::Null);
    event["proof"] = json!({ "salt": hex::encode(salt), "sealed": sealed });
    Ok(())
}
