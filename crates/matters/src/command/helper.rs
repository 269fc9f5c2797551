//! A helper: somebody the applicant lets see and hand in for them, in this one matter, until a day they name.
//!
//! Both agree: the applicant by naming a helper and handing on the code that comes of it, the helper by bringing
//! that code while signed in as themselves. The code is derived, never stored, and dies once it was used or the
//! applicant ends the help; the end of the help stands in `access.until` and is honoured to the second.

use access::{Kind, Principal};
use catalog::form;
use catalog::item::{Choice, Kind as Answer, Localized, Question};
use jiff::civil::Date;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::{MatterNumber, QueryCode};
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::{Instant, start_of_day};
use serde_json::{Map, Value, json};
use store::Changes;

use super::act::wrong_input;
use super::authorise::{self, actor, denied};
use super::body::{digest_of, key_of};
use super::commit::{self, Failed, Moved};
use super::load::Seen;
use crate::engine::matter::Matter;
use crate::engine::state::Helping;
use crate::register::{Register, broken, fault};
use crate::store as table;
use crate::view::progress::{same, wrong_code};

/// The event with which a helper comes in.
pub const JOIN: &str = "join-as-helper";
/// May see and hand in.
const ACTS: &str = "act";
/// May only see.
const READS: &str = "read";
/// How often a join is tried against commands that came first.
const TRIES: usize = 3;

/// What becomes of the helper's sight with a command.
#[derive(Debug, Clone)]
pub enum Sight {
    /// It begins.
    Begins(Helping),
    /// It ends now.
    Ends(Helping),
}

impl Sight {
    /// Writes it.
    pub fn write(&self, changes: &mut Changes, number: MatterNumber, now: Instant) {
        match self {
            Self::Begins(helping) => {
                if let Some(account) = &helping.account {
                    changes.push(table::let_help(number, account, reason(helping), helping.until));
                }
            }
            Self::Ends(helping) => {
                if let Some(account) = &helping.account {
                    changes.push(table::end_help(number, account, now));
                }
            }
        }
    }
}

/// The reason of the `access` row: who only reads acts in no role.
fn reason(helping: &Helping) -> &'static str {
    if helping.reads_only { "helper-reads" } else { Role::Helper.as_str() }
}

/// What is asked when a helper is named.
pub fn questions() -> Vec<Question> {
    let words = |zh: &str, en: &str| Localized { zh: zh.into(), en: en.into() };
    let plain =
        |fact: &str, label: Localized, kind: Answer| Question { label, ..form::plain(fact, kind, true) };
    let choice = |id: &str, label: Localized| Choice { id: id.into(), label };
    let may = Question {
        choices: vec![
            choice(ACTS, words("看进度，也能替我留言、交材料", "See it, and write and hand in for me")),
            choice(READS, words("只看进度", "Only see it")),
        ],
        ..plain("helper.may", words("让帮忙的人做什么", "What may the helper do"), Answer::Choice)
    };
    vec![
        may,
        plain(
            "helper.until",
            words("帮到哪一天（含当天）", "Until which day, that day included"),
            Answer::Date,
        ),
    ]
}

/// Whether the caller may name a helper: the applicant, while the matter runs and nobody helps.
pub fn may_name(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now)
        .map_err(|why| denied(why, Role::Applicant))?;
    if seen.matter.final_ || standing(&seen.matter, now).is_some() {
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-helper-stands"))
            .rule(Rule::house("one-helper"))
            .next(Next::say("next-end-helper")));
    }
    Ok(Role::Applicant)
}

/// Whether the caller may end the help: the applicant, or the helper for themselves.
pub fn may_end(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    let applicant = authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now);
    let Some(helping) = standing(&seen.matter, now) else {
        applicant.map_err(|why| denied(why, Role::Applicant))?;
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-no-helper"))
            .rule(Rule::house("one-helper"))
            .next(Next::say("next-look-again")));
    };
    let mine = who.account.as_ref().map(access::AccountId::as_str);
    match applicant {
        Ok(()) => Ok(Role::Applicant),
        Err(_) if mine.is_some() && mine == helping.account.as_deref() => Ok(Role::Helper),
        Err(why) => Err(denied(why, Role::Applicant)),
    }
}

/// The help that was agreed or offered and has not ended.
fn standing(matter: &Matter, now: Instant) -> Option<&Helping> {
    matter.state.helping.as_ref().filter(|helping| helping.until > now)
}

/// Names a helper; refuses a day that is over.
pub fn name(matter: &mut Matter, input: &Map<String, Value>, now: Instant) -> Result<(), Refusal> {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let wrong = |code: &'static str, key: &'static str| {
        let pointer = catalog::form::pointer("/input", "helper.until");
        wrong_input(vec![FieldError::new(pointer, code, key)])
    };
    let day: Date = text("helper.until").parse().map_err(|_| wrong("format", "error-date"))?;
    if day < now.date() {
        return Err(wrong("past", "error-helper-until-past"));
    }
    // That day is still in it.
    let until = start_of_day(day.tomorrow().map_err(|_| wrong("format", "error-date"))?);
    matter.state.helping = Some(Helping {
        since: matter.version + 1,
        until,
        reads_only: text("helper.may") == READS,
        account: None,
    });
    Ok(())
}

