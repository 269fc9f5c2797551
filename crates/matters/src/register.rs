//! The register: one handle through which every matter is opened, moved and read.

use std::sync::Arc;

use access::Access;
use access::office::Offices;
use catalog::Catalog;
use catalog::words::Words;
use files::Files;
use kernel::area::AreaCode;
use kernel::calendar::Calendar;
use kernel::number::{MatterNumber, QueryCode};
use kernel::refusal::{Code, Refusal, Text};
use kernel::time::{Clock, Instant};
use store::seal::Keyring;
use store::{Db, StoreError};

use store::blocks::Numbers;

/// What the register is made of; the binary puts it together.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Items, parameters, facts.
    pub catalog: Arc<Catalog>,
    /// Messages, for reasons and receipts.
    pub words: Arc<Words>,
    /// Keys.
    pub keyring: Keyring,
    /// Accounts and organisations.
    pub access: Arc<Access>,
    /// Papers.
    pub files: Arc<Files>,
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
    /// Days off and make-up working days.
    pub calendar: Arc<Calendar>,
}

/// The register of matters (统一办件库). Cheap to clone.
#[derive(Clone)]
pub struct Register(Arc<Inner>);

struct Inner {
    parts: Parts,
    numbers: Numbers,
    code_key: [u8; 32],
}

impl Register {
    /// Puts a register together.
    ///
    /// # Errors
    /// When the key of the query codes cannot be derived.
    pub fn new(parts: Parts) -> Result<Self, StoreError> {
        let code_key = parts.keyring.key("query-code")?;
        let numbers = Numbers::new();
        Ok(Self(Arc::new(Inner { parts, numbers, code_key })))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.parts.db
    }

    /// The catalogue it serves.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.0.parts.catalog
    }

    /// The messages it speaks with.
    pub fn words(&self) -> &Arc<Words> {
        &self.0.parts.words
    }

    /// The calendar it counts with.
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.0.parts.calendar
    }

    /// Present moment.
    pub fn now(&self) -> Instant {
        self.0.parts.clock.now()
    }

    pub(crate) fn files(&self) -> &Files {
        &self.0.parts.files
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0.parts.access
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.parts.keyring
    }

    /// The next free number of a place and year.
    pub(crate) async fn next_number(&self, area: AreaCode, year: i16) -> Result<MatterNumber, Refusal> {
        let seq = self
            .0
            .numbers
            .next(self.db(), area.county6(), year)
            .await
            .map_err(|error| broken("number", &error))?;
        MatterNumber::new(area, year, seq).map_err(|error| fault("number", &error))
    }

    /// Organisations as this node knows them.
    pub async fn offices(&self) -> Result<Arc<Offices>, Refusal> {
        self.0.parts.access.offices().current().await.map_err(|error| broken("offices", &error))
    }

    /// The query code of a matter at an issue.
    pub fn query_code(&self, number: MatterNumber, issue: u32) -> QueryCode {
        QueryCode::derive(&self.0.code_key, number, issue)
    }
}

/// A fault of the store as the caller sees it: the details go to the log, never to the outside.
pub(crate) fn broken(what: &'static str, error: &StoreError) -> Refusal {
    if error.is_temporary() {
        tracing::warn!(what, %error, "store busy");
        return Refusal::new(Code::Unavailable, Text::new("refused-busy"));
    }
    tracing::error!(what, %error, "store failed");
    Refusal::new(Code::Internal, Text::new("refused-internal"))
}

/// Any other fault of ours.
pub(crate) fn fault(what: &'static str, error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(what, %error, "internal fault");
    Refusal::new(Code::Internal, Text::new("refused-internal"))
}

/// Absent or out of sight: the two look alike.
pub(crate) fn not_found() -> Refusal {
    Refusal::new(Code::NotFound, Text::new("refused-not-found"))
}
