//! Passwords: Argon2id, at most two at a time (each takes 19 MiB), and the same work for a login nobody has.

use std::sync::{Arc, Mutex};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::AccessError;

/// What a new hash costs. Each hash says its own, so changing it leaves old passwords valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
    Standard,
    /// Next to nothing: only for tests, which open hundreds of accounts in throw-away databases.
    Least,
}

impl Cost {
    fn params(self) -> Result<Params, AccessError> {
        let (kib, passes) = match self {
            Self::Standard => (19_456, 2),
            Self::Least => (Params::MIN_M_COST, Params::MIN_T_COST),
        };
        Params::new(kib, passes, 1, None).map_err(broken)
    }
}

/// Shortest and longest password taken, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// Makes and checks password hashes.
pub struct Hasher {
    cost: Cost,
    turns: Semaphore,
    memory: Memory,
    /// Hash of a random password, checked when the login is unknown.
    nobody: String,
}

/// The right to hash now; two exist.
pub struct Turn<'a>(#[expect(dead_code, reason = "held until dropped")] SemaphorePermit<'a>);

/// Working memory of the turns, used again: given back to the allocator each time, 19 MiB at a time stays
/// behind in every arena of every thread that ever hashed (measured: 880 MiB after 230 passwords).
type Memory = Arc<Mutex<Vec<Vec<Block>>>>;

fn broken(error: impl std::fmt::Display) -> AccessError {
    AccessError::Broken(format!("password hash: {error}"))
}

fn hash_now(memory: &Memory, cost: Cost, password: &str) -> Result<String, AccessError> {
    let params = cost.params()?;
    let salt = Salt::new(&crate::random::salt()?).map_err(broken)?;
    let hash = derive(memory, Algorithm::Argon2id, Version::V0x13, &params, password, &salt)?;
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(broken)?,
        salt: Some(salt),
        hash: Some(hash),
    };
    Ok(phc.to_string())
}

fn fits_now(memory: &Memory, password: &str, hash: &str) -> Result<bool, AccessError> {
    let phc = PasswordHash::new(hash).map_err(broken)?;
    let (Some(salt), Some(wanted)) = (phc.salt, phc.hash) else {
        return Err(broken("without salt or hash"));
    };
    let algorithm = Algorithm::try_from(phc.algorithm.as_str()).map_err(broken)?;
    let version = phc.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(broken)?;
    let params = Params::try_from(&phc).map_err(broken)?;
    // `Output` compares in constant time.
    Ok(derive(memory, algorithm, version, &params, password, &salt)? == wanted)
}

/// The hash itself, in memory that is taken from the shelf and put back.
fn derive(
    memory: &Memory,
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    password: &str,
    salt: &Salt,
) -> Result<Output, AccessError> {
    let mut blocks = memory.lock().map_err(broken)?.pop().unwrap_or_default();
    blocks.resize(params.block_count(), Block::default());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(algorithm, version, params.clone());
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut blocks);
    memory.lock().map_err(broken)?.push(blocks);
    done.map_err(broken)?;
    Output::new(&out).map_err(broken)
}

impl Hasher {
    /// Prepares the hash that unknown logins are checked against.
    pub async fn new(cost: Cost) -> Result<Self, AccessError> {
        let nobody = crate::random::token()?;
        let memory = Memory::default();
        let shelf = Arc::clone(&memory);
        let nobody =
            tokio::task::spawn_blocking(move || hash_now(&shelf, cost, &nobody)).await.map_err(broken)??;
        Ok(Self { cost, turns: Semaphore::new(2), memory, nobody })
    }

    /// Waits for a turn. Limits are looked at after this, so that a burst of tries cannot outrun them.
    pub async fn turn(&self) -> Result<Turn<'_>, AccessError> {
        Ok(Turn(self.turns.acquire().await.map_err(broken)?))
    }

    /// The hash of a new password, with a fresh salt, as PHC text.
    pub async fn hash(&self, password: String) -> Result<String, AccessError> {
        let _turn = self.turn().await?;
        let memory = Arc::clone(&self.memory);
        let cost = self.cost;
        tokio::task::spawn_blocking(move || hash_now(&memory, cost, &password)).await.map_err(broken)?
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
        let memory = Arc::clone(&self.memory);
        let fits = tokio::task::spawn_blocking(move || fits_now(&memory, &password, &hash))
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
        let hasher = Hasher::new(Cost::Standard).await.unwrap();
        let hash = hasher.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash("correct horse".into()).await.unwrap(), "salts differ");
        let turn = hasher.turn().await.unwrap();
        assert!(hasher.verify(&turn, "correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(&turn, "wrong horse".into(), Some(hash)).await.unwrap());
        assert!(!hasher.verify(&turn, "correct horse".into(), None).await.unwrap());
        // A hash is checked at its own cost, whatever new ones cost.
        let cheap = Hasher::new(Cost::Least).await.unwrap().hash("correct horse".into()).await.unwrap();
        assert!(hasher.verify(&turn, "correct horse".into(), Some(cheap.clone())).await.unwrap());
        assert!(!hasher.verify(&turn, "wrong horse".into(), Some(cheap)).await.unwrap());
        assert_eq!(
            hasher.memory.lock().unwrap().len(),
            1,
            "one turn after the other needs one piece of memory"
        );
    }

    #[test]
    fn a_hash_made_elsewhere_fits() {
        // From the reference implementation: `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1`.
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(fits_now(&Memory::default(), "password", hash).unwrap());
        assert!(!fits_now(&Memory::default(), "passwort", hash).unwrap());
    }
}
