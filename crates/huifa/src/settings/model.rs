//! `[model]`: the language model that drafts answers, if there is one.

use std::time::Duration;

use answers::drafting::client::ModelSettings;
use serde::Deserialize;

use super::sms::checked_url;
use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[model]
# A language model that drafts answers to questions, behind an address that speaks as OpenAI's does, up to and with
# /v1. Off without it: drafts are then put together from articles and answers that are kept. Whoever runs it reads the
# questions, without the names, numbers and places that were found in them. Drafts are verified against the statutes
# (`huifa laws import`) and go before a person; nothing is sent by itself.
#url = \"https://model.example.cn/v1\"
#name = \"some-model\"
# The key it wants, if it wants one; better given as HUIFA_MODEL_KEY.
#key = \"change-me\"
# How long one draft may take in all, in seconds.
#timeout_seconds = 30
";

/// The section as written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    url: Option<String>,
    name: Option<String>,
    key: Option<String>,
    timeout_seconds: Option<u64>,
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("model::Section(…)")
    }
}

impl Section {
    /// The model meant; none when no address is given.
    pub fn read(&self) -> Result<Option<ModelSettings>, Failure> {
        let Some(url) = &self.url else { return Ok(None) };
        let url = checked_url("[model] url", url)?;
        let Some(name) = self.name.clone().filter(|name| !name.trim().is_empty()) else {
            return Err(Failure::Environment("[model] name: write the name of the model".to_owned()));
        };
        let key = std::env::var("HUIFA_MODEL_KEY").ok().or_else(|| self.key.clone());
        Ok(Some(ModelSettings {
            url,
            name,
            key: key.filter(|key| !key.is_empty()),
            timeout: Duration::from_secs(self.timeout_seconds.unwrap_or(30).clamp(1, 120)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_off_until_an_address_and_a_name_are_given() {
        assert!(Section::default().read().expect("nothing set").is_none());
        let with = |url: &str, name: Option<&str>| {
            let section =
                Section { url: Some(url.to_owned()), name: name.map(str::to_owned), ..Section::default() };
            section.read()
        };
        assert!(with("https://model.example/v1/", Some("m")).expect("whole").is_some());
        assert!(with("http://127.0.0.1:9000/v1", Some("m")).expect("on this machine").is_some());
        assert!(with("http://model.example/v1", Some("m")).is_err(), "not in private");
        assert!(with("https://model.example/v1", None).is_err(), "no name");
    }
}
