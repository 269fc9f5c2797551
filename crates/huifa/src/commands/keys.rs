//! `huifa keys list|status|rotate|work|rotate-master|saved`: which keys there are, changing them, how far that came,
//! and that a copy lies in a safe place.

use std::path::PathBuf;
use std::time::Duration;

use evidence::checkpoint::{self, Made};
use kernel::time::{Clock as _, SystemClock};
use store::Db;
use store::seal::rotate::{self, Class};
use store::seal::{Keyring, MASTER_KEY_VARIABLE, MasterKey};

use crate::context::Context;
use crate::failure::Failure;
use crate::keys::KeyWork;
use crate::node::Node;
use crate::output;
use crate::settings::Settings;

/// What to do with keys.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The class keys with their state; never the keys themselves.
    List,
    /// How far a change of keys has come, and what still refers to old keys.
    Status,
    /// A new key for a class. Running nodes take it up by themselves and make anew what the old one made.
    Rotate {
        /// `data` wraps the keys of matters and people, `index` makes the hashes people are found by, `log` signs the
        /// log: the new keys and the old ones sign the next head together, at once.
        #[arg(long, value_enum, default_value = "data")]
        class: ClassName,
        /// Seconds until it is used, so that every node knows it by then.
        #[arg(long, default_value_t = rotate::WAIT.as_secs(), value_name = "SECONDS")]
        wait: u64,
    },
    /// Does the work that follows a new key here and now; for an installation that is not running.
    Work,
    /// Another master key: all class keys are wrapped anew in one transaction.
    RotateMaster {
        /// File with the new key in 64 hexadecimal digits (mode 600); made when it does not exist. Keep it safe.
        #[arg(long, value_name = "FILE")]
        new_file: PathBuf,
    },
    /// Writes down that a copy of the master key lies in a safe place. `huifa doctor` asks until this was done.
    Saved {
        /// Where, in your words: who has it, which safe.
        #[arg(long = "where", value_name = "TEXT")]
        place: String,
        /// The copy itself, when it can be read here: it is compared with the key in use.
        #[arg(long, value_name = "FILE")]
        copy: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ClassName {
    Data,
    Index,
    Log,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    context.block_on(async {
        match &args.what {
            What::List => list(context).await,
            What::Status => status(context).await,
            What::Rotate { class, wait } => {
                let class = match class {
                    ClassName::Data => Class::Data,
                    ClassName::Index => Class::Index,
                    ClassName::Log => return rotate_log(context).await,
                };
                rotate_class(context, class, Duration::from_secs(*wait)).await
            }
            What::Work => work(context).await,
            What::RotateMaster { new_file } => rotate_master(context, new_file).await,
            What::Saved { place, copy } => saved(context, place, copy.as_deref()).await,
        }
    })
}

async fn list(context: &Context) -> Result<(), Failure> {
    let db = context.existing_database().await?;
    let keys = rotate::list(&db).await.map_err(Failure::environment)?;
    db.close().await;
    if context.wants_json() {
        return output::json(&keys);
    }
    for key in keys {
        let from = key.used_from.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let gone = key.retired_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        output::line(&format!("{}\t{}\t{}\t{from}\t{gone}", key.class, key.id, key.state))?;
    }
    Ok(())
}

async fn status(context: &Context) -> Result<(), Failure> {
    let db = context.existing_database().await?;
    let progress = rotate::progress(&db).await.map_err(Failure::environment)?;
    let keys = rotate::list(&db).await.map_err(Failure::environment)?;
    let mut left = Vec::new();
    for class in [Class::Data, Class::Index] {
        let current = keys.iter().find(|key| key.class == class.as_str() && key.state == "current");
        let Some(current) = current else { continue };
        let mut reader = db.reader().await.map_err(Failure::environment)?;
        let rows = rotate::references(&mut reader, class, current.id).await.map_err(Failure::environment)?;
        left.push((class.as_str(), current.id, rows));
    }
    db.close().await;
    if context.wants_json() {
        let left: Vec<_> = left
            .iter()
            .map(|(class, id, rows)| serde_json::json!({ "class": class, "current": id, "old_rows": rows }))
            .collect();
        return output::json(&serde_json::json!({ "progress": progress, "left": left }));
    }
    for step in progress {
        let end = if step.finished { "finished" } else { "going on" };
        output::line(&format!(
            "{}\t{}\t{}\t{} rows\t{end}",
            step.class, step.key_id, step.place, step.moved
        ))?;
    }
    for (class, id, rows) in left {
        output::line(&format!("{class}: key {id} is used; {rows} rows were made by older keys"))?;
    }
    Ok(())
}

async fn rotate_class(context: &Context, class: Class, wait: Duration) -> Result<(), Failure> {
    let (db, keyring) = open(context).await?;
    let id = rotate::rotate(&db, &keyring, class, wait).await.map_err(Failure::environment)?;
    db.close().await;
    if context.wants_json() {
        output::json(&serde_json::json!({ "class": class.as_str(), "id": id, "wait": wait.as_secs() }))
    } else {
        output::line(&format!(
            "{} key {id} is used in {} seconds; running nodes make the old values anew, see `huifa keys status`",
            class.as_str(),
            wait.as_secs()
        ))
    }
}

async fn rotate_log(context: &Context) -> Result<(), Failure> {
    let settings = Settings::read(context.data(), None)?.evidence;
    let (db, keyring) = open(context).await?;
    let now = SystemClock.now();
    let id = checkpoint::rotate(&db, &keyring, &settings.signing, now).await.map_err(Failure::environment)?;
    let signed = super::evidence::sign_now(&db, &keyring, &settings).await;
    let keys = checkpoint::keys::published(&mut db.reader().await.map_err(Failure::environment)?).await;
    db.close().await;
    let (signed, keys) = (signed?, keys.map_err(Failure::environment)?);
    let new: Vec<_> = keys.into_iter().filter(|key| key.retired_at.is_none()).collect();
    if context.wants_json() {
        let signed = matches!(signed, Made::Signed(_));
        return output::json(&serde_json::json!({ "class": "log", "id": id, "signed": signed, "keys": new }));
    }
    output::line(
        "the log is signed by new keys; the old public keys stay published. Give these to whoever checks:",
    )?;
    new.iter().try_for_each(|key| output::line(&key.key))
}

async fn work(context: &Context) -> Result<(), Failure> {
    let node = Node::open(context, Settings::read(context.data(), None)?).await?;
    let work = KeyWork {
        db: node.db.clone(),
        keyring: node.keyring.clone(),
        access: node.access.clone(),
        register: node.register.clone(),
    };
    let holder = format!("keys {}", uuid::Uuid::now_v7());
    let seen = work.round(&holder, rotate::KEEP).await.map_err(Failure::Environment)?;
    node.db.close().await;
    match seen {
        Some(rows) if context.wants_json() => output::json(&serde_json::json!({ "rows": rows })),
        Some(rows) => output::line(&format!("{rows} rows seen")),
        None => Err(Failure::Fault("another node is at this work; see `huifa keys status`".to_owned())),
    }
}

async fn rotate_master(context: &Context, new_file: &std::path::Path) -> Result<(), Failure> {
    if std::env::var_os(MASTER_KEY_VARIABLE).is_some() {
        return Err(Failure::Usage(format!(
            "the master key comes from {MASTER_KEY_VARIABLE}, which this command cannot change: unset it for this \
             command, with the present key in {}, then set the new one for the nodes and start them again",
            context.data().join("master.key").display()
        )));
    }
    let (db, keyring) = open(context).await?;
    let next = MasterKey::read_or_create(new_file).map_err(Failure::environment)?;
    let count =
        rotate::rotate_master(&db, &keyring, context.data(), &next).await.map_err(Failure::environment)?;
    db.close().await;
    if context.wants_json() {
        output::json(&serde_json::json!({ "class_keys": count, "file": new_file }))
    } else {
        output::line(&format!(
            "{count} class keys are wrapped by the key of {}; keep a copy of it in a safe place, and the old one \
             as long as backups made before are kept",
            new_file.display()
        ))
    }
}

/// The key itself is never shown; its fingerprint tells which one was copied.
async fn saved(context: &Context, place: &str, copy: Option<&std::path::Path>) -> Result<(), Failure> {
    if place.trim().is_empty() {
        return Err(Failure::Usage("--where must say where the copy lies".to_owned()));
    }
    let db = context.existing_database().await?;
    let master = MasterKey::find(context.data()).map_err(Failure::environment)?;
    let master = master.ok_or_else(|| Failure::Environment("there is no master key here".to_owned()))?;
    Keyring::look(&master, &db).await.map_err(Failure::environment)?;
    let mark = master.fingerprint();
    if let Some(copy) = copy {
        let fault = |why: String| Failure::Fault(format!("{}: {why}", copy.display()));
        let text = std::fs::read_to_string(copy).map_err(|error| fault(error.to_string()))?;
        let text = MasterKey::from_hex(&text, "the copy").map_err(|error| fault(error.to_string()))?;
        if text.fingerprint() != mark {
            return Err(fault(format!("this is another key ({}), not {mark}", text.fingerprint())));
        }
    }
    let now = context.clock().now();
    let written = keeping::record::key_saved(&db, &mark, place.trim(), copy.is_some(), now).await;
    db.close().await;
    written.map_err(Failure::environment)?;
    if context.wants_json() {
        return output::json(&serde_json::json!({ "fingerprint": mark, "compared": copy.is_some() }));
    }
    let compared =
        if copy.is_some() { "it was compared and is the same" } else { "it was not compared (--copy FILE)" };
    output::line(&format!("noted: a copy of the master key {mark} lies in: {}; {compared}", place.trim()))
}

async fn open(context: &Context) -> Result<(Db, Keyring), Failure> {
    let db = context.existing_database().await?;
    let keyring = Keyring::load_or_create(context.data(), &db).await.map_err(Failure::environment)?;
    Ok((db, keyring))
}
