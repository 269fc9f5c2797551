//! The handle of this room.

use std::sync::Arc;

use catalog::words::Words;
use jiff::SignedDuration;
use kernel::contact::Hours;
use kernel::time::{Clock, Instant};
use store::Db;
use store::seal::Keyring;

use crate::mail::Mailer;
use crate::recipients::Recipients;
use crate::rules::Ways;
use crate::sms::Gateway;

/// How the room behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address of the site as people outside reach it, without a slash at its end; links need it.
    pub public_url: Option<String>,
    /// When nobody is disturbed.
    pub quiet: Option<Hours>,
    /// Pause after the first failed try.
    pub pause: SignedDuration,
    /// Tries before it is given up.
    pub tries: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            quiet: Hours::parse("21:00", "08:00"),
            pause: SignedDuration::from_secs(30),
            tries: 8,
        }
    }
}

/// What the room is made of; the binary puts it together.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Keys.
    pub keyring: Keyring,
    /// Messages.
    pub words: Arc<Words>,
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
    /// Whom events concern.
    pub recipients: Arc<dyn Recipients>,
    /// How it behaves.
    pub settings: Settings,
    /// The gateway for short messages, when one is configured.
    pub sms: Option<Arc<Gateway>>,
    /// The mail server, when one is configured.
    pub mail: Option<Arc<Mailer>>,
}

/// Notices of one installation. Cheap to clone.
#[derive(Clone)]
pub struct Notices(pub(crate) Arc<Parts>);

impl Notices {
    /// Puts the room together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> Instant {
        self.0.clock.now()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Which ways out are configured.
    pub fn ways(&self) -> Ways {
        Ways {
            sms: self.0.sms.is_some(),
            mail: self.0.mail.is_some() && self.settings().public_url.is_some(),
        }
    }
}

impl std::fmt::Debug for Notices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notices").field("ways", &self.ways()).finish_non_exhaustive()
    }
}
