//! What everything rests on: the data folder, its disk, the keys, the database.

use std::path::Path;

use store::inspect;
use store::seal::MasterKey;
use store::{Config, Db, Kind, Migrations};

use super::{Finding, State};
use crate::context::Context;

/// Free space under which somebody should look, in MiB.
const LOW_MIB: u64 = 2048;
/// Events behind which the followers of the feed should not be.
const FAR_BEHIND: i64 = 1000;

/// The data folder: there, and not for everybody to read.
pub fn folder(data: &Path) -> Finding {
    match std::fs::metadata(data) {
        Err(error) => Finding::bad(
            "folder",
            State::Broken,
            format!("{}: {error}", data.display()),
            "name the data folder with --data or HUIFA_DATA; `huifa serve` makes it",
        ),
        Ok(found) if !found.is_dir() => {
            Finding::bad("folder", State::Broken, format!("{} is no folder", data.display()), "name a folder")
        }
        Ok(found) => match open_to_others(&found) {
            Some(mode) if mode & 0o002 != 0 => Finding::bad(
                "folder",
                State::Fault,
                format!("{} can be written by everybody (mode {mode:o})", data.display()),
                format!("chmod 700 {}", data.display()),
            ),
            Some(mode) => Finding::bad(
                "folder",
                State::Warn,
                format!("{} can be looked into by others (mode {mode:o})", data.display()),
                format!("chmod 700 {}", data.display()),
            ),
            None => Finding::ok("folder", data.display().to_string()),
        },
    }
}

/// The mode when others than the owner have any right.
fn open_to_others(found: &std::fs::Metadata) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = found.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then_some(mode)
    }
    #[cfg(not(unix))]
    {
        let _ = found;
        None
    }
}

/// Room on the disk of the data folder.
pub fn disk(data: &Path) -> Option<Finding> {
    let free = match inspect::free_bytes(data) {
        Ok(free) => free >> 20,
        // That the folder is not there is told by itself.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            return Some(Finding::bad(
                "disk",
                State::Fault,
                error.to_string(),
                "look at the disk of the data folder",
            ));
        }
    };
    let found = format!("{free} MiB free");
    Some(match free {
        0..256 => {
            Finding::bad("disk", State::Fault, found, "make room: with a full disk nothing is accepted")
        }
        256..LOW_MIB => Finding::bad("disk", State::Warn, found, "make room soon"),
        _ => Finding::ok("disk", found),
    })
}

/// Fonts of documents: without them everything but the PDF works.
#[cfg(feature = "pdf")]
pub fn fonts(data: &Path) -> Finding {
    match crate::fonts::found(data) {
        Some(folder) => Finding::ok("fonts", folder.display().to_string()),
        None => Finding::bad(
            "fonts",
            State::Warn,
            "no fonts: documents cannot be made as PDF",
            format!(
                "copy the folder that `cargo xtask assets` fills into {}, or name it in {}",
                data.join("fonts").display(),
                crate::fonts::VARIABLE
            ),
        ),
    }
}

/// The master key and the files beside it: readable by us and by nobody else.
pub fn keys(data: &Path) -> Vec<Finding> {
    let mut findings = vec![match MasterKey::find(data) {
        Ok(Some(_)) => Finding::ok("keys", "the master key is there and only its owner reads it"),
        Ok(None) => Finding::bad(
            "keys",
            State::Warn,
            "no master key yet",
            "`huifa serve` makes one; keep a copy of it apart from the backups of the database",
        ),
        Err(error) => {
            Finding::bad("keys", State::Fault, error.to_string(), "put the right key back, mode 600")
        }
    }];
    let files = ["huifa.db", "huifa.db-wal", "huifa.toml", "demo-accounts.json"];
    for path in files.map(|name| data.join(name)) {
        let Ok(found) = std::fs::metadata(&path) else { continue };
        let Some(mode) = open_to_others(&found) else { continue };
        let private = path.extension().is_some_and(|ending| ending == "db" || ending == "db-wal");
        findings.push(Finding::bad(
            "permissions",
            if private { State::Fault } else { State::Warn },
            format!("{} can be read by others (mode {mode:o})", path.display()),
            format!("chmod 600 {}", path.display()),
        ));
    }
    findings
}

