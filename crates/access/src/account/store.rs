//! SQL of accounts and grants.

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

use super::model::{AccountLine, RoleLine};
use crate::principal::{AccountId, Grant, OrgId};

store::record! {
    /// What signing in needs of an account.
    #[derive(Debug)]
    pub(crate) struct AccountRow {
        pub(crate) id: String,
        pub(crate) kind: String,
        pub(crate) login: Option<String>,
        pub(crate) name: Option<String>,
        pub(crate) password: Option<String>,
        pub(crate) wrapped_key: Option<Vec<u8>>,
        pub(crate) sealed: Option<Vec<u8>>,
        pub(crate) disabled_at: Option<jiff::Timestamp>,
        pub(crate) organisation: Option<String>,
        pub(crate) created_at: jiff::Timestamp,
        pub(crate) password_at: Option<jiff::Timestamp>,
        pub(crate) must_change: bool,
    }
}

const COLUMNS: &str = "SELECT id, kind, login, name, password, wrapped_key, sealed, disabled_at, organisation, created_at, password_at, must_change FROM account WHERE ";

pub(crate) async fn by_login(reads: &mut impl Reads, login: &str) -> Result<Option<AccountRow>, StoreError> {
    sql(COLUMNS).then("login = ?").bind(login).optional(reads).await
}

/// `(login, id)` of the staff among these logins.
pub(crate) async fn ids(
    reads: &mut impl Reads,
    logins: &[&str],
) -> Result<Vec<(String, String)>, StoreError> {
    sql("SELECT login, id FROM account WHERE kind = 'staff'")
        .list(" AND login IN (", logins.iter().copied(), ")")
        .all(reads)
        .await
}

/// All accounts that are not closed, by id.
pub(crate) async fn open_accounts(reads: &mut impl Reads) -> Result<Vec<AccountRow>, StoreError> {
    sql(COLUMNS).then("disabled_at IS NULL ORDER BY id").all(reads).await
}

pub(crate) async fn by_id(reads: &mut impl Reads, id: &str) -> Result<Option<AccountRow>, StoreError> {
    sql(COLUMNS).then("id = ?").bind(id).optional(reads).await
}

pub(crate) async fn by_phone(
    reads: &mut impl Reads,
    macs: &[[u8; 32]],
) -> Result<Option<AccountRow>, StoreError> {
    sql(COLUMNS).list("phone_mac IN (", macs, ")").optional(reads).await
}

/// Accounts whose phone hash was made by a key before `key_id`, by id.
pub(crate) async fn by_old_key(
    reads: &mut impl Reads,
    key_id: u32,
    after: &str,
    limit: i64,
) -> Result<Vec<AccountRow>, StoreError> {
    sql(COLUMNS)
        .then("phone_key < ? AND id > ? ORDER BY id LIMIT ?")
        .bind(i64::from(key_id))
        .bind(after)
        .bind(limit)
        .all(reads)
        .await
}

/// Puts a new hash of a phone in place of one an older key made.
pub(crate) fn set_phone_mac(account: &str, (key_id, mac): (u32, [u8; 32])) -> Sql {
    sql("UPDATE account SET phone_mac = ?, phone_key = ? WHERE id = ? AND phone_key < ?")
        .bind(mac)
        .bind(i64::from(key_id))
        .bind(account)
        .bind(i64::from(key_id))
}

/// Roles of an account with the ranges their areas stand for.
pub(crate) async fn grants(reads: &mut impl Reads, account: &str) -> Result<Vec<Grant>, StoreError> {
    let rows: Vec<(String, i64, String)> = sql("SELECT role, area, organisation FROM account_grant")
        .then(" WHERE account = ? ORDER BY role, area, organisation")
        .bind(account)
        .all(reads)
        .await?;
    let mut grants = Vec::with_capacity(rows.len());
    for (role, area, organisation) in rows {
        let role: Role = role.parse().map_err(|fault| StoreError::column("role", fault))?;
        let area = AreaCode::from_i64(area).map_err(|fault| StoreError::column("area", fault))?;
        let organisation = (!organisation.is_empty()).then_some(OrgId(organisation));
        grants.push(Grant { role, area, organisation, ranges: ranges(reads, area).await? });
    }
    Ok(grants)
}

