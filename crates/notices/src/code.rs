//! Sign-in codes through the gateway: at once, at any hour, because somebody waits for them.

use std::sync::Arc;

use access::sender::{Message, Sender, Sending};
use catalog::words::{Lang, Words};
use kernel::contact::Wording;
use store::StoreError;

use crate::sms::{Gateway, Handed};
use crate::words::Said;

/// Tries for one code before the person is told that it cannot be sent.
const TRIES: u32 = 2;

/// Sends codes.
pub struct CodeSender {
    gateway: Arc<Gateway>,
    words: Arc<Words>,
}

impl CodeSender {
    /// Through this gateway, in these words.
    pub fn new(gateway: Arc<Gateway>, words: Arc<Words>) -> Self {
        Self { gateway, words }
    }
}

impl Sender for CodeSender {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let args: Vec<(&'static str, String)> = ["code", "minutes"]
                .into_iter()
                .filter_map(|name| {
                    let found = message.text.args.iter().find(|(given, _)| *given == name)?;
                    Some((name, found.1.clone()))
                })
                .collect();
            let said = Said {
                template: message.text.key.clone().into_owned(),
                args,
                text: self.words.say(Lang::Zh, &message.text),
            };
            let id = uuid::Uuid::now_v7().to_string();
            let mut why = "unreachable";
            for _ in 0..TRIES {
                // A code says nothing of a matter, but who writes is told only where it is harmless.
                match self
                    .gateway
                    .send(&id, message.phone.as_str(), Wording::Neutral, &said, message.at)
                    .await
                {
                    Handed::Accepted(_) => return Ok(()),
                    Handed::Refused(word) => {
                        why = word;
                        break;
                    }
                    Handed::Later(word, _) => why = word,
                }
            }
            tracing::warn!(why, "a sign-in code was not sent");
            Err(StoreError::Unavailable("the gateway for short messages does not answer".into()))
        })
    }
}
