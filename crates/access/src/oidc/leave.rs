//! Ending sessions: a person who leaves here and there, and a provider that says somebody has left.

use kernel::time::Instant;
use store::Changes;

use super::enter::{TAKES, flow_place, hash, session_place};
use super::model::{OidcError, Side, Trouble};
use super::rules;
use super::store::{self as table, Purpose};
use crate::error::AccessError;
use crate::random;
use crate::room::Access;
use crate::session;

impl Access {
    /// Ends the session of this token. When the person came through a provider at which one can leave too, the
    /// answer is a ticket for [`Access::leave_url`]. A provider that does not answer keeps nobody here.
    pub async fn leave(&self, side: Side, token: &str, now: Instant) -> Result<Option<String>, AccessError> {
        let key = session::service::digest(token);
        let sealed = table::hanging(&mut self.db.reader().await?, &key, side).await?;
        let mut changes = Changes::new();
        changes.push(session::store::end(&key));
        changes.push(table::unhang(&key));
        self.db.apply("leave", changes).await?;
        let (Some(sealed), Ok((relying, provider))) = (sealed, self.provider(side)) else { return Ok(None) };
        if provider.end_session(relying.outside.as_ref(), now).await.is_none() {
            return Ok(None);
        }
        let id_token = self.room.open(&session_place(&key), &sealed)?;
        let ticket = random::token()?;
        let name = hash(&ticket);
        let sealed = self.room.seal(&flow_place(&name), &id_token)?;
        let mut changes = Changes::new();
        changes.push(table::begin(&name, side, Purpose::Leave, sealed, now.plus(TAKES)));
        self.db.apply("begin leaving", changes).await?;
        Ok(Some(ticket))
    }

    /// Where at the provider the holder of a ticket leaves (OpenID Connect RP-Initiated Logout 1.0); the ticket
    /// is used up.
    pub async fn leave_url(
        &self,
        side: Side,
        ticket: &str,
        now: Instant,
    ) -> Result<Option<String>, AccessError> {
        let name = hash(ticket);
        let Some(sealed) = table::take(&self.db, name, side, Purpose::Leave, now).await? else {
            return Ok(None);
        };
        let Ok((relying, provider)) = self.provider(side) else { return Ok(None) };
        let Some(endpoint) = provider.end_session(relying.outside.as_ref(), now).await else {
            return Ok(None);
        };
        let plain = self.room.open(&flow_place(&name), &sealed)?;
        let id_token = String::from_utf8(plain).map_err(|error| AccessError::Broken(error.to_string()))?;
        Ok(rules::leave_url(&endpoint, &id_token, &provider.parts.client_id, &provider.left))
    }

    /// The provider says that somebody has left (OpenID Connect Back-Channel Logout 1.0): ends the sessions
    /// here that hang on theirs. Each token counts once.
    pub async fn backchannel_logout(&self, side: Side, token: &str, now: Instant) -> Result<(), OidcError> {
        let (relying, provider) = self.provider(side)?;
        let claims = provider.logout_claims(relying.outside.as_ref(), token, now).await?;
        let parts = &provider.parts;
        let ending = rules::ending(&claims, &parts.issuer, &parts.client_id, now).map_err(|word| {
            tracing::warn!(side = side.as_str(), word, "log-out token refused");
            Trouble::Rejected
        })?;
        let subject = ending.sub.as_deref().map(|sub| self.subject_mac(provider, sub)).transpose()?;
        let sid = ending.sid.as_deref().map(|sid| self.sid_mac(provider, sid)).transpose()?;
        let jti = self.keyring.mac("oidc-jti", format!("{}\n{}", parts.issuer, ending.jti).as_bytes())?;
        if table::end(&self.db, side, subject, sid, jti, ending.expires_at).await? {
            Ok(())
        } else {
            tracing::warn!(side = side.as_str(), "log-out token came twice");
            Err(Trouble::Rejected.into())
        }
    }
}