/// The subtree of a division, of what took it over when it stands no longer, and of every division that came
/// into these from outside: matters keep the code of their day.
///
/// A division that moved out of one that stands is not followed: it is somebody else's now. A former code that was
/// dealt out again for another place is left out, for today it names that place.
async fn ranges(reads: &mut impl Reads, area: AreaCode) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    let add = |found: &mut Vec<(i64, i64)>, code: i64| -> Result<Option<(i64, i64)>, StoreError> {
        let code = AreaCode::from_i64(code).map_err(|fault| StoreError::column("code", fault))?;
        let (low, high) = code.range();
        if found.iter().any(|(from, to)| *from <= low && high <= *to) {
            return Ok(None);
        }
        found.push((low, high));
        Ok(Some((low, high)))
    };
    // Each range is taken once, so both walks end whatever the links say.
    let mut heirs = vec![area.as_i64()];
    let mut fresh = Vec::new();
    while let Some(code) = heirs.pop() {
        let Some(range) = add(&mut found, code)? else { continue };
        fresh.push(range);
        let next: Vec<(i64,)> = sql("SELECT successor FROM area_link WHERE code = ?")
            .bind(code)
            .then(STANDS_NO_LONGER)
            .then(" ORDER BY successor")
            .all(reads)
            .await?;
        heirs.extend(next.into_iter().map(|(code,)| code));
    }
    while let Some((low, high)) = fresh.pop() {
        let came: Vec<(i64,)> = sql("SELECT code FROM area_link WHERE successor BETWEEN ? AND ?")
            .bind(low)
            .bind(high)
            .then(" AND NOT (code BETWEEN ? AND ?)")
            .bind(low)
            .bind(high)
            .then(STANDS_NO_LONGER)
            // The widest first: its range holds those of its towns and villages.
            .then(" ORDER BY code")
            .all(reads)
            .await?;
        for (code,) in came {
            fresh.extend(add(&mut found, code)?);
        }
    }
    Ok(found)
}

const STANDS_NO_LONGER: &str =
    " AND NOT EXISTS (SELECT 1 FROM area WHERE area.code = area_link.code AND area.valid_to IS NULL)";

/// A new account. `name` is for staff, `sealed` for citizens.
pub(crate) struct Insert<'a> {
    pub(crate) id: &'a AccountId,
    pub(crate) kind: &'static str,
    pub(crate) login: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) organisation: Option<&'a str>,
    pub(crate) password: Option<&'a str>,
    pub(crate) vault: Option<(&'a [u8], &'a [u8])>,
    /// Keyed hash of the phone, and the id of the key it was made with.
    pub(crate) phone_mac: Option<([u8; 32], u32)>,
    pub(crate) origin: &'static str,
    pub(crate) at: Instant,
}

