//! `huifa evidence verify|export|checkpoint|keys`: recomputes chains, log and signed heads; ends with 4 when something
//! is wrong.

use std::path::{Path, PathBuf};

use evidence::bundle::{Bundle, verify_bundle};
use evidence::checkpoint::{self, Made, SigningError};
use evidence::note::VerifierKey;
use evidence::{Against, Kept, Report};
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use kernel::time::{Clock as _, SystemClock};
use serde::Deserialize;
use store::Db;
use store::seal::{Keyring, MasterKey};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;
use crate::settings::{self, Settings};

/// What to do with the evidence.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Recomputes every matter's chain, the whole log and every signed head, or one matter, or checks a receipt.
    Verify(Verify),
    /// Writes all events as verifiers outside need them, without personal data, into an empty folder.
    Export {
        /// The folder.
        folder: PathBuf,
    },
    /// Signs the log as it stands now, and prints the note to keep somewhere else.
    Checkpoint,
    /// The public keys of the log, one a line: whoever has them can check without us.
    Keys,
}

#[derive(Debug, clap::Args)]
struct Verify {
    /// One matter only.
    #[arg(long, value_name = "NUMBER", conflicts_with = "receipt")]
    matter: Option<MatterNumber>,
    /// A receipt as the API gave it (JSON with number, seq and hash), or its bundle, which needs no database.
    #[arg(long, value_name = "FILE", conflicts_with = "export")]
    receipt: Option<PathBuf>,
    /// A folder made by `evidence export`, without any database.
    #[arg(long, value_name = "DIR", conflicts_with = "matter")]
    export: Option<PathBuf>,
    /// A public key of the log that you trust, as `evidence keys` prints it, or a file of such lines. Without one
    /// the keys found beside what is checked are taken.
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// A signed head that you kept: the log must still begin with what it says.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["matter", "receipt"])]
    checkpoint: Vec<PathBuf>,
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
    let asked = match &args.what {
        What::Export { folder } => return export(folder, context),
        What::Checkpoint => return context.block_on(sign(context)),
        What::Keys => return context.block_on(keys(context)),
        What::Verify(asked) => asked,
    };
    let trusted = trusted(&asked.key)?;
    let kept = asked.checkpoint.iter().map(|file| kept(file)).collect::<Result<Vec<_>, _>>()?;
    let report = match asked {
        Verify { export: Some(folder), .. } => {
            evidence::verify_export(folder, &trusted, &kept).map_err(Failure::environment)?
        }
        Verify { receipt: Some(file), .. } => context.block_on(against(context, file, &trusted))?,
        Verify { matter, .. } => context.block_on(verify(context, *matter, &trusted, kept))?,
    };
    tell(&report, context.wants_json())?;
    if report.is_sound() { Ok(()) } else { Err(Failure::Integrity) }
}

/// Keys from the command line: each the key itself, or a file with one a line.
fn trusted(given: &[String]) -> Result<Vec<VerifierKey>, Failure> {
    let mut keys = Vec::new();
    for given in given {
        if let Ok(key) = given.parse() {
            keys.push(key);
            continue;
        }
        let text = std::fs::read_to_string(given).map_err(|error| {
            Failure::Usage(format!("{given}: neither a key nor a file with keys ({error})"))
        })?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            keys.push(line.parse().map_err(|fault| Failure::Usage(format!("{given}: {fault}")))?);
        }
    }
    Ok(keys)
}

fn kept(file: &Path) -> Result<Kept, Failure> {
    let note = read(file)?;
    Ok(Kept { whose: file.display().to_string(), note })
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::Environment(format!("{}: {error}", file.display())))
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

async fn sign(context: &Context) -> Result<(), Failure> {
    let settings = Settings::read(context.data(), None)?.evidence;
    let db = context.existing_database().await?;
    let keyring = Keyring::load_or_create(context.data(), &db).await.map_err(Failure::environment)?;
    let made = sign_now(&db, &keyring, &settings).await;
    let stamped = match (&made, &settings.authority) {
        (Ok(_), Some(authority)) => crate::sealing::stamp(&db, authority).await,
        _ => Ok(None),
    };
    let last = checkpoint::latest(&mut db.reader().await.map_err(Failure::environment)?).await;
    db.close().await;
    let (made, last) = (made?, last.map_err(Failure::environment)?);
    if let Err(why) = &stamped {
        eprintln!("huifa: no time stamp: {why}");
    }
    let signed = matches!(made, Made::Signed(_));
    match last {
        _ if made == Made::Elsewhere => {
            Err(Failure::Fault("another node is signing just now; try again in a moment".to_owned()))
        }
        Some(row) if context.wants_json() => output::json(&serde_json::json!({
            "signed": signed, "seq": row.seq, "at": row.at, "size": row.size,
            "root": row.digest(), "note": row.note, "stamped": stamped.unwrap_or_default(),
        })),
        Some(row) => output::line(row.note.trim_end()),
        None => Err(Failure::Fault("the log is empty: there is nothing to sign".to_owned())),
    }
}