/// The database: answers, stands at this program's version, syncs what it acknowledges, and opens with our key.
pub async fn database(context: &Context) -> Vec<Finding> {
    let broken = |found: String, remedy: &str| vec![Finding::bad("database", State::Broken, found, remedy)];
    let mut config = Config::new(context.database_url());
    // Looking changes nothing: what is missing is told, not applied.
    config.migrations = Migrations::Require;
    if !config.is_postgres() && !Path::new(&config.url).exists() {
        return broken(
            "there is no database yet".to_owned(),
            "`huifa migrate` makes it, or name another with --database",
        );
    }
    let db = match Db::open(&config).await {
        Ok(db) => db,
        Err(error) => return broken(error.to_string(), "look at the address, the server and its settings"),
    };
    let findings = inside(&db, context).await;
    db.close().await;
    findings
}

async fn inside(db: &Db, context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    match db.health().await {
        Ok(health) => {
            let kind = if health.kind == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
            let found = format!("{kind} {}, one read in {} ms", health.version, health.read.as_millis());
            findings.push(Finding::ok("database", found));
        }
        Err(error) => {
            let remedy = "look at the database server";
            findings.push(Finding::bad("database", State::Broken, error.to_string(), remedy));
            return findings;
        }
    }
    match inspect::settings(db).await {
        Ok(settings) => findings.extend(settings.into_iter().map(|(name, value, sound)| {
            let found = format!("{name} = {value}");
            if sound {
                Finding::ok("durability", found)
            } else {
                let remedy = "what is acknowledged must be on the disk; set it as docs/architecture.md says";
                Finding::bad("durability", State::Fault, found, remedy)
            }
        })),
        Err(error) => findings.push(Finding::bad("durability", State::Fault, error.to_string(), "")),
    }
    match inspect::migrations(db).await {
        Ok(standing) if standing.newer.is_empty() => {
            findings.push(Finding::ok("migrations", format!("{} applied", standing.applied)));
        }
        Ok(standing) => findings.push(Finding::bad(
            "migrations",
            State::Fault,
            format!("a newer program applied {}", standing.newer.join(", ")),
            "run that program",
        )),
        Err(error) => findings.push(Finding::bad("migrations", State::Fault, error.to_string(), "")),
    }
    findings.extend(opens(db, context.data()).await);
    findings.extend(feed(db, context).await);
    findings.extend(super::keeping::look(db, context).await);
    findings
}

/// Whether the master key opens this database's keys. An empty database has none, and looking makes none.
async fn opens(db: &Db, data: &Path) -> Option<Finding> {
    let master = MasterKey::find(data).ok()??;
    Some(match store::seal::Keyring::look(&master, db).await {
        Ok(0) => Finding::ok("keys", "the database holds no keys yet"),
        Ok(number) => Finding::ok("keys", format!("the master key opens all {number} keys of the database")),
        Err(error) => Finding::bad("keys", State::Fault, error.to_string(), "put the right key back"),
    })
}

/// How far the followers are behind, and whether the past lies in the past.
async fn feed(db: &Db, context: &Context) -> Vec<Finding> {
    let mut reader = match db.reader().await {
        Ok(reader) => reader,
        Err(error) => return vec![Finding::bad("feed", State::Fault, error.to_string(), "")],
    };
    let mut findings = Vec::new();
    match inspect::feed_lag(&mut reader).await {
        Ok(lag) if lag > FAR_BEHIND => findings.push(Finding::bad(
            "feed",
            State::Warn,
            format!("followers are {lag} events behind"),
            "see whether a node runs, and its log for faults of the feed",
        )),
        Ok(lag) => findings.push(Finding::ok("feed", format!("followers are {lag} events behind"))),
        Err(error) => findings.push(Finding::bad("feed", State::Fault, error.to_string(), "")),
    }
    let now = context.clock().now();
    match inspect::newest_event(&mut reader).await {
        Ok(Some(at)) if at > now.plus(jiff::SignedDuration::from_mins(5)) => findings.push(Finding::bad(
            "clock",
            State::Fault,
            format!("the newest event is of {at}, and this machine's clock says {now}"),
            "set the clock right before anything is written",
        )),
        Ok(_) => {}
        Err(error) => findings.push(Finding::bad("feed", State::Fault, error.to_string(), "")),
    }
    findings
}
