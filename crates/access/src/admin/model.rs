//! What administrators see of an account.

use kernel::time::Instant;
use serde::Serialize;

use crate::account::model::RoleLine;

/// A staff account with what is granted to it and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// Login.
    pub login: String,
    /// Name colleagues see.
    pub name: String,
    /// The body the person belongs to.
    pub organisation: Option<String>,
    /// Roles.
    pub roles: Vec<RoleLine>,
    /// Whether it is closed.
    pub closed: bool,
    /// Until when wrong tries keep it from signing in.
    pub locked_until: Option<Instant>,
    /// Whether it has a second factor.
    pub totp: bool,
    /// Whether the password must be changed at the next sign-in.
    pub must_change: bool,
}

/// Which accounts are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Part of login or name.
    pub q: Option<String>,
    /// Of this body.
    pub organisation: Option<String>,
    /// After this login.
    pub after: Option<String>,
    /// How many.
    pub limit: i64,
}

/// A page of accounts, by login.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Accounts.
    pub items: Vec<AccountView>,
    /// How many match.
    pub total: i64,
    /// Cursor of the next page.
    pub next: Option<String>,
}
