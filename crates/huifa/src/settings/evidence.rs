//! `[evidence]`: signed heads of the log, and time stamps for them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use evidence::checkpoint::Signing;
use evidence::stamp::Anchors;
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[evidence]
# Name of the log, in every signed head and every key: an address without scheme that is yours alone, without spaces
# and plus signs. It cannot be changed once something was signed; without it a random name is made.
#origin = \"huifa.example.gov.cn/log\"
# The log is signed when it grew and this many minutes have passed since the last time; at once by
# `huifa evidence checkpoint`.
#checkpoint_minutes = 60
# A time-stamping authority (RFC 3161) that is asked for the time of each signed head, and the file with the
# certificates (PEM) its own leads to. Without both, heads carry no time but ours.
#tsa = \"http://tsa.example.gov.cn/\"
#tsa_ca = \"tsa-ca.pem\"
";

/// Name of the file in the data folder that remembers the last head signed here.
const MEMORY: &str = "checkpoint";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    origin: Option<String>,
    checkpoint_minutes: Option<u64>,
    tsa: Option<String>,
    tsa_ca: Option<PathBuf>,
}

/// A time-stamping authority.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Its address.
    pub address: String,
    /// Whom its certificate must lead to.
    pub anchors: Anchors,
}

/// What holds.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Name and memory of the log.
    pub signing: Signing,
    /// Least time between two heads made by the node itself.
    pub every: Duration,
    /// Who is asked for the time.
    pub authority: Option<Authority>,
}

impl Section {
    /// What is meant.
    pub fn read(self, data: &Path) -> Result<Evidence, Failure> {
        let wrong = |what: &str| Failure::Environment(format!("huifa.toml, [evidence]: {what}"));
        if let Some(origin) = &self.origin {
            let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
            if origin.is_empty() || origin.contains(bad) {
                return Err(wrong("origin: a name without spaces and plus signs"));
            }
        }
        let minutes = self.checkpoint_minutes.unwrap_or(60);
        if !(1..=60 * 24 * 31).contains(&minutes) {
            return Err(wrong("checkpoint_minutes: from one minute to a month"));
        }
        let authority = match (self.tsa, self.tsa_ca) {
            (None, None) => None,
            (Some(address), Some(file))
                if address.starts_with("http://") || address.starts_with("https://") =>
            {
                let file = data.join(file);
                let pem = std::fs::read(&file)
                    .map_err(|error| wrong(&format!("tsa_ca: {}: {error}", file.display())))?;
                let anchors = Anchors::from_pem(&pem)
                    .map_err(|fault| wrong(&format!("tsa_ca: {}: {fault}", file.display())))?;
                Some(Authority { address, anchors })
            }
            (Some(_), Some(_)) => return Err(wrong("tsa: an address that begins with http:// or https://")),
            _ => {
                return Err(wrong(
                    "tsa and tsa_ca belong together: a time nobody vouches for is worth nothing",
                ));
            }
        };
        let signing = Signing { origin: self.origin, memory: Some(memory(data)) };
        Ok(Evidence { signing, every: Duration::from_secs(minutes * 60), authority })
    }
}

/// Where the last head signed here is kept.
pub fn memory(data: &Path) -> PathBuf {
    data.join(MEMORY)
}
