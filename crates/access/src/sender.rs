//! How a code reaches a phone. The demo has no network operator: it keeps messages, sealed, for a page.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kernel::identity::Phone;
use kernel::refusal::Text;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use store::seal::DataKey;
use store::{Changes, Db, StoreError, sql};

/// A message on its way to a phone. The words are a message key: operators keep templates, not texts.
#[derive(Debug, Clone)]
pub struct Message {
    /// Whom to.
    pub phone: Phone,
    /// What.
    pub text: Text,
    /// When it was handed over.
    pub at: Instant,
}

/// What [`Sender::send`] returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Hands messages to the outside.
pub trait Sender: Send + Sync {
    /// Hands over one message; returns when it is safe with the other side.
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a>;
}

/// Keeps messages in `outbox_message`, sealed, newest 1,000 of the last day.
pub struct OutboxSender {
    db: Db,
    key: Arc<DataKey>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    phone: String,
    key: String,
    args: Vec<(String, String)>,
}

impl OutboxSender {
    /// A sender that keeps messages under this room's key (see [`crate::Access::room_key`]).
    pub fn new(db: Db, key: Arc<DataKey>) -> Self {
        Self { db, key }
    }

    /// The newest messages first.
    pub async fn newest(&self, limit: u32) -> Result<Vec<Message>, StoreError> {
        let mut reader = self.db.reader().await?;
        let rows: Vec<(String, Vec<u8>, jiff::Timestamp)> = sql(
            "SELECT id, sealed, created_at FROM outbox_message ORDER BY created_at DESC, id DESC LIMIT ?",
        )
        .bind(limit)
        .all(&mut reader)
        .await?;
        rows.into_iter()
            .map(|(id, sealed, at)| {
                let plain = self.key.open(&place(&id), &sealed)?;
                let kept: Kept =
                    serde_json::from_slice(&plain).map_err(|error| StoreError::Seal(error.to_string()))?;
                let phone = Phone::parse(&kept.phone).map_err(|fault| StoreError::Seal(fault.to_string()))?;
                let text = kept
                    .args
                    .into_iter()
                    .fold(Text::new(kept.key), |text, (name, value)| text.arg(name, value));
                Ok(Message { phone, text, at: Instant::new(at) })
            })
            .collect()
    }
}

fn place(id: &str) -> String {
    format!("outbox_message.sealed:{id}")
}

impl Sender for OutboxSender {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let id = uuid::Uuid::now_v7().to_string();
            let kept = Kept {
                phone: message.phone.as_str().to_owned(),
                key: message.text.key.clone().into_owned(),
                args: message
                    .text
                    .args
                    .iter()
                    .map(|(name, value)| (name.clone().into_owned(), value.clone()))
                    .collect(),
            };
            let plain = serde_json::to_vec(&kept).map_err(|error| StoreError::Seal(error.to_string()))?;
            let mut changes = Changes::new();
            changes.push(
                sql("INSERT INTO outbox_message (id, channel, sealed, created_at) VALUES (?, 'sms', ?, ?)")
                    .bind(&id)
                    .bind(self.key.seal(&place(&id), &plain)?)
                    .bind(message.at.timestamp()),
            );
            self.db.apply("keep message", changes).await
        })
    }
}
