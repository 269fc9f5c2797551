//! Sealed columns: envelope encryption and keyed hashes.
//!
//! A matter (or a person's vault row) has a data key. The data key lies beside its row, wrapped by a
//! class key; the class key lies in the database, wrapped by the master key; the master key lies in a
//! file of mode 0600 or comes from the environment, never in the database. Destroying a data key
//! destroys what it sealed; changing the master key re-wraps a handful of class keys.
//!
//! Every blob begins with the id of its cipher suite, so that another suite can stand beside this one.

mod keyring;
mod master;
pub mod rotate;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use zeroize::Zeroizing;

use crate::error::StoreError;

pub use keyring::{Keyring, WrappedKey};
pub use master::{MASTER_KEY_VARIABLE, MasterKey};

/// Suite 1: AES-256-GCM, 96-bit random nonce, 128-bit tag. Blob: suite, nonce, ciphertext and tag.
const AES_256_GCM: u8 = 1;
const NONCE: usize = 12;

/// A key of one matter or person. Its memory is wiped when it goes.
#[derive(Clone)]
pub struct DataKey(Secret);

impl DataKey {
    /// Seals `plain`. `aad` says where the value belongs, as `"table.column:id"`: a blob copied to
    /// another row does not open there.
    pub fn seal(&self, aad: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.0.seal(aad.as_bytes(), plain)
    }

    /// Opens what [`DataKey::seal`] made with the same `aad`.
    pub fn open(&self, aad: &str, blob: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.0.open(aad.as_bytes(), blob)
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// 256 secret bits, wiped on drop.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(crate) fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut())
            .map_err(|error| StoreError::Seal(format!("no randomness: {error}")))?;
        Ok(Self(bytes))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.0).into())
    }

    pub(crate) fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| StoreError::Seal(format!("no randomness: {error}")))?;
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad })
            .map_err(|_| StoreError::Seal("too long to seal".into()))?;
        let mut blob = Vec::with_capacity(1 + NONCE + sealed.len());
        blob.push(AES_256_GCM);
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        Ok(blob)
    }

    pub(crate) fn open(&self, aad: &[u8], blob: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (suite, rest) = blob.split_first().ok_or_else(|| StoreError::Seal("an empty blob".into()))?;
        if *suite != AES_256_GCM {
            return Err(StoreError::Seal(format!("cipher suite {suite} is not known")));
        }
        let (nonce, sealed) =
            rest.split_first_chunk::<NONCE>().ok_or_else(|| StoreError::Seal("a blob cut short".into()))?;
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad })
            .map_err(|_| StoreError::Seal("wrong key, wrong place, or changed".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_opens_only_under_its_key_and_in_its_place() {
        let key = DataKey(Secret::random().unwrap());
        let blob = key.seal("party.sealed:1:0", "张三".as_bytes()).unwrap();
        assert_eq!(key.open("party.sealed:1:0", &blob).unwrap(), "张三".as_bytes());
        assert!(key.open("party.sealed:2:0", &blob).is_err());
        let other = DataKey(Secret::random().unwrap());
        assert!(other.open("party.sealed:1:0", &blob).is_err());
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            assert!(key.open("party.sealed:1:0", &changed).is_err(), "byte {at}");
            assert!(key.open("party.sealed:1:0", &blob[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_text_never_gives_the_same_blob() {
        let key = DataKey(Secret::random().unwrap());
        assert_ne!(key.seal("a", b"x").unwrap(), key.seal("a", b"x").unwrap());
    }
}
