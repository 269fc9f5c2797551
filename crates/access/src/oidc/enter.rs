//! Signing in: from the button to the provider and back.

use jiff::SignedDuration;
use kernel::time::Instant;
use sha2::{Digest as _, Sha256};
use store::{Changes, StoreError};

use super::model::{Arrived, Begun, OidcError, Parts, Relying, Side, Trouble};
use super::provider::{Person, Provider, Secrets};
use super::rules;
use super::store::{self as table, Link, Purpose};
use crate::account::service::{Proved, Vault};
use crate::account::store::{self as accounts, AccountRow, Insert};
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::principal::AccountId;
use crate::random;
use crate::room::Access;
use crate::session::Origin;
use crate::session::service::digest;

/// How long a person may take at the provider.
pub(super) const TAKES: SignedDuration = SignedDuration::from_mins(10);

/// What a browser brings back from the provider.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    /// The name of the sign-in.
    pub state: Option<&'a str>,
    /// What is exchanged for tokens.
    pub code: Option<&'a str>,
    /// Who answers (RFC 9207).
    pub iss: Option<&'a str>,
    /// Why there is no code.
    pub error: Option<&'a str>,
}

pub(super) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

pub(super) fn flow_place(name: &[u8; 32]) -> String {
    format!("oidc_flow.sealed:{}", hex::encode(name))
}

pub(super) fn session_place(token: &[u8; 32]) -> String {
    format!("oidc_session.sealed:{}", hex::encode(token))
}

fn broken(error: &serde_json::Error) -> AccessError {
    AccessError::Broken(error.to_string())
}

/// Keeps a fact with who said it; tells whether that changes anything.
fn keep(place: &mut Option<Proved>, value: Option<&String>, source: &str, now: Instant) -> bool {
    let Some(value) = value else { return false };
    let fresh = Proved { value: value.clone(), source: source.to_owned(), on: now.date() };
    let changes = place.as_ref() != Some(&fresh);
    *place = Some(fresh);
    changes
}

impl Access {
    pub(super) fn provider(&self, side: Side) -> Result<(&Relying, &Provider), Trouble> {
        let relying = self.relying.as_ref().ok_or(Trouble::Unset)?;
        relying.of(side).map(|provider| (relying, provider.as_ref())).ok_or(Trouble::Unset)
    }

    /// What is set for the provider of a side, if people may sign in through one.
    pub fn oidc(&self, side: Side) -> Option<&Parts> {
        self.provider(side).ok().map(|(_, provider)| &provider.parts)
    }

    /// Begins a sign-in; `wish` is where within our site the person wants to go afterwards.
    pub async fn begin_oidc(&self, side: Side, wish: &str, now: Instant) -> Result<Begun, OidcError> {
        let (relying, provider) = self.provider(side)?;
        let (state, nonce, binding) = (random::token()?, random::token()?, random::token()?);
        let outside = relying.outside.as_ref();
        let (url, verifier) = provider.begin(outside, state.clone(), nonce.clone(), now).await?;
        let to = rules::return_to(side, wish);
        let secrets = Secrets { nonce, verifier, binding: hex::encode(hash(&binding)), to };
        let plain = serde_json::to_vec(&secrets).map_err(|error| broken(&error))?;
        let name = hash(&state);
        let sealed = self.room.seal(&flow_place(&name), &plain)?;
        let mut changes = Changes::new();
        changes.push(table::begin(&name, side, Purpose::Enter, sealed, now.plus(TAKES)));
        self.db.apply("begin sign-in", changes).await?;
        Ok(Begun { url, binding })
    }

