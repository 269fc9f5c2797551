//! What a service area is.

use kernel::area::AreaCode;
use serde::{Deserialize, Serialize};

use crate::principal::OrgId;

/// An area bodies serve although it is no division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceArea {
    /// Readable id, e.g. `zone.liaocheng.economic`.
    pub id: String,
    /// Name, e.g. `聊城经济技术开发区`.
    pub name: String,
    /// Divisions it is made of, by code.
    pub members: Vec<AreaCode>,
    /// Bodies that serve it, by id.
    pub offices: Vec<OrgId>,
}

/// A service area as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewServiceArea {
    /// Readable id; writing one again changes it.
    pub id: String,
    /// Name.
    pub name: String,
    /// Codes of its divisions.
    pub members: Vec<AreaCode>,
    /// Ids of bodies that serve it.
    #[serde(default)]
    pub offices: Vec<String>,
}
