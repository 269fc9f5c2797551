//! The second factor: a code that changes every thirty seconds (RFC 6238: SHA-1, six digits, as every
//! authenticator knows it), and recovery codes for the day the device is lost.

use kernel::refusal::{Code, FieldError, Next, Refusal, Rule};
use kernel::time::Instant;
use store::{Changes, StoreError};
use totp_rs::{Builder, Secret, Totp};

use super::store::{self as table, TotpRow};
use crate::account::store::AccountRow;
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::random;
use crate::room::Access;
use crate::session::{Must, Signed};

/// Length of a time step in seconds, and of a code in digits.
const STEP: u64 = 30;
const DIGITS: u8 = 6;
/// Steps a clock may be off, to either side.
const DRIFT: u16 = 1;
/// How many recovery codes are handed out.
const RECOVERY: usize = 10;

/// What is shown once while setting it up.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The secret in base32, for typing in.
    pub secret: String,
    /// The same as `otpauth://` address, for a QR code.
    pub uri: String,
}

/// How one's own second factor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is asked for at sign-in.
    pub on: bool,
    /// Recovery codes left.
    pub recovery_left: i64,
    /// Whether a role asks for one.
    pub required: bool,
}

fn place(account: &str) -> String {
    format!("account_totp.sealed:{account}")
}

fn machine(secret: &[u8]) -> Result<Totp, AccessError> {
    Builder::new()
        .with_digits(DIGITS)
        .with_step_duration(STEP)
        .with_skew(DRIFT)
        .with_secret(Secret::from(secret.to_vec()))
        .build()
        .map_err(|error| AccessError::Broken(format!("second factor: {error}")))
}

