//! Sessions and the people behind them.

use super::{Area, Nullable, Stamp, present};
use serde::Deserialize;

/// Answer to `POST /sessions`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Bearer token.
    pub token: String,
    /// `staff`, `citizen` or `guest`.
    pub kind: SessionKind,
    /// RFC 3339 with `+08:00`.
    pub expires_at: Stamp,
}

/// Who a session belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// Somebody with an account and roles.
    Staff,
    /// A resident with a proved phone.
    Citizen,
    /// The applicant of one matter, by number and query code.
    Guest,
}

/// A role held for an area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Role name of contract §2.
    pub role: String,
    /// The area it holds for, with everything below.
    pub area: Area,
    /// The organisation it is bound to.
    #[serde(default)]
    pub organisation: Option<String>,
}

/// `GET /me`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Me {
    /// Sign-in name.
    #[serde(deserialize_with = "present")]
    pub login: Nullable<String>,
    /// Name to show.
    #[serde(deserialize_with = "present")]
    pub name: Nullable<String>,
    /// Kind of session.
    pub kind: SessionKind,
    /// What may be done where.
    pub roles: Vec<Grant>,
}

/// One entry of `demo-accounts.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoAccount {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Name to show.
    pub name: String,
    /// `staff` or `citizen`.
    pub kind: SessionKind,
    /// Roles.
    pub roles: Vec<Grant>,
}
