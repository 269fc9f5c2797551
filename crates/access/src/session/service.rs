//! Opening, finding and ending sessions.

use kernel::number::MatterNumber;
use kernel::time::Instant;
use sha2::{Digest, Sha256};
use store::{Changes, StoreError};

use super::model::{Device, Must, Opened, Signed, TOUCH_AFTER, expiry};
use super::signing::Origin;
use super::store as table;
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::principal::{AccountId, Kind, Principal};
use crate::random;
use crate::room::Access;

/// What a browser calls itself is kept to this length, for "my devices".
const AGENT_CHARS: usize = 120;

pub(crate) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn place(token_hash: &[u8; 32]) -> String {
    format!("session.principal:{}", hex::encode(token_hash))
}

impl Access {
    /// A session for the applicant of one matter. The caller has checked the query code.
    pub async fn open_guest(
        &self,
        number: MatterNumber,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        self.open_session(Principal::guest(number), agent, now).await
    }

    /// A session for this principal, however it was proved; that somebody signed in is recorded.
    pub(crate) async fn open_session(
        &self,
        principal: Principal,
        agent: Option<&str>,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        // Citizens and guests leave no address in the record: what they do concerns them alone.
        self.open_with(principal, &Origin { address: "", agent }, None, Changes::new(), now).await
    }

    /// The same with what must be done first, and with the changes that go with signing in.
    pub(crate) async fn open_with(
        &self,
        principal: Principal,
        origin: &Origin<'_>,
        must: Option<Must>,
        changes: Changes,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        self.open_as(random::token()?, principal, origin, must, changes, now).await
    }

    /// The same under a token the caller drew, for changes that name it.
    pub(crate) async fn open_as(
        &self,
        token: String,
        principal: Principal,
        origin: &Origin<'_>,
        must: Option<Must>,
        mut changes: Changes,
        now: Instant,
    ) -> Result<Opened, AccessError> {
        let hash = digest(&token);
        let expires_at = expiry(principal.kind, now, now);
        let plain = serde_json::to_vec(&principal).map_err(|error| AccessError::Broken(error.to_string()))?;
        let sealed = self.room.seal(&place(&hash), &plain)?;
        let agent: Option<String> = origin.agent.map(|agent| agent.chars().take(AGENT_CHARS).collect());
        let word = must.map(Must::as_str);
        changes.push(table::insert(&hash, &principal, sealed, agent.as_deref(), word, now, expires_at));
        let guest = match principal.kind {
            Kind::Guest(number) => Some(format!("guest:{number}")),
            _ => None,
        };
        let actor = principal.account.as_ref().map(AccountId::as_str).or(guest.as_deref());
        let entry = Entry::new(actor, Act::SignIn, None, Outcome::Done).address(origin.address);
        self.record(&mut changes, &entry, now)?;
        self.db.apply("open session", changes).await?;
        Ok(Opened { token, principal, expires_at, must })
    }

    /// Who holds this token: one SELECT, and seldom a write that moves the end of a staff session. Refused while
    /// something must be done first.
    pub async fn authenticate(&self, token: &str, now: Instant) -> Result<Option<Principal>, AccessError> {
        match self.authenticate_any(token, now).await? {
            Some(Signed { must: Some(must), .. }) => Err(must.refusal().into()),
            signed => Ok(signed.map(|signed| signed.principal)),
        }
    }

    /// The same for the few doors that stand open while something must be done first: one's own account.
    pub async fn authenticate_any(&self, token: &str, now: Instant) -> Result<Option<Signed>, AccessError> {
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
        let must = match row.must.as_deref() {
            None => None,
            Some(word) => Some(
                Must::of(word).ok_or_else(|| AccessError::Broken(format!("session.must holds {word:?}")))?,
            ),
        };
        Ok(Some(Signed { principal, must, session: row.id }))
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