pub(crate) fn insert(new: &Insert<'_>) -> Sql {
    sql("INSERT INTO account (id, kind, login, name, organisation, password, wrapped_key, sealed,")
        .then(" phone_mac, phone_key, origin, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(new.id.as_str())
        .bind(new.kind)
        .bind(new.login)
        .bind(new.name)
        .bind(new.organisation)
        .bind(new.password)
        .bind(new.vault.map(|(key, _)| key))
        .bind(new.vault.map(|(_, sealed)| sealed))
        .bind(new.phone_mac.map(|(mac, _)| mac))
        .bind(new.phone_mac.map(|(_, key)| key))
        .bind(new.origin)
        .bind(new.at.timestamp())
}

/// The password is changed at the next sign-in.
pub(crate) fn must_change(account: &str) -> Sql {
    sql("UPDATE account SET must_change = TRUE WHERE id = ?").bind(account)
}

/// Takes the account's row until the transaction ends, so that grants to one account queue.
pub(crate) fn take_turn(account: &str) -> Sql {
    sql("UPDATE account SET created_at = created_at WHERE id = ?").bind(account)
}

/// Touches the account when it holds an administrator's role beside another role.
pub(crate) fn mixed(account: &str) -> Sql {
    sql("UPDATE account SET created_at = created_at WHERE id = ? AND EXISTS (SELECT 1 FROM account_grant")
        .bind(account)
        .then(" WHERE account = ? AND role IN ('system_admin', 'security_admin', 'audit_admin'))")
        .bind(account)
        .then(" AND (SELECT count(DISTINCT role) FROM account_grant WHERE account = ?) > 1")
        .bind(account)
}

pub(crate) fn set_sealed(account: &str, sealed: &[u8]) -> Sql {
    sql("UPDATE account SET sealed = ? WHERE id = ?").bind(sealed).bind(account)
}

pub(crate) fn set_password(account: &str, hash: &str) -> Sql {
    sql("UPDATE account SET password = ? WHERE id = ?").bind(hash).bind(account)
}

/// Deletes a citizen's account. Staff accounts stay: what they did must be told to the end.
pub(crate) fn forget_citizen(account: &str) -> Sql {
    sql("DELETE FROM account WHERE id = ? AND kind = 'citizen'").bind(account)
}

/// Deletes the code outstanding for a phone.
pub(crate) fn forget_code(phone_mac: &[u8; 32]) -> Sql {
    sql("DELETE FROM phone_code WHERE phone_mac = ?").bind(phone_mac)
}

pub(crate) fn insert_grant(
    account: &str,
    role: Role,
    area: AreaCode,
    organisation: &str,
    at: Instant,
) -> Sql {
    sql("INSERT INTO account_grant (account, role, area, organisation, granted_at) VALUES (?, ?, ?, ?, ?)")
        .then(" ON CONFLICT (account, role, area, organisation) DO NOTHING")
        .bind(account)
        .bind(role.as_str())
        .bind(area.as_i64())
        .bind(organisation)
        .bind(at.timestamp())
}

pub(crate) async fn all(reads: &mut impl Reads) -> Result<Vec<AccountLine>, StoreError> {
    type Line = (String, String, Option<String>, Option<String>, Option<String>);
    let rows: Vec<Line> =
        sql("SELECT id, kind, login, name, organisation FROM account ORDER BY id").all(reads).await?;
    let roles: Vec<(String, String, i64, String)> =
        sql("SELECT account, role, area, organisation FROM account_grant")
            .then(" ORDER BY account, role, area, organisation")
            .all(reads)
            .await?;
    let mut roles = roles.into_iter().peekable();
    let mut lines = Vec::with_capacity(rows.len());
    for (id, kind, login, name, organisation) in rows {
        let mut own = Vec::new();
        while let Some((_, role, area, organisation)) = roles.next_if(|(account, ..)| *account == id) {
            own.push(RoleLine {
                role: role.parse().map_err(|fault| StoreError::column("role", fault))?,
                area: AreaCode::from_i64(area).map_err(|fault| StoreError::column("area", fault))?,
                organisation: (!organisation.is_empty()).then_some(organisation),
            });
        }
        lines.push(AccountLine { login, name: name.unwrap_or_default(), kind, organisation, roles: own });
    }
    lines.sort_by(|a, b| a.login.cmp(&b.login));
    Ok(lines)
}

store::record! {
    /// A colleague, for choices like "which lawyer of this firm" and for showing who owns a matter.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Colleague {
        /// Account.
        pub id: String,
        /// Login.
        pub login: String,
        /// Display name.
        pub name: String,
        /// The body the person belongs to.
        pub organisation: Option<String>,
    }
}