impl Register {
    /// The code the applicant hands on.
    fn helper_code(&self, number: MatterNumber, helping: &Helping) -> Result<QueryCode, Refusal> {
        let key = self.keyring().key("helper-code").map_err(|error| fault("helper code", &error))?;
        Ok(QueryCode::derive(&key, number, u32::try_from(helping.since).unwrap_or(u32::MAX)))
    }

    /// Who helps, for the applicant: `{state, may?, until?, code?}`; the code as long as nobody has used it.
    pub async fn helper(&self, who: &Principal, number: MatterNumber) -> Result<Value, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now)
            .map_err(|why| denied(why, Role::Applicant))?;
        let Some(helping) = standing(&seen.matter, now) else { return Ok(json!({ "state": "none" })) };
        let mut told = json!({
            "state": if helping.account.is_some() { "helping" } else { "offered" },
            "may": if helping.reads_only { READS } else { ACTS },
            "until": helping.until,
        });
        if helping.account.is_none() {
            told["code"] = json!(self.helper_code(number, helping)?.as_str());
        }
        Ok(told)
    }

    /// Somebody brings the code of an applicant and helps from now on. Wrong number and wrong code answer alike.
    ///
    /// # Errors
    /// Refusals of whoever is no citizen, of a wrong code, of too many tries.
    pub async fn join_as_helper(
        &self,
        who: &Principal,
        (number, code): (&str, &str),
        key: &str,
        lang: Lang,
    ) -> Result<super::Answer, Refusal> {
        let account = match (&who.account, who.kind) {
            (Some(account), Kind::Citizen) => account.as_str().to_owned(),
            (_, Kind::Anonymous) => return Err(denied(access::policy::Denied::SignIn, Role::Helper)),
            _ => {
                return Err(Refusal::new(Code::Forbidden, Text::new("refused-helper-citizen"))
                    .rule(Rule::house("helper-is-a-citizen"))
                    .next(Next::link("next-sign-in-by-phone", "/sign-in")));
            }
        };
        let key = key_of(who, key);
        let digest = digest_of(&json!({ "action": JOIN, "number": number, "code": code }))?;
        let Ok(number) = number.parse::<MatterNumber>() else { return Err(wrong_code()) };
        for _ in 0..TRIES {
            let now = self.now();
            let Some((matter, kept)) = self.whatever(number, &key).await? else {
                self.still_trying(number, now).await?;
                self.note_wrong_try(number, now).await?;
                return Err(wrong_code());
            };
            if let Some((kept, body)) = kept {
                return commit::replay(self, &matter, &kept, &digest, body);
            }
            self.still_trying(number, now).await?;
            let Some(helping) = self.help_by(&matter, code, now)? else {
                self.note_wrong_try(number, now).await?;
                return Err(wrong_code());
            };
            if matter.state.applicant.as_ref() == Some(&account) {
                return Err(Refusal::new(Code::RuleRefused, Text::new("refused-helper-self"))
                    .rule(Rule::house("helper-is-another"))
                    .next(Next::say("next-hand-on-code")));
            }
            let helping = Helping { account: Some(account.clone()), ..helping };
            let (base, mut matter) = (matter.version, matter);
            matter.state.helping = Some(helping.clone());
            let moved = Moved {
                notify: vec![Role::Applicant],
                helper: Some(Sight::Begins(helping)),
                ..Moved::new(actor(who), Role::Helper, kernel::actor::Door::Web, JOIN, now).from(&matter.step)
            };
            match commit::save(self, &matter, base, &moved, Some((&key, &digest)), lang).await {
                Ok(body) => return Ok(super::Answer { body, replayed: false }),
                Err(Failed::Raced) => {}
                Err(Failed::Refused(refusal)) => return Err(*refusal),
            }
        }
        Err(Refusal::new(Code::Unavailable, Text::new("refused-busy")))
    }

    /// A matter by number, whoever asks, with what was answered to a key before.
    async fn whatever(
        &self,
        number: MatterNumber,
        key: &str,
    ) -> Result<Option<(Matter, Option<(Vec<u8>, Value)>)>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row = table::matter(&mut reader, number, Some(key))
            .await
            .map_err(|error| broken("load matter", &error))?;
        drop(reader);
        let Some(row) = row else { return Ok(None) };
        let kept = row.key_digest.clone().zip(row.key_body.clone().map(|body| body.0));
        Ok(Some((self.assemble(row).await?, kept)))
    }

    /// The help this code was made for, while it waits for somebody.
    fn help_by(&self, matter: &Matter, code: &str, now: Instant) -> Result<Option<Helping>, Refusal> {
        let Some(helping) = standing(matter, now).filter(|helping| helping.account.is_none()) else {
            return Ok(None);
        };
        let right = self.helper_code(matter.number, helping)?;
        let given = QueryCode::normalise(code);
        let equal = given.is_some_and(|given| same(given.as_str().as_bytes(), right.as_str().as_bytes()));
        Ok(equal.then(|| helping.clone()))
    }
}
