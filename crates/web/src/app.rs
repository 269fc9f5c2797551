//! What a running node holds.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use access::{Access, Principal};
use answers::Library;
use catalog::cited::Citing;
use catalog::words::Words;
use drafting::Book;
use files::Files;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::refusal::Refusal;
use kernel::time::Instant;
use laws::citation;
use laws::shelf::Shelf;
use matters::Register;
use metrics_exporter_prometheus::PrometheusHandle;
use notices::Notices;
use press::Printer;
use serde_json::Value;
use store::Db;
use store::seal::Keyring;
use tokio::sync::Semaphore;
use triage::room::Room;

use crate::ui::site::Site;

/// Limits of `[limits]`; `None` = off.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests a minute from one address without a session.
    pub anonymous_per_minute: Option<NonZeroU32>,
    /// Failed sign-ins a minute.
    pub login_per_minute: Option<u32>,
    /// Files and forms with files an hour from one address without a token of the API.
    pub uploads_per_hour: Option<NonZeroU32>,
    /// Largest request body but uploads, in bytes.
    pub body_bytes: usize,
    /// Largest upload, in bytes.
    pub upload_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            anonymous_per_minute: NonZeroU32::new(120),
            login_per_minute: Some(10),
            uploads_per_hour: NonZeroU32::new(300),
            body_bytes: 1 << 20,
            upload_bytes: 20 << 20,
        }
    }
}

/// The neutral page somebody sees who leaves a sensitive one at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickExit(pub String);

impl Default for QuickExit {
    fn default() -> Self {
        Self("https://www.weather.com.cn/".to_owned())
    }
}

/// Settings of the site.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Limits.
    pub limits: Limits,
    /// Where the button of sensitive pages leads.
    pub exit: QuickExit,
    /// Name, place and operators of the site.
    pub site: Arc<Site>,
    /// Whether this is the demo city: the outbox page shows what would be sent.
    pub demo: bool,
    /// What stands before every door.
    pub guard: crate::guard::Guard,
    /// The data folder, to be watched for free space.
    pub data: Option<std::path::PathBuf>,
}

/// What a node is made of; the binary puts it together.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Keys.
    pub keyring: Keyring,
    /// The register.
    pub register: Register,
    /// Accounts, sessions, organisations.
    pub access: Arc<Access>,
    /// Papers.
    pub files: Arc<Files>,
    /// What people are told.
    pub notices: Notices,
    /// Statutes.
    pub shelf: Shelf,
    /// Kinds of problem, signs of danger.
    pub triage: Arc<Room>,
    /// Documents people can write here.
    pub drafts: Arc<Book>,
    /// Answers that may be used again.
    pub library: Library,
    /// Messages.
    pub words: Arc<Words>,
    /// Sets documents as PDF.
    pub printer: Arc<dyn Printer>,
    /// Settings.
    pub config: Config,
    /// Figures for `/metrics`, when they are collected.
    pub figures: Option<PrometheusHandle>,
}

/// A running node. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    visitors: Option<DefaultKeyedRateLimiter<IpAddr>>,
    uploads: Option<DefaultKeyedRateLimiter<IpAddr>>,
    presses: Semaphore,
    cited_by: OnceLock<CitedBy>,
}

/// What cites an article, by title and number.
pub type CitedBy = HashMap<String, HashMap<(u32, u32), Vec<Citing>>>;

/// Documents set at once: each keeps a core busy, and commands come first.
const PRESSES: usize = 2;

impl App {
    /// Deletes what is kept of a citizen beside matters, in every room: see [`Register::delete_account_data`].
    pub async fn delete_account_data(&self, who: &Principal) -> Result<Value, Refusal> {
        let beside = who.account.as_ref().map(|account| Notices::without_mail(account.as_str()));
        self.register().delete_account_data(who, beside.unwrap_or_default()).await
    }

    /// Puts a node together.
    pub fn new(parts: Parts) -> Self {
        let quota = parts.config.limits.anonymous_per_minute.map(Quota::per_minute);
        let visitors = quota.map(RateLimiter::keyed);
        let uploads = parts.config.limits.uploads_per_hour.map(Quota::per_hour).map(RateLimiter::keyed);
        Self(Arc::new(Inner {
            parts,
            visitors,
            uploads,
            presses: Semaphore::new(PRESSES),
            cited_by: OnceLock::new(),
        }))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.parts.db
    }

    /// Keys.
    pub fn keyring(&self) -> &Keyring {
        &self.0.parts.keyring
    }

    /// The register.
    pub fn register(&self) -> &Register {
        &self.0.parts.register
    }

    /// Accounts, sessions, organisations.
    pub fn access(&self) -> &Arc<Access> {
        &self.0.parts.access
    }

    /// Papers.
    pub fn files(&self) -> &Arc<Files> {
        &self.0.parts.files
    }

    /// What people are told.
    pub fn notices(&self) -> &Notices {
        &self.0.parts.notices
    }

    /// Statutes.
    pub fn shelf(&self) -> &Shelf {
        &self.0.parts.shelf
    }

    /// What of the catalogue cites an article; gathered when first asked for.
    pub fn cited_by(&self) -> &CitedBy {
        self.0.cited_by.get_or_init(|| {
            let mut by = CitedBy::new();
            for ((law, article), citing) in self.register().catalog().cited() {
                let Some(number) = citation::number(&article) else { continue };
                by.entry(citation::title(&law)).or_default().entry(number).or_default().extend(citing);
            }
            by
        })
    }

    /// Kinds of problem, signs of danger.
    pub fn triage(&self) -> &Arc<Room> {
        &self.0.parts.triage
    }

    /// Documents people can write here.
    pub fn drafts(&self) -> &Book {
        &self.0.parts.drafts
    }

    /// Answers that may be used again.
    pub fn library(&self) -> &Library {
        &self.0.parts.library
    }

    /// Messages.
    pub fn words(&self) -> &Arc<Words> {
        &self.0.parts.words
    }

    /// Sets documents as PDF, a few at a time.
    pub fn press(&self) -> (&Arc<dyn Printer>, &Semaphore) {
        (&self.0.parts.printer, &self.0.presses)
    }

    /// Settings.
    pub fn config(&self) -> &Config {
        &self.0.parts.config
    }

    /// Figures collected so far, as Prometheus text.
    pub fn figures(&self) -> String {
        self.0.parts.figures.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }

    /// Present moment.
    pub fn now(&self) -> Instant {
        self.register().now()
    }

    /// Whether a visitor without a session may go on; counts the request.
    pub fn admit(&self, address: IpAddr) -> bool {
        self.0.visitors.as_ref().is_none_or(|visitors| visitors.check_key(&address).is_ok())
    }

    /// Whether an address may hand in another file now; counts it.
    pub fn admit_upload(&self, address: IpAddr) -> bool {
        self.0.uploads.as_ref().is_none_or(|uploads| uploads.check_key(&address).is_ok())
    }

    /// Forgets visitors who have been quiet for a while; called by the timer.
    pub fn forget_visitors(&self) {
        if let Some(visitors) = &self.0.visitors {
            visitors.retain_recent();
        }
        if let Some(uploads) = &self.0.uploads {
            uploads.retain_recent();
        }
    }
}
