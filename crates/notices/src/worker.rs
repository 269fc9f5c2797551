//! Sending what waits: at least once, always under the same delivery id, with an end.
//!
//! A notice is claimed for a while by moving its `next_try_at`; whoever dies with a claim leaves a notice that
//! is due again when the claim ends. The try is counted with the claim, so that one which kills its sender ends
//! too.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use kernel::time::Instant;
use store::{Changes, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::follow::place;
use crate::mail::Mail;
use crate::model::{Channel, Letter, State};
use crate::room::Notices;
use crate::rules;
use crate::sms::Handed;
use crate::store_rows::{self as table, Outcome, Waiting};
use crate::words::{self, About};

/// Most notices in one round; they go out together.
const MOST: u32 = 16;
/// How often is looked when nothing waits.
const POLL: Duration = Duration::from_secs(1);
/// Pause after a failure of the database.
const PAUSE: Duration = Duration::from_secs(5);

/// What sending one came to.
enum Ended {
    Handed(Handed),
    /// Its content was destroyed: there is nobody to write to.
    Erased,
    /// This channel is not configured any more.
    NoWay,
}

impl Notices {
    /// How long a claim holds: longer than any try can take.
    fn term(&self) -> SignedDuration {
        let sms = self.0.sms.as_ref().map(|gateway| gateway.timeout());
        let mail = self.0.mail.as_ref().map(|mailer| mailer.timeout());
        let longest = sms.into_iter().chain(mail).max().unwrap_or_default();
        SignedDuration::try_from(longest * 2).unwrap_or(SignedDuration::from_mins(2))
            + SignedDuration::from_secs(5)
    }

    /// Sends what is due, up to sixteen; gives how many were looked at.
    pub async fn send_due(&self) -> Result<usize, StoreError> {
        let now = self.now();
        let due = table::waiting(&mut self.db().reader().await?, now, MOST).await?;
        let count = due.len();
        let sent = join_all(due.into_iter().map(|notice| self.send_one(notice, now))).await;
        sent.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(count)
    }

    async fn send_one(&self, notice: Waiting, now: Instant) -> Result<(), StoreError> {
        let letter = self.letter(&notice).await?;
        if let Some(letter) = &letter {
            // The hours may have ended while it waited for its next try.
            let from = rules::from_when(now, self.settings().quiet, letter.hours, notice.kind, notice.due);
            if from > now {
                let mut changes = Changes::new();
                changes.push(table::put_off(&notice, from));
                return self.db().apply("put notice off", changes).await;
            }
        }
        let claim = uuid::Uuid::now_v7().to_string();
        let mut changes = Changes::new();
        changes.expect_one(table::claim(&notice, &claim, now.plus(self.term()), now), "notice claim");
        match self.db().apply("claim notice", changes).await {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return Ok(()),
            Err(error) => return Err(error),
        }
        let ended = match &letter {
            None => Ended::Erased,
            Some(_) if notice.tries >= self.settings().tries => {
                Ended::Handed(Handed::Refused("sender-stopped"))
            }
            Some(letter) => self.hand_over(&notice, letter, now).await,
        };
        self.note(&notice, &claim, ended).await
    }

    async fn letter(&self, notice: &Waiting) -> Result<Option<Letter>, StoreError> {
        let Some(sealed) = &notice.sealed else { return Ok(None) };
        let Some(key) = self.0.recipients.key_of(notice.number).await? else { return Ok(None) };
        let plain = key.open(&place(notice.number, &notice.id), sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(|error| StoreError::Seal(error.to_string()))
    }

    async fn hand_over(&self, notice: &Waiting, letter: &Letter, now: Instant) -> Ended {
        let link = letter.token.as_ref().and_then(|token| self.address_of(token));
        let about = About { number: notice.number, due: notice.due, link: link.as_deref() };
        let words = &self.0.words;
        match (notice.channel, &self.0.sms, &self.0.mail) {
            (Channel::Sms, Some(gateway), _) => {
                let said = words::short(words, letter.lang, notice.kind, letter.wording, &about);
                Ended::Handed(gateway.send(&notice.id, &letter.to, letter.wording, &said, now).await)
            }
            (Channel::Mail, _, Some(mailer)) => {
                let (subject, text) = words::mail(words, letter.lang, notice.kind, letter.wording, &about);
                let mail = Mail {
                    id: &notice.id,
                    to: &letter.to,
                    lang: letter.lang,
                    subject: &subject,
                    text: &text,
                };
                Ended::Handed(mailer.send(&mail).await)
            }
            _ => Ended::NoWay,
        }
    }

    /// Writes down what came of a try.
    async fn note(&self, notice: &Waiting, claim: &str, ended: Ended) -> Result<(), StoreError> {
        let now = self.now();
        let tries = notice.tries + 1;
        let mut changes = Changes::new();
        let (state, reason, provider, next_try_at) = match &ended {
            Ended::Handed(Handed::Accepted(provider)) => (State::Sent, None, provider.as_deref(), None),
            Ended::Handed(Handed::Refused(why)) => (State::Failed, Some(*why), None, None),
            Ended::Handed(Handed::Later(why, _)) if tries >= self.settings().tries => {
                (State::Failed, Some(*why), None, None)
            }
            Ended::Handed(Handed::Later(why, after)) => {
                let next = now.plus(rules::pause(self.settings().pause, tries, *after));
                (State::Queued, Some(*why), None, Some(next))
            }
            Ended::Erased => (State::Suppressed, Some("erased"), None, None),
            Ended::NoWay => (State::Failed, Some("no-way"), None, None),
        };
        let what = Outcome { state, reason, provider, next_try_at };
        changes.expect_one(table::outcome(notice, claim, &what, now), "notice claim");
        if state == State::Failed {
            self.give_up(&mut changes, notice, now).await?;
        }
        match self.db().apply("note notice", changes).await {
            // A receipt came first, or the claim had ended: what stands there is truer than what we know.
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// When the last message of a cause to a person has failed, the office must call.
    pub(crate) async fn give_up(
        &self,
        changes: &mut Changes,
        notice: &Waiting,
        now: Instant,
    ) -> Result<(), StoreError> {
        if table::others_alive(&mut self.db().reader().await?, notice).await? > 0 {
            return Ok(());
        }
        changes.push(table::open_call(notice.number, &notice.id));
        self.ask_to_call(changes, notice.number, &notice.id, now).await
    }
}

/// A running worker.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Lets what is being sent end, and stops.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// Starts a worker.
pub fn start(room: &Notices) -> Running {
    let (stop, mut stopped) = watch::channel(false);
    let room = room.clone();
    let task = tokio::spawn(async move {
        while !*stopped.borrow() {
            let pause = match room.send_due().await {
                Ok(0) => POLL,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(%error, "notices are not sent");
                    PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.changed() => {}
            }
        }
    });
    Running { stop, task }
}
