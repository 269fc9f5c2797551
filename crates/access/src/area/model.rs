//! What a division looks like from outside.

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use serde::Serialize;

/// One division as it stands (or stood) from `valid_from` until the day before `valid_to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Twelve digits.
    pub code: AreaCode,
    /// Official name at its own level, e.g. `东昌府区`.
    pub name: String,
    /// Level of the division.
    pub level: Level,
    /// The division above; none for a province.
    pub parent: Option<AreaCode>,
    /// First day it is known to stand.
    pub valid_from: Date,
    /// First day it no longer stood.
    pub valid_to: Option<Date>,
}

/// What `GET /areas` asks for.
#[derive(Debug, Clone)]
pub struct AreaQuery {
    /// Direct children of this division; with `text`, everything below it.
    pub parent: Option<AreaCode>,
    /// Part of a name, or the beginning of a code.
    pub text: Option<String>,
    /// Only divisions that stand on this day.
    pub on: Date,
    /// Only codes after this one (keyset cursor).
    pub after: Option<AreaCode>,
    /// At most this many.
    pub limit: u32,
}
