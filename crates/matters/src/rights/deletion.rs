//! Deletion on request (删除, 个人信息保护法 art. 47): decided by rule, at once, with the reason and the day.

use access::{Kind, Principal};
use kernel::actor::{Door, Role};
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Refusal, Text};
use serde_json::{Map, Value, json};
use store::Changes;

use super::erase::{Decider, Outcome};
use super::model::{Basis, Kept, Wait};
use super::own::{person, standing};
use super::store as table;
use crate::command::act::wrong_input;
use crate::command::authorise::{actor, denied};
use crate::command::commit::{self, Failed, Moved};
use crate::command::load::Seen;
use crate::event::Right;
use crate::register::{Register, broken, not_found};

/// Name of the event of a request that must wait.
const ASKED: &str = "ask-deletion";

/// The law people ask by, and its article.
pub(super) const LAW: &str = "中华人民共和国个人信息保护法";
const ARTICLE: &str = "第四十七条";

/// Longest text of a request, in characters.
const TEXT_MAX: usize = 1000;

/// Grounds of art. 47 para. 1, in its order: the purpose is reached or cannot be; consent is withdrawn; it is
/// against the law; another.
pub const GROUNDS: [&str; 4] = ["purpose", "consent", "unlawful", "other"];

/// A request for deletion.
#[derive(Debug, Clone, Default)]
pub struct DeletionAsked {
    /// One of [`GROUNDS`].
    pub ground: String,
    /// What the person adds.
    pub text: String,
}

impl DeletionAsked {
    fn read(&self) -> Result<Map<String, Value>, Refusal> {
        let wrong = |field: &str, code, key| {
            wrong_input(vec![FieldError::new(format!("/{field}"), code, Text::new(key))])
        };
        if !GROUNDS.contains(&self.ground.as_str()) {
            return Err(wrong("ground", "choice", "error-deletion-ground"));
        }
        if self.text.chars().count() > TEXT_MAX {
            return Err(wrong("text", "length", "error-deletion-text"));
        }
        let mut facts = Map::new();
        facts.insert("deletion.ground".to_owned(), self.ground.clone().into());
        if !self.text.trim().is_empty() {
            facts.insert("text".to_owned(), self.text.trim().into());
        }
        Ok(facts)
    }
}

impl Register {
    /// Asks for the deletion of one matter's content, by its applicant. What nothing stands against is erased
    /// now; else the request is on record with the reason, and the answer says from which day on it goes:
    /// `{number, outcome: deleted|already|waits, why?, until?, deleted_from?, rule, text}`.
    pub async fn ask_deletion(
        &self,
        who: &Principal,
        number: MatterNumber,
        asked: &DeletionAsked,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        person(who)?;
        let facts = asked.read()?;
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        match standing(who, &seen, now) {
            Some(Role::Applicant) => {}
            Some(_) => return Err(denied(access::policy::Denied::Role, Role::Applicant)),
            None => return Err(not_found()),
        }
        let by = Decider { actor: actor(who), role: Role::Applicant, door: Door::Web };
        match self.erase(number, Basis::Request, &by).await? {
            Outcome::Erased => Ok(self.told(number, "deleted", None, None, lang)),
            Outcome::Already => Ok(self.told(number, "already", None, None, lang)),
            Outcome::Waits(wait, kept) => {
                self.record(&seen, &by, facts, wait, kept.as_ref()).await?;
                Ok(self.told(number, "waits", Some(wait), kept.as_ref(), lang))
            }
            Outcome::Busy => Err(Refusal::new(Code::Unavailable, Text::new("refused-busy"))),
        }
    }