/// Signs the log, with a name for this process.
pub async fn sign_now(db: &Db, keyring: &Keyring, settings: &settings::Evidence) -> Result<Made, Failure> {
    let holder = format!("checkpoint {}", uuid::Uuid::now_v7());
    let made = checkpoint::sign(db, keyring, &settings.signing, &holder, SystemClock.now()).await;
    made.map_err(|error| match error {
        SigningError::Shrunk { .. } | SigningError::Fork(_) | SigningError::Unreadable(..) => {
            eprintln!("huifa: {error}");
            Failure::Integrity
        }
        other => Failure::environment(other),
    })
}

async fn keys(context: &Context) -> Result<(), Failure> {
    let db = context.existing_database().await?;
    let keys = checkpoint::keys::published(&mut db.reader().await.map_err(Failure::environment)?).await;
    db.close().await;
    let keys = keys.map_err(Failure::environment)?;
    if context.wants_json() {
        return output::json(&keys);
    }
    keys.iter().try_for_each(|key| output::line(&key.key))
}

async fn verify(
    context: &Context,
    matter: Option<MatterNumber>,
    trusted: &[VerifierKey],
    mut kept: Vec<Kept>,
) -> Result<Report, Failure> {
    let db = context.existing_database().await?;
    let keys = keyring(context.data(), &db).await?;
    let Some(number) = matter else {
        let memory = settings::evidence::memory(context.data());
        if let Some(note) = checkpoint::recall(&memory).map_err(Failure::environment)? {
            kept.push(Kept { whose: memory.display().to_string(), note });
        }
        let authority = Settings::read(context.data(), None)?.evidence.authority;
        let anchors = authority.as_ref().map(|authority| &authority.anchors);
        let against = Against { keyring: keys.as_ref(), kept: &kept, trusted, anchors };
        let report = evidence::verify_whole(&db, &against).await.map_err(Failure::environment)?;
        db.close().await;
        return Ok(report);
    };
    let report = evidence::verify(&db, Some(number), keys.as_ref()).await.map_err(Failure::environment)?;
    db.close().await;
    if report.is_sound() && report.matters == 0 {
        return Err(Failure::Fault(format!("there is no matter {}", number.grouped())));
    }
    Ok(report)
}

/// With the master key at hand the sealed parts are checked too; without it the chain alone tells enough.
async fn keyring(data: &Path, db: &Db) -> Result<Option<Keyring>, Failure> {
    match MasterKey::find(data).map_err(Failure::environment)? {
        Some(master) => Keyring::open(&master, db).await.map(Some).map_err(Failure::environment),
        None => Ok(None),
    }
}

async fn against(context: &Context, file: &Path, trusted: &[VerifierKey]) -> Result<Report, Failure> {
    let fault = |why: String| Failure::Environment(format!("{}: {why}", file.display()));
    let text = read(file)?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    if value.get("format").is_some() {
        let bundle: Bundle = serde_json::from_value(value).map_err(|error| fault(error.to_string()))?;
        if !context.has_database() {
            return Ok(bundle.check(trusted));
        }
        let db = context.existing_database().await?;
        let report = verify_bundle(&db, &bundle, trusted).await;
        db.close().await;
        return report.map_err(Failure::environment);
    }
    let receipt: Receipt = serde_json::from_value(value).map_err(|error| fault(error.to_string()))?;
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
        "{} events of {} matters; the log has {} leaves and the root {}; {} signed heads",
        report.events, report.matters, report.tree_size, report.root, report.checkpoints
    ))?;
    for fault in &report.faults {
        let number = fault.number.as_deref().unwrap_or("-");
        let seq = fault.seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
        output::line(&format!("{:?}\t{number}\t{seq}\t{}", fault.kind, fault.detail))?;
    }
    output::line(if report.is_sound() { "sound" } else { "BROKEN" })
}
