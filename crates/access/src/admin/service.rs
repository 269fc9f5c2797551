//! What administrators do. Every function takes who acts, asks the rules, and leaves a row in the record in the
//! transaction of its effect.

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use kernel::time::Instant;
use serde_json::json;
use store::{Changes, StoreError};

use super::model::{AccountView, Listed, Wanted};
use super::rules::{Power, may, not_oneself, separation};
use super::store::{self as table, Kept};
use crate::account::model::{NewAccount, RoleLine};
use crate::account::store as accounts;
use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::own::store as own;
use crate::principal::{AccountId, Grant, Kind, OrgId, Principal};
use crate::room::Access;
use crate::session;
use crate::session::lock;

/// Longest reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 2..=500;

/// A role, where, and for which body.
#[derive(Debug, Clone)]
pub struct Granting {
    /// Who gets or loses it.
    pub login: String,
    /// The role.
    pub role: Role,
    /// Where.
    pub area: AreaCode,
    /// For this body only.
    pub organisation: Option<String>,
}

pub(crate) fn refused(pointer: &str, code: &'static str, key: &'static str) -> AccessError {
    Refusal::new(Code::FactsWrong, "access-account-refused")
        .error(FieldError::new(pointer, code, Text::new(key)))
        .next(Next::say("next-mend-fields"))
        .into()
}

fn no_account() -> AccessError {
    Refusal::new(Code::NotFound, "admin-no-account").next(Next::say("admin-next-list")).into()
}

/// Nothing to do: it stands so already, or somebody was first.
fn stands_so() -> AccessError {
    Refusal::new(Code::RuleRefused, "admin-stands-so").next(Next::say("next-look-again")).into()
}

fn reason(text: &str) -> Result<String, AccessError> {
    let text = kernel::text::prose(text);
    if REASON.contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(refused("/reason", "length", "admin-reason-form"))
}

/// The actor as written in the record.
pub(crate) fn actor(who: &Principal) -> Option<&str> {
    match who.kind {
        Kind::System => Some("system"),
        _ => who.account.as_ref().map(AccountId::as_str),
    }
}

/// Where somebody's power reaches; `None` = everywhere.
fn reach(who: &Principal, power: Power) -> Option<Vec<(i64, i64)>> {
    (who.kind != Kind::System).then(|| {
        who.grants
            .iter()
            .filter(|grant| power.holders().contains(&grant.role))
            .flat_map(|grant| grant.ranges.clone())
            .collect()
    })
}

fn covers(who: &Principal, power: Power, area: AreaCode) -> bool {
    let held = |grant: &Grant| power.holders().contains(&grant.role) && grant.covers(area);
    who.kind == Kind::System || who.grants.iter().any(held)
}

impl Access {
    /// Accounts within reach, by login.
    pub async fn list_accounts(
        &self,
        who: &Principal,
        wanted: &Wanted,
        now: Instant,
    ) -> Result<Listed, AccessError> {
        may(who, Power::SeeAccounts)?;
        let ranges = reach(who, Power::SeeAccounts);
        let mut reader = self.db.reader().await?;
        let (mut rows, total) = table::page(&mut reader, wanted, ranges.as_deref()).await?;
        drop(reader);
        let limit = usize::try_from(wanted.limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.login.clone());
        Ok(Listed { items: self.views(rows, now).await?, total, next })
    }

    /// One account within reach.
    pub async fn see_account(
        &self,
        who: &Principal,
        login: &str,
        now: Instant,
    ) -> Result<AccountView, AccessError> {
        may(who, Power::SeeAccounts)?;
        let row = self.within_reach(who, Power::SeeAccounts, login).await?;
        self.views(vec![row], now).await?.pop().ok_or_else(no_account)
    }

