//! `huifa backup FILE` and `huifa backup --into DIR`: one file with everything, made while others serve.

use std::path::{Path, PathBuf};

use catalog::Catalog;
use jiff::SignedDuration;
use keeping::{Backup, KeepingError, Made, prune, record};
use kernel::time::Instant;
use store::{Config, Db, Migrations};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to be made, e.g. huifa.tar.zst.
    #[arg(required_unless_present = "into", conflicts_with = "into")]
    file: Option<PathBuf>,
    /// A folder; the file is named after the moment, and old ones go.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// With --into: how many backups stay. The newest whole one always does.
    #[arg(long, value_name = "N", default_value_t = 14, requires = "into")]
    keep: usize,
    /// Puts the master key inside: whoever has the file then reads everything. Without it nobody reads anything,
    /// you neither, unless you have a copy of the key.
    #[arg(long)]
    with_keys: bool,
    /// Says nothing while it works.
    #[arg(long)]
    quiet: bool,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let now = context.clock().now();
    let (file, folder) = match (&args.file, &args.into) {
        (Some(file), _) => (file.clone(), None),
        (None, Some(folder)) => {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::Environment(format!("{}: {error}", folder.display())))?;
            (folder.join(prune::name(now)), Some(folder))
        }
        (None, None) => return Err(Failure::Usage("name a file, or a folder with --into".to_owned())),
    };
    let config = Config::new(context.database_url());
    if !config.is_postgres() && !Path::new(&config.url).exists() {
        return Err(Failure::Environment(format!("{}: there is no database", config.url)));
    }
    let quiet = args.quiet;
    let progress = move |line: &str| {
        if !quiet {
            eprintln!("{line}");
        }
    };
    let ask = Backup {
        database: &config,
        data: context.data(),
        file: &file,
        now,
        program: env!("CARGO_PKG_VERSION"),
        with_keys: args.with_keys,
        progress: &progress,
    };
    let (made, saved) = context.block_on(async {
        let made = keeping::backup(&ask).await.map_err(failure)?;
        // A backup that could not be written down is a backup all the same.
        let saved = match write_down(&config, &made, context).await {
            Ok(saved) => saved,
            Err(error) => {
                eprintln!("huifa: the backup is whole, but was not written down for `huifa doctor`: {error}");
                false
            }
        };
        Ok((made, saved))
    })?;
    let removed = match folder {
        Some(folder) => {
            let oldest = oldest(context)?;
            prune::prune(folder, args.keep, oldest).map_err(failure)?
        }
        None => Vec::new(),
    };
    tell(&made, &removed, saved, context.wants_json())?;
    let missing = &made.manifest.files.missing;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Fault(format!(
        "the contents of {} papers are not on the disk or damaged, and so not in the backup: {}",
        missing.len(),
        missing.join(", ")
    )))
}

/// Before when a backup is too old to be kept: erased content must have left all backups by then
/// (`privacy.backup-age`).
fn oldest(context: &Context) -> Result<Option<Instant>, Failure> {
    let sources = context.sources()?;
    let catalog = Catalog::from_files(&sources)
        .map_err(|faults| Failure::Environment(format!("the catalogue has {} faults", faults.len())))?;
    let now = context.clock().now();
    let days =
        catalog.parameters().governing("privacy.backup-age", None, now.date()).and_then(|row| row.count);
    Ok(days.map(|days| now.plus(-SignedDuration::from_hours(24 * i64::from(days)))))
}

/// Writes the backup down, and says whether a copy of the master key was recorded.
async fn write_down(config: &Config, made: &Made, context: &Context) -> Result<bool, store::StoreError> {
    // A backup before an upgrade must not be the upgrade.
    let wait = std::time::Duration::from_secs(30);
    let config = Config { wait, migrations: Migrations::Require, ..config.clone() };
    let db = Db::open(&config).await?;
    let written = record::made(&db, made, context.clock().now()).await;
    let saved = match &made.about.key_fingerprint {
        Some(mark) => record::latest_of(&mut db.reader().await?, record::KEY_SAVED, mark).await?.is_some(),
        None => false,
    };
    db.close().await;
    written.map(|()| saved)
}

fn tell(made: &Made, removed: &[PathBuf], saved: bool, json: bool) -> Result<(), Failure> {
    let manifest = &made.manifest;
    if json {
        return output::json(&serde_json::json!({
            "file": made.file, "bytes": made.bytes, "sha256": made.sha256, "taken_at": made.about.taken_at,
            "tables": manifest.tables.len(), "rows": made.rows(), "feed_position": manifest.feed_position,
            "log": manifest.log, "files": manifest.files, "with_keys": made.about.with_keys,
            "key_fingerprint": made.about.key_fingerprint, "key_saved": saved, "removed": removed,
        }));
    }
    output::line(&format!(
        "{}: {} bytes, {} rows of {} tables, {} papers; SHA-256 {}",
        made.file.display(),
        made.bytes,
        made.rows(),
        manifest.tables.len(),
        manifest.files.count,
        made.sha256
    ))?;
    for gone in removed {
        output::line(&format!("removed {}", gone.display()))?;
    }
    let mark = made.about.key_fingerprint.as_deref().unwrap_or("unknown");
    if made.about.with_keys {
        return output::line(
            "THE MASTER KEY IS INSIDE: whoever holds this file reads everything. Keep it as you keep the key.",
        );
    }
    output::line(&format!(
        "The master key is NOT inside (fingerprint {mark}). Without it this file is worth nothing: nobody can read \
         what is sealed."
    ))?;
    if saved {
        return Ok(());
    }
    output::line(
        "No copy of this key was recorded. Copy master.key to a safe place apart from the backups, then say so: \
         huifa keys saved --copy FILE --where \"…\"",
    )
}

/// How a fault of keeping ends a command.
pub fn failure(error: KeepingError) -> Failure {
    match error {
        KeepingError::Refused(why) => Failure::Fault(why),
        KeepingError::Damaged(_) | KeepingError::Unproved(_) => {
            eprintln!("huifa: {error}");
            Failure::Integrity
        }
        KeepingError::Store(_) | KeepingError::Disk(_) => Failure::environment(error),
    }
}
