//! Passwords: Argon2id, at most two at a time (each takes 19 MiB), and the same work for a login nobody has.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::AccessError;

/// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Shortest and longest password taken, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// Makes and checks password hashes.
pub struct Hasher {
    turns: Semaphore,
    /// Hash of a random password, checked when the login is unknown.
    nobody: String,
}

/// The right to hash now; two exist.
pub struct Turn<'a>(#[expect(dead_code, reason = "held until dropped")] SemaphorePermit<'a>);

fn argon2() -> Result<Argon2<'static>, AccessError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: impl std::fmt::Display) -> AccessError {
    AccessError::Broken(format!("password hash: {error}"))
}

fn hash_now(password: &str) -> Result<String, AccessError> {
    let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(broken)?;
    Ok(hash.to_string())
}

impl Hasher {
    /// Prepares the hash that unknown logins are checked against.
    pub async fn new() -> Result<Self, AccessError> {
        let nobody = crate::random::token()?;
        let nobody = tokio::task::spawn_blocking(move || hash_now(&nobody)).await.map_err(broken)??;
        Ok(Self { turns: Semaphore::new(2), nobody })
    }

    /// Waits for a turn. Limits are looked at after this, so that a burst of tries cannot outrun them.
    pub async fn turn(&self) -> Result<Turn<'_>, AccessError> {
        Ok(Turn(self.turns.acquire().await.map_err(broken)?))
    }

    /// The hash of a new password, with a fresh salt, as PHC text.
    pub async fn hash(&self, password: String) -> Result<String, AccessError> {
        let _turn = self.turn().await?;
        tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(broken)?
    }

    /// Whether the password fits; with no hash (unknown login, no password set) the same work and `false`.
    pub async fn verify(
        &self,
        _turn: &Turn<'_>,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, AccessError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = tokio::task::spawn_blocking(move || -> Result<bool, AccessError> {
            let hash = PasswordHash::new(&hash).map_err(broken)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
        .map_err(broken)??;
        Ok(fits && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_never_does() {
        let hasher = Hasher::new().await.unwrap();
        let hash = hasher.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash("correct horse".into()).await.unwrap(), "salts differ");
        let turn = hasher.turn().await.unwrap();
        assert!(hasher.verify(&turn, "correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(&turn, "wrong horse".into(), Some(hash)).await.unwrap());
        assert!(!hasher.verify(&turn, "correct horse".into(), None).await.unwrap());
    }
}
