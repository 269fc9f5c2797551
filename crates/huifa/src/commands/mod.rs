//! One file a command. To add one: a file with `Args` and `run`, a line in [`Command`], a line in [`run`].

mod account;
mod areas;
mod backup;
mod calc;
mod catalog;
mod config;
mod deadline;
mod demo;
mod doctor;
mod draft;
mod evidence;
mod export;
mod import;
mod keys;
mod laws;
mod migrate;
mod restore;
mod retention;
mod serve;
mod tick;
mod triage;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Failure;

/// What `huifa` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Accounts and roles (账号).
    Account(account::Args),
    /// Divisions: how many stand, what became of former ones, what waits for an official (区划).
    Areas(areas::Args),
    /// One file with everything, made while serving (备份).
    Backup(backup::Args),
    /// Calculators: periods, identity numbers, codes (计算器).
    Calc(calc::Args),
    /// Service items: prove, list, show, lock (事项目录).
    Catalog(catalog::Args),
    /// Prints the settings file `huifa.toml` with every setting explained (配置样本).
    Config,
    /// Looks at everything a node stands on and says what to mend (体检).
    Doctor,
    /// Documents people need, written from answers (写法律文书).
    Draft(draft::Args),
    /// When is it due, and why (期限).
    Deadline(deadline::Args),
    /// Chains, log and receipts: is everything as it was written (存证).
    Evidence(evidence::Args),
    /// The register as a table: CSV, XLSX, JSON Lines (导出).
    Export(export::Args),
    /// Takes in registers kept elsewhere: organisations, practitioners, matters (导入).
    Import(import::Args),
    /// Keys: which there are, change them while serving (密钥).
    Keys(keys::Args),
    /// Statutes: take in, index, search, learn, measure (法律法规).
    Laws(laws::Args),
    /// Brings a backup back into an empty database and proves it (恢复).
    Restore(restore::Args),
    /// How long content is kept, and its end (保存期限与删除).
    Retention(retention::Args),
    /// The site and the API (启动服务).
    Serve(serve::Args),
    /// The demo city, ready to be looked at (演示).
    Demo(demo::Args),
    /// Brings the database to this version (升级数据库).
    Migrate,
    /// Does now what is due by now (执行到期事项).
    Tick(tick::Args),
    /// What kind of problem somebody has, from their own words (分诊).
    Triage(triage::Args),
}

/// Runs a command.
pub fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Account(args) => account::run(&args, context),
        Command::Areas(args) => areas::run(&args, context),
        Command::Backup(args) => backup::run(&args, context),
        Command::Calc(args) => calc::run(&args, context),
        Command::Catalog(args) => catalog::run(&args, context),
        Command::Config => config::run(),
        Command::Deadline(args) => deadline::run(&args, context),
        Command::Doctor => doctor::run(context),
        Command::Draft(args) => draft::run(&args, context),
        Command::Evidence(args) => evidence::run(&args, context),
        Command::Export(args) => export::run(&args, context),
        Command::Import(args) => import::run(&args, context),
        Command::Keys(args) => keys::run(&args, context),
        Command::Laws(args) => laws::run(&args, context),
        Command::Restore(args) => restore::run(&args, context),
        Command::Retention(args) => retention::run(&args, context),
        Command::Serve(args) => serve::run(&args, context),
        Command::Demo(args) => demo::run(&args, context),
        Command::Migrate => migrate::run(context),
        Command::Tick(args) => tick::run(&args, context),
        Command::Triage(args) => triage::run(&args, context),
    }
}

/// The format of a table: the word that was given, else what the name of the file ends with.
fn format_of(word: Option<&str>, file: Option<&std::path::Path>) -> Result<sheets::Format, Failure> {
    match (word, file) {
        (Some(word), _) => word.parse().map_err(|error| Failure::Usage(format!("{error}"))),
        (None, file) => file.and_then(sheets::Format::of).ok_or_else(|| {
            let file = file.unwrap_or(std::path::Path::new("")).display();
            Failure::Usage(format!("{file}: say --format csv, xlsx or jsonl"))
        }),
    }
}
