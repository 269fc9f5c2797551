//! Log-out tokens as they come: three parts, a header that names a key, a signature over the first two. The
//! library checks ID tokens; a log-out token is none (it has no nonce and may name no subject).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey as _, JsonWebKeySet, JsonWebKeyUse};
use serde_json::{Map, Value};

use super::protocol::SIGNATURES;

/// Longest log-out token that is read, in bytes.
const LONGEST: usize = 16 << 10;

/// A token taken apart, its signature not yet checked.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    input: &'a str,
    signature: Vec<u8>,
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    /// What it says.
    pub(super) claims: Map<String, Value>,
}

impl<'a> Signed<'a> {
    /// Takes a token apart; the fault is a word for the log.
    pub(super) fn read(token: &'a str) -> Result<Self, &'static str> {
        if token.len() > LONGEST {
            return Err("too long");
        }
        let (input, signature) = token.rsplit_once('.').ok_or("shape")?;
        let (header, payload) = input.split_once('.').ok_or("shape")?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "shape");
        let header: Map<String, Value> = serde_json::from_slice(&bytes(header)?).map_err(|_| "header")?;
        let claims: Map<String, Value> = serde_json::from_slice(&bytes(payload)?).map_err(|_| "claims")?;
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err("header");
        }
        let word = |name: &str| header.get(name).and_then(Value::as_str);
        let kind = word("typ").unwrap_or("logout+jwt").to_ascii_lowercase();
        if !["logout+jwt", "application/logout+jwt", "jwt"].contains(&kind.as_str()) {
            return Err("kind of token");
        }
        let alg = header.get("alg").cloned().ok_or("alg")?;
        let alg: CoreJwsSigningAlgorithm = serde_json::from_value(alg).map_err(|_| "alg")?;
        if !SIGNATURES.contains(&alg) {
            return Err("alg");
        }
        Ok(Self { input, signature: bytes(signature)?, alg, kid: word("kid").map(str::to_owned), claims })
    }

    /// Whether one of the keys made the signature.
    pub(super) fn held_by(&self, keys: &JsonWebKeySet<CoreJsonWebKey>) -> bool {
        keys.keys()
            .iter()
            .filter(|key| self.means(key))
            .any(|key| key.verify_signature(&self.alg, self.input.as_bytes(), &self.signature).is_ok())
    }

    /// Whether the key it names is among these; a token that names none could mean any.
    pub(super) fn names_one_of(&self, keys: &JsonWebKeySet<CoreJsonWebKey>) -> bool {
        self.kid.is_some() && keys.keys().iter().any(|key| self.means(key))
    }

    fn means(&self, key: &CoreJsonWebKey) -> bool {
        let named = self.kid.as_ref().is_none_or(|kid| key.key_id().is_some_and(|id| id.as_str() == kid));
        named && key.key_use().is_none_or(JsonWebKeyUse::allows_signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(header), part("{}"), part("signature"))
    }

    #[test]
    fn unsigned_and_foreign_tokens_are_no_log_out_tokens() {
        for (header, fault) in [
            (r#"{"alg":"none"}"#, "alg"),
            (r#"{"alg":"HS256"}"#, "alg"),
            (r#"{"alg":"RS1"}"#, "alg"),
            ("{}", "alg"),
            (r#"{"alg":"RS256","typ":"at+jwt"}"#, "kind of token"),
            (r#"{"alg":"RS256","crit":["exp"]}"#, "header"),
            ("[]", "header"),
        ] {
            assert_eq!(Signed::read(&token(header)).unwrap_err(), fault, "{header}");
        }
        for broken in ["", "a", "a.b", "a.b.c", "é.é.é", &"a".repeat(20_000)] {
            assert!(Signed::read(broken).is_err(), "{broken}");
        }
        assert!(Signed::read(&token(r#"{"alg":"ES256","typ":"logout+jwt","kid":"k"}"#)).is_ok());
    }
}
