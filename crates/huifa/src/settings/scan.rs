//! `[scan]`: the virus scanner that is asked about every upload.

use files::scan::Address;
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[scan]
# Where clamd listens: unix:/path or tcp:host:port. Without it uploads are looked into, but not scanned. While it
# does not answer, uploads wait in quarantine and nobody reads them; its StreamMaxLength must not be below
# upload_bytes, or larger files wait for ever.
#clamd = \"unix:/run/clamav/clamd.ctl\"
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    clamd: Option<String>,
}

impl Section {
    /// The scanner meant.
    pub fn read(&self) -> Result<Option<Address>, Failure> {
        let address = self.clamd.as_deref().map(str::parse::<Address>).transpose();
        address.map_err(|fault| Failure::Environment(format!("huifa.toml, [scan]: clamd: {fault}")))
    }
}
