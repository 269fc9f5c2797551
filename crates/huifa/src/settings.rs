//! `huifa.toml` in the data folder, and the environment: limits of a node.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;

use serde::Deserialize;
use web::Limits;

use crate::failure::Failure;

/// Settings of a node.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Limits.
    pub limits: Limits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    limits: LimitsFile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitsFile {
    anonymous_per_minute: Option<u32>,
    login_per_minute: Option<u32>,
    body_bytes: Option<usize>,
    upload_bytes: Option<usize>,
}

impl Settings {
    /// Reads the settings for a listener; `HUIFA_LIMITS=off` is taken only on loopback.
    pub fn read(data: &Path, listen: Option<SocketAddr>) -> Result<Self, Failure> {
        let path = data.join("huifa.toml");
        let file: File = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| Failure::Environment(format!("{}: {error}", path.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => return Err(Failure::Environment(format!("{}: {error}", path.display()))),
        };
        let usual = Limits::default();
        let mut limits = Limits {
            anonymous_per_minute: match file.limits.anonymous_per_minute {
                Some(most) => NonZeroU32::new(most),
                None => usual.anonymous_per_minute,
            },
            login_per_minute: file.limits.login_per_minute.or(usual.login_per_minute),
            body_bytes: file.limits.body_bytes.unwrap_or(usual.body_bytes),
            upload_bytes: file.limits.upload_bytes.unwrap_or(usual.upload_bytes),
        };
        if std::env::var("HUIFA_LIMITS").is_ok_and(|word| word == "off") {
            if listen.is_some_and(|address| !address.ip().is_loopback()) {
                return Err(Failure::Usage(
                    "HUIFA_LIMITS=off is only for a listener on loopback (127.0.0.1 or [::1])".to_owned(),
                ));
            }
            limits.anonymous_per_minute = None;
            limits.login_per_minute = None;
        }
        Ok(Self { limits })
    }
}
