//! Types: what is told, through what, and what became of it. No I/O.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use kernel::contact::{ContactRules, Hours, Wording};
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use store::seal::DataKey;

/// A word that is not in a closed list of this room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown word {0:?}")]
pub struct UnknownWord(pub String);

macro_rules! closed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord(word.to_owned())),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        store::text_column!($name);
    };
}

closed!(
    /// What a notice is about.
    Kind {
        /// The matter was received.
        Received = "received",
        /// Something must be handed in, by a day.
        Missing = "missing",
        /// A decision or another document was made.
        Decided = "decided",
        /// Somebody was named to handle it; for staff: it was given to you.
        Assigned = "assigned",
        /// The applicant must do something.
        Waiting = "waiting",
        /// A day comes near.
        DueSoon = "due-soon",
        /// A message was answered.
        Answered = "answered",
        /// It has ended.
        Closed = "closed",
        /// It has ended and may be rated.
        Rate = "rate",
        /// It moved on; told in the inbox only.
        Moved = "moved",
        /// For staff: somebody could not be reached and must be called.
        Call = "call",
    }
);

impl Kind {
    /// Whether it leaves the house: a message for every step would only teach people not to read them.
    pub const fn goes_out(self) -> bool {
        !matches!(self, Self::Moved | Self::Call)
    }

    /// Whether the person loses something by not hearing of it, so that the office calls when no way is open.
    pub const fn must_reach(self) -> bool {
        matches!(
            self,
            Self::Missing | Self::Decided | Self::Waiting | Self::DueSoon | Self::Rate | Self::Closed
        )
    }
}

closed!(
    /// A way to somebody.
    Channel {
        /// 站内消息.
        Inbox = "inbox",
        /// 短信.
        Sms = "sms",
        /// 邮件.
        Mail = "mail",
    }
);

closed!(
    /// What became of a notice.
    State {
        /// It waits for its time.
        Queued = "queued",
        /// Somebody is sending it.
        Sending = "sending",
        /// The other side took it; whether it arrived is not known.
        Sent = "sent",
        /// It arrived.
        Delivered = "delivered",
        /// It did not arrive, and nobody tries any more.
        Failed = "failed",
        /// It was not to be sent.
        Suppressed = "suppressed",
    }
);

/// Somebody who is to be told.
#[derive(Debug, Clone)]
pub struct Person {
    /// Which of the people of this event, stable for ever: `applicant`, `staff:<account>`.
    pub key: String,
    /// Whose inbox: an account, a pool or an organisation.
    pub audience: Option<String>,
    /// Number to write to, as given.
    pub phone: Option<String>,
    /// How they may be reached.
    pub rules: ContactRules,
    /// Whether they may be told outside the house at all; staff are told inside.
    pub outside: bool,
    /// What they are told.
    pub kind: Kind,
}

/// An event, or a day that comes near, with everybody to be told of it.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// The matter.
    pub number: MatterNumber,
    /// Why there is one: the event's `e<seq>`, or a task and its day. With person and channel it is unique.
    pub cause: String,
    /// When it happened.
    pub at: Instant,
    /// The day it speaks of.
    pub due: Option<Date>,
    /// Whom.
    pub people: Vec<Person>,
    /// The key of the matter, where somebody outside is told; without it nothing goes out.
    pub key: Option<DataKey>,
}

/// What is needed to send a notice, sealed under the matter's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Phone or mail address.
    pub to: String,
    /// Language of the person.
    pub lang: Lang,
    /// What it may say.
    pub wording: Wording,
    /// When they may be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Token of the link it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(…)")
    }
}
