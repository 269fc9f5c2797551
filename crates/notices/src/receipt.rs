//! What the gateway says afterwards: that a message arrived, or that it did not.

use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use serde::Deserialize;
use store::{Changes, StoreError};

use crate::model::{Channel, State};
use crate::room::Notices;
use crate::signature;
use crate::store_rows as table;

/// A receipt as it comes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Delivery id, as it was handed over.
    pub id: String,
    /// `delivered` or `failed`.
    pub status: String,
    /// What the gateway calls the message.
    #[serde(default)]
    pub provider_id: Option<String>,
    /// Why it failed, in the gateway's words; not kept.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A receipt that is not taken.
fn refused(code: Code, key: &'static str) -> Refusal {
    Refusal::new(code, Text::new(key))
        .rule(Rule::house("receipt-signed"))
        .next(Next::say("next-check-receipt"))
}

impl Notices {
    /// Takes a receipt. The same one again, a late one and one that was overtaken change nothing.
    ///
    /// # Errors
    /// 401 when it was not signed by the gateway just now, 400 when it cannot be read, 404 when there is no such
    /// message.
    pub async fn receipt(&self, seconds: &str, signed: &str, body: &[u8]) -> Result<(), Refusal> {
        let now = self.now();
        let right = self
            .0
            .sms
            .as_ref()
            .is_some_and(|gateway| signature::holds(gateway.key(), now, seconds, signed, body));
        if !right {
            return Err(refused(Code::Unauthenticated, "notice-receipt-unsigned"));
        }
        let unreadable = || refused(Code::Malformed, "notice-receipt-unreadable");
        let receipt: Receipt = serde_json::from_slice(body).map_err(|_| unreadable())?;
        let state = match receipt.status.as_str() {
            "delivered" => State::Delivered,
            "failed" => State::Failed,
            _ => return Err(unreadable()),
        };
        let taken = self.take_receipt(&receipt.id, state).await;
        taken.map_err(|error| {
            tracing::error!(%error, "receipt");
            Refusal::new(Code::Unavailable, Text::new("refused-busy"))
        })?
    }

    async fn take_receipt(&self, id: &str, state: State) -> Result<Result<(), Refusal>, StoreError> {
        let now = self.now();
        let found = table::by_id(&mut self.db().reader().await?, id).await?;
        let Some(notice) = found.filter(|notice| notice.channel == Channel::Sms) else {
            return Ok(Err(refused(Code::NotFound, "notice-receipt-unknown")));
        };
        let mut changes = Changes::new();
        let reason = (state == State::Failed).then_some("not-delivered");
        changes.expect_one(table::receipt(&notice, state, reason, now), "notice receipt");
        if state == State::Failed {
            self.give_up(&mut changes, &notice, now).await?;
        } else {
            changes.push(table::drop_call(notice.number, &notice.id));
        }
        match self.db().apply("take receipt", changes).await {
            Ok(()) | Err(StoreError::Conflict("notice receipt")) => Ok(Ok(())),
            Err(error) => Err(error),
        }
    }
}
