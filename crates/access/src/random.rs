//! Randomness from the operating system.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::AccessError;

fn bytes<const N: usize>() -> Result<[u8; N], AccessError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| AccessError::Broken(format!("randomness: {error}")))?;
    Ok(bytes)
}

/// 256 random bits as 43 URL-safe characters.
pub fn token() -> Result<String, AccessError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// 128 random bits, the salt of a password hash.
pub fn salt() -> Result<[u8; 16], AccessError> {
    bytes()
}

/// Six random decimal digits, each of the million equally likely.
pub fn six_digits() -> Result<String, AccessError> {
    // 2^32 is no multiple of a million: values beyond the last whole million are drawn again.
    const BOUND: u32 = u32::MAX / 1_000_000 * 1_000_000;
    loop {
        let drawn = u32::from_be_bytes(bytes()?);
        if drawn < BOUND {
            return Ok(format!("{:06}", drawn % 1_000_000));
        }
    }
}

/// 160 random bits, the secret of a second factor (RFC 4226, section 4).
pub fn totp_secret() -> Result<[u8; 20], AccessError> {
    bytes()
}

/// A recovery code: ten letters and digits in two fives, 50 bits, nothing that looks like another.
pub fn recovery_code() -> Result<String, AccessError> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let code: String =
        bytes::<10>()?.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let (front, back) = code.split_at(5);
    Ok(format!("{front}-{back}"))
}

/// A password people can type: 16 letters and digits in fours, 75 bits, nothing that looks like another.
pub fn password() -> Result<String, AccessError> {
    const ALPHABET: &[u8; 26] = b"abcdefghjkmnpqrstuvwxyz234";
    let mut password = String::with_capacity(19);
    let mut placed = 0;
    while placed < 16 {
        for byte in bytes::<32>()? {
            // 26 × 9 = 234: larger bytes would favour the first letters.
            if byte < 234 && placed < 16 {
                if placed > 0 && placed % 4 == 0 {
                    password.push('-');
                }
                password.push(char::from(ALPHABET[usize::from(byte % 26)]));
                placed += 1;
            }
        }
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_codes_and_passwords_have_their_shape_and_differ() {
        let (one, two) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 43);
        assert_ne!(one, two);
        let code = six_digits().unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        let password = password().unwrap();
        assert_eq!(password.len(), 19, "{password}");
        assert_eq!(password.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
    }
}