/// Staff who hold a role for an organisation, by name; closed accounts are left out.
pub async fn holders(
    reads: &mut impl Reads,
    role: Role,
    organisation: &str,
) -> Result<Vec<Colleague>, StoreError> {
    sql("SELECT DISTINCT account.id, account.login, account.name, account.organisation FROM account_grant")
        .then(" JOIN account ON account.id = account_grant.account")
        .then(" WHERE account_grant.organisation = ? AND account_grant.role = ?")
        .then(" AND account.disabled_at IS NULL AND account.kind = 'staff' ORDER BY account.login")
        .bind(organisation)
        .bind(role.as_str())
        .all(reads)
        .await
}

store::record! {
    /// A colleague who may be chosen, and whether they are there.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct OnDuty {
        /// Account.
        pub id: String,
        /// Login.
        pub login: String,
        /// Display name.
        pub name: String,
        /// The body the person belongs to.
        pub organisation: Option<String>,
        /// The last day of their absence, when they are away.
        pub until: Option<jiff::civil::Date>,
        /// Name of who stands in for them, when somebody who is there does.
        pub substitute: Option<String>,
    }
}

/// [`holders`] of a role, with who is away on a day.
pub async fn on_duty(
    reads: &mut impl Reads,
    role: Role,
    organisation: &str,
    day: jiff::civil::Date,
) -> Result<Vec<OnDuty>, StoreError> {
    sql("SELECT DISTINCT account.id, account.login, account.name, account.organisation, a.last_day AS until, s.name AS substitute")
        .then(" FROM account_grant JOIN account ON account.id = account_grant.account")
        .then(" LEFT JOIN absence a ON a.account = account.id AND a.ended_at IS NULL AND a.first_day <= ? AND a.last_day >= ?")
        .bind(day)
        .bind(day)
        .then(" LEFT JOIN account s ON s.id = a.substitute AND s.disabled_at IS NULL AND NOT EXISTS")
        .then(" (SELECT 1 FROM absence b WHERE b.account = a.substitute AND b.ended_at IS NULL AND b.first_day <= ? AND b.last_day >= ?)")
        .bind(day)
        .bind(day)
        .then(" WHERE account_grant.organisation = ? AND account_grant.role = ?")
        .then(" AND account.disabled_at IS NULL AND account.kind = 'staff' ORDER BY account.login")
        .bind(organisation)
        .bind(role.as_str())
        .all(reads)
        .await
}

/// The staff member of this login with what they may do, whether the account is closed or not: work may lie with
/// somebody who has left.
pub async fn staff_by_login(
    reads: &mut impl Reads,
    login: &str,
) -> Result<Option<crate::absence::Standin>, StoreError> {
    let row = by_login(reads, login).await?.filter(|row| row.kind == "staff");
    person_of(reads, row).await
}

/// The same, unless the account is closed.
pub async fn standin_by_login(
    reads: &mut impl Reads,
    login: &str,
) -> Result<Option<crate::absence::Standin>, StoreError> {
    let row = by_login(reads, login).await?;
    let row = row.filter(|row| row.kind == "staff" && row.disabled_at.is_none());
    person_of(reads, row).await
}

async fn person_of(
    reads: &mut impl Reads,
    row: Option<AccountRow>,
) -> Result<Option<crate::absence::Standin>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let grants = grants(reads, &row.id).await?;
    let login = row.login.unwrap_or_default();
    Ok(Some(crate::absence::Standin { account: row.id, name: row.name.unwrap_or_default(), login, grants }))
}

/// The staff member of this account id.
pub async fn colleague(reads: &mut impl Reads, account: &str) -> Result<Option<Colleague>, StoreError> {
    sql("SELECT id, login, name, organisation FROM account WHERE kind = 'staff' AND id = ?")
        .bind(account)
        .optional(reads)
        .await
}

/// The staff member of this login, unless the account is closed.
pub async fn colleague_by_login(
    reads: &mut impl Reads,
    login: &str,
) -> Result<Option<Colleague>, StoreError> {
    sql("SELECT id, login, name, organisation FROM account")
        .then(" WHERE kind = 'staff' AND disabled_at IS NULL AND login = ?")
        .bind(login)
        .optional(reads)
        .await
}
