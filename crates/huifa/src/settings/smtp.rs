//! `[smtp]`: the mail server.

use std::time::Duration;

use notices::mail::{MailSettings, Privacy};
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[smtp]
# The mail server. Without it, or without [notices] public_url, no mail is sent.
#host = \"smtp.example.cn\"
# tls from the first byte (port 465), starttls (port 587), or none, which is taken for a server on this machine only.
#privacy = \"tls\"
#port = 465
# Login, where it asks for one; the password is better given as HUIFA_SMTP_PASSWORD.
#user = \"no-reply@example.cn\"
#password = \"change-me\"
#from = \"惠法 <no-reply@example.cn>\"
# How long one try may take, in seconds.
#timeout_seconds = 20
";

/// The section as written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    host: Option<String>,
    privacy: Option<Word>,
    port: Option<u16>,
    user: Option<String>,
    password: Option<String>,
    from: Option<String>,
    timeout_seconds: Option<u64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Tls,
    Starttls,
    None,
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("smtp::Section(…)")
    }
}

impl Section {
    /// The server meant; none when no host is given.
    pub fn read(&self) -> Result<Option<MailSettings>, Failure> {
        let Some(host) = self.host.clone().filter(|host| !host.trim().is_empty()) else { return Ok(None) };
        let (privacy, usual) = match self.privacy.unwrap_or(Word::Tls) {
            Word::Tls => (Privacy::Tls, 465),
            Word::Starttls => (Privacy::StartTls, 587),
            Word::None => (Privacy::None, 25),
        };
        let here = matches!(host.as_str(), "127.0.0.1" | "localhost" | "::1");
        if privacy == Privacy::None && !here {
            return Err(Failure::Environment(
                "[smtp] privacy: mail crosses a network only under tls or starttls".to_owned(),
            ));
        }
        let Some(from) = self.from.clone() else {
            return Err(Failure::Environment("[smtp] from: say from which address mail is sent".to_owned()));
        };
        let password =
            std::env::var("HUIFA_SMTP_PASSWORD").ok().or_else(|| self.password.clone()).unwrap_or_default();
        Ok(Some(MailSettings {
            host,
            port: self.port.unwrap_or(usual),
            privacy,
            login: self.user.clone().map(|user| (user, password)),
            from,
            timeout: Duration::from_secs(self.timeout_seconds.unwrap_or(20).clamp(1, 120)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_crosses_a_network_in_private_only() {
        let section = |host: &str, privacy| Section {
            host: Some(host.into()),
            privacy: Some(privacy),
            from: Some("a@b.example".into()),
            ..Section::default()
        };
        assert!(section("mail.example", Word::None).read().is_err());
        assert!(section("127.0.0.1", Word::None).read().is_ok());
        assert_eq!(section("mail.example", Word::Starttls).read().unwrap().unwrap().port, 587);
        assert!(Section { host: Some("mail.example".into()), ..Section::default() }.read().is_err());
        assert!(Section::default().read().unwrap().is_none());
    }
}
