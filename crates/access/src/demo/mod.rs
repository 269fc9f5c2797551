//! The city the demo shows: 聊城 with its divisions of 2016 and 2023 and what became of them ([`crate::area::builtin`]),
//! its bodies and its people. Bodies, telephone numbers and people are invented and marked with the origin `demo`;
//! which towns belong to the three development zones is known roughly only.

mod people;
mod places;

use kernel::time::Instant;
use serde::{Deserialize, Serialize};

use crate::account::model::RoleLine;
use crate::error::AccessError;
use crate::room::Access;

/// One line of `demo-accounts.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Login.
    pub login: String,
    /// Password, random for every data folder.
    pub password: String,
    /// Invented name.
    pub name: String,
    /// `staff` or `citizen`.
    pub kind: String,
    /// Roles held.
    pub roles: Vec<RoleLine>,
}

/// Puts divisions, bodies and people in; run again it changes nothing. `known` are the accounts written by
/// an earlier run for this data folder, whose passwords are kept; an account whose password is not known
/// any more gets a new one.
pub async fn load(
    access: &Access,
    known: &[DemoAccount],
    now: Instant,
) -> Result<Vec<DemoAccount>, AccessError> {
    places::load(access).await?;
    people::load(access, known, now).await
}

fn fault(error: impl std::fmt::Display) -> AccessError {
    AccessError::Broken(format!("demo data: {error}"))
}
