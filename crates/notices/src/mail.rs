//! Mail through a server (SMTP), as text and as a small page.

use std::time::Duration;

use kernel::lang::Lang;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::sms::Handed;
use crate::words::as_html;

/// How the connection is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// TLS from the first byte.
    Tls,
    /// `STARTTLS`, which must succeed.
    StartTls,
    /// None: for a server on this machine only.
    None,
}

/// How a mail server is reached.
#[derive(Clone)]
pub struct MailSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub privacy: Privacy,
    /// Login and password, where it asks for them.
    pub login: Option<(String, String)>,
    /// Sender, `惠法 <no-reply@example.cn>`.
    pub from: String,
    /// How long a try may take.
    pub timeout: Duration,
}

/// A mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer(…)")
    }
}

/// A mail.
#[derive(Debug, Clone)]
pub struct Mail<'a> {
    /// Delivery id; becomes the Message-ID, the same in every try.
    pub id: &'a str,
    /// Address.
    pub to: &'a str,
    /// Language.
    pub lang: Lang,
    /// Subject.
    pub subject: &'a str,
    /// Text.
    pub text: &'a str,
}

/// An address as servers take it; none when it is no address.
pub fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let fits = typed.len() <= 254 && typed.is_ascii() && !typed.contains(char::is_whitespace);
    typed.parse::<Address>().ok().filter(|_| fits).map(|address| address.to_string())
}

impl Mailer {
    /// A client for this server.
    ///
    /// # Errors
    /// When the sender is no address, or TLS cannot be set up.
    pub fn new(settings: &MailSettings) -> Result<Self, String> {
        let from = settings.from.parse::<Mailbox>().map_err(|error| format!("from: {error}"))?;
        let tls = || TlsParameters::new(settings.host.clone()).map_err(|error| error.to_string());
        let tls = match settings.privacy {
            Privacy::Tls => Tls::Wrapper(tls()?),
            Privacy::StartTls => Tls::Required(tls()?),
            Privacy::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(settings.timeout));
        if let Some((login, password)) = &settings.login {
            builder = builder.credentials(Credentials::new(login.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from, timeout: settings.timeout })
    }

    /// How long a try may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Hands a mail over once.
    pub async fn send(&self, mail: &Mail<'_>) -> Handed {
        let Ok(to) = mail.to.parse::<Address>() else { return Handed::Refused("no-address") };
        let domain = self.from.email.domain().to_owned();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            .multipart(MultiPart::alternative_plain_html(
                mail.text.to_owned(),
                as_html(mail.lang, mail.text),
            ));
        let Ok(message) = message else { return Handed::Refused("not-writable") };
        // The library's limit is one for each command; a slow server must not hold us for all of them.
        match tokio::time::timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => Handed::Accepted(None),
            Ok(Err(error)) if error.is_permanent() => Handed::Refused("refused"),
            Ok(Err(error)) if error.is_timeout() => Handed::Later("timeout", None),
            Ok(Err(error)) if error.is_transient() => Handed::Later("server-failed", None),
            Ok(Err(_)) => Handed::Later("unreachable", None),
            Err(_) => Handed::Later("timeout", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_not_taken() {
        assert_eq!(address(" a.b@example.cn ").as_deref(), Some("a.b@example.cn"));
        for wrong in ["", "a", "a@", "@b", "a b@c.cn", "a@b.cn\r\nBcc: x@y.cn", "<a@b.cn>", "a@b.cn,c@d.cn"] {
            assert_eq!(address(wrong), None, "{wrong:?}");
        }
    }
}
