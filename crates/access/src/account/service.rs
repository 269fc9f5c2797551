//! Opening accounts, granting roles, and making a principal of an account.

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::identity::Phone;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use store::seal::{DataKey, rotate};
use store::{Changes, StoreError};

use super::model::{AccountLine, NewAccount, login_fits};
use super::store::{self as table, AccountRow, Insert};
use crate::admin::service::{Granting, actor, refused};
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::password::LENGTH;
use crate::principal::{AccountId, Kind, OrgId, Principal};
use crate::room::Access;

/// What is known of a citizen, sealed under the account's own data key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Vault {
    /// Name, empty until the person gave one.
    pub name: String,
    /// Telephone number the account was proved with.
    pub phone: String,
    /// Name an identity provider has proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_name: Option<Proved>,
    /// Identity number an identity provider has proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_id_number: Option<Proved>,
}

/// A fact somebody else has proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// The fact.
    pub value: String,
    /// Who proved it: the issuer.
    pub source: String,
    /// When it was last said.
    pub on: jiff::civil::Date,
}

/// Kind of the hash accounts are found by.
const PHONE: &str = "phone";

fn place(account: &str) -> String {
    format!("account.sealed:{account}")
}

/// Checks and puts into one shape what a new account is opened with.
fn checked(new: &NewAccount) -> Result<(), AccessError> {
    if !login_fits(&new.login) {
        return Err(refused("/login", "format", "access-login-form"));
    }
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        return Err(refused("/name", "format", "access-name-form"));
    }
    if !LENGTH.contains(&new.password.chars().count()) {
        return Err(refused("/password", "length", "access-password-form"));
    }
    Ok(())
}

/// What becomes of the first password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// It is the person's own.
    Keep,
    /// Somebody else chose it: it is changed at the first sign-in.
    Change,
}

impl Access {
    /// Opens a staff account with a password that is the person's own, as the command line does.
    pub async fn add_account(&self, new: &NewAccount, now: Instant) -> Result<AccountId, AccessError> {
        self.insert_account(&Principal::system(), new, First::Keep, now).await
    }

    /// Opens a staff account. Who may is asked before: see `admin`.
    pub(crate) async fn insert_account(
        &self,
        who: &Principal,
        new: &NewAccount,
        first: First,
        now: Instant,
    ) -> Result<AccountId, AccessError> {
        checked(new)?;
        if let Some(organisation) = &new.organisation {
            self.known_organisation(organisation.as_str()).await?;
        }
        let hash = self.hasher.hash(new.password.clone()).await?;
        let id = AccountId(uuid::Uuid::now_v7().to_string());
        let mut changes = Changes::new();
        changes.push(table::insert(&Insert {
            id: &id,
            kind: "staff",
            login: Some(&new.login),
            name: Some(new.name.trim()),
            organisation: new.organisation.as_ref().map(OrgId::as_str),
            password: Some(&hash),
            vault: None,
            phone_mac: None,
            origin: "manual",
            at: now,
        }));
        if first == First::Change {
            changes.push(table::must_change(id.as_str()));
        }
        let entry = Entry::new(actor(who), Act::AccountOpen, Some(id.as_str()), Outcome::Done);
        self.record(&mut changes, &entry, now)?;
        match self.db.apply("add account", changes).await {
            Err(error) if error.is_duplicate_of("account") => {
                Err(refused("/login", "taken", "access-login-taken"))
            }
            other => other.map(|()| id).map_err(AccessError::from),
        }
    }

    /// Grants a role, as the command line does.
    pub async fn grant(
        &self,
        login: &str,
        role: Role,
        area: AreaCode,
        organisation: Option<&str>,
        now: Instant,
    ) -> Result<(), AccessError> {
        let organisation = organisation.map(ToOwned::to_owned);
        let granting = Granting { login: login.to_owned(), role, area, organisation };
        self.grant_role(&Principal::system(), &granting, now).await
    }

    pub(crate) async fn known_organisation(&self, id: &str) -> Result<(), AccessError> {
        self.offices().forget();
        let offices = self.offices().current().await?;
        if offices.get(id).is_some() {
            Ok(())
        } else {
            Err(refused("/organisation", "unknown", "access-organisation-unknown"))
        }
    }

    /// `(login, account)` of those among these logins that are staff.
    pub async fn staff_ids(&self, logins: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
        table::ids(&mut self.db.reader().await?, logins).await
    }