    /// Ends a sign-in with what the provider sent back; `binding` is the cookie of the browser that began.
    pub async fn finish_oidc(
        &self,
        side: Side,
        answer: Answer<'_>,
        binding: Option<&str>,
        origin: &Origin<'_>,
        now: Instant,
    ) -> Result<Arrived, OidcError> {
        let (relying, provider) = self.provider(side)?;
        let outside = relying.outside.as_ref();
        let secrets = self.begun(side, answer.state, binding, now).await?.ok_or(Trouble::Stale)?;
        provider.answers(outside, answer.iss, now).await?;
        match answer.error {
            None => {}
            Some("access_denied") => return Err(Trouble::Declined.into()),
            Some("server_error" | "temporarily_unavailable") => return Err(Trouble::Away.into()),
            Some(_) => return Err(Trouble::Rejected.into()),
        }
        let code = answer.code.filter(|code| code.len() <= 4096).ok_or(Trouble::Rejected)?;
        let person = provider.person(outside, code.to_owned(), &secrets, now).await?;
        let subject = self.subject_mac(provider, &person.subject)?;
        let row = match side {
            Side::Staff => match self.staff_of(provider, &person, &subject, now).await {
                Err(OidcError::Trouble(trouble)) => {
                    // Somebody real was turned away at the door: the record says so, as of a wrong password.
                    let entry = Entry::new(None, Act::SignIn, None, Outcome::Refused).address(origin.address);
                    self.record_alone(&entry, now).await?;
                    return Err(trouble.into());
                }
                other => other?,
            },
            Side::Citizen => self.citizen_of(provider, &person, &subject, now).await?,
        };
        let sid = person.sid.as_deref().map(|sid| self.sid_mac(provider, sid)).transpose()?;
        let principal = self.principal_of(row).await?;
        let token = random::token()?;
        let key = digest(&token);
        let sealed = self.room.seal(&session_place(&key), person.id_token.as_bytes())?;
        let mut changes = Changes::new();
        changes.push(table::hang(&key, side, &subject, sid, sealed));
        // Citizens leave no address in the record.
        let address = if side == Side::Staff { origin.address } else { "" };
        let origin = Origin { address, agent: origin.agent };
        let opened = self.open_as(token, principal, &origin, None, changes, now).await?;
        Ok(Arrived { opened, to: secrets.to })
    }

    /// The sign-in of this state, used up, if it was begun by this browser and not too long ago.
    async fn begun(
        &self,
        side: Side,
        state: Option<&str>,
        binding: Option<&str>,
        now: Instant,
    ) -> Result<Option<Secrets>, AccessError> {
        let (Some(state), Some(binding)) = (state, binding) else { return Ok(None) };
        let name = hash(state);
        let Some(sealed) = table::take(&self.db, name, side, Purpose::Enter, now).await? else {
            return Ok(None);
        };
        let plain = self.room.open(&flow_place(&name), &sealed)?;
        let secrets: Secrets = serde_json::from_slice(&plain).map_err(|error| broken(&error))?;
        Ok((secrets.binding == hex::encode(hash(binding))).then_some(secrets))
    }

    pub(super) fn subject_mac(&self, provider: &Provider, subject: &str) -> Result<[u8; 32], StoreError> {
        let whole = format!("{}\n{}\n{subject}", provider.side.as_str(), provider.parts.issuer);
        self.keyring.mac("oidc-subject", whole.as_bytes())
    }

    pub(super) fn sid_mac(&self, provider: &Provider, sid: &str) -> Result<[u8; 32], StoreError> {
        let whole = format!("{}\n{}\n{sid}", provider.side.as_str(), provider.parts.issuer);
        self.keyring.mac("oidc-sid", whole.as_bytes())
    }

    /// The account linked to a person, unless it is closed.
    async fn linked(&self, side: Side, subject: &[u8; 32]) -> Result<Option<AccountRow>, OidcError> {
        let mut reader = self.db.reader().await?;
        let Some(id) = table::linked(&mut reader, subject, side).await? else { return Ok(None) };
        match accounts::by_id(&mut reader, &id).await? {
            Some(row) if row.disabled_at.is_none() => Ok(Some(row)),
            _ => Err(Trouble::Closed.into()),
        }
    }

    /// The statement that links a person to an account.
    fn link(
        &self,
        provider: &Provider,
        person: &Person,
        subject: &[u8; 32],
        account: &str,
        now: Instant,
    ) -> Result<store::Sql, StoreError> {
        let plain = format!("{}\n{}", provider.parts.issuer, person.subject);
        let place = format!("oidc_link.sealed:{}", hex::encode(subject));
        Ok(table::link(Link {
            subject: *subject,
            side: provider.side,
            issuer: &provider.parts.issuer,
            account,
            sealed: self.room.seal(&place, plain.as_bytes())?,
            at: now,
        }))
    }

