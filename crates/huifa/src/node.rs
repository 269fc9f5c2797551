//! Wiring of a running node: database, keys, catalogue, rooms, site, and what runs beside it.

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use catalog::Catalog;
use catalog::words::Words;
use files::Files;
use files::scan::Scanner;
use kernel::calendar::Calendar;
use matters::{Parts as RegisterParts, Register};
use notices::Notices;
use notices::code::CodeSender;
use notices::mail::Mailer;
use notices::sms::Gateway;
use store::Db;
use store::seal::Keyring;
use web::App;

use crate::context::Context;
use crate::failure::Failure;
use crate::recipients::FromRegister;
use crate::settings::Settings;

/// How often timers are looked at.
const TICK: Duration = Duration::from_secs(20);

/// How often days that come near are looked for.
const REMIND: Duration = Duration::from_mins(5);

/// How often what has run out is removed.
const SWEEP: Duration = Duration::from_mins(10);

/// Most matters one sweep erases: the next comes soon, and commands never wait behind a long run.
const ERASED_AT_ONCE: u64 = 200;

/// How often files in quarantine are asked about again.
const RESCAN: Duration = Duration::from_mins(1);

/// Longest time the virus scanner may take over one file.
const SCAN_WAIT: Duration = Duration::from_secs(30);

/// The rooms of a node, put together.
pub struct Node {
    /// The database.
    pub db: Db,
    /// Keys.
    pub keyring: Keyring,
    /// Accounts, sessions, organisations.
    pub access: Arc<Access>,
    /// Papers.
    pub files: Arc<Files>,
    /// The register.
    pub register: Register,
    /// What people are told.
    pub notices: Notices,
    /// Kinds of problem, signs of danger.
    pub triage: Arc<triage::room::Room>,
    /// Documents people can write.
    pub drafts: Arc<drafting::Book>,
    /// Answers that may be used again.
    pub library: answers::Library,
    /// Statutes.
    pub shelf: laws::shelf::Shelf,
    /// Messages.
    pub words: Arc<Words>,
    /// Sets documents as PDF.
    pub printer: Arc<dyn press::Printer>,
    /// Settings.
    pub settings: Settings,
    /// The data folder.
    pub data: std::path::PathBuf,
}

