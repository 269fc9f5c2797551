//! `[notices]`: when and how people are told.

use jiff::SignedDuration;
use kernel::contact::Hours;
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[notices]
# Address of the site as people outside reach it. Messages carry links only when it is set.
#public_url = \"https://huifa.example.cn\"
# Hours of the day (Beijing) in which nobody is disturbed. Codes and what ends today are sent all the same.
#quiet = [\"21:00\", \"08:00\"]
# Tries before somebody must call, and the pause after the first in seconds; it doubles, up to an hour.
#tries = 8
#pause_seconds = 30
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    public_url: Option<String>,
    quiet: Option<[String; 2]>,
    tries: Option<u32>,
    pause_seconds: Option<u32>,
}

impl Section {
    /// The settings meant.
    pub fn read(&self) -> Result<notices::Settings, Failure> {
        let usual = notices::Settings::default();
        let public_url = match &self.public_url {
            Some(url) => Some(super::sms::checked_url("[notices] public_url", url)?),
            None => None,
        };
        let quiet = match &self.quiet {
            // The same hour twice is no hour: nothing is quiet.
            Some([from, to]) if from == to => None,
            Some([from, to]) => Some(Hours::parse(from, to).ok_or_else(|| {
                Failure::Environment(
                    "[notices] quiet: write two times of day, [\"21:00\", \"08:00\"]".to_owned(),
                )
            })?),
            None => usual.quiet,
        };
        let pause = self.pause_seconds.map(|seconds| SignedDuration::from_secs(i64::from(seconds.max(1))));
        Ok(notices::Settings {
            public_url,
            quiet,
            pause: pause.unwrap_or(usual.pause),
            tries: self.tries.map_or(usual.tries, |tries| i64::from(tries.clamp(1, 50))),
        })
    }
}
