//! What a row of the audit says.

use kernel::time::Instant;
use serde::Serialize;

macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $variant),+ }

        impl Act {
            /// Every act.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is stored and told by.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The act of a word.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|act| act.as_str() == word)
            }
        }
    };
}

acts! {
    /// A session was opened, or was refused.
    SignIn = "sign-in",
    /// So many tries failed that a login was locked.
    Lock = "lock",
    /// A recovery code was used up in place of the second factor.
    RecoveryUsed = "recovery-used",
    /// An own password was changed.
    PasswordChange = "password-change",
    /// An own second factor was set up.
    TotpEnrol = "totp-enrol",
    /// One device, or all, were signed out by their owner.
    DevicesEnd = "devices-end",
    /// An account was opened.
    AccountOpen = "account-open",
    /// An account was closed.
    AccountClose = "account-close",
    /// A closed account was opened again.
    AccountReopen = "account-reopen",
    /// A person was moved to another organisation.
    AccountMove = "account-move",
    /// An administrator set a password.
    PasswordSet = "password-set",
    /// A role was granted.
    Grant = "grant",
    /// A role was revoked.
    Revoke = "revoke",
    /// A locked login was unlocked.
    Unlock = "unlock",
    /// A second factor was removed.
    TotpRemove = "totp-remove",
    /// An administrator signed somebody out everywhere.
    SignOut = "sign-out",
    /// A former division was linked to what took it over.
    AreaLink = "area-link",
    /// The settings were looked at.
    SettingsRead = "settings-read",
    /// This record was looked at.
    AuditRead = "audit-read",
    /// A table of matters was taken out.
    Export = "export",
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Result {
    /// Done.
    Done,
    /// Refused.
    Refused,
}

impl Result {
    /// The word it is stored and told by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// A row to be written.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) actor: Option<&'a str>,
    pub(crate) act: Act,
    pub(crate) subject: Option<&'a str>,
    pub(crate) result: Result,
    /// Address of the other side; kept as its network only.
    pub(crate) address: &'a str,
    /// What people wrote or what names them; sealed.
    pub(crate) words: Option<serde_json::Value>,
}

impl<'a> Entry<'a> {
    pub(crate) fn new(actor: Option<&'a str>, act: Act, subject: Option<&'a str>, result: Result) -> Self {
        Self { actor, act, subject, result, address: "", words: None }
    }

    pub(crate) fn words(mut self, words: serde_json::Value) -> Self {
        self.words = Some(words);
        self
    }

    pub(crate) fn address(mut self, address: &'a str) -> Self {
        self.address = address;
        self
    }
}

/// A row as the audit administrator reads it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Id of the row.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Login of who acted; `system` for the command line, null when nobody is known.
    pub actor: Option<String>,
    /// What, see [`Act`].
    pub act: String,
    /// Login of whom it was done to.
    pub subject: Option<String>,
    /// `done` or `refused`.
    pub result: String,
    /// Network it came from, as `192.0.2.0/24`.
    pub origin: Option<String>,
    /// Role, area, reason: what was said about it.
    pub words: Option<serde_json::Value>,
}

/// What is asked of the record.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only this act.
    pub act: Option<Act>,
    /// Only what this login did, or what was done to it.
    pub login: Option<String>,
    /// From this moment on.
    pub from: Option<Instant>,
    /// Before this moment.
    pub until: Option<Instant>,
    /// After this row, by the cursor of the page before.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: i64,
}

/// Rows, the newest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// Rows.
    pub items: Vec<Line>,
    /// How many match, counted to ten thousand.
    pub total: i64,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// The network of an address: `/24` of IPv4, `/48` of IPv6. Enough to tell an office from elsewhere, too
/// little to tell a person's line.
pub fn coarse(address: &str) -> Option<String> {
    match address.trim().parse::<std::net::IpAddr>().ok()?.to_canonical() {
        std::net::IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        std::net::IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_its_network() {
        for (address, network) in [
            ("192.0.2.77", Some("192.0.2.0/24")),
            ("::ffff:192.0.2.77", Some("192.0.2.0/24")),
            ("2001:db8:7:9::1", Some("2001:db8:7::/48")),
            ("direct", None),
            ("", None),
        ] {
            assert_eq!(coarse(address).as_deref(), network, "{address}");
        }
    }

    #[test]
    fn acts_read_back() {
        for act in Act::ALL {
            assert_eq!(Act::of(act.as_str()), Some(*act));
        }
    }
}
