//! How this room fails: by its database, or with a refusal that explains itself.

use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use store::StoreError;

/// Why an answer could not be given.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The database or the seal failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request is refused; the text says why and what to do.
    #[error("refused: {0}")]
    Refused(Box<Refusal>),
    /// Something that cannot happen with a sound installation (no randomness, a broken hash).
    #[error("{0}")]
    Broken(String),
}

impl From<Refusal> for AccessError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Wrong login or password, or an account that is closed: all alike.
pub(crate) fn wrong_password() -> Refusal {
    Refusal::new(Code::Unauthenticated, "access-wrong-password").next(Next::say("access-next-password"))
}

/// Wrong, used or expired phone code: all alike.
pub(crate) fn wrong_code() -> Refusal {
    Refusal::new(Code::Unauthenticated, "access-wrong-code").next(Next::say("access-next-code"))
}

/// Too many tries; `seconds` until the next may succeed.
pub(crate) fn too_many(seconds: i64) -> Refusal {
    Refusal::new(Code::TooMany, Text::new("access-too-many").arg("seconds", seconds))
        .next(Next::say(Text::new("access-next-wait").arg("seconds", seconds)))
        .current(serde_json::json!({ "retry_after": seconds }))
}

/// The password is right; the code of the second factor is missing or wrong.
pub(crate) fn totp_required(key: &'static str) -> Refusal {
    Refusal::new(Code::TotpRequired, key)
        .error(FieldError::new("/totp", if key == "access-totp-missing" { "required" } else { "wrong" }, key))
        .next(Next::say("access-next-totp"))
}