impl Node {
    /// Opens everything, in the order it depends on each other.
    pub async fn open(context: &Context, settings: Settings) -> Result<Self, Failure> {
        std::fs::create_dir_all(context.data()).map_err(Failure::environment)?;
        let db = context.database().await?;
        context.steady(&db).await?;
        let keyring = Keyring::load_or_create(context.data(), &db).await.map_err(Failure::environment)?;
        let now = context.clock().now();
        let sources = context.sources()?;
        let fresh = Catalog::from_files(&sources).map_err(|faults| unsound(faults.len()))?;
        catalog::versions::publish(&db, &fresh, now).await.map_err(Failure::environment)?;
        let mut offer = catalog::versions::load(&db, fresh).await.map_err(Failure::environment)?;
        offer.add_parameters(catalog::figures::load(&db).await.map_err(Failure::environment)?);
        let offer = Arc::new(offer);
        let words = Arc::new(Words::from_files(&sources).map_err(|faults| unsound(faults.len()))?);
        let limits = access::Limits { login_per_minute: settings.limits.login_per_minute };
        let access =
            Access::open(db.clone(), keyring.clone(), limits, now).await.map_err(Failure::environment)?;
        let sms =
            settings.sms.clone().map(Gateway::new).transpose().map_err(Failure::Environment)?.map(Arc::new);
        let mail = settings.smtp.as_ref().map(Mailer::new).transpose();
        let mail = mail.map_err(|why| Failure::Environment(format!("[smtp] {why}")))?.map(Arc::new);
        let access = match &sms {
            Some(gateway) => {
                access.with_sender(Arc::new(CodeSender::new(Arc::clone(gateway), Arc::clone(&words))))
            }
            None => access,
        };
        let access = Arc::new(signing_in(access.with_rules(settings.accounts.clone()), &settings.oidc)?);
        let file_limits = files::Limits { upload_bytes: settings.limits.upload_bytes as u64 };
        let scanner = settings.scan.clone().map(|address| Scanner::new(address, SCAN_WAIT));
        let files = Files::new(db.clone(), keyring.clone(), context.data().join("files"), file_limits);
        let files = Arc::new(files.scanned_by(scanner));
        let register = Register::new(RegisterParts {
            db: db.clone(),
            catalog: offer,
            words: Arc::clone(&words),
            keyring: keyring.clone(),
            access: Arc::clone(&access),
            files: Arc::clone(&files),
            clock: context.clock(),
            calendar: Arc::new(Calendar::official().clone()),
        })
        .map_err(Failure::environment)?;
        let notices = Notices::new(notices::Parts {
            db: db.clone(),
            keyring: keyring.clone(),
            words: Arc::clone(&words),
            clock: context.clock(),
            recipients: Arc::new(FromRegister(register.clone())),
            settings: settings.notices.clone(),
            sms,
            mail,
        });
        let data = context.data().to_owned();
        let printer = crate::prints::printer(&sources, &data);
        let triage = Arc::new(context.triage()?);
        let drafts = Arc::new(drafts(&sources)?);
        let shelf = laws::shelf::Shelf::new(db.clone(), data.clone());
        let kinds = triage.kinds().labels();
        let drafter = settings.model.clone().map(answers::drafting::client::Model::new).transpose();
        let drafter = drafter.map_err(|why| Failure::Environment(format!("[model] {why}")))?;
        let library = answers::Library::new(answers::Parts {
            db: db.clone(),
            access: Arc::clone(&access),
            register: register.clone(),
            shelf: shelf.clone(),
            seeds: answers::seeds::Seeds::read(&sources, &kinds).map_err(Failure::Environment)?,
            kinds,
            triage: Arc::clone(&triage),
            drafter: drafter.map(|model| Arc::new(model) as Arc<dyn answers::drafting::Drafter>),
        });
        Ok(Self {
            db,
            keyring,
            access,
            files,
            register,
            notices,
            triage,
            drafts,
            library,
            shelf,
            words,
            printer,
            settings,
            data,
        })
    }

    /// The site over these rooms.
    pub fn app(&self, demo: bool) -> App {
        let figures = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder();
        App::new(web::Parts {
            db: self.db.clone(),
            keyring: self.keyring.clone(),
            register: self.register.clone(),
            access: Arc::clone(&self.access),
            files: Arc::clone(&self.files),
            notices: self.notices.clone(),
            shelf: self.shelf.clone(),
            triage: Arc::clone(&self.triage),
            drafts: Arc::clone(&self.drafts),
            library: self.library.clone(),
            words: Arc::clone(&self.words),
            printer: Arc::clone(&self.printer),
            config: web::Config {
                limits: self.settings.limits,
                exit: self.settings.quick_exit.clone(),
                site: Arc::new(match &self.settings.site {
                    Some(site) => site.clone(),
                    None if demo => web::Site::demonstration(),
                    None => web::Site::default(),
                }),
                demo,
                guard: self.settings.server.guard.clone(),
                data: Some(self.data.clone()),
            },
            figures: figures.ok(),
        })
    }