    async fn views(&self, rows: Vec<Kept>, now: Instant) -> Result<Vec<AccountView>, AccessError> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let subjects =
            rows.iter().map(|row| lock::subject(&self.keyring, &row.login)).collect::<Result<Vec<_>, _>>()?;
        let mut reader = self.db.reader().await?;
        let roles = table::roles(&mut reader, ids).await?;
        let failures = table::failures(&mut reader, lock::IN_A_ROW, subjects.clone()).await?;
        let mut views = Vec::with_capacity(rows.len());
        for (row, subject) in rows.into_iter().zip(subjects) {
            let mut held = Vec::new();
            for (_, role, area, organisation) in roles.iter().filter(|(account, ..)| *account == row.id) {
                held.push(RoleLine {
                    role: role.parse().map_err(|fault| StoreError::column("role", fault))?,
                    area: AreaCode::from_i64(*area).map_err(|fault| StoreError::column("area", fault))?,
                    organisation: (!organisation.is_empty()).then(|| organisation.clone()),
                });
            }
            let locked_until = failures
                .get(&subject)
                .filter(|(hits, _)| self.rules.locks(*hits))
                .map(|(hits, last)| last.plus(self.rules.wait_after(*hits)))
                .filter(|until| *until > now);
            views.push(AccountView {
                login: row.login,
                name: row.name.unwrap_or_default(),
                organisation: row.organisation,
                roles: held,
                closed: row.disabled_at.is_some(),
                locked_until,
                totp: row.confirmed_at.is_some(),
                must_change: row.must_change,
            });
        }
        Ok(views)
    }

    /// The account of a login, if this power reaches it: outside it is the same as none.
    async fn within_reach(&self, who: &Principal, power: Power, login: &str) -> Result<Kept, AccessError> {
        let ranges = reach(who, power);
        let login = login.trim().to_lowercase();
        let row = table::one(&mut self.db.reader().await?, &login, ranges.as_deref()).await?;
        row.ok_or_else(no_account)
    }

    /// Permission, reach and separation in one: the account to act on.
    async fn acting_on(
        &self,
        who: &Principal,
        power: Power,
        act: Act,
        login: &str,
        now: Instant,
    ) -> Result<Kept, AccessError> {
        self.permit(who, power, act, None, now).await?;
        let row = self.within_reach(who, power, login).await?;
        if let Err(refusal) = not_oneself(who, &row.id) {
            self.record_alone(&Entry::new(actor(who), act, Some(&row.id), Outcome::Refused), now).await?;
            return Err(refusal.into());
        }
        Ok(row)
    }

    /// Opens an account. What an administrator chose as password is changed at the first sign-in.
    pub async fn open_account(
        &self,
        who: &Principal,
        new: &NewAccount,
        now: Instant,
    ) -> Result<(), AccessError> {
        self.permit(who, Power::KeepAccounts, Act::AccountOpen, None, now).await?;
        self.place_for(who, new.organisation.as_ref().map(OrgId::as_str)).await?;
        let faults = self.password_faults(&new.password, &new.login, &new.name);
        if !faults.is_empty() && who.kind != Kind::System {
            return Err(crate::own::password::refusal(faults).into());
        }
        self.insert_account(who, new, crate::account::service::First::Change, now).await.map(|_| ())
    }

    /// An organisation within reach, or none at all.
    async fn place_for(&self, who: &Principal, organisation: Option<&str>) -> Result<(), AccessError> {
        let Some(organisation) = organisation else { return Ok(()) };
        self.offices().forget();
        let offices = self.offices().current().await?;
        match offices.get(organisation) {
            Some(office) if covers(who, Power::KeepAccounts, office.area) => Ok(()),
            _ => Err(refused("/organisation", "unknown", "access-organisation-unknown")),
        }
    }

    /// Closes an account: its sessions end, its history stays. Work it owns goes on to be handed over.
    pub async fn close_account(
        &self,
        who: &Principal,
        login: &str,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepAccounts, Act::AccountClose, login, now).await?;
        let mut changes = Changes::new();
        changes.expect_one(table::close(&row.id, now), "account open");
        changes.push(session::store::end_of_account(&row.id));
        self.done(who, Act::AccountClose, &row, json!({ "reason": reason(why)? }), changes, now).await
    }

    /// Opens a closed account again, with what was granted to it.
    pub async fn reopen_account(
        &self,
        who: &Principal,
        login: &str,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepAccounts, Act::AccountReopen, login, now).await?;
        let mut changes = Changes::new();
        changes.expect_one(table::reopen(&row.id), "account closed");
        self.done(who, Act::AccountReopen, &row, json!({ "reason": reason(why)? }), changes, now).await
    }

    /// Moves a person to another body. What is granted stays until the security administrator changes it.
    pub async fn move_account(
        &self,
        who: &Principal,
        login: &str,
        organisation: Option<&str>,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepAccounts, Act::AccountMove, login, now).await?;
        self.place_for(who, organisation).await?;
        let mut changes = Changes::new();
        changes.push(table::move_to(&row.id, organisation));
        changes.push(session::store::end_of_account(&row.id));
        let words = json!({ "from": row.organisation, "to": organisation });
        self.done(who, Act::AccountMove, &row, words, changes, now).await
    }

    /// Sets a password for somebody who forgot theirs; it is changed at the next sign-in. Passwords of the
    /// administrators are set on the command line only: whoever could set them could be all three.
    pub async fn set_password(
        &self,
        who: &Principal,
        login: &str,
        password: &str,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepAccounts, Act::PasswordSet, login, now).await?;
        let why = reason(why)?;
        let held = accounts::grants(&mut self.db.reader().await?, &row.id).await?;
        if who.kind != Kind::System && held.iter().any(|grant| grant.role.administers()) {
            let entry = Entry::new(actor(who), Act::PasswordSet, Some(&row.id), Outcome::Refused);
            self.record_alone(&entry, now).await?;
            return Err(Refusal::new(Code::RuleRefused, "admin-password-of-admin")
                .rule(separation())
                .next(Next::say("admin-next-command-line"))
                .into());
        }
        let changes = self
            .new_password(&row.id, &row.login, row.name.as_deref().unwrap_or_default(), password, true, now)
            .await?;
        let mut changes = changes;
        changes.push(session::store::end_of_account(&row.id));
        self.done(who, Act::PasswordSet, &row, json!({ "reason": why }), changes, now).await
    }

    /// Grants a role. Its holder signs in again and finds it.
    pub async fn grant_role(
        &self,
        who: &Principal,
        granting: &Granting,
        now: Instant,
    ) -> Result<(), AccessError> {
        if granting.role.implied() {
            return Err(refused("/role", "implied", "access-role-implied"));
        }
        let row = self.granting(who, Act::Grant, granting, now).await?;
        if let Some(organisation) = granting.organisation.as_deref() {
            self.known_organisation(organisation).await?;
        }
        let separate = || refused("/role", "separate", "access-role-separate");
        // The three administrators are separate people, and see no matters.
        let held = accounts::grants(&mut self.db.reader().await?, &row.id).await?;
        let role = granting.role;
        if held.iter().any(|grant| grant.role != role && (grant.role.administers() || role.administers())) {
            return Err(separate());
        }
        let organisation = granting.organisation.as_deref().unwrap_or_default();
        let mut changes = Changes::new();
        // Two grants at once: the second waits for the account's row and sees the first.
        changes.expect_one(accounts::take_turn(&row.id), "account");
        changes.push(accounts::insert_grant(&row.id, role, granting.area, organisation, now));
        changes.expect(0, accounts::mixed(&row.id), "separate roles");
        changes.push(session::store::end_of_account(&row.id));
        match self.done(who, Act::Grant, &row, words_of(granting, None), changes, now).await {
            Err(AccessError::Store(StoreError::Conflict("separate roles"))) => Err(separate()),
            other => other,
        }
    }

    /// Revokes a role; open sessions of the account end.
    pub async fn revoke_role(
        &self,
        who: &Principal,
        granting: &Granting,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.granting(who, Act::Revoke, granting, now).await?;
        let why = reason(why)?;
        let organisation = granting.organisation.as_deref().unwrap_or_default();
        let mut changes = Changes::new();
        let gone = table::revoke(&row.id, granting.role.as_str(), granting.area.as_i64(), organisation);
        changes.expect_one(gone, "role held");
        changes.push(session::store::end_of_account(&row.id));
        self.done(who, Act::Revoke, &row, words_of(granting, Some(&why)), changes, now).await
    }

    /// Who may grant it here, to whom.
    async fn granting(
        &self,
        who: &Principal,
        act: Act,
        granting: &Granting,
        now: Instant,
    ) -> Result<Kept, AccessError> {
        let row = match self.acting_on(who, Power::KeepRights, act, &granting.login, now).await {
            Err(AccessError::Refused(refusal)) if refusal.code == Code::NotFound => {
                return Err(refused("/login", "unknown", "access-login-unknown"));
            }
            other => other?,
        };
        if !covers(who, Power::KeepRights, granting.area) {
            return Err(refused("/area", "outside", "admin-area-outside"));
        }
        Ok(row)
    }

    /// Lets a locked login try again.
    pub async fn unlock(
        &self,
        who: &Principal,
        login: &str,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepRights, Act::Unlock, login, now).await?;
        let mut changes = Changes::new();
        for forgotten in lock::forget(&lock::subject(&self.keyring, &row.login)?) {
            changes.push(forgotten);
        }
        self.done(who, Act::Unlock, &row, json!({ "reason": reason(why)? }), changes, now).await
    }

    /// Removes a second factor whose device is lost; the password stays.
    pub async fn remove_totp(
        &self,
        who: &Principal,
        login: &str,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepRights, Act::TotpRemove, login, now).await?;
        let why = reason(why)?;
        if row.confirmed_at.is_none() {
            return Err(stands_so());
        }
        let mut changes = Changes::new();
        changes.push(own::remove_totp(&row.id));
        changes.push(own::remove_recovery(&row.id));
        changes.push(session::store::end_of_account(&row.id));
        self.done(who, Act::TotpRemove, &row, json!({ "reason": why }), changes, now).await
    }

    /// Signs somebody out everywhere.
    pub async fn sign_out(
        &self,
        who: &Principal,
        login: &str,
        why: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let row = self.acting_on(who, Power::KeepRights, Act::SignOut, login, now).await?;
        let mut changes = Changes::new();
        changes.push(session::store::end_of_account(&row.id));
        self.done(who, Act::SignOut, &row, json!({ "reason": reason(why)? }), changes, now).await
    }

    /// Whether somebody may look at the settings; that they did is recorded.
    pub async fn see_settings(&self, who: &Principal, now: Instant) -> Result<(), AccessError> {
        self.permit(who, Power::SeeSettings, Act::SettingsRead, None, now).await?;
        Ok(self.record_alone(&Entry::new(actor(who), Act::SettingsRead, None, Outcome::Done), now).await?)
    }

    /// Writes an act and its row in the record together.
    async fn done(
        &self,
        who: &Principal,
        act: Act,
        row: &Kept,
        words: serde_json::Value,
        mut changes: Changes,
        now: Instant,
    ) -> Result<(), AccessError> {
        let entry = Entry::new(actor(who), act, Some(&row.id), Outcome::Done).words(words);
        self.record(&mut changes, &entry, now)?;
        match self.db.apply("administer account", changes).await {
            Err(StoreError::Conflict("account open" | "account closed" | "role held")) => Err(stands_so()),
            other => Ok(other?),
        }
    }
}

fn words_of(granting: &Granting, why: Option<&str>) -> serde_json::Value {
    let mut words = json!({ "role": granting.role, "area": granting.area });
    if let Some(organisation) = &granting.organisation {
        words["organisation"] = json!(organisation);
    }
    if let Some(why) = why {
        words["reason"] = json!(why);
    }
    words
}
