//! The handle of this room: what its services share.

use std::sync::Arc;

use jiff::SignedDuration;
use kernel::time::Instant;
use store::seal::{DataKey, Keyring};
use store::{Changes, Db, StoreError, sql};

use crate::area::AreaBook;
use crate::error::AccessError;
use crate::office::OfficeBook;
use crate::password::{Cost, Hasher};
use crate::rules::Rules;
use crate::sender::{OutboxSender, Sender};
use crate::session;
use crate::throttle::Limit;

/// Limits on signing in; `None` = no limit (`HUIFA_LIMITS=off` on a loopback listener).
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Failed sign-ins a minute for one login or one phone (`[limits] login_per_minute`).
    pub login_per_minute: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { login_per_minute: Some(10) }
    }
}

/// Accounts, sessions and offices of one installation.
pub struct Access {
    pub(crate) db: Db,
    pub(crate) keyring: Keyring,
    pub(crate) room: Arc<DataKey>,
    pub(crate) hasher: Hasher,
    pub(crate) limits: Limits,
    pub(crate) rules: Rules,
    pub(crate) sender: Arc<dyn Sender>,
    pub(crate) relying: Option<crate::oidc::Relying>,
    offices: OfficeBook,
    areas: AreaBook,
}

impl Access {
    /// Opens the room with messages kept in the outbox; makes its data key at the very first start.
    pub async fn open(db: Db, keyring: Keyring, limits: Limits, now: Instant) -> Result<Self, AccessError> {
        Self::open_at(Cost::Standard, db, keyring, limits, now).await
    }

    /// The same with another cost of new passwords. `Cost::Least` is for tests alone.
    pub async fn open_at(
        cost: Cost,
        db: Db,
        keyring: Keyring,
        limits: Limits,
        now: Instant,
    ) -> Result<Self, AccessError> {
        let room = Arc::new(room_key(&db, &keyring, now).await?);
        let sender = Arc::new(OutboxSender::new(db.clone(), Arc::clone(&room)));
        let hasher = Hasher::new(cost).await?;
        let offices = OfficeBook::new(db.clone());
        let areas = AreaBook::new(db.clone());
        Ok(Self {
            db,
            keyring,
            room,
            hasher,
            limits,
            rules: Rules::default(),
            sender,
            relying: None,
            offices,
            areas,
        })
    }

    /// The same room with another way to reach phones.
    #[must_use]
    pub fn with_sender(mut self, sender: Arc<dyn Sender>) -> Self {
        self.sender = sender;
        self
    }

    /// The same room with other rules of signing in and passwords.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// The rules of signing in and passwords.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The same room with OpenID providers people may sign in through.
    #[must_use]
    pub fn with_oidc(mut self, relying: crate::oidc::Relying) -> Self {
        self.relying = Some(relying);
        self
    }

    /// The organisations of all nodes, in memory.
    pub fn offices(&self) -> &OfficeBook {
        &self.offices
    }

    /// The divisions of all nodes, in memory.
    pub fn areas(&self) -> &AreaBook {
        &self.areas
    }

    /// The data key of this room (sessions, outbox).
    pub fn room_key(&self) -> Arc<DataKey> {
        Arc::clone(&self.room)
    }

    /// The messages kept for the demo's outbox page, newest first.
    pub async fn outbox(&self, limit: u32) -> Result<Vec<crate::sender::Message>, StoreError> {
        OutboxSender::new(self.db.clone(), self.room_key()).newest(limit).await
    }

    /// Removes what has run out: sessions, codes, hits and messages older than a day, the record when it has been
    /// kept long enough. For the timer.
    pub async fn sweep(&self, now: Instant) -> Result<(), StoreError> {
        let yesterday = now.plus(-SignedDuration::from_hours(24)).timestamp();
        let mut changes = Changes::new();
        changes.push(session::store::end_expired(now));
        changes.push(sql("DELETE FROM phone_code WHERE expires_at <= ?").bind(yesterday));
        changes.push(sql("DELETE FROM throttle WHERE window_start <= ?").bind(yesterday));
        changes.push(sql("DELETE FROM outbox_message WHERE created_at <= ?").bind(yesterday));
        let kept = SignedDuration::from_hours(24 * i64::from(self.rules.audit_days));
        changes.push(crate::audit::store::remove_before(now.plus(-kept)));
        for gone in crate::oidc::swept(now) {
            changes.push(gone);
        }
        self.db.apply("sweep sessions", changes).await
    }

    pub(crate) fn login_limit(&self) -> Option<Limit> {
        self.limits.login_per_minute.map(|most| Limit {
            bucket: session::lock::IN_A_MINUTE,
            most,
            window: SignedDuration::from_mins(1),
        })
    }
}

/// Name under which the room's key stands in `room_key`.
const ROOM: &str = "access";

async fn room_key(db: &Db, keyring: &Keyring, now: Instant) -> Result<DataKey, StoreError> {
    async fn kept(db: &Db) -> Result<Option<(Vec<u8>,)>, StoreError> {
        sql("SELECT wrapped FROM room_key WHERE room = ?").bind(ROOM).optional(&mut db.reader().await?).await
    }
    if let Some((wrapped,)) = kept(db).await? {
        return keyring.unwrap(&wrapped);
    }
    let (_, wrapped) = keyring.new_data_key()?;
    let mut changes = Changes::new();
    // Two nodes may start at once: the first key stays, both read it back.
    changes.push(
        sql(
            "INSERT INTO room_key (room, wrapped, created_at) VALUES (?, ?, ?) ON CONFLICT (room) DO NOTHING",
        )
        .bind(ROOM)
        .bind(wrapped)
        .bind(now.timestamp()),
    );
    db.apply("make room key", changes).await?;
    let (wrapped,) = kept(db).await?.ok_or(StoreError::Missing)?;
    keyring.unwrap(&wrapped)
}
