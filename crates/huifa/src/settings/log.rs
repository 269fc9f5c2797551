//! `[log]`: where the logs of a running node are kept, and for how long.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::Failure;

/// Shortest time logs are kept, in days: six months and more (网络安全法 art. 23, text of 2026-01-01; GB/T
/// 22239-2019 asks for 180 days).
const LEAST_DAYS: u32 = 180;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[log]
# Folder of the logs, one file a day (Beijing time); a relative one lies in the data folder. A line a request
# (address template, status, milliseconds, trace id), warnings and faults; nothing about a person.
#folder = \"logs\"
# Days they are kept, at least 180 (网络安全法 art. 23: not less than six months).
#keep_days = 200
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    folder: Option<PathBuf>,
    keep_days: Option<u32>,
}

/// What the section means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Folder of the logs.
    pub folder: PathBuf,
    /// Days they are kept.
    pub keep_days: u32,
}

impl Section {
    /// The settings meant, for a data folder.
    pub fn read(&self, data: &Path) -> Result<Log, Failure> {
        let keep_days = self.keep_days.unwrap_or(200);
        if keep_days < LEAST_DAYS {
            return Err(Failure::Environment(format!(
                "huifa.toml, [log]: keep_days = {keep_days}; logs are kept at least {LEAST_DAYS} days \
                 (网络安全法 art. 23: not less than six months)"
            )));
        }
        let folder = self.folder.clone().unwrap_or_else(|| PathBuf::from("logs"));
        Ok(Log { folder: data.join(folder), keep_days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_kept_six_months_at_least() {
        let read = |text: &str| toml::from_str::<Section>(text).unwrap().read(Path::new("/d"));
        assert_eq!(read("").unwrap(), Log { folder: "/d/logs".into(), keep_days: 200 });
        assert_eq!(
            read("folder = '/var/log/huifa'\nkeep_days = 180").unwrap().folder,
            Path::new("/var/log/huifa")
        );
        assert!(
            matches!(read("keep_days = 179"), Err(Failure::Environment(text)) if text.contains("art. 23"))
        );
    }
}
