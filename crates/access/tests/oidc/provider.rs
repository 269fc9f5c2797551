//! An OpenID provider made of a closure: it answers discovery, keys, tokens and userinfo, and can be told to do
//! any of it wrong.

use std::sync::{Arc, Mutex};

use access::oidc::outside::Answer as Reply;
use access::oidc::{HttpRequest, HttpResponse, Outside, OutsideError};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::time::Instant;
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, JsonWebKeySet, PrivateSigningKey as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// The provider's name.
pub const ISSUER: &str = "https://id.example.gov.cn";
/// Our name there.
pub const CLIENT: &str = "huifa";

/// What stands before the 32 secret bytes of an Ed25519 key in PKCS #8 (RFC 8410).
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key whose secret is one byte over and over: good for a provider that exists in a test only.
fn pem(number: usize) -> String {
    let mut der = PKCS8.to_vec();
    der.extend([u8::try_from(number).unwrap() + 1; 32]);
    let label = "PRIVATE KEY";
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", STANDARD.encode(der))
}

/// A key by its number, under a name.
#[derive(Debug, Clone)]
pub struct Key {
    pub number: usize,
    pub kid: &'static str,
}

impl Key {
    fn pair(&self) -> CoreEdDsaPrivateSigningKey {
        let kid = Some(JsonWebKeyId::new(self.kid.to_owned()));
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem(self.number), kid).unwrap()
    }

    /// A token with these claims and whatever header is asked for.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(header), part(claims));
        let made = self.pair().sign(&CoreJwsSigningAlgorithm::EdDsa, input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(made))
    }

    pub fn header(&self) -> Value {
        json!({"alg": "EdDSA", "kid": self.kid})
    }
}

/// What the provider does.
pub struct State {
    pub down: bool,
    /// The key it publishes.
    pub published: Key,
    /// The ID token it hands out.
    pub id_token: String,
    pub userinfo: Value,
    /// What `code_verifier` must hash to.
    pub challenge: String,
    /// How often the keys were read.
    pub key_reads: usize,
    pub end_session: bool,
    /// Whether it says that its answers carry `iss` (RFC 9207).
    pub says_iss: bool,
}

#[derive(Clone)]
pub struct Provider(pub Arc<Mutex<State>>);

impl Provider {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            down: false,
            published: Key { number: 0, kid: "first" },
            id_token: String::new(),
            userinfo: Value::Null,
            challenge: String::new(),
            key_reads: 0,
            end_session: true,
            says_iss: false,
        })))
    }

    pub fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    pub fn key(&self) -> Key {
        self.with(|state| state.published.clone())
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, OutsideError> {
        self.with(|state| {
            if state.down {
                return Err(OutsideError::Away("nobody there".into()));
            }
            let (status, body) = match request.uri().path() {
                "/.well-known/openid-configuration" => (200, description(state)),
                "/keys" => {
                    state.key_reads += 1;
                    let keys = JsonWebKeySet::new(vec![state.published.pair().as_verification_key()]);
                    (200, serde_json::to_value(keys).unwrap())
                }
                "/token" => {
                    let form: Map<String, Value> = form(request.body());
                    let verifier = form["code_verifier"].as_str().unwrap();
                    let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
                    if form["code"] == "good" && hashed == state.challenge {
                        let token = &state.id_token;
                        (200, json!({"access_token": "at", "token_type": "Bearer", "id_token": token}))
                    } else {
                        (400, json!({"error": "invalid_grant"}))
                    }
                }
                "/me" => (200, state.userinfo.clone()),
                _ => (404, Value::Null),
            };
            let mut response = HttpResponse::new(body.to_string().into_bytes());
            *response.status_mut() = status.try_into().unwrap();
            response.headers_mut().insert("content-type", "application/json".parse().unwrap());
            Ok(response)
        })
    }
}

impl Outside for Provider {
    fn ask(&self, request: HttpRequest) -> Reply<'_> {
        Box::pin(std::future::ready(self.answer(&request)))
    }
}

fn description(state: &State) -> Value {
    let mut whole = json!({
        "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"), "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/keys"), "userinfo_endpoint": format!("{ISSUER}/me"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "authorization_response_iss_parameter_supported": state.says_iss,
    });
    if state.end_session {
        whole["end_session_endpoint"] = json!(format!("{ISSUER}/end"));
    }
    whole
}

fn form(body: &[u8]) -> Map<String, Value> {
    openidconnect::url::form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
        .collect()
}

/// Claims of a sound ID token; `more` adds to them or replaces some, null takes away.
pub fn claims(subject: &str, nonce: &str, now: Instant, more: &Value) -> Value {
    let at = now.timestamp().as_second();
    let mut whole = json!({
        "iss": ISSUER, "aud": CLIENT, "sub": subject, "nonce": nonce, "iat": at, "exp": at + 300, "sid": format!("sid-{subject}"),
    });
    for (name, value) in more.as_object().unwrap() {
        if value.is_null() {
            whole.as_object_mut().unwrap().remove(name);
        } else {
            whole[name] = value.clone();
        }
    }
    whole
}
