//! `huifa import areas|organisations|practitioners|matters|figures FILE`: registers that were kept elsewhere.
//!
//! Every bad row is told with line, field and reason; the good rows go in; importing again changes nothing.

mod areas;
mod figures;
mod mapping;
mod matters;
mod registers;
mod tell;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use kernel::lang::Lang;
use sheets::{Format, Rows};

use super::format_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::settings::Settings;
use mapping::{Mapping, Record};
use tell::Teller;

/// What to import.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which register.
    #[arg(value_enum)]
    what: What,
    /// The table: .csv, .xlsx or .jsonl; the first line names the columns.
    #[arg(required_unless_present = "builtin")]
    file: Option<PathBuf>,
    /// The sheet of a workbook; the first one when left out.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// How columns and words of the file are called here (TOML: [columns], [values.COLUMN], [fixed]).
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// The format, where the name of the file does not say it.
    #[arg(long, value_name = "csv|xlsx|jsonl")]
    format: Option<String>,
    /// Reads and checks every row, and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Divisions: the file shows one day, and what it no longer shows has ended. A column `snapshot` says the same
    /// row by row.
    #[arg(long, value_name = "DATE")]
    snapshot: Option<Date>,
    /// Divisions: only what lies below this one.
    #[arg(long, value_name = "CODE")]
    below: Option<AreaCode>,
    /// Divisions: the lowest level a snapshot shows.
    #[arg(long, value_enum, default_value_t = Depth::Village)]
    depth: Depth,
    /// Divisions: those of China down to the towns that come with the program, instead of a file.
    #[arg(long, conflicts_with_all = ["file", "snapshot", "map", "sheet", "format"])]
    builtin: bool,
}

impl Args {
    /// The file; empty with `--builtin`.
    fn file(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(""))
    }
}

/// How far down a snapshot goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Depth {
    /// Counties.
    County,
    /// Towns.
    Town,
    /// Villages.
    Village,
}

impl From<Depth> for Level {
    fn from(depth: Depth) -> Self {
        match depth {
            Depth::County => Self::County,
            Depth::Town => Self::Town,
            Depth::Village => Self::Village,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Divisions (区划): code,name,level,parent,valid_from,valid_to; or with --snapshot, or a column `snapshot`.
    Areas,
    /// Bodies that serve (机构): id,name,kind,area,uscc,duties,phone,address,hours.
    Organisations,
    /// Those who practise (执业人员): id,name,kind,licence_no,organisation,skills,languages,phone.
    Practitioners,
    /// Matters kept elsewhere before (历史办件): `source_id,item,area,door,opened_at,closed_at,outcome,
    /// handled_by,applicant_*,form.*`.
    Matters,
    /// Yearly figures of places (统计数据): id,area,year,number,law,article,verified,source,note.
    Figures,
}

impl What {
    /// Whether a column of this name means something.
    fn knows(self, name: &str) -> bool {
        match self {
            Self::Areas => areas::COLUMNS.contains(&name),
            Self::Organisations => registers::ORGANISATIONS.contains(&name),
            Self::Practitioners => registers::PRACTITIONERS.contains(&name),
            Self::Figures => catalog::figures::COLUMNS.contains(&name),
            Self::Matters => {
                matters::COLUMNS.contains(&name)
                    || name.starts_with("applicant_")
                    || name.starts_with("form.")
            }
        }
    }

    /// Columns without which no row can be right.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Areas => &["code", "name"],
            Self::Organisations => &["id", "name", "kind", "area"],
            Self::Practitioners => &["id", "name", "kind", "organisation"],
            Self::Figures => &["id", "year", "number", "source"],
            Self::Matters => &["source_id", "item", "area", "door", "opened_at", "applicant_name"],
        }
    }
}

/// Rows written together.
const BATCH: usize = 512;

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    if args.what != What::Areas && (args.builtin || args.snapshot.is_some() || args.below.is_some()) {
        return Err(Failure::Usage("--builtin, --snapshot and --below are for areas".to_owned()));
    }
    let source = if args.builtin { None } else { Some(open(args)?) };
    let settings = Settings::read(context.data(), None)?;
    context.block_on(async {
        let node = Node::open(context, settings).await?;
        let lines = source.as_ref().and_then(|source| tell::rows_of(args.file(), source.format));
        let mut tell = Teller::new(&node.words, lang(), context.wants_json(), lines);
        let done = match (args.what, source) {
            (_, None) => areas::builtin(&node, args, &mut tell).await,
            (What::Areas, Some(from)) => areas::take(&node, from, args, &mut tell).await,
            (What::Matters, Some(from)) => matters::take(&node, from, args, &mut tell).await,
            (What::Figures, Some(from)) => figures::take(&node, from, args, &mut tell).await,
            (What::Organisations | What::Practitioners, Some(from)) => {
                registers::take(&node, from, args, &mut tell).await
            }
        };
        node.db.close().await;
        done?;
        tell.end(args.dry_run)
    })
}

/// A file that was opened, its columns found right.
struct Source {
    file: PathBuf,
    format: Format,
    mapping: Mapping,
    rows: Rows,
}

impl Source {
    /// The next good rows with their lines, `most` of them unless the file ends before; none at its end. What
    /// cannot be read is told.
    async fn batch(&mut self, most: usize, tell: &mut Teller<'_>) -> Result<Vec<(u64, Record)>, Failure> {
        let mut batch = Vec::new();
        while batch.len() < most {
            match self.rows.next().await.map_err(|error| unread(&self.file, &error))? {
                Some(Ok(row)) => batch.push((row.line, self.mapping.record(&row))),
                Some(Err(fault)) => tell.unreadable(fault.line, fault.reason),
                None => break,
            }
        }
        Ok(batch)
    }
}

fn open(args: &Args) -> Result<Source, Failure> {
    let format = format_of(args.format.as_deref(), Some(args.file()))?;
    let mapping = Mapping::read(args.map.as_deref())?;
    let rows = sheets::rows(args.file(), format, args.sheet.as_deref())
        .map_err(|error| unread(args.file(), &error))?;
    columns(args.what, &mapping, &rows)?;
    Ok(Source { file: args.file().to_owned(), format, mapping, rows })
}

/// Names that mean nothing, and names that are missing, are told before anything is read.
fn columns(what: What, mapping: &Mapping, rows: &Rows) -> Result<(), Failure> {
    let foreign: Vec<&str> = mapping.names(rows.columns()).filter(|name| !what.knows(name)).collect();
    if !foreign.is_empty() {
        return Err(Failure::Fault(format!(
            "columns that mean nothing here: {}; name them in a mapping file (--map), or leave them out there with \"\"",
            foreign.join(", ")
        )));
    }
    let names: Vec<&str> = mapping.names(rows.columns()).collect();
    let missing: Vec<&str> = what.needs().iter().copied().filter(|name| !names.contains(name)).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failure::Fault(format!("columns that are missing: {}", missing.join(", "))))
    }
}

fn unread(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Environment(format!("{}: {error}", file.display()))
}

/// The language of whoever sits at the machine.
fn lang() -> Lang {
    let chosen = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    if chosen.is_some_and(|name| name.starts_with("zh")) { Lang::Zh } else { Lang::En }
}
