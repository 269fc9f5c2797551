//! What became of the notices of a matter, for those who serve; and that somebody called instead.

use access::Principal;
use access::policy::Sight;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Text};
use kernel::time::Instant;
use store::{Changes, StoreError, sql};

use crate::model::{Channel, Kind, State};
use crate::room::Notices;
use crate::store_rows as table;

/// Most notices shown.
const MOST: u32 = 50;

store::record! {
    /// One notice that left the house, or should have.
    #[derive(Debug, Clone)]
    pub struct Line {
        /// Delivery id.
        pub id: String,
        /// What it said.
        pub kind: Kind,
        /// Through what.
        pub channel: Channel,
        /// What became of it.
        pub state: State,
        /// Why it failed, waits or was suppressed.
        pub reason: Option<String>,
        /// How often it was tried.
        pub tries: i64,
        /// `open` when somebody must call, `done` when somebody did.
        pub call: Option<String>,
        /// When it was made.
        pub created_at: Instant,
        /// When something last happened to it.
        pub changed_at: Instant,
    }
}

fn broken(error: &StoreError) -> Refusal {
    tracing::error!(%error, "notices of a matter");
    Refusal::new(Code::Unavailable, Text::new("refused-busy"))
}

fn hidden() -> Refusal {
    Refusal::new(Code::NotFound, Text::new("refused-not-found"))
}

impl Notices {
    /// Only who serves and sees the whole matter may know how its people are reached.
    async fn may(&self, who: &Principal, number: MatterNumber) -> Result<(), Refusal> {
        let sight = self.0.recipients.sight(who, number).await.map_err(|error| broken(&error))?;
        if who.is_staff() && sight == Sight::Full { Ok(()) } else { Err(hidden()) }
    }

    /// The notices of a matter that left the house, newest first. Empty for whoever may not know.
    pub async fn trail(&self, who: &Principal, number: MatterNumber) -> Result<Vec<Line>, Refusal> {
        if self.may(who, number).await.is_err() {
            return Ok(Vec::new());
        }
        let mut reader = self.db().reader().await.map_err(|error| broken(&error))?;
        sql("SELECT id, kind, channel, state, reason, tries, call, created_at, changed_at FROM notice \
             WHERE number = ? AND channel IN ('sms', 'mail') ORDER BY created_at DESC, id DESC LIMIT ?")
        .bind(number)
        .bind(MOST)
        .all(&mut reader)
        .await
        .map_err(|error| broken(&error))
    }

    /// Somebody called instead.
    pub async fn called(&self, who: &Principal, number: MatterNumber, id: &str) -> Result<(), Refusal> {
        self.may(who, number).await?;
        let by = who.account.as_ref().map(|id| id.as_str().to_owned()).ok_or_else(hidden)?;
        let mut changes = Changes::new();
        changes.expect_one(table::called(number, id, &by, self.now()), "notice call");
        match self.db().apply("note call", changes).await {
            Ok(()) => Ok(()),
            Err(StoreError::Conflict(_)) => {
                Err(Refusal::new(Code::WrongStep, Text::new("notice-call-not-open"))
                    .next(Next::say("next-look-again")))
            }
            Err(error) => Err(broken(&error)),
        }
    }
}