    /// Starts what runs beside the site: the feed with its followers, timers, sweeping.
    pub fn start_background(&self, app: &App) -> Background {
        let followers: Vec<Arc<dyn store::feed::Follower>> =
            vec![Arc::new(evidence::MerkleLog), Arc::new(self.notices.clone())];
        let feed = store::feed::start(&self.db, followers);
        let senders = notices::worker::start(&self.notices);
        let register = self.register.clone();
        let timers = tokio::spawn(async move {
            match register.recount().await {
                Ok(0) => {}
                Ok(moved) => tracing::info!(moved, "due days moved with the calendar"),
                Err(refusal) => tracing::error!(%refusal, "recount"),
            }
            let mut beat = tokio::time::interval(TICK);
            loop {
                beat.tick().await;
                if let Err(refusal) = register.tick().await {
                    tracing::error!(%refusal, "timers");
                }
            }
        });
        let (access, files, register, app) =
            (Arc::clone(&self.access), Arc::clone(&self.files), self.register.clone(), app.clone());
        let drafts = matters::draft::Drafts::new(self.db.clone(), self.keyring.clone());
        let erases = self.settings.erases;
        let sweeper = tokio::spawn(async move {
            // Read before the first who asks for a place by name has to wait for it.
            if let Err(error) = access.areas().current().await {
                tracing::error!(%error, "read divisions");
            }
            let mut beat = tokio::time::interval(SWEEP);
            loop {
                beat.tick().await;
                let now = register.now();
                app.forget_visitors();
                if let Err(error) = access.sweep(now).await {
                    tracing::error!(%error, "sweep sessions");
                }
                if let Err(error) = files.sweep(now).await {
                    tracing::error!(%error, "sweep uploads");
                }
                if let Err(error) = files.burn().await {
                    tracing::error!(%error, "burn files");
                }
                if erases {
                    match register.retention_run(ERASED_AT_ONCE).await {
                        Ok(ran) if ran.erased > 0 => tracing::info!(erased = ran.erased, "time was up"),
                        Ok(_) => {}
                        Err(refusal) => tracing::error!(%refusal, "retention"),
                    }
                }
                if let Err(error) = drafts.sweep(now.date()).await {
                    tracing::error!(%error, "sweep drafts");
                }
                if let Err(refusal) = register.sweep().await {
                    tracing::error!(%refusal, "sweep keys");
                }
            }
        });
        let room = self.notices.clone();
        let reminders = tokio::spawn(async move {
            let mut beat = tokio::time::interval(REMIND);
            loop {
                beat.tick().await;
                if let Err(error) = room.remind_due().await {
                    tracing::error!(%error, "reminders");
                }
                if let Err(error) = room.sweep().await {
                    tracing::error!(%error, "sweep links");
                }
            }
        });
        let files = Arc::clone(&self.files);
        let rescans = tokio::spawn(async move {
            let mut beat = tokio::time::interval(RESCAN);
            loop {
                beat.tick().await;
                if let Err(error) = files.rescan().await {
                    tracing::error!(%error, "rescan of files in quarantine");
                }
            }
        });
        let (keyring, db) = (self.keyring.clone(), self.db.clone());
        let watcher = tokio::spawn(async move { keyring.watch(&db, store::seal::rotate::WATCH).await });
        let key_work = crate::keys::KeyWork {
            db: self.db.clone(),
            keyring: self.keyring.clone(),
            access: Arc::clone(&self.access),
            register: self.register.clone(),
        };
        let renewer = tokio::spawn(key_work.run());
        let sealing =
            crate::sealing::run(self.db.clone(), self.keyring.clone(), self.settings.evidence.clone());
        let signer = tokio::spawn(sealing);
        Background {
            feed,
            senders,
            tasks: vec![timers, sweeper, reminders, rescans, watcher, renewer, signer],
        }
    }
}

/// The same room with the OpenID providers that are set.
fn signing_in(access: Access, oidc: &crate::settings::Oidc) -> Result<Access, Failure> {
    if !oidc.is_set() {
        return Ok(access);
    }
    let outside = Arc::new(crate::outside::Client::new()?);
    let relying =
        access::oidc::Relying::new(outside, &oidc.address, oidc.staff.clone(), oidc.citizen.clone())
            .map_err(|said| Failure::Environment(format!("huifa.toml: [oidc] {said}")))?;
    Ok(access.with_oidc(relying))
}

/// The templates of the catalogue.
pub fn drafts(sources: &catalog::load::Files) -> Result<drafting::Book, Failure> {
    drafting::Book::from_files(sources).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Failure::Environment(told.join("; "))
    })
}

fn unsound(faults: usize) -> Failure {
    Failure::Environment(format!("the catalogue has {faults} faults; run `huifa catalog check`"))
}

/// What runs beside the site.
pub struct Background {
    feed: store::feed::Running,
    senders: notices::worker::Running,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Background {
    /// Stops it; the feed gives its lease back.
    pub async fn stop(self) {
        for task in self.tasks {
            task.abort();
        }
        self.senders.stop().await;
        self.feed.stop().await;
    }
}
