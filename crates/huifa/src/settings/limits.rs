//! `[limits]`: how much one caller may ask.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use serde::Deserialize;
use web::Limits;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[limits]
# Requests a minute from one address without a session; 0 = no limit.
#anonymous_per_minute = 120
# Failed sign-ins a minute for one login or phone.
#login_per_minute = 10
# Files and forms with files an hour from one address without a token of the API; 0 = no limit.
#uploads_per_hour = 300
# Largest request body but uploads, and largest upload, in bytes.
#body_bytes = 1048576
#upload_bytes = 20971520
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    anonymous_per_minute: Option<u32>,
    login_per_minute: Option<u32>,
    uploads_per_hour: Option<u32>,
    body_bytes: Option<usize>,
    upload_bytes: Option<usize>,
}

impl Section {
    /// The limits meant; `HUIFA_LIMITS=off` is taken only on loopback.
    pub fn read(&self, listen: Option<SocketAddr>) -> Result<Limits, Failure> {
        let usual = Limits::default();
        let mut limits = Limits {
            anonymous_per_minute: match self.anonymous_per_minute {
                Some(most) => NonZeroU32::new(most),
                None => usual.anonymous_per_minute,
            },
            login_per_minute: self.login_per_minute.or(usual.login_per_minute),
            uploads_per_hour: match self.uploads_per_hour {
                Some(most) => NonZeroU32::new(most),
                None => usual.uploads_per_hour,
            },
            body_bytes: self.body_bytes.unwrap_or(usual.body_bytes),
            upload_bytes: self.upload_bytes.unwrap_or(usual.upload_bytes),
        };
        if std::env::var("HUIFA_LIMITS").is_ok_and(|word| word == "off") {
            if listen.is_some_and(|address| !address.ip().is_loopback()) {
                return Err(Failure::Usage(
                    "HUIFA_LIMITS=off is only for a listener on loopback (127.0.0.1 or [::1])".to_owned(),
                ));
            }
            limits.anonymous_per_minute = None;
            limits.login_per_minute = None;
            limits.uploads_per_hour = None;
        }
        Ok(limits)
    }
}
