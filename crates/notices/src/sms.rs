//! Short messages through a gateway over HTTP.
//!
//! `POST <url>` with `{"id","to","template","params","text"}`, signed ([`crate::signature`]), the delivery id also
//! as `Idempotency-Key`: the gateway delivers an id once, however often it is handed over. It answers 2xx with
//! `{"status":"accepted","provider_id"?}` or `{"status":"rejected","reason"?}`.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use kernel::contact::Wording;
use kernel::time::Instant;
use serde::Deserialize;
use serde_json::json;

use crate::signature;
use crate::words::Said;

/// Largest answer read, in bytes; a gateway has two lines to say.
const ANSWER: usize = 64 << 10;
/// Longest name the gateway may give a message.
const NAME: usize = 128;

/// How a gateway is reached.
#[derive(Clone)]
pub struct GatewaySettings {
    /// Its address.
    pub url: String,
    /// The key both sides sign with.
    pub key: String,
    /// Name before a message, `惠法`: written in the operator's brackets.
    pub signature: String,
    /// The name before a message that must not say who writes.
    pub neutral_signature: String,
    /// The gateway's template ids, by message key; a key without one is sent as it is.
    pub templates: BTreeMap<String, String>,
    /// How long a try may take.
    pub timeout: Duration,
}

/// A gateway.
pub struct Gateway {
    settings: GatewaySettings,
    client: reqwest::Client,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway(…)")
    }
}

/// What came of handing a message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The other side has it, under this name of its own.
    Accepted(Option<String>),
    /// It will never take it; why, in a word.
    Refused(&'static str),
    /// Not now: why, and when it said to come back.
    Later(&'static str, Option<SignedDuration>),
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    provider_id: Option<String>,
}

impl Gateway {
    /// A client for this gateway.
    ///
    /// # Errors
    /// When no client can be made, for want of certificates for instance.
    pub fn new(settings: GatewaySettings) -> Result<Self, String> {
        // A second call finds the provider installed, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout)
            // A message goes to the gateway that is configured and to no other.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { settings, client })
    }

    /// The key receipts are signed with.
    pub fn key(&self) -> &[u8] {
        self.settings.key.as_bytes()
    }

    /// How long a try may take.
    pub fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    /// Hands a message over once.
    pub async fn send(&self, id: &str, to: &str, wording: Wording, said: &Said, now: Instant) -> Handed {
        let name = match wording {
            Wording::Normal => &self.settings.signature,
            Wording::Neutral | Wording::None => &self.settings.neutral_signature,
        };
        let params: BTreeMap<&str, &str> =
            said.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = json!({
            "id": id,
            "to": to,
            "template": self.settings.templates.get(&said.template).unwrap_or(&said.template),
            "params": params,
            "text": if name.is_empty() { said.text.clone() } else { format!("【{name}】{}", said.text) },
        })
        .to_string();
        let (seconds, signed) = signature::sign(self.key(), now, body.as_bytes());
        let sent = self
            .client
            .post(&self.settings.url)
            .header("content-type", "application/json")
            .header("idempotency-key", id)
            .header(signature::TIME, seconds)
            .header(signature::SIGNATURE, signed)
            .body(body)
            .send()
            .await;
        match sent {
            Ok(response) => read(response).await,
            Err(error) if error.is_timeout() => Handed::Later("timeout", None),
            Err(_) => Handed::Later("unreachable", None),
        }
    }
}

async fn read(mut response: reqwest::Response) -> Handed {
    let status = response.status().as_u16();
    let after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse::<u32>().ok())
        .map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
    match status {
        200..=299 => {}
        429 => return Handed::Later("too-many", after),
        // What is wrong with the message stays wrong; what is wrong with our key somebody may mend.
        400 | 404 | 410 | 413 | 415 | 422 => return Handed::Refused("refused"),
        401 | 403 => return Handed::Later("not-authorised", after),
        _ => return Handed::Later("gateway-failed", after),
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER => body.extend_from_slice(&chunk),
            Ok(Some(_)) => return Handed::Later("answer-unreadable", None),
            Ok(None) => break,
            Err(error) if error.is_timeout() => return Handed::Later("timeout", None),
            Err(_) => return Handed::Later("broken-off", None),
        }
    }
    // Whoever answers what nobody understands may have taken it or not: the same id is handed over again.
    let Ok(answer) = serde_json::from_slice::<Answer>(&body) else {
        return Handed::Later("answer-unreadable", None);
    };
    match answer.status.as_str() {
        "accepted" => Handed::Accepted(answer.provider_id.filter(|name| name.len() <= NAME)),
        "rejected" => Handed::Refused("rejected"),
        _ => Handed::Later("answer-unreadable", None),
    }
}