    /// Staff: the account of the link; at the first sign-in that of the login. Nobody gets an account or a role
    /// by signing in.
    async fn staff_of(
        &self,
        provider: &Provider,
        person: &Person,
        subject: &[u8; 32],
        now: Instant,
    ) -> Result<AccountRow, OidcError> {
        if let Some(row) = self.linked(Side::Staff, subject).await? {
            return Ok(row);
        }
        let login = person.told.login.as_deref().ok_or(Trouble::Unknown)?;
        let row = accounts::by_login(&mut self.db.reader().await?, login).await?;
        let row = row.filter(|row| row.kind == "staff").ok_or(Trouble::Unknown)?;
        if row.disabled_at.is_some() {
            return Err(Trouble::Closed.into());
        }
        let mut changes = Changes::new();
        changes.push(self.link(provider, person, subject, &row.id, now)?);
        match self.db.apply("link staff", changes).await {
            Ok(()) => Ok(row),
            // The same person twice at once, or a login somebody else has signed in with before.
            Err(error) if error.is_duplicate_of("oidc_link") => {
                self.linked(Side::Staff, subject).await?.ok_or_else(|| Trouble::Taken.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Citizens: the account of the link; at the first sign-in that of the proved phone, unless somebody else of
    /// this provider has it (numbers are given out again); else a new one.
    async fn citizen_of(
        &self,
        provider: &Provider,
        person: &Person,
        subject: &[u8; 32],
        now: Instant,
    ) -> Result<AccountRow, OidcError> {
        let mut row = match self.linked(Side::Citizen, subject).await? {
            Some(row) => row,
            None => self.link_citizen(provider, person, subject, now).await?,
        };
        let mut vault = self.open_vault(&row)?;
        let source = &provider.parts.issuer;
        let name = keep(&mut vault.proved_name, person.told.name.as_ref(), source, now);
        let number = keep(&mut vault.proved_id_number, person.told.id_number.as_ref(), source, now);
        if name || number {
            if let Some(name) = &person.told.name {
                vault.name.clone_from(name);
            }
            self.keep_vault(&mut row, &vault).await?;
        }
        Ok(row)
    }

    async fn link_citizen(
        &self,
        provider: &Provider,
        person: &Person,
        subject: &[u8; 32],
        now: Instant,
    ) -> Result<AccountRow, OidcError> {
        if let Some(phone) = &person.told.phone {
            let row = self.citizen(phone, now).await?;
            if row.disabled_at.is_some() {
                return Err(Trouble::Closed.into());
            }
            let mut changes = Changes::new();
            changes.push(self.link(provider, person, subject, &row.id, now)?);
            match self.db.apply("link citizen", changes).await {
                Ok(()) => return Ok(row),
                Err(error) if error.is_duplicate_of("oidc_link") => {
                    if let Some(row) = self.linked(Side::Citizen, subject).await? {
                        return Ok(row);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        let id = AccountId(uuid::Uuid::now_v7().to_string());
        let (wrapped, sealed) = self.seal_vault(&id, &Vault::default())?;
        let mut changes = Changes::new();
        changes.push(accounts::insert(&Insert {
            id: &id,
            kind: "citizen",
            login: None,
            name: None,
            organisation: None,
            password: None,
            vault: Some((&wrapped, &sealed)),
            phone_mac: None,
            origin: "oidc",
            at: now,
        }));
        changes.push(self.link(provider, person, subject, id.as_str(), now)?);
        match self.db.apply("open citizen account", changes).await {
            Ok(()) => {}
            Err(error) if error.is_duplicate_of("oidc_link") => {}
            Err(error) => return Err(error.into()),
        }
        self.linked(Side::Citizen, subject).await?.ok_or_else(|| StoreError::Missing.into())
    }
}