/// The step a code belongs to, if it is the code of now or of a neighbouring step.
fn step_of(secret: &[u8], code: &str, now: Instant) -> Result<Option<i64>, AccessError> {
    let seconds = u64::try_from(now.timestamp().as_second()).unwrap_or(0);
    let step = machine(secret)?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn wrong_code() -> AccessError {
    Refusal::new(Code::FactsWrong, "account-totp-refused")
        .error(FieldError::new("/code", "wrong", "access-totp-wrong"))
        .next(Next::say("access-next-totp"))
        .into()
}

fn already() -> AccessError {
    Refusal::new(Code::RuleRefused, "account-totp-already")
        .rule(Rule::house("second-factor"))
        .next(Next::say("account-next-security-admin"))
        .into()
}

impl Access {
    /// Begins setting up a second factor; the password is proved once more, so that whoever finds an open screen
    /// cannot lock its owner out.
    pub async fn begin_totp(
        &self,
        signed: &Signed,
        password: &str,
        now: Instant,
    ) -> Result<Enrolment, AccessError> {
        let row = self.own_account(signed).await?;
        self.prove_again(&row, password, now).await.map_err(at_password)?;
        let before = table::totp(&mut self.db.reader().await?, &row.id).await?;
        if before.is_some_and(|before| before.confirmed_at.is_some()) {
            return Err(already());
        }
        let secret = random::totp_secret()?;
        if row.wrapped_key.is_none() {
            let (_, wrapped) = self.keyring.new_data_key()?;
            let mut changes = Changes::new();
            changes.push(table::give_key(&row.id, &wrapped));
            self.db.apply("give account a key", changes).await?;
        }
        let wrapped =
            table::key_of(&mut self.db.reader().await?, &row.id).await?.ok_or(StoreError::Missing)?;
        let sealed = self.keyring.unwrap(&wrapped)?.seal(&place(&row.id), &secret)?;
        let mut changes = Changes::new();
        changes.push(table::begin_totp(&row.id, sealed, now));
        self.db.apply("begin second factor", changes).await?;
        let secret = machine(&secret)?.secret().to_base32();
        let login = row.login.unwrap_or_default();
        // Label and issuer as the key URI format of authenticators has them; a login needs no escaping.
        let uri = format!(
            "otpauth://totp/Huifa:{login}?secret={secret}&issuer=Huifa&algorithm=SHA1&digits={DIGITS}&period={STEP}"
        );
        Ok(Enrolment { secret, uri })
    }

    /// Confirms it with a first code: from now on it is asked for. Answers the recovery codes, shown this once.
    pub async fn confirm_totp(
        &self,
        signed: &Signed,
        code: &str,
        now: Instant,
    ) -> Result<Vec<String>, AccessError> {
        let row = self.own_account(signed).await?;
        let factor = table::totp(&mut self.db.reader().await?, &row.id).await?;
        let Some(factor) = factor else {
            return Err(Refusal::new(Code::RuleRefused, "account-totp-not-begun")
                .rule(Rule::house("second-factor"))
                .next(Next::link("account-next-totp", "/desk/account/totp"))
                .into());
        };
        if factor.confirmed_at.is_some() {
            return Err(already());
        }
        let secret = self.secret(&row, &factor)?;
        let Some(step) = step_of(&secret, &kernel::text::compact(code), now)? else {
            return Err(wrong_code());
        };
        let codes = (0..RECOVERY).map(|_| random::recovery_code()).collect::<Result<Vec<_>, _>>()?;
        let macs =
            codes.iter().map(|code| self.recovery_mac(&row.id, code)).collect::<Result<Vec<_>, _>>()?;
        let mut changes = Changes::new();
        changes.expect_one(table::confirm_totp(&row.id, step, now), "second factor");
        changes.push(table::remove_recovery(&row.id));
        changes.push(table::keep_recovery(&row.id, macs));
        changes.push(crate::session::store::end_others(&row.id, &signed.session));
        if signed.must == Some(Must::Totp) {
            changes.push(crate::session::store::set_must(&signed.session, None));
        }
        let entry = Entry::new(Some(&row.id), Act::TotpEnrol, Some(&row.id), Outcome::Done);
        self.record(&mut changes, &entry, now)?;
        match self.db.apply("confirm second factor", changes).await {
            Err(StoreError::Conflict("second factor")) => Err(already()),
            other => other.map(|()| codes).map_err(AccessError::from),
        }
    }

    /// How one's own second factor stands.
    pub async fn totp_standing(&self, signed: &Signed) -> Result<Standing, AccessError> {
        let row = self.own_account(signed).await?;
        let mut reader = self.db.reader().await?;
        let factor = table::totp(&mut reader, &row.id).await?;
        let recovery_left = table::recovery_left(&mut reader, &row.id).await?;
        let required = self.totp_missing(false, &signed.principal);
        let on = factor.is_some_and(|factor| factor.confirmed_at.is_some());
        Ok(Standing { on, recovery_left, required })
    }

    /// Whether a typed code is right, and what using it up changes: a code of the device, or a recovery code.
    pub(crate) async fn second_factor(
        &self,
        row: &AccountRow,
        factor: &TotpRow,
        typed: &str,
        now: Instant,
    ) -> Result<Option<Changes>, AccessError> {
        let mut changes = Changes::new();
        if let Some(step) = step_of(&self.secret(row, factor)?, typed, now)? {
            if step <= factor.last_step {
                return Ok(None);
            }
            changes.expect_one(table::use_step(&row.id, step), "second factor");
            return Ok(Some(changes));
        }
        let mac = self.recovery_mac(&row.id, typed)?;
        if !table::has_recovery(&mut self.db.reader().await?, &row.id, &mac).await? {
            return Ok(None);
        }
        changes.expect_one(table::use_recovery(&row.id, &mac), "second factor");
        let entry = Entry::new(Some(&row.id), Act::RecoveryUsed, Some(&row.id), Outcome::Done);
        self.record(&mut changes, &entry, now)?;
        Ok(Some(changes))
    }

    fn secret(&self, row: &AccountRow, factor: &TotpRow) -> Result<Vec<u8>, AccessError> {
        let wrapped = row.wrapped_key.as_deref().ok_or(StoreError::Missing)?;
        Ok(self.keyring.unwrap(wrapped)?.open(&place(&row.id), &factor.sealed)?)
    }

    /// Recovery codes are 50 random bits, so a keyed hash is enough; how they are typed does not matter.
    fn recovery_mac(&self, account: &str, code: &str) -> Result<[u8; 32], StoreError> {
        let code = kernel::text::compact(code).to_lowercase();
        self.keyring.mac("recovery-code", format!("{account}:{code}").as_bytes())
    }
}

/// The wrong password stands at the field of this form.
fn at_password(error: AccessError) -> AccessError {
    match error {
        AccessError::Refused(mut refusal) => {
            for error in &mut refusal.errors {
                if error.pointer == "/current" {
                    "/password".clone_into(&mut error.pointer);
                }
            }
            AccessError::Refused(refusal)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1: the last six of the eight digits printed there.
    #[test]
    fn codes_are_those_of_the_rfc_within_one_step() {
        let secret = b"12345678901234567890";
        let at = |seconds: i64| Instant::new(jiff::Timestamp::from_second(seconds).unwrap());
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            let step = seconds / 30;
            assert_eq!(step_of(secret, code, at(seconds)).unwrap(), Some(step));
            assert_eq!(step_of(secret, code, at(seconds + 30)).unwrap(), Some(step), "one step late");
            assert_eq!(step_of(secret, code, at(seconds - 30)).unwrap(), Some(step), "one step early");
            assert_eq!(step_of(secret, code, at(seconds + 61)).unwrap(), None, "too late");
        }
        for wrong in ["", "28708", "2870822", "abcdef", "287083"] {
            assert_eq!(step_of(secret, wrong, at(59)).unwrap(), None, "{wrong}");
        }
    }
}