    /// Everybody with an account that is open, as they would sign in. For the demo: it reads account by account.
    pub async fn everybody(&self) -> Result<Vec<Principal>, AccessError> {
        let rows = table::open_accounts(&mut self.db.reader().await?).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(self.principal_of(row).await?);
        }
        Ok(found)
    }

    /// All accounts with their roles, by login.
    pub async fn accounts(&self) -> Result<Vec<AccountLine>, AccessError> {
        Ok(table::all(&mut self.db.reader().await?).await?)
    }

    /// The account of a citizen's phone, opened when it is new. The phone has been proved by a code.
    pub(crate) async fn citizen(&self, phone: &Phone, now: Instant) -> Result<AccountRow, AccessError> {
        let macs = self.keyring.index_macs(PHONE, phone.as_str().as_bytes());
        if let Some(row) = table::by_phone(&mut self.db.reader().await?, &macs).await? {
            return Ok(row);
        }
        let id = AccountId(uuid::Uuid::now_v7().to_string());
        let vault = Vault { name: String::new(), phone: phone.as_str().to_owned(), ..Vault::default() };
        let (wrapped, sealed) = self.seal_vault(&id, &vault)?;
        let mut changes = Changes::new();
        changes.push(table::insert(&Insert {
            id: &id,
            kind: "citizen",
            login: None,
            name: None,
            organisation: None,
            password: None,
            vault: Some((&wrapped, &sealed)),
            phone_mac: Some(self.phone_index(phone)?),
            origin: "phone",
            at: now,
        }));
        match self.db.apply("open citizen account", changes).await {
            Ok(()) => {}
            // The same code typed twice at once: the other one opened it.
            Err(error) if error.is_duplicate_of("account") => {}
            Err(error) => return Err(error.into()),
        }
        let row = table::by_phone(&mut self.db.reader().await?, &macs).await?;
        row.ok_or_else(|| StoreError::Missing.into())
    }

    /// Hash of a phone as accounts are found by it, and the key it was made with.
    pub(crate) fn phone_index(&self, phone: &Phone) -> Result<([u8; 32], u32), StoreError> {
        let (key_id, mac) = self.keyring.index_mac(PHONE, phone.as_str().as_bytes())?;
        Ok((mac, key_id))
    }

    /// Makes the phone hashes of one batch of accounts anew by the key in use; 0 when there is nothing to do.
    pub async fn reindex_some(&self, batch: i64) -> Result<usize, AccessError> {
        let id = self.keyring.index_key_id();
        let work = rotate::work(&self.db, rotate::Class::Index, id, "account.phone_mac").await?;
        if work.finished {
            return Ok(0);
        }
        let rows = table::by_old_key(&mut self.db.reader().await?, id, &work.after, batch).await?;
        let mut changes = Changes::new();
        for row in &rows {
            let vault = self.open_vault(row)?;
            if vault.phone.is_empty() {
                tracing::error!(account = row.id, "an account is found by a phone it does not hold");
                continue;
            }
            let mac = self.keyring.index_mac(PHONE, vault.phone.as_bytes())?;
            changes.push(table::set_phone_mac(&row.id, mac));
        }
        let last = rows.last().map_or(work.after.as_str(), |row| row.id.as_str());
        let seen = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        changes.push(work.reached(last, seen, seen < batch));
        self.db.apply("reindex accounts", changes).await?;
        Ok(rows.len().max(1))
    }

    /// Hash of a phone for what is kept for minutes: codes.
    pub(crate) fn phone_mac(&self, phone: &Phone) -> Result<[u8; 32], StoreError> {
        self.keyring.mac("phone", phone.as_str().as_bytes())
    }

    pub(crate) fn seal_vault(
        &self,
        id: &AccountId,
        vault: &Vault,
    ) -> Result<(Vec<u8>, Vec<u8>), AccessError> {
        let (key, wrapped) = self.keyring.new_data_key()?;
        let plain = serde_json::to_vec(vault).map_err(|error| AccessError::Broken(error.to_string()))?;
        Ok((wrapped, key.seal(&place(id.as_str()), &plain)?))
    }

    pub(crate) fn open_vault(&self, row: &AccountRow) -> Result<Vault, AccessError> {
        let (Some(wrapped), Some(sealed)) = (&row.wrapped_key, &row.sealed) else {
            return Ok(Vault::default());
        };
        let key: DataKey = self.keyring.unwrap(wrapped)?;
        let plain = key.open(&place(&row.id), sealed)?;
        serde_json::from_slice(&plain).map_err(|error| AccessError::Broken(error.to_string()))
    }

    /// What is known of a signed-in citizen, for filling in the own form.
    pub async fn vault(&self, account: &AccountId) -> Result<Vault, AccessError> {
        let row = table::by_id(&mut self.db.reader().await?, account.as_str()).await?;
        row.map_or_else(|| Ok(Vault::default()), |row| self.open_vault(&row))
    }

    /// Statements that delete a citizen's account: who it was, its sessions, the code sent to its phone.
    ///
    /// # Errors
    /// When the keyed hash of the phone cannot be made.
    pub fn forget_citizen(&self, account: &AccountId, phone: &str) -> Result<Changes, StoreError> {
        let mut changes = Changes::new();
        for gone in crate::oidc::forgotten(account.as_str()) {
            changes.push(gone);
        }
        changes.push(crate::session::store::end_of_account(account.as_str()));
        if let Ok(phone) = Phone::parse(phone) {
            changes.push(table::forget_code(&self.phone_mac(&phone)?));
        }
        changes.push(table::forget_citizen(account.as_str()));
        Ok(changes)
    }

    /// Keeps what has become known of a citizen, under the data key the account has.
    pub(crate) async fn keep_vault(&self, row: &mut AccountRow, vault: &Vault) -> Result<(), AccessError> {
        let Some(wrapped) = &row.wrapped_key else { return Ok(()) };
        let plain = serde_json::to_vec(vault).map_err(|error| AccessError::Broken(error.to_string()))?;
        let sealed = self.keyring.unwrap(wrapped)?.seal(&place(&row.id), &plain)?;
        let mut changes = Changes::new();
        changes.push(table::set_sealed(&row.id, &sealed));
        self.db.apply("keep vault", changes).await?;
        row.sealed = Some(sealed);
        Ok(())
    }

    /// The principal of an account as it stands now.
    pub(crate) async fn principal_of(&self, row: AccountRow) -> Result<Principal, AccessError> {
        let citizen = row.kind == "citizen";
        let name = if citizen { self.open_vault(&row)?.name } else { row.name.clone().unwrap_or_default() };
        let grants =
            if citizen { Vec::new() } else { table::grants(&mut self.db.reader().await?, &row.id).await? };
        Ok(Principal {
            account: Some(AccountId(row.id)),
            kind: if citizen { Kind::Citizen } else { Kind::Staff },
            login: row.login,
            name,
            grants,
            home: row.organisation.map(OrgId),
        })
    }
}
