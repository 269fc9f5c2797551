//! What is handed over.

use jiff::civil::Date;
use kernel::area::AreaCode;
use serde::{Deserialize, Serialize};

/// A former division on which something hangs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Orphan {
    /// Its code.
    pub code: AreaCode,
    /// Its last name.
    pub name: String,
    /// First day it no longer stood.
    pub ended_on: Date,
    /// The division it is told with until somebody links it.
    pub town: AreaCode,
    /// Bodies that sit there: id and name.
    pub offices: Vec<(String, String)>,
    /// Accounts that hold a role there: login and name.
    pub people: Vec<(String, String)>,
}

/// Former divisions around somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// How many stand now.
    pub standing: usize,
    /// How many ended and have a successor.
    pub linked: usize,
    /// How many ended without a known successor: they are told with their town.
    pub unknown: usize,
    /// Those on which something hangs, by code.
    pub waiting: Vec<Orphan>,
}

/// What an official says: `to` took `from` over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewLink {
    /// A division that ended without a known successor.
    pub from: AreaCode,
    /// A division that stands, of the same level or a wider one; the same code when the place only changed its name.
    pub to: AreaCode,
    /// Why, for the record.
    pub reason: String,
}
