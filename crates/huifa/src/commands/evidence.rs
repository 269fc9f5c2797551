//! `huifa evidence verify|export`: recomputes chains and log; ends with 4 when something is wrong.

use std::path::{Path, PathBuf};

use evidence::Report;
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use serde::Deserialize;
use store::Db;
use store::seal::{Keyring, MasterKey};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to do with the evidence.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Recomputes every matter's chain and the whole log, or one matter, or holds a receipt against its event.
    Verify {
        /// One matter only.
        #[arg(long, value_name = "NUMBER", conflicts_with = "receipt")]
        matter: Option<MatterNumber>,
        /// A receipt as the API gave it: JSON with number, seq and hash.
        #[arg(long, value_name = "FILE", conflicts_with = "export")]
        receipt: Option<PathBuf>,
        /// A folder made by `evidence export`, without any database.
        #[arg(long, value_name = "DIR", conflicts_with = "matter")]
        export: Option<PathBuf>,
    },
    /// Writes all events as verifiers outside need them, without personal data, into an empty folder.
    Export {
        /// The folder.
        folder: PathBuf,
    },
}

/// The parts of a receipt that bind it to its event.
#[derive(Deserialize)]
struct Receipt {
    number: MatterNumber,
    seq: i64,
    hash: Digest,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let report = match &args.what {
        What::Export { folder } => return export(folder, context),
        What::Verify { export: Some(folder), .. } => {
            evidence::verify_export(folder).map_err(Failure::environment)?
        }
        What::Verify { receipt: Some(file), .. } => context.block_on(against(context, file))?,
        What::Verify { matter, .. } => context.block_on(verify(context, *matter))?,
    };
    tell(&report, context.wants_json())?;
    if report.is_sound() { Ok(()) } else { Err(Failure::Integrity) }
}

fn export(folder: &Path, context: &Context) -> Result<(), Failure> {
    let events = context.block_on(async {
        let db = context.existing_database().await?;
        let events = evidence::export(&db, folder).await.map_err(Failure::environment)?;
        db.close().await;
        Ok(events)
    })?;
    if context.wants_json() {
        output::json(&serde_json::json!({ "events": events, "folder": folder }))
    } else {
        output::line(&format!("{events} events in {}", folder.display()))
    }
}

async fn verify(context: &Context, matter: Option<MatterNumber>) -> Result<Report, Failure> {
    let db = context.existing_database().await?;
    let keys = keys(context.data(), &db).await?;
    let report = evidence::verify(&db, matter, keys.as_ref()).await.map_err(Failure::environment)?;
    db.close().await;
    match matter {
        Some(number) if report.is_sound() && report.matters == 0 => {
            Err(Failure::Fault(format!("there is no matter {}", number.grouped())))
        }
        _ => Ok(report),
    }
}

/// With the master key at hand the sealed parts are checked too; without it the chain alone tells enough.
async fn keys(data: &Path, db: &Db) -> Result<Option<Keyring>, Failure> {
    match MasterKey::find(data).map_err(Failure::environment)? {
        Some(master) => Keyring::open(&master, db).await.map(Some).map_err(Failure::environment),
        None => Ok(None),
    }
}

async fn against(context: &Context, file: &Path) -> Result<Report, Failure> {
    let fault = |why: String| Failure::Environment(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    let receipt: Receipt = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    let db = context.existing_database().await?;
    let report = evidence::verify_receipt(&db, receipt.number, receipt.seq, &receipt.hash).await;
    db.close().await;
    report.map_err(Failure::environment)
}

fn tell(report: &Report, json: bool) -> Result<(), Failure> {
    if json {
        return output::json(report);
    }
    output::line(&format!(
        "{} events of {} matters; the log has {} leaves and the root {}",
        report.events, report.matters, report.tree_size, report.root
    ))?;
    for fault in &report.faults {
        let number = fault.number.as_deref().unwrap_or("-");
        let seq = fault.seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
        output::line(&format!("{:?}\t{number}\t{seq}\t{}", fault.kind, fault.detail))?;
    }
    output::line(if report.is_sound() { "sound" } else { "BROKEN" })
}
