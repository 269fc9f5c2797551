//! Beginning, saving, resuming and sending drafts.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::identity::Phone;
use kernel::number::MatterNumber;
use sha2::{Digest as _, Sha256};
use store::seal::Keyring;
use store::{Changes, Db, StoreError};

use super::model::{Answers, Draft, DraftError, KEPT_DAYS, RESUME_CODE_CHARS};
use super::store::{self as table, DraftRow};

/// The drafts of one installation.
#[derive(Clone)]
pub struct Drafts {
    db: Db,
    keyring: Keyring,
}

fn id_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn place(key: &str) -> String {
    format!("draft.answers:{key}")
}

fn kept_until(today: Date) -> Date {
    today.checked_add(KEPT_DAYS.days()).unwrap_or(Date::MAX)
}

/// Code of a draft as people type it: Crockford's base 32, without what looks alike.
fn spell(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = bytes.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..RESUME_CODE_CHARS)
        .rev()
        .map(|at| char::from(ALPHABET[usize::try_from(bits >> (5 * at) & 31).unwrap_or(0)]))
        .collect()
}

fn normalise(code: &str) -> String {
    kernel::text::compact(code)
        .to_ascii_uppercase()
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

impl Drafts {
    /// The drafts in this database.
    pub fn new(db: Db, keyring: Keyring) -> Self {
        Self { db, keyring }
    }

    /// Begins a draft for a version of an item; answers the token for the cookie.
    pub async fn begin(&self, item: &str, version: u32, today: Date) -> Result<String, DraftError> {
        let token = random_token()?;
        let key = format!("draft-{}", hex::encode(&id_of(&random_token()?)[..16]));
        let (data, wrapped) = self.keyring.new_data_key()?;
        let answers = seal(&Answers::default())?;
        let row = DraftRow {
            answers: Some(data.seal(&place(&key), &answers)?),
            key,
            item: item.to_owned(),
            item_version: version,
            revision: 1,
            data_key: Some(wrapped),
            resume: None,
            number: None,
            expires_on: kept_until(today),
        };
        let mut changes = Changes::new();
        changes.push(table::insert(&id_of(&token), &row));
        self.db.apply("begin draft", changes).await?;
        Ok(token)
    }

    /// The draft of a token; `None` when there is none or it has run out.
    pub async fn find(&self, token: &str, today: Date) -> Result<Option<Draft>, DraftError> {
        let row = table::find(&mut self.db.reader().await?, &id_of(token), today).await?;
        let Some(row) = row else { return Ok(None) };
        let answers = match (&row.data_key, &row.answers) {
            (Some(wrapped), Some(sealed)) => {
                let plain = self.keyring.unwrap(wrapped)?.open(&place(&row.key), sealed)?;
                serde_json::from_slice(&plain).map_err(|error| DraftError::Broken(error.to_string()))?
            }
            _ => Answers::default(),
        };
        Ok(Some(Draft {
            key: row.key,
            item: row.item,
            item_version: row.item_version,
            revision: row.revision,
            answers,
            resumable: row.resume.is_some(),
            number: row.number,
            expires_on: row.expires_on,
        }))
    }

    /// Saves answers onto the revision that was shown, and keeps the draft for another while.
    pub async fn save(&self, token: &str, draft: &Draft, today: Date) -> Result<(), DraftError> {
        let id = id_of(token);
        let row = table::find(&mut self.db.reader().await?, &id, today).await?.ok_or(DraftError::Moved)?;
        let wrapped = row.data_key.ok_or(DraftError::Moved)?;
        let sealed = self.keyring.unwrap(&wrapped)?.seal(&place(&row.key), &seal(&draft.answers)?)?;
        let mut changes = Changes::new();
        let update = table::save(&id, draft.revision, sealed, draft.item_version, kept_until(today));
        changes.expect_one(update, "draft revision");
        match self.db.apply("save draft", changes).await {
            Err(StoreError::Conflict(_)) => Err(DraftError::Moved),
            other => other.map_err(DraftError::from),
        }
    }

    /// Makes a draft resumable on another device for the holder of a phone; answers the code to write down.
    pub async fn keep(&self, token: &str, phone: &Phone) -> Result<String, DraftError> {
        let code = spell(&id_of(&random_token()?));
        let mut changes = Changes::new();
        changes
            .expect_one(table::keep(&id_of(token), &self.phone_mac(phone)?, &self.code_mac(&code)?), "draft");
        match self.db.apply("keep draft", changes).await {
            Err(StoreError::Conflict(_)) => Err(DraftError::Moved),
            other => other.map(|()| code).map_err(DraftError::from),
        }
    }

    /// A new token for the draft kept with this code, for a phone whose code the caller has checked.
    pub async fn resume(&self, phone: &Phone, code: &str, today: Date) -> Result<Option<String>, DraftError> {
        let token = random_token()?;
        let code = self.code_mac(&normalise(code))?;
        let mut changes = Changes::new();
        changes.expect_one(table::hand_over(&id_of(&token), &self.phone_mac(phone)?, &code, today), "draft");
        match self.db.apply("resume draft", changes).await {
            Ok(()) => Ok(Some(token)),
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Notes the matter a draft became. Its answers and their key are destroyed; the matter has them now.
    pub async fn sent(&self, token: &str, number: MatterNumber) -> Result<(), DraftError> {
        let mut changes = Changes::new();
        changes.push(table::sent(&id_of(token), number));
        Ok(self.db.apply("draft sent", changes).await?)
    }

    /// Throws a draft away, as its owner asks.
    pub async fn throw_away(&self, token: &str) -> Result<(), DraftError> {
        let mut changes = Changes::new();
        changes.push(table::drop_one(&id_of(token)));
        Ok(self.db.apply("drop draft", changes).await?)
    }

    /// Removes drafts that have run out. For the timer.
    pub async fn sweep(&self, today: Date) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        changes.push(table::sweep(today));
        self.db.apply("sweep drafts", changes).await
    }

    fn phone_mac(&self, phone: &Phone) -> Result<[u8; 32], StoreError> {
        self.keyring.mac("draft-phone", phone.as_str().as_bytes())
    }

    fn code_mac(&self, code: &str) -> Result<[u8; 32], StoreError> {
        self.keyring.mac("draft-resume", code.as_bytes())
    }
}

fn random_token() -> Result<String, DraftError> {
    access::random::token().map_err(|error| DraftError::Broken(error.to_string()))
}

fn seal(answers: &Answers) -> Result<Vec<u8>, DraftError> {
    serde_json::to_vec(answers).map_err(|error| DraftError::Broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use store::seal::MasterKey;
    use store::testkit::for_each_db;

    const TODAY: Date = date(2026, 11, 21);

    async fn drafts(db: Db) -> Drafts {
        let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), &db).await.unwrap();
        Drafts::new(db, keyring)
    }

    #[tokio::test]
    async fn a_draft_is_saved_page_by_page_and_an_old_page_cannot_overwrite() {
        for_each_db(async |db| {
            let drafts = drafts(db).await;
            let token = drafts.begin("consultation.text", 1, TODAY).await.unwrap();
            let mut draft = drafts.find(&token, TODAY).await.unwrap().unwrap();
            assert_eq!(draft.expires_on, date(2026, 12, 21));
            draft.answers.applicant.insert("name".into(), "王小明".into());
            drafts.save(&token, &draft, TODAY).await.unwrap();
            let again = drafts.find(&token, TODAY).await.unwrap().unwrap();
            assert_eq!(again.answers, draft.answers);
            assert_eq!(again.revision, 2);
            assert!(matches!(drafts.save(&token, &draft, TODAY).await, Err(DraftError::Moved)));
            assert!(drafts.find("another token", TODAY).await.unwrap().is_none());
            assert!(drafts.find(&token, date(2026, 12, 22)).await.unwrap().is_none());
            drafts.sweep(date(2026, 12, 22)).await.unwrap();
            assert!(drafts.find(&token, TODAY).await.unwrap().is_none());
        })
        .await;
    }

    #[tokio::test]
    async fn resuming_needs_the_code_and_the_phone() {
        for_each_db(async |db| {
            let drafts = drafts(db).await;
            let (mine, other) = (Phone::parse("13800000001").unwrap(), Phone::parse("13800000002").unwrap());
            let token = drafts.begin("consultation.text", 1, TODAY).await.unwrap();
            let code = drafts.keep(&token, &mine).await.unwrap();
            assert_eq!(code.len(), RESUME_CODE_CHARS);
            assert!(drafts.resume(&other, &code, TODAY).await.unwrap().is_none());
            assert!(drafts.resume(&mine, "00000000", TODAY).await.unwrap().is_none());
            let typed = format!("{} {}", &code[..4].to_lowercase(), &code[4..]);
            let new = drafts.resume(&mine, &typed, TODAY).await.unwrap().unwrap();
            assert!(drafts.find(&token, TODAY).await.unwrap().is_none(), "the old token is dead");
            assert!(drafts.find(&new, TODAY).await.unwrap().unwrap().resumable);
        })
        .await;
    }

    #[tokio::test]
    async fn a_sent_draft_keeps_its_number_and_nothing_else() {
        for_each_db(async |db| {
            let drafts = drafts(db).await;
            let token = drafts.begin("consultation.text", 1, TODAY).await.unwrap();
            let before = drafts.find(&token, TODAY).await.unwrap().unwrap();
            let number = MatterNumber::new("371502".parse().unwrap(), 2026, 42).unwrap();
            drafts.sent(&token, number).await.unwrap();
            let draft = drafts.find(&token, TODAY).await.unwrap().unwrap();
            assert_eq!(draft.number, Some(number));
            assert_eq!(draft.answers, Answers::default());
            assert_eq!(draft.key, before.key);
            assert!(matches!(drafts.save(&token, &before, TODAY).await, Err(DraftError::Moved)));
        })
        .await;
    }
}
