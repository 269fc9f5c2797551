//! Opening, finding and ending sessions.

use kernel::number::MatterNumber;
use kernel::time::Instant;
use sha2::{Digest, Sha256};
use store::{Changes, StoreError};

use super::model::{Device, Opened, TOUCH_AFTER, expiry};
use super::store as table;
use crate::account::store as accounts;
use crate::error::{AccessError, too_many, wrong_password};
use crate::principal::{AccountId, Principal};
use crate::random;
use crate::room::Access;

/// What a browser calls itself is kept to this length, for "my devices".
const AGENT_CHARS: usize = 120;

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn place(token_hash: &[u8; 32]) -> String {
    format!("session.principal:{}", hex::encode(token_hash))
}

impl Access {
    /// Signs in with login and password. An unknown login costs the same time and answers the same.
    ///
    /// Failures are counted per login; above `login_per_minute` in a minute the next try waits for the
    /// window to end, right or wrong, so that a password cannot be guessed online.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        let login = login.trim().to_lowercase();
        let subject = self.keyring.mac("throttle", login.as_bytes())?;
        let turn = self.hasher.turn().await?;
        if let Some(limit) = self.login_limit()
            && let Some(seconds) = limit.wait(&mut self.db.reader().await?, &subject, now).await?
        {
            return Err(too_many(seconds).into());
        }
        let row = accounts::by_login(&mut self.db.reader().await?, &login).await?;
        let row = row.filter(|row| row.disabled_at.is_none());
        let hash = row.as_ref().and_then(|row| row.password.clone());
        // A longer text than any password may be costs a hash of its own length; cut it off here.
        let password: String = password.chars().take(*crate::password::LENGTH.end() + 1).collect();
        let fits = self.hasher.verify(&turn, password, hash).await?;
        let Some(row) = row.filter(|_| fits) else {
            if let Some(limit) = self.login_limit() {
                limit.hit(&self.db, subject, now).await?;
            }
            return Err(wrong_password().into());
        };
        drop(turn);
        let principal = self.principal_of(row).await?;
        self.open_session(principal, agent, now).await
    }

    /// A session for the applicant of one matter. The caller has checked the query code.
    pub async fn open_guest(
        &self,
        number: MatterNumber,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        self.open_session(Principal::guest(number), agent, now).await
    }

    /// A session for this principal.
    pub(crate) async fn open_session(
        &self,
        principal: Principal,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        let token = random::token()?;
        let hash = digest(&token);
        let expires_at = expiry(principal.kind, now, now);
        let plain = serde_json::to_vec(&principal).map_err(|error| AccessError::Broken(error.to_string()))?;
        let sealed = self.room.seal(&place(&hash), &plain)?;
        let agent: Option<String> = agent.map(|agent| agent.chars().take(AGENT_CHARS).collect());
        let mut changes = Changes::new();
        changes.push(table::insert(&hash, &principal, sealed, agent.as_deref(), now, expires_at));
        self.db.apply("open session", changes).await?;
        Ok(Opened { token, principal, expires_at })
    }

    /// Who holds this token: one SELECT, and seldom a write that moves the end of a staff session.
    pub async fn authenticate(&self, token: &str, now: Instant) -> Result<Option<Principal>, AccessError> {
        let hash = digest(token);
        let Some(row) = table::find(&mut self.db.reader().await?, &hash).await? else { return Ok(None) };
        if Instant::new(row.expires_at) <= now {
            return Ok(None);
        }
        let plain = self.room.open(&place(&hash), &row.principal)?;
        let principal: Principal =
            serde_json::from_slice(&plain).map_err(|error| AccessError::Broken(error.to_string()))?;
        if now.since(Instant::new(row.seen_at)) > TOUCH_AFTER {
            let expires = expiry(principal.kind, Instant::new(row.created_at), now);
            let mut changes = Changes::new();
            changes.push(table::touch(&hash, now, expires));
            self.db.apply("touch session", changes).await?;
        }
        Ok(Some(principal))
    }

    /// Ends the session of this token; ending it again changes nothing.
    pub async fn end_session(&self, token: &str) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        changes.push(table::end(&digest(token)));
        self.db.apply("end session", changes).await
    }

    /// Signed-in devices of an account, the last used first.
    pub async fn devices(&self, account: &AccountId, now: Instant) -> Result<Vec<Device>, StoreError> {
        table::devices(&mut self.db.reader().await?, account.as_str(), now).await
    }

    /// Ends one of the account's own sessions by its device id.
    pub async fn end_device(&self, account: &AccountId, device: &str) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        changes.push(table::end_device(account.as_str(), device));
        self.db.apply("end device", changes).await
    }

    /// Ends all sessions of an account.
    pub async fn end_all(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        changes.push(table::end_of_account(account.as_str()));
        self.db.apply("end all sessions", changes).await
    }
}
