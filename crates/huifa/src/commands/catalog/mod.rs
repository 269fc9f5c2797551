//! `huifa catalog …`: prove, list and show service items, without a data folder; and move open matters to
//! another version, with one.

mod migrate;

use std::path::{Path, PathBuf};

use catalog::Catalog;
use catalog::load::{Fault, Files, load};
use catalog::lock::{FILE, Lock, LockError, OnChange};
use catalog::prove::{self, Finding};
use catalog::public;
use catalog::reference;
use kernel::lang::Lang;
use kernel::time::beijing_date;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to do with the catalogue (the built-in one, or `--catalog DIR`).
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Prove every item; faults with file, line and remedy (检查).
    Check,
    /// The items on offer (列表).
    List {
        /// Language of the names: zh-CN or en.
        #[arg(long, default_value = "zh-CN")]
        lang: Lang,
    },
    /// An item as everybody may read it: `GET /items/{id}` (查看).
    Show {
        /// The item, such as legal-aid.civil.
        id: String,
        /// Language of the texts: zh-CN or en.
        #[arg(long, default_value = "zh-CN")]
        lang: Lang,
    },
    /// The JSON Schema of item files, or the reference page made from it (格式).
    Schema {
        /// As the page docs/item-reference.md.
        #[arg(long)]
        markdown: bool,
    },
    /// Move open matters to another version of their item, one event each (换版).
    Migrate(migrate::Args),
    /// Write the content hash of every version into items.lock (锁定版本).
    Lock {
        /// Also take changed content under an old version: only when no running system has offered it.
        #[arg(long)]
        force: bool,
    },
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match &args.what {
        What::Check => check(context),
        What::List { lang } => list(context, *lang),
        What::Show { id, lang } => show(context, id, *lang),
        What::Schema { markdown } => schema(*markdown),
        What::Migrate(args) => migrate::run(args, context),
        What::Lock { force } => lock(context, if *force { OnChange::Replace } else { OnChange::Refuse }),
    }
}

fn files(context: &Context) -> Result<Files, Failure> {
    context.sources()
}

fn read(folder: &Path) -> Result<Files, Failure> {
    Files::read(folder).map_err(|error| Failure::Environment(format!("{}: {error}", folder.display())))
}

fn check(context: &Context) -> Result<(), Failure> {
    let files = files(context)?;
    let mut findings = prove::check(&files, beijing_date(context.clock().now()));
    findings.extend(drafts(&files));
    if context.wants_json() {
        output::json(&findings)?;
    } else {
        for f in &findings {
            output::line(&format!(
                "{}:{}:{}: {} [{}]\n    {}",
                f.file, f.line, f.column, f.message, f.code, f.remedy
            ))?;
        }
        let items = files.under("items/", ".toml").count();
        output::line(&format!("{items} items, {} faults", findings.len()))?;
    }
    if findings.is_empty() { Ok(()) } else { Err(Failure::Faults) }
}

/// What is wrong with the templates of documents, and with their examples.
fn drafts(files: &Files) -> Vec<Finding> {
    let faults = match drafting::Book::from_files(files) {
        Err(faults) => faults,
        // Rows that cannot be read are told by the items.
        Ok(book) => catalog::load::parameters(files).map(|rows| book.try_examples(&rows)).unwrap_or_default(),
    };
    let finding = |fault: drafting::Fault| {
        let text = files.get(&fault.file).unwrap_or_default();
        let before = text.get(..fault.offset.unwrap_or_default()).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Finding {
            file: fault.file,
            line: before.matches('\n').count() + 1,
            column,
            code: "draft",
            message: fault.message,
            remedy: "compare with another file of catalog/drafts and docs/catalogue.md".to_owned(),
        }
    };
    faults.into_iter().map(finding).collect()
}

/// A catalogue that loads; what does not is told as `check` tells it.
fn loaded(context: &Context) -> Result<Catalog, Failure> {
    Catalog::from_files(&files(context)?).map_err(|faults| unsound(&faults))
}

fn unsound(faults: &[Fault]) -> Failure {
    let list: Vec<_> = faults.iter().map(|fault| format!("{}: {}", fault.file, fault.message)).collect();
    Failure::Fault(format!("{} (see `huifa catalog check`)", list.join("; ")))
}

fn list(context: &Context, lang: Lang) -> Result<(), Failure> {
    let catalog = loaded(context)?;
    if context.wants_json() {
        return output::json(&catalog.items().map(|item| public::summary(item, lang)).collect::<Vec<_>>());
    }
    for item in catalog.items() {
        output::line(&format!("{} {} {}", item.id, item.version, item.name.get(lang)))?;
    }
    Ok(())
}

fn show(context: &Context, id: &str, lang: Lang) -> Result<(), Failure> {
    let catalog = loaded(context)?;
    let Some(item) = catalog.item(id) else {
        return Err(Failure::Fault(format!("there is no item `{id}`; `huifa catalog list` names them")));
    };
    let shown = public::detail(&catalog, item, lang, None, beijing_date(context.clock().now()));
    if context.wants_json() {
        return output::json(&shown);
    }
    output::line(&serde_json::to_string_pretty(&shown).map_err(Failure::environment)?)
}

fn schema(markdown: bool) -> Result<(), Failure> {
    let text =
        if markdown { reference::markdown().map_err(Failure::environment)? } else { reference::schema() };
    output::line(text.trim_end())
}

fn lock(context: &Context, on_change: OnChange) -> Result<(), Failure> {
    let folder = sources(context)?;
    let files = read(&folder)?;
    let (loaded, faults) = load(&files);
    if !faults.is_empty() {
        return Err(unsound(&faults));
    }
    let mut lock = match files.get(FILE).map(Lock::parse) {
        None => Lock::default(),
        Some(Ok(lock)) => lock,
        Some(Err(fault)) => return Err(Failure::Fault(fault.to_string())),
    };
    let taken = match lock.take(loaded.items.iter().map(|(_, item)| item), loaded.consents.all(), on_change) {
        Ok(taken) => taken,
        Err(refused @ LockError::Changed(_)) => {
            return Err(Failure::Fault(format!(
                "{refused}: set `version` to the next number in the item's file; or, when no running \
                 system has offered this version, lock it again with --force"
            )));
        }
        Err(refused @ LockError::Canonical(_)) => return Err(Failure::Fault(refused.to_string())),
    };
    let path = folder.join(FILE);
    std::fs::write(&path, lock.text())
        .map_err(|error| Failure::Environment(format!("{}: {error}", path.display())))?;
    if context.wants_json() {
        let rows: Vec<_> =
            taken.iter().map(|(id, version)| serde_json::json!({ "id": id, "version": version })).collect();
        return output::json(&rows);
    }
    for (id, version) in &taken {
        output::line(&format!("locked {id} {version}"))?;
    }
    output::line(&format!("{}: {} new or replaced", path.display(), taken.len()))
}

/// The folder whose lock is written: `--catalog DIR`, else `catalog` of the checkout we stand in.
fn sources(context: &Context) -> Result<PathBuf, Failure> {
    let folder = context.catalog_folder().map_or_else(|| PathBuf::from("catalog"), Path::to_path_buf);
    if folder.join("items").is_dir() {
        return Ok(folder);
    }
    Err(Failure::Usage(format!(
        "{} holds no items: run this in a checkout, or name the folder with --catalog DIR",
        folder.display()
    )))
}
