//! `[sms]`: the gateway for short messages.

use std::collections::BTreeMap;
use std::time::Duration;

use notices::sms::GatewaySettings;
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[sms]
# Where short messages are handed over (see docs/notices.md). Without it none are sent, sign-in codes included.
#url = \"https://sms.example.cn/send\"
# Key both sides sign with, at least 16 letters; better given as HUIFA_SMS_KEY.
#key = \"change-me-change-me\"
# Name before a message, and the one before messages that must not say who writes (codes too).
#signature = \"惠法\"
#neutral_signature = \"便民提醒\"
# How long one try may take, in seconds.
#timeout_seconds = 10
# The operator's template ids, by message key.
#templates = { notice-sms-received = \"SMS_1001\", access-code-message = \"SMS_1002\" }
";

/// The section as written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    url: Option<String>,
    key: Option<String>,
    signature: Option<String>,
    neutral_signature: Option<String>,
    timeout_seconds: Option<u64>,
    templates: BTreeMap<String, String>,
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sms::Section(…)")
    }
}

/// An address that is private on the way, or on this machine; without a slash at its end.
pub fn checked_url(what: &str, url: &str) -> Result<String, Failure> {
    let url = url.trim().trim_end_matches('/');
    let host = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let named = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        named.map_or(authority, |(host, _)| host).to_owned()
    };
    let loopback = |host: &str| matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    let fits = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => !host(rest).is_empty(),
        (None, Some(rest)) => loopback(&host(rest)),
        (None, None) => false,
    };
    if fits && !url.contains(char::is_whitespace) && !url.contains('@') {
        Ok(url.to_owned())
    } else {
        Err(Failure::Environment(format!("{what}: write an address that begins with https://")))
    }
}

impl Section {
    /// The gateway meant; none when no address is given.
    pub fn read(&self) -> Result<Option<GatewaySettings>, Failure> {
        let Some(url) = &self.url else { return Ok(None) };
        let url = checked_url("[sms] url", url)?;
        let key = std::env::var("HUIFA_SMS_KEY").ok().or_else(|| self.key.clone()).unwrap_or_default();
        if key.len() < 16 {
            return Err(Failure::Environment(
                "[sms] key: set HUIFA_SMS_KEY, or key, to at least 16 letters both sides know".to_owned(),
            ));
        }
        Ok(Some(GatewaySettings {
            url,
            key,
            signature: self.signature.clone().unwrap_or_else(|| "惠法".to_owned()),
            neutral_signature: self.neutral_signature.clone().unwrap_or_else(|| "便民提醒".to_owned()),
            templates: self.templates.clone(),
            timeout: Duration::from_secs(self.timeout_seconds.unwrap_or(10).clamp(1, 120)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_reached_in_private_or_on_this_machine() {
        for url in
            ["https://a.example/send", "http://127.0.0.1:8025/send", "http://localhost:1", "http://[::1]:9/x"]
        {
            assert!(checked_url("url", url).is_ok(), "{url}");
        }
        for url in [
            "http://a.example",
            "ftp://a",
            "",
            "https://",
            "http://127.0.0.1.evil.example/",
            "http://localhost@evil.example",
            "http://127.0.0.1:80@evil.example/",
            "https://a b.example",
        ] {
            assert!(checked_url("url", url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_short_key_is_refused_before_anything_starts() {
        let section = Section {
            url: Some("https://a.example".into()),
            key: Some("short".into()),
            ..Section::default()
        };
        assert!(section.read().is_err());
        assert!(Section::default().read().unwrap().is_none());
    }
}
