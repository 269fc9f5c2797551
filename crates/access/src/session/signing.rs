//! Signing in with login and password, and with a second factor where the account has one.

use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::time::Instant;
use serde_json::json;
use store::Changes;

use super::lock;
use super::model::{Must, Opened};
use crate::account::store::{self as accounts, AccountRow};
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::{AccessError, too_many, totp_required, wrong_password};
use crate::own::store as own;
use crate::principal::Principal;
use crate::room::Access;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// Address of the other side, for the record (its network only).
    pub address: &'a str,
    /// What the browser calls itself, for "my devices".
    pub agent: Option<&'a str>,
}

/// What somebody signs in with.
#[derive(Clone, Copy)]
pub struct Proof<'a> {
    /// Login, in any case.
    pub login: &'a str,
    /// Password.
    pub password: &'a str,
    /// Code of the second factor, or a recovery code.
    pub totp: Option<&'a str>,
}

impl Access {
    /// Signs in with login and password alone.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        let proof = Proof { login, password, totp: None };
        self.sign_in_with(&proof, &Origin { address: "", agent }, now).await
    }

    /// Signs in with login, password and perhaps a code. An unknown login costs the same time and answers the
    /// same.
    ///
    /// Failures are counted per login. Above `login_per_minute` in a minute the next try waits for the window to
    /// end, right or wrong, so that a password cannot be guessed online; many in a row wait longer and lock.
    pub async fn sign_in_with(
        &self,
        proof: &Proof<'_>,
        origin: &Origin<'_>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        // What is longer than any login is none; it is counted all the same, by its beginning.
        let login: String = proof.login.trim().to_lowercase().chars().take(80).collect();
        let subject = lock::subject(&self.keyring, &login)?;
        let turn = self.hasher.turn().await?;
        if let Some(seconds) = self.sign_in_wait(&subject, now).await? {
            return Err(too_many(seconds).into());
        }
        let row = accounts::by_login(&mut self.db.reader().await?, &login).await?;
        let row = row.filter(|row| row.disabled_at.is_none());
        let hash = row.as_ref().and_then(|row| row.password.clone());
        let fits = self.hasher.verify(&turn, cut(proof.password), hash).await?;
        let id = row.as_ref().map(|row| row.id.clone());
        let Some(row) = row.filter(|_| fits) else {
            self.failed(&login, id.as_deref(), subject, origin.address, now).await?;
            return Err(wrong_password().into());
        };
        drop(turn);
        let mut changes = Changes::new();
        let factor = own::totp(&mut self.db.reader().await?, &row.id).await?;
        let factor = factor.filter(|factor| factor.confirmed_at.is_some());
        if let Some(factor) = &factor {
            let typed = proof.totp.map(kernel::text::compact).filter(|typed| !typed.is_empty());
            let Some(typed) = typed else { return Err(totp_required("access-totp-missing").into()) };
            let Some(used) = self.second_factor(&row, factor, &typed, now).await? else {
                self.failed(&login, Some(&row.id), subject, origin.address, now).await?;
                return Err(totp_required("access-totp-wrong").into());
            };
            changes.append(used);
        }
        for forgotten in lock::forget(&subject) {
            changes.push(forgotten);
        }
        let (must_change, at) = (row.must_change, row.password_at.unwrap_or(row.created_at));
        let principal = self.principal_of(row).await?;
        let must = self.must(must_change, Instant::new(at), factor.is_some(), &principal, now);
        match self.open_with(principal, origin, must, changes, now).await {
            // The same code at the same moment at another door: one of them was first.
            Err(AccessError::Store(store::StoreError::Conflict("second factor"))) => {
                Err(totp_required("access-totp-wrong").into())
            }
            other => other,
        }
    }

    /// What must be done before anything else.
    fn must(
        &self,
        must_change: bool,
        password_at: Instant,
        has_totp: bool,
        principal: &Principal,
        now: Instant,
    ) -> Option<Must> {
        let aged = self
            .rules
            .password_max_days
            .is_some_and(|days| now.since(password_at) > SignedDuration::from_hours(24 * i64::from(days)));
        // Citizens of the demonstration city have passwords too; they have no page to change them on.
        if (must_change || aged) && principal.is_staff() {
            return Some(Must::Password);
        }
        self.totp_missing(has_totp, principal).then_some(Must::Totp)
    }

    /// Whether a role of somebody asks for a second factor they have not set up.
    pub(crate) fn totp_missing(&self, has_totp: bool, principal: &Principal) -> bool {
        let asks = |role: &Role| principal.has(*role);
        !has_totp && principal.is_staff() && self.rules.totp_roles.iter().any(asks)
    }

    /// Counts and records a failed try.
    pub(crate) async fn failed(
        &self,
        login: &str,
        account: Option<&str>,
        subject: [u8; 32],
        address: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let locks = self.sign_in_failed(subject, now).await?;
        let mut changes = Changes::new();
        for act in std::iter::once(Act::SignIn).chain(locks.then_some(Act::Lock)) {
            let outcome = if act == Act::Lock { Outcome::Done } else { Outcome::Refused };
            let mut entry = Entry::new(None, act, account, outcome).address(address);
            if account.is_none() {
                // People type passwords into the wrong field: what was typed is sealed.
                entry = entry.words(json!({ "login": login }));
            }
            self.record(&mut changes, &entry, now)?;
        }
        Ok(self.db.apply("record failed sign-in", changes).await?)
    }

    /// Proves once more, within a session, that its owner knows the password; wrong tries count as at the door.
    pub(crate) async fn prove_again(
        &self,
        row: &AccountRow,
        password: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let login = row.login.as_deref().unwrap_or_default();
        let subject = lock::subject(&self.keyring, login)?;
        let turn = self.hasher.turn().await?;
        if let Some(seconds) = self.sign_in_wait(&subject, now).await? {
            return Err(too_many(seconds).into());
        }
        if self.hasher.verify(&turn, cut(password), row.password.clone()).await? {
            return Ok(());
        }
        self.failed(login, Some(&row.id), subject, "", now).await?;
        Err(crate::own::password::wrong_current().into())
    }
}

/// A longer text than any password may be costs a hash of its own length; cut it off here.
fn cut(password: &str) -> String {
    password.chars().take(*crate::password::LENGTH.end() + 1).collect()
}
