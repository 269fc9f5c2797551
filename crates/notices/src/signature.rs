//! Signatures between this house and its gateway: HMAC-SHA-256 over time and body, both ways.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use kernel::time::Instant;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Header with the moment of signing, in seconds since 1970.
pub const TIME: &str = "x-huifa-timestamp";
/// Header with the signature, `sha256=` and 64 hexadecimal digits.
pub const SIGNATURE: &str = "x-huifa-signature";

/// How far the clocks of both sides may be apart; older ones could be played again.
const APART: SignedDuration = SignedDuration::from_mins(5);

fn mac(key: &[u8], seconds: &str, body: &[u8]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(seconds.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac.finalize().into_bytes().into())
}

/// Both headers of a body signed now.
pub fn sign(key: &[u8], now: Instant, body: &[u8]) -> (String, String) {
    let seconds = now.timestamp().as_second().to_string();
    let mac = mac(key, &seconds, body).unwrap_or_default();
    (seconds, format!("sha256={}", hex::encode(mac)))
}

/// Whether a body was signed by whoever has the key, within minutes of now.
pub fn holds(key: &[u8], now: Instant, seconds: &str, signature: &str, body: &[u8]) -> bool {
    let Ok(at) = seconds.parse::<i64>() else { return false };
    let near = now.timestamp().as_second().abs_diff(at) <= APART.as_secs().unsigned_abs();
    let given = signature.strip_prefix("sha256=").and_then(|digits| hex::decode(digits).ok());
    match (mac(key, seconds, body), given) {
        (Some(right), Some(given)) => near && bool::from(right.as_slice().ct_eq(&given)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_the_body_and_the_moment_that_were_signed_hold() {
        let now: Instant = "2026-11-28T09:00:00+08:00".parse().unwrap();
        let (seconds, signature) = sign(b"key", now, b"body");
        let later = |minutes| now.plus(SignedDuration::from_mins(minutes));
        assert!(holds(b"key", later(4), &seconds, &signature, b"body"));
        assert!(!holds(b"other", now, &seconds, &signature, b"body"));
        assert!(!holds(b"key", now, &seconds, &signature, b"bodY"));
        assert!(!holds(b"key", later(6), &seconds, &signature, b"body"), "played again later");
        assert!(!holds(b"key", later(-6), &seconds, &signature, b"body"));
        let moved = (seconds.parse::<i64>().unwrap() + 1).to_string();
        assert!(!holds(b"key", now, &moved, &signature, b"body"), "the moment is signed too");
        for wrong in ["", "sha256=", "sha256=zz", &signature[7..]] {
            assert!(!holds(b"key", now, &seconds, wrong, b"body"), "{wrong}");
        }
        assert!(!holds(b"key", now, "soon", &signature, b"body"));
    }
}
