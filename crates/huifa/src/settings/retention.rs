//! `[retention]`: whether the node erases by itself.

use serde::Deserialize;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[retention]
# Whether the node itself erases the content of ended matters whose time is up (catalog/parameters/retention.toml).
# Off until somebody has decided it: look at `huifa retention plan` first. What is erased cannot be brought back.
#run = false
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    /// Whether it does.
    pub run: bool,
}
