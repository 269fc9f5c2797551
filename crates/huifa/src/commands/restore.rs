//! `huifa restore FILE`: a backup into an empty database, all or nothing, proved.

use std::path::PathBuf;

use keeping::restore::Key;
use keeping::{Restore, Restored, Whole};
use store::Config;

use super::backup::failure;
use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to bring back.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup.
    file: PathBuf,
    /// Only reads the file to its end and says whether it is whole; nothing is restored.
    #[arg(long)]
    check: bool,
    /// Says nothing while it works.
    #[arg(long)]
    quiet: bool,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if args.check {
        let whole = context.block_on(async { keeping::check(&args.file).await.map_err(failure) })?;
        return checked(&whole, context.wants_json());
    }
    let config = Config::new(context.database_url());
    let quiet = args.quiet;
    let progress = move |line: &str| {
        if !quiet {
            eprintln!("{line}");
        }
    };
    let ask = Restore {
        file: &args.file,
        database: &config,
        data: context.data(),
        now: context.clock().now(),
        progress: &progress,
    };
    let restored = context.block_on(async { keeping::restore(&ask).await.map_err(failure) })?;
    tell(&restored, context.wants_json())
}

fn checked(whole: &Whole, json: bool) -> Result<(), Failure> {
    if json {
        return output::json(&serde_json::json!({
            "about": whole.about, "manifest": whole.manifest, "sha256": whole.sha256, "compared": whole.compared,
        }));
    }
    output::line(&format!(
        "whole: taken {} by {} from {}; {} tables, {} papers; the master key is {}inside",
        whole.about.taken_at,
        whole.about.program,
        whole.about.database,
        whole.manifest.tables.len(),
        whole.manifest.files.count,
        if whole.about.with_keys { "" } else { "NOT " },
    ))?;
    if whole.compared {
        return Ok(());
    }
    output::line("no sum lies beside it: compare its SHA-256 with the one you wrote down")?;
    output::line(&whole.sha256)
}

fn tell(restored: &Restored, json: bool) -> Result<(), Failure> {
    let Restored { whole, evidence, key, settings_beside } = restored;
    let rows: u64 = whole.manifest.tables.iter().map(|table| table.rows).sum();
    if json {
        return output::json(&serde_json::json!({
            "taken_at": whole.about.taken_at, "rows": rows, "tables": whole.manifest.tables.len(),
            "files": whole.manifest.files, "evidence": evidence,
            "key": match key { Key::Inside => "inside", Key::There => "there", Key::Missing => "missing" },
        }));
    }
    output::line(&format!(
        "restored and proved: {rows} rows of {} tables, {} papers, {} events of {} matters, log of {} leaves",
        whole.manifest.tables.len(),
        whole.manifest.files.count,
        evidence.events,
        evidence.matters,
        evidence.tree_size
    ))?;
    output::line(&format!(
        "What was done after {} is not in it. Whoever was signed in signs in again; numbers go on after a gap of {}.",
        whole.about.taken_at,
        keeping::restore::GAP
    ))?;
    output::line(
        "What was erased since then is back: run `huifa retention run` before anybody works with it.",
    )?;
    if *settings_beside {
        output::line("Your huifa.toml stayed; that of the backup lies beside it as huifa.toml.from-backup.")?;
    }
    output::line(&match key {
        Key::Inside => "The master key was inside and lies in the data folder now.".to_owned(),
        Key::There => "The master key here opens it.".to_owned(),
        Key::Missing => format!(
            "The master key was NOT inside{}. Put it into the data folder as master.key (mode 600) before `huifa serve`.",
            whole
                .about
                .key_fingerprint
                .as_ref()
                .map(|mark| format!(" (fingerprint {mark})"))
                .unwrap_or_default()
        ),
    })
}