    /// Asks for everything: every matter the caller is the applicant of.
    pub async fn ask_deletion_of_all(
        &self,
        who: &Principal,
        asked: &DeletionAsked,
        lang: Lang,
    ) -> Result<Vec<Value>, Refusal> {
        let mut answers = Vec::new();
        for number in self.all_own(who).await? {
            match self.ask_deletion(who, number, asked, lang).await {
                Ok(answer) => answers.push(answer),
                // A party of somebody else's matter: the applicant and the office decide on it.
                Err(refusal) if matches!(refusal.code, Code::Forbidden | Code::NotFound) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(answers)
    }

    /// Deletes what is kept of a citizen beside matters: drafts saved for the phone, and the account itself
    /// once no matter with content needs it, with what other rooms keep of it (`beside`). Answers
    /// `{drafts, account: deleted|kept}`.
    pub async fn delete_account_data(&self, who: &Principal, beside: Changes) -> Result<Value, Refusal> {
        person(who)?;
        let Some(account) = who.account.as_ref().filter(|_| who.kind == Kind::Citizen) else {
            return Ok(json!({ "drafts": 0, "account": "none" }));
        };
        let vault =
            self.access().vault(account).await.map_err(|error| crate::register::fault("vault", &error))?;
        let mac = self.keyring().mac("draft-phone", vault.phone.as_bytes());
        let mac = mac.map_err(|error| broken("mac", &error))?;
        let drafts: Vec<(Vec<u8>,)> = self
            .db()
            .write("delete drafts", move |tx| Box::pin(async move { table::drop_drafts(&mac).all(tx).await }))
            .await
            .map_err(|error: store::StoreError| broken("delete drafts", &error))?;
        let mut needed = false;
        for number in self.all_own(who).await? {
            needed |= self.load_any(number).await?.state.erased.is_none();
        }
        if !needed {
            let mut changes = table::forget_account(account.as_str());
            changes.append(beside);
            changes.append(
                self.access().forget_citizen(account, &vault.phone).map_err(|e| broken("account", &e))?,
            );
            self.db()
                .apply("delete account", changes)
                .await
                .map_err(|error| broken("delete account", &error))?;
        }
        Ok(json!({ "drafts": drafts.len(), "account": if needed { "kept" } else { "deleted" } }))
    }

    /// Puts a request that must wait on record, once a day: asking again the same day changes nothing.
    async fn record(
        &self,
        seen: &Seen,
        by: &Decider,
        facts: Map<String, Value>,
        wait: Wait,
        kept: Option<&Kept>,
    ) -> Result<(), Refusal> {
        for _ in 0..3 {
            let now = self.now();
            let mut matter = self.load_any(seen.matter.number).await?;
            if matter.state.erased.is_some() || matter.state.deletion_asked == Some(now.date()) {
                return Ok(());
            }
            matter.state.deletion_asked = Some(now.date());
            let right = Right {
                basis: Basis::Request.as_str().to_owned(),
                class: kept.map(|kept| kept.class.clone()).unwrap_or_default(),
                rule: kept.map(|kept| kept.rule.clone()).unwrap_or_default(),
                until: wait.until().map(|day| day.to_string()),
                refused: Some(wait.as_str().to_owned()),
            };
            let moved = Moved {
                right: Some(right),
                ..Moved::new(by.actor.clone(), by.role, by.door, ASKED, now)
                    .from(&matter.step)
                    .with(facts.clone(), None)
            };
            match commit::save(self, &matter, matter.version, &moved, None, Lang::Zh).await {
                Ok(_) => return Ok(()),
                Err(Failed::Raced) => {}
                Err(Failed::Refused(refusal)) => return Err(*refusal),
            }
        }
        Err(Refusal::new(Code::Unavailable, Text::new("refused-busy")))
    }

    /// The answer in words: what was decided, by which rule, and what happens when.
    fn told(
        &self,
        number: MatterNumber,
        outcome: &str,
        wait: Option<Wait>,
        kept: Option<&Kept>,
        lang: Lang,
    ) -> Value {
        let until = wait.and_then(Wait::until);
        let from = until.and_then(|day| day.tomorrow().ok());
        let why = wait.map(Wait::as_str);
        let key = why.map_or_else(|| format!("rights-{outcome}"), |why| format!("rights-waits-{why}"));
        let words = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = self.words().get(lang, &key, &[("until", &words(until)), ("from", &words(from))]);
        let mut answer = json!({
            "number": number,
            "outcome": outcome,
            "rule": { "id": kept.map_or("deletion", |kept| kept.rule.as_str()), "law": LAW, "article": ARTICLE },
            "text": text,
        });
        if let Some(why) = why {
            answer["why"] = json!(why);
            answer["until"] = json!(until);
            answer["deleted_from"] = json!(from);
        }
        answer
    }
}
