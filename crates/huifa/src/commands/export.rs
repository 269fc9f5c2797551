//! `huifa export matters [FILE]`: the register as a table, streamed; row count and SHA-256 at the end.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use access::Principal;
use jiff::civil::Date;
use kernel::area::AreaCode;
use matters::view::export::{Export, Field, Filter};
use serde_json::json;
use sheets::{Cell, Format, SheetError, Summary, Table};

use super::format_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::output;
use crate::settings::Settings;

/// What to export.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Matters, one row each, by number; values of people masked.
    Matters(Wanted),
}

#[derive(Debug, clap::Args)]
struct Wanted {
    /// Where to: .csv, .xlsx or .jsonl. Without it CSV goes to standard output and the count to standard error.
    file: Option<PathBuf>,
    /// The format, where the name of the file does not say it.
    #[arg(long, value_name = "csv|xlsx|jsonl")]
    format: Option<String>,
    /// Of one item; its facts become columns `form.*`.
    #[arg(long, value_name = "ID")]
    item: Option<String>,
    /// Within a division.
    #[arg(long, value_name = "CODE")]
    area: Option<AreaCode>,
    /// Of one office.
    #[arg(long, value_name = "ID")]
    office: Option<String>,
    /// Only open or only closed ones.
    #[arg(long, value_name = "open|closed", value_parser = ["open", "closed"])]
    state: Option<String>,
    /// Opened on this day or later.
    #[arg(long, value_name = "DATE")]
    opened_from: Option<Date>,
    /// Opened on this day or earlier.
    #[arg(long, value_name = "DATE")]
    opened_to: Option<Date>,
    /// Closed on this day or later.
    #[arg(long, value_name = "DATE")]
    closed_from: Option<Date>,
    /// Closed on this day or earlier.
    #[arg(long, value_name = "DATE")]
    closed_to: Option<Date>,
    /// Values of people in full; goes into the record of every matter, with the reason.
    #[arg(long, requires = "reason")]
    full: bool,
    /// Why in full.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Wanted {
    fn filter(&self) -> Filter {
        Filter {
            item: self.item.clone(),
            area: self.area,
            office: self.office.clone(),
            ended: self.state.as_deref().map(|state| state == "closed"),
            opened_from: self.opened_from,
            opened_to: self.opened_to,
            closed_from: self.closed_from,
            closed_to: self.closed_to,
        }
    }
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let What::Matters(wanted) = &args.what;
    let format = match (&wanted.format, &wanted.file) {
        (None, None) => Format::Csv,
        (word, file) => format_of(word.as_deref(), file.as_deref())?,
    };
    if wanted.full && wanted.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Failure::Usage("--full needs a reason that says something".to_owned()));
    }
    let settings = Settings::read(context.data(), None)?;
    context.block_on(async {
        let node = Node::open(context, settings).await?;
        let done = export(&node, wanted, format).await;
        node.db.close().await;
        let summary = done?;
        if wanted.file.is_none() {
            eprintln!("{} rows, SHA-256 {}", summary.rows, summary.sha256);
            return Ok(());
        }
        if context.wants_json() {
            output::json(&json!({ "rows": summary.rows, "sha256": summary.sha256, "file": wanted.file }))
        } else {
            output::line(&format!("{} rows, SHA-256 {}", summary.rows, summary.sha256))
        }
    })
}

async fn export(node: &Node, wanted: &Wanted, format: Format) -> Result<Summary, Failure> {
    let filter = wanted.filter();
    let reason = wanted.reason.as_deref().filter(|_| wanted.full);
    let who = Principal::system();
    let rows = node.register.export(&who, filter.clone(), reason).map_err(|refusal| refused(&refusal))?;
    let summary = match &wanted.file {
        None => {
            let out = std::io::stdout();
            write(rows, BufWriter::new(out), format).await?.1
        }
        Some(file) => {
            // Whoever finds the file finds all of it: it gets its name at the end.
            let part = part_of(file);
            let out = File::create(&part).map_err(|error| at(&part, &error))?;
            let (out, summary) = write(rows, BufWriter::new(out), format).await?;
            let out = out.into_inner().map_err(|error| at(&part, error.error()))?;
            out.sync_all().and_then(|()| std::fs::rename(&part, file)).map_err(|error| at(file, &error))?;
            summary
        }
    };
    node.register
        .record_export(&who, &filter, reason, summary.rows, &summary.sha256)
        .await
        .map_err(Failure::environment)?;
    Ok(summary)
}

async fn write<W: Write + Send>(mut rows: Export, out: W, format: Format) -> Result<(W, Summary), Failure> {
    let columns = rows.columns();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new(out, format, &columns).map_err(unwritten)?;
    while let Some(page) = rows.next().await.map_err(Failure::environment)? {
        for row in &page {
            let cells: Vec<Cell<'_>> = row.iter().map(cell).collect();
            table.row(&cells).map_err(unwritten)?;
        }
    }
    table.finish().map_err(unwritten)
}

fn cell(field: &Field) -> Cell<'_> {
    match field {
        Field::None => Cell::Empty,
        Field::Text(text) => Cell::text(text.as_str()),
        Field::Int(number) => Cell::Int(*number),
        Field::Money(fen) => Cell::Money(*fen),
        Field::Date(day) => Cell::Date(*day),
        Field::At(at) => Cell::At(*at),
        Field::Bool(yes) => Cell::Bool(*yes),
    }
}

fn refused(refusal: &kernel::refusal::Refusal) -> Failure {
    Failure::Usage(format!(
        "{refusal}: {}",
        refusal.errors.iter().map(|e| e.pointer.as_str()).collect::<String>()
    ))
}

fn unwritten(error: SheetError) -> Failure {
    match error {
        SheetError::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Failure::OutputClosed,
        other => Failure::environment(other),
    }
}

fn part_of(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    file.with_file_name(name)
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Environment(format!("{}: {error}", path.display()))
}
