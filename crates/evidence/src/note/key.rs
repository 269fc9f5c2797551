//! Keys of notes: two suites, each with its own type byte. The text form of a public key is `name+id+base64`,
//! as the tools of transparency logs read it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use sm2::dsa::signature::Verifier as _;
use zeroize::Zeroizing;

/// Identifier of Ed25519 (C2SP signed-note).
const ED25519: u8 = 0x01;
/// Identifier of a type without a byte of its own; a longer name follows.
const OTHER: u8 = 0xff;
/// The longer name of SM2 signatures with SM3, followed by the point as `04 || x || y`.
const SM2_SM3: &[u8] = b"sm2-sm3";
/// The signer's identifier that goes into SM2's hash: the default of GM/T 0009-2012.
const SM2_SIGNER: &str = "1234567812345678";

/// How a note is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// Ed25519 (RFC 8032) over the note's text.
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2) over the same text; the signature is `r || s`, 64 bytes.
    Sm2Sm3,
}

impl Suite {
    /// All of them: every checkpoint is signed by each.
    pub const ALL: [Self; 2] = [Self::Ed25519, Self::Sm2Sm3];

    /// Its word in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Sm2Sm3 => "sm2-sm3",
        }
    }

    fn prefix(self) -> Vec<u8> {
        match self {
            Self::Ed25519 => vec![ED25519],
            Self::Sm2Sm3 => [&[OTHER], SM2_SM3].concat(),
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Suite {
    type Err = KeyFault;

    fn from_str(text: &str) -> Result<Self, KeyFault> {
        Self::ALL.into_iter().find(|suite| suite.as_str() == text).ok_or(KeyFault)
    }
}

/// A text or byte string that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is `name+id+base64`, of Ed25519 or of SM2 with SM3")]
pub struct KeyFault;

/// A public key under its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    /// Its name: the origin of the log.
    pub name: String,
    /// Its suite.
    pub suite: Suite,
    /// 32 bytes (Ed25519), or the uncompressed point of 65 (SM2).
    pub public: Vec<u8>,
}

/// Whether a text may name a key: something, without spaces and `+`.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

impl VerifierKey {
    /// A key from its parts; refuses what is no point of the curve.
    pub fn new(name: &str, suite: Suite, public: &[u8]) -> Result<Self, KeyFault> {
        let good = match suite {
            Suite::Ed25519 => ed25519(public).is_some(),
            Suite::Sm2Sm3 => sm2(public).is_some(),
        };
        let key = Self { name: name.to_owned(), suite, public: public.to_vec() };
        if good && is_name(name) { Ok(key) } else { Err(KeyFault) }
    }

    /// Suite and key as they stand in the text form.
    fn coded(&self) -> Vec<u8> {
        [self.suite.prefix(), self.public.clone()].concat()
    }

    /// The first four bytes of `SHA-256(name || 0x0a || suite || key)`.
    pub fn id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update(b"\n");
        hash.update(self.coded());
        let hash: [u8; 32] = hash.finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Whether the signature fits the text.
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match self.suite {
            Suite::Ed25519 => ed25519(&self.public)
                .zip(ed25519_dalek::Signature::from_slice(signature).ok())
                .is_some_and(|(key, signature)| key.verify_strict(text, &signature).is_ok()),
            Suite::Sm2Sm3 => sm2(&self.public)
                .zip(sm2::dsa::Signature::from_slice(signature).ok())
                .is_some_and(|(key, signature)| key.verify(text, &signature).is_ok()),
        }
    }
}

fn ed25519(public: &[u8]) -> Option<ed25519_dalek::VerifyingKey> {
    ed25519_dalek::VerifyingKey::from_bytes(public.try_into().ok()?).ok()
}

fn sm2(public: &[u8]) -> Option<sm2::dsa::VerifyingKey> {
    // One form only, or one key would have two ids.
    let whole = public.len() == 65 && public.first() == Some(&4);
    whole.then(|| sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_SIGNER, public).ok()).flatten()
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(self.coded()))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyFault;

    fn from_str(text: &str) -> Result<Self, KeyFault> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(coded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyFault);
        };
        let coded = STANDARD.decode(coded).map_err(|_| KeyFault)?;
        let found =
            Suite::ALL.into_iter().find_map(|suite| Some((suite, coded.strip_prefix(&suite.prefix()[..])?)));
        let (suite, public) = found.ok_or(KeyFault)?;
        let key = Self::new(name, suite, public)?;
        if hex::encode(key.id()) == id { Ok(key) } else { Err(KeyFault) }
    }
}

/// A key that signs. Its secret is wiped when it goes.
pub struct SigningKey {
    verifier: VerifierKey,
    secret: Secret,
}

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Sm2(Box<sm2::dsa::SigningKey>),
}

impl SigningKey {
    /// A key from 32 secret bytes; refuses those few that are no secret of SM2.
    pub fn from_secret(name: &str, suite: Suite, secret: &[u8; 32]) -> Result<Self, KeyFault> {
        let (secret, public) = match suite {
            Suite::Ed25519 => {
                let key = ed25519_dalek::SigningKey::from_bytes(secret);
                let public = key.verifying_key().as_bytes().to_vec();
                (Secret::Ed25519(Box::new(key)), public)
            }
            Suite::Sm2Sm3 => {
                let key = sm2::dsa::SigningKey::from_slice(SM2_SIGNER, secret).map_err(|_| KeyFault)?;
                let public = key.verifying_key().to_sec1_bytes().to_vec();
                (Secret::Sm2(Box::new(key)), public)
            }
        };
        Ok(Self { verifier: VerifierKey::new(name, suite, &public)?, secret })
    }

    /// A new key, and its secret for whoever keeps it sealed.
    pub fn random(name: &str, suite: Suite) -> Result<(Self, Zeroizing<[u8; 32]>), KeyFault> {
        let mut secret = Zeroizing::new([0; 32]);
        // Of SM2's secrets one in 2^32 is refused.
        for _ in 0..8 {
            getrandom::fill(secret.as_mut()).map_err(|_| KeyFault)?;
            if let Ok(key) = Self::from_secret(name, suite, &secret) {
                return Ok((key, secret));
            }
        }
        Err(KeyFault)
    }

    /// Its public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs; the same text gives the same signature.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(key) => key.sign(text).to_bytes().to_vec(),
            Secret::Sm2(key) => {
                let signature: sm2::dsa::Signature = sm2::dsa::signature::Signer::sign(&**key, text);
                signature.to_bytes().to_vec()
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, …)", self.verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_survives_its_text_form_and_no_change_of_it_does() {
        for suite in Suite::ALL {
            let key = SigningKey::from_secret("huifa.example/log", suite, &[3; 32]).unwrap();
            let text = key.verifier().to_string();
            assert_eq!(text.parse(), Ok(key.verifier().clone()));
            for bad in [
                text.replace("huifa", "hiufa"),
                text.replace('+', " "),
                text[..text.len() - 8].to_owned(),
                text.replacen('+', "+0", 1),
            ] {
                assert_eq!(bad.parse::<VerifierKey>(), Err(KeyFault), "{bad}");
            }
        }
    }
}
