//! Sessions and how long they last.

use jiff::SignedDuration;
use kernel::refusal::{Code, Next, Refusal};
use kernel::time::Instant;
use serde::Serialize;

use crate::principal::{Kind, Principal};

/// A session just opened; the token is given out once and never stored.
#[derive(Debug, Clone)]
pub struct Opened {
    /// 256 random bits, 43 characters.
    pub token: String,
    /// Who it is for.
    pub principal: Principal,
    /// When it ends if nobody uses it.
    pub expires_at: Instant,
    /// What must be done before anything else.
    pub must: Option<Must>,
}

/// What must be done before a session may do anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Must {
    /// Change the password: somebody else chose it, or it is too old.
    Password,
    /// Set up a second factor: a role asks for one.
    Totp,
}

impl Must {
    /// The word it is stored by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Password, Self::Totp].into_iter().find(|must| must.as_str() == word)
    }

    /// The answer to everything else.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Password => Refusal::new(Code::PasswordChangeRequired, "account-must-password")
                .next(Next::link("account-next-password", "/desk/account/password")),
            Self::Totp => Refusal::new(Code::TotpSetupRequired, "account-must-totp")
                .next(Next::link("account-next-totp", "/desk/account/totp")),
        }
    }
}

/// Whom a token stands for, also while something must be done first.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The person.
    pub principal: Principal,
    /// What must be done before anything else.
    pub must: Option<Must>,
    /// Id of the session, as in the list of devices.
    pub session: String,
}

/// One signed-in device of an account, for "my devices".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Id for ending it; not the token.
    pub id: String,
    /// What the browser called itself.
    pub agent: Option<String>,
    /// When it signed in.
    pub created_at: Instant,
    /// When it was last used, to ten minutes.
    pub seen_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

/// A staff session ends twelve hours after its last use (a working day on a shared computer) …
const STAFF_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// … and a week after signing in, whatever happens.
const STAFF_AT_MOST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A citizen follows a matter for weeks on an own phone.
const CITIZEN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A guest has number and code at hand and comes back with them; screens of libraries stay open.
const GUEST: SignedDuration = SignedDuration::from_hours(2);
/// How old `seen_at` may be before use is written down: a read request seldom writes.
pub(crate) const TOUCH_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// When a session of this kind, opened and last used then, ends.
pub(crate) fn expiry(kind: Kind, opened: Instant, seen: Instant) -> Instant {
    match kind {
        Kind::Staff => seen.plus(STAFF_IDLE).min(opened.plus(STAFF_AT_MOST)),
        Kind::Citizen => opened.plus(CITIZEN),
        Kind::Guest(_) | Kind::Anonymous | Kind::System => opened.plus(GUEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_slide_to_a_week_and_others_do_not_slide() {
        let opened: Instant = "2026-11-23T08:00:00+08:00".parse().unwrap();
        let hours = |count| opened.plus(SignedDuration::from_hours(count));
        assert_eq!(expiry(Kind::Staff, opened, opened), hours(12));
        assert_eq!(expiry(Kind::Staff, opened, hours(10)), hours(22));
        assert_eq!(expiry(Kind::Staff, opened, hours(165)), hours(168));
        assert_eq!(expiry(Kind::Citizen, opened, hours(10)), hours(720));
    }
}
