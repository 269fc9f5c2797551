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
use crate::throttle::{self, Limit};

/// How long a code holds.
const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Wrong tries after which a code is dead.
const TRIES: i64 = 5;
/// The same phone gets no second code within this time; the first still holds. From the sixth code of a day on
/// the time doubles with each.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Codes of a day after which the time begins to double.
const PATIENCE: i64 = 5;
/// Codes a phone may be sent in an hour: a protection of its owner.
const PER_PHONE: Limit = Limit { bucket: "code.phone", most: 6, window: SignedDuration::from_hours(1) };
/// Codes one address may ask for in an hour. Whole offices share one address.
const PER_ADDRESS: Limit = Limit { bucket: "code.address", most: 60, window: SignedDuration::from_hours(1) };

/// How long after the `sent`-th code of a day the next may follow.
fn again_after(sent: i64) -> SignedDuration {
    let doublings = u32::try_from((sent - PATIENCE).clamp(0, 6)).unwrap_or(0);
    AGAIN_AFTER * (1 << doublings)
}

type CodeRow = ([u8; 32], i64, jiff::Timestamp, jiff::Timestamp);

async fn find(reads: &mut impl Reads, mac: &[u8; 32]) -> Result<Option<CodeRow>, StoreError> {
    sql("SELECT code_mac, tries, sent_at, expires_at FROM phone_code WHERE phone_mac = ?")
        .bind(mac)
        .optional(reads)
        .await
}

/// Bucket of all codes of a day.
const ALL_DAY: &str = "code.all.day";

impl Access {
    /// Codes of a day: for an address, to a phone, in all.
    fn a_day(&self) -> [Limit; 3] {
        let window = SignedDuration::from_hours(24);
        let limit = |bucket, most| Limit { bucket, most, window };
        [
            limit("code.address.day", self.rules.codes_per_address_day),
            limit("code.phone.day", self.rules.codes_per_phone_day),
            limit(ALL_DAY, self.rules.codes_per_day),
        ]
    }

    /// Sends a code to a phone. `address` is where the request came from, for the limit only; it is kept as
    /// a keyed hash and for an hour.
    pub async fn send_code(&self, phone: &Phone, address: &str, now: Instant) -> Result<(), AccessError> {
        let mac = self.phone_mac(phone)?;
        if self.limits.login_per_minute.is_some() {
            let [address_day, phone_day, _] = self.a_day();
            let mut reader = self.db.reader().await?;
            let recent = find(&mut reader, &mac).await?;
            let sent_today = phone_day.hits(&mut reader, &mac, now).await?;
            let pause = again_after(sent_today);
            if recent.is_some_and(|(_, _, sent, _)| now.since(Instant::new(sent)) < pause) {
                return Ok(());
            }
            drop(reader);
            let address = self.keyring.mac("throttle", address.as_bytes())?;
            let [.., all_day] = self.a_day();
            // The narrow ones first: whoever is held back by his own limit uses nothing of everybody's.
            let limits = vec![
                (PER_ADDRESS, address),
                (address_day, address),
                (PER_PHONE, mac),
                (phone_day, mac),
                (all_day, [0; 32]),
            ];
            if let Some((limit, subject)) = throttle::hit_all(&self.db, limits, now).await? {
                if limit.bucket == ALL_DAY {
                    tracing::warn!("no more phone codes today: codes_per_day is used up");
                }
                let wait = limit.wait(&mut self.db.reader().await?, &subject, now).await?;
                return Err(too_many(wait.unwrap_or(1)).into());
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
        if let Err(error) = self.use_code(phone, code, now).await {
            if matches!(error, AccessError::Refused(_)) {
                self.record_wrong_code(now).await?;
            }
            return Err(error);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_between_codes_grow_from_the_sixth_on() {
        let seconds: Vec<i64> = [0, 1, 5, 6, 7, 9, 99].map(|sent| again_after(sent).as_secs()).to_vec();
        assert_eq!(seconds, [60, 60, 60, 120, 240, 960, 3840]);
    }
}
