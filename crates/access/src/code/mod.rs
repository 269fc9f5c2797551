//! Signing in with a code sent to a phone.
//!
//! Whether a phone is known shows nowhere: the answer to asking is always the same, and a right code for a
//! new phone opens an account.

use jiff::SignedDuration;
use kernel::identity::Phone;
use kernel::refusal::Text;
use kernel::time::Instant;
use store::{Changes, Reads, StoreError, sql};

use crate::error::{AccessError, too_many, wrong_code};
use crate::random;
use crate::room::Access;
use crate::sender::Message;
use crate::session::Opened;
use crate::throttle::Limit;

/// How long a code holds.
const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Wrong tries after which a code is dead.
const TRIES: i64 = 5;
/// The same phone gets no second code within this time; the first still holds.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Codes a phone may be sent in an hour: a protection of its owner.
const PER_PHONE: Limit = Limit { bucket: "code.phone", most: 6, window: SignedDuration::from_hours(1) };
/// Codes one address may ask for in an hour. Whole offices share one address.
const PER_ADDRESS: Limit = Limit { bucket: "code.address", most: 60, window: SignedDuration::from_hours(1) };

type CodeRow = ([u8; 32], i64, jiff::Timestamp, jiff::Timestamp);

async fn find(reads: &mut impl Reads, mac: &[u8; 32]) -> Result<Option<CodeRow>, StoreError> {
    sql("SELECT code_mac, tries, sent_at, expires_at FROM phone_code WHERE phone_mac = ?")
        .bind(mac)
        .optional(reads)
        .await
}

impl Access {
    /// Sends a code to a phone. `address` is where the request came from, for the limit only; it is kept as
    /// a keyed hash and for an hour.
    pub async fn send_code(&self, phone: &Phone, address: &str, now: Instant) -> Result<(), AccessError> {
        let mac = self.phone_mac(phone)?;
        if self.limits.login_per_minute.is_some() {
            let mut reader = self.db.reader().await?;
            let recent = find(&mut reader, &mac).await?;
            if recent.is_some_and(|(_, _, sent, _)| now.since(Instant::new(sent)) < AGAIN_AFTER) {
                return Ok(());
            }
            drop(reader);
            let address = self.keyring.mac("throttle", address.as_bytes())?;
            for (limit, subject) in [(PER_ADDRESS, address), (PER_PHONE, mac)] {
                let hits = limit.hit(&self.db, subject, now).await?;
                if hits > i64::from(limit.most) {
                    let wait = limit.wait(&mut self.db.reader().await?, &subject, now).await?;
                    return Err(too_many(wait.unwrap_or(1)).into());
                }
            }
        }
        let code = random::six_digits()?;
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO phone_code (phone_mac, code_mac, tries, sent_at, expires_at)")
                .then(" VALUES (?, ?, 0, ?, ?) ON CONFLICT (phone_mac) DO UPDATE SET")
                .then(" code_mac = excluded.code_mac, tries = 0, sent_at = excluded.sent_at,")
                .then(" expires_at = excluded.expires_at")
                .bind(mac)
                .bind(self.code_mac(phone, &code)?)
                .bind(now.timestamp())
                .bind(now.plus(LIFE).timestamp()),
        );
        self.db.apply("make phone code", changes).await?;
        let text = Text::new("access-code-message").arg("code", code).arg("minutes", LIFE.as_mins());
        self.sender.send(&Message { phone: phone.clone(), text, at: now }).await?;
        Ok(())
    }

    /// Signs a citizen in with phone and code; the code is used up. An account is opened for a new phone.
    pub async fn sign_in_with_code(
        &self,
        phone: &Phone,
        code: &str,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        self.use_code(phone, code, now).await?;
        let row = self.citizen(phone, now).await?;
        if row.disabled_at.is_some() {
            return Err(wrong_code().into());
        }
        let principal = self.principal_of(row).await?;
        self.open_session(principal, agent, now).await
    }

    /// Checks a code and uses it up, in one transaction: of two tries with the right code one succeeds, and
    /// no burst of tries gets more than five.
    async fn use_code(&self, phone: &Phone, code: &str, now: Instant) -> Result<(), AccessError> {
        let mac = self.phone_mac(phone)?;
        let offered = self.code_mac(phone, kernel::text::compact(code).as_str())?;
        let fits = self
            .db
            .write("use phone code", move |tx| {
                Box::pin(async move {
                    // The first statement takes the row, so that tries of one phone queue.
                    let row: Option<CodeRow> = sql("UPDATE phone_code SET tries = tries + 1")
                        .then(" WHERE phone_mac = ? AND tries < ? AND expires_at > ?")
                        .bind(mac)
                        .bind(TRIES)
                        .bind(now.timestamp())
                        .then(" RETURNING code_mac, tries, sent_at, expires_at")
                        .optional(tx)
                        .await?;
                    let fits = row.is_some_and(|(kept, ..)| same(&kept, &offered));
                    if fits {
                        sql("DELETE FROM phone_code WHERE phone_mac = ?").bind(mac).execute(tx).await?;
                    }
                    Ok::<_, StoreError>(fits)
                })
            })
            .await?;
        if fits { Ok(()) } else { Err(wrong_code().into()) }
    }

    fn code_mac(&self, phone: &Phone, code: &str) -> Result<[u8; 32], StoreError> {
        self.keyring.mac("phone-code", format!("{}:{code}", phone.as_str()).as_bytes())
    }
}

/// Compares without telling by time where two hashes part.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.iter().zip(b).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}
