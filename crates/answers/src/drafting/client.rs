//! A language model behind an address that speaks as OpenAI's does: `POST <url>/chat/completions`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use store::BoxFuture;

use super::{Drafter, Prompt, Trouble};

/// Largest answer read, in bytes.
const ANSWER: usize = 256 << 10;
/// Most tokens it may write.
const TOKENS: u32 = 2000;

/// How a model is reached.
#[derive(Clone)]
pub struct ModelSettings {
    /// The address up to and with `/v1`.
    pub url: String,
    /// Name of the model.
    pub name: String,
    /// Key, where it wants one.
    pub key: Option<String>,
    /// How long one draft may take in all.
    pub timeout: Duration,
}

impl std::fmt::Debug for ModelSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelSettings")
            .field("url", &self.url)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The client.
pub struct Model {
    settings: ModelSettings,
    client: reqwest::Client,
}

#[derive(Deserialize)]
struct Answer {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    tool_calls: Option<serde_json::Value>,
}

impl Model {
    /// A client for this model.
    ///
    /// # Errors
    /// When no client can be made, for want of certificates for instance.
    pub fn new(settings: ModelSettings) -> Result<Self, String> {
        // A second call finds the provider installed, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout.min(Duration::from_secs(5)))
            // A question goes to the model that is configured and to no other.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("huifa")
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { settings, client })
    }

    async fn ask(&self, prompt: &Prompt) -> Result<String, Trouble> {
        let body = json!({
            "model": self.settings.name,
            "messages": [
                { "role": "system", "content": prompt.system },
                { "role": "user", "content": prompt.user },
            ],
            "temperature": 0,
            "max_tokens": TOKENS,
            "stream": false,
            "response_format": { "type": "json_object" },
        });
        let address = format!("{}/chat/completions", self.settings.url.trim_end_matches('/'));
        let mut request =
            self.client.post(address).header("content-type", "application/json").body(body.to_string());
        if let Some(key) = &self.settings.key {
            request = request.bearer_auth(key);
        }
        let mut response = request.send().await.map_err(|error| away(&error))?;
        match response.status().as_u16() {
            200..=299 => {}
            300..=399 => return Err(Trouble::Elsewhere),
            401 | 403 => return Err(Trouble::NotAllowed),
            429 => return Err(Trouble::TooMany),
            _ => return Err(Trouble::Failed),
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| away(&error))? {
            if bytes.len() + chunk.len() > ANSWER {
                return Err(Trouble::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        written(&bytes)
    }
}

fn away(error: &reqwest::Error) -> Trouble {
    if error.is_timeout() { Trouble::TooLong } else { Trouble::Away }
}

/// The text in an answer of the service.
fn written(bytes: &[u8]) -> Result<String, Trouble> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|_| Trouble::Unreadable)?;
    let choice = answer.choices.into_iter().next().ok_or(Trouble::Nothing)?;
    let calls = choice.message.tool_calls.is_some_and(|calls| !calls.is_null() && calls != json!([]));
    let broken_off = choice.finish_reason.as_deref() == Some("length");
    let text = choice.message.content.filter(|text| !text.trim().is_empty());
    match text {
        Some(text) if !calls && !broken_off => Ok(text),
        _ => Err(Trouble::Nothing),
    }
}

impl Drafter for Model {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn write<'a>(&'a self, prompt: &'a Prompt) -> BoxFuture<'a, Result<String, Trouble>> {
        Box::pin(self.ask(prompt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_never_printed() {
        let settings = ModelSettings {
            url: "https://model.example/v1".into(),
            name: "m".into(),
            key: Some("secret-key".into()),
            timeout: Duration::from_secs(1),
        };
        assert!(!format!("{settings:?}").contains("secret"));
    }

    #[test]
    fn only_a_whole_text_is_taken() {
        let whole = br#"{"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}],"usage":{}}"#;
        assert_eq!(written(whole), Ok("{}".to_owned()));
        for (bytes, trouble) in [
            (&br#"{"choices":[]}"#[..], Trouble::Nothing),
            (br#"{"choices":[{"message":{"content":null}}]}"#, Trouble::Nothing),
            (br#"{"choices":[{"message":{"content":" "}}]}"#, Trouble::Nothing),
            (br#"{"choices":[{"message":{"content":"{}"},"finish_reason":"length"}]}"#, Trouble::Nothing),
            (br#"{"choices":[{"message":{"content":"{}","tool_calls":[{"id":"1"}]}}]}"#, Trouble::Nothing),
            (br#"{"choices":[{"message":{"content":["a"]}}]}"#, Trouble::Unreadable),
            (br#"{"error":"no"}"#, Trouble::Unreadable),
            (b"<html>", Trouble::Unreadable),
            (b"", Trouble::Unreadable),
            (b"{\"choices\":[{\"message\":{\"content\":\"\xff\xfe\"}}]}", Trouble::Unreadable),
        ] {
            assert_eq!(written(bytes), Err(trouble), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
