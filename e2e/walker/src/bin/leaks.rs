//! Plants names, numbers, phones and words through every way in, then searches the data folder, the log, the
//! database, the figures and every address answered, and fails when any of it stands there to be read.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use walker::accounts::People;
use walker::leaks::marks::{Marks, Search};
use walker::leaks::{Searched, plant};
use walker::random::Random;
use walker::server::{Limits, Server, Setup, accounts_file};

/// The grep test.
#[derive(Debug, Parser)]
struct Cli {
    /// The `huifa` program.
    #[arg(long)]
    serve: PathBuf,
    /// Its data folder.
    #[arg(long)]
    data: PathBuf,
    /// Database URL; SQLite in the data folder without it.
    #[arg(long)]
    database: Option<String>,
    /// Folders that are searched besides, such as the data directory of the database.
    #[arg(long)]
    also: Vec<PathBuf>,
    /// `pg_dump`, for what a database keeps compressed.
    #[arg(long, requires = "database")]
    dump: Option<PathBuf>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Stands in the database for everybody to read: names of staff are no secret. If the search does not find it,
/// the search is blind.
const CONTROL: &str = "夔鬻控制骉";

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("leaks: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let setup = Setup {
        program: cli.serve.clone(),
        data: cli.data.clone(),
        database: cli.database.clone(),
        limits: Limits::Off,
    };
    let server = Server::start_with(&setup, &[], &[("HUIFA_LOG", "debug")]).await?;
    let people = People::load(&accounts_file(&setup.data), server.address())?;
    let mut marks = Marks::default();
    let (planted, browser) =
        plant::plant(&people, server.address(), &mut marks, &mut Random::new(cli.seed)).await?;
    let search = Search::new(marks.all());

    // While it runs: the log of the database is not folded in yet, and figures are there to be read.
    let mut searched = Searched::default();
    everywhere(&cli, &search, &mut searched).await?;
    let figures = people.anonymous().raw("GET", "/metrics", None, None).await?;
    searched.bytes(&search, "/metrics", &figures.body);
    searched.bytes(&search, "addresses of pages", browser.addresses.join("\n").as_bytes());
    let hrefs: Vec<&str> = planted
        .answers
        .iter()
        .flat_map(|answer| answer.split("\"href\":\"").skip(1).filter_map(|rest| rest.split('"').next()))
        .collect();
    searched.bytes(&search, "addresses of the API", hrefs.join("\n").as_bytes());
    backup(&cli, &search, &mut searched).await?;
    let address = server.address().to_owned();
    server.stop().await?;
    everywhere(&cli, &search, &mut searched).await?;
    ensure!(
        searched.found.is_empty(),
        "{} things can be read:\n{}",
        searched.found.len(),
        searched.found.join("\n")
    );

    control(&cli, &address).await?;
    println!(
        "planted {} things in {} matters, {} actions, {} looks, {} pages, {} refused bodies; searched {} files and \
         {} MB for {} forms of them: found none; what was planted to be found was found",
        marks.all().count(),
        planted.matters,
        planted.actions,
        planted.looks,
        planted.pages,
        planted.refused,
        searched.files,
        searched.bytes / 1_000_000,
        search.len(),
    );
    Ok(())
}

/// Data folder, other folders, the database as text.
async fn everywhere(cli: &Cli, search: &Search, searched: &mut Searched) -> Result<()> {
    searched.folder(search, &cli.data)?;
    for folder in &cli.also {
        searched.folder(search, folder)?;
    }
    if let Some(dump) = dump(cli).await? {
        searched.bytes(search, "the dump of the database", &dump);
    }
    Ok(())
}

/// A backup, unpacked.
async fn backup(cli: &Cli, search: &Search, searched: &mut Searched) -> Result<()> {
    let file = cli.data.join("backup.tar.zst");
    let mut make = Command::new(&cli.serve);
    make.args(["backup", "--quiet", "--data"]).arg(&cli.data).arg(&file);
    if let Some(url) = &cli.database {
        make.args(["--database", url]);
    }
    let done = make.output().await.context("cannot make a backup")?;
    ensure!(done.status.success(), "backup: {}", String::from_utf8_lossy(&done.stderr));
    let unpacked = Command::new("tar").args(["--zstd", "-xOf"]).arg(&file).output().await?;
    if !unpacked.status.success() {
        ensure!(std::env::var_os("CI").is_none(), "tar cannot unpack zstd here");
        println!("SKIP: tar cannot unpack zstd here; the backup was not searched");
        return Ok(());
    }
    ensure!(unpacked.stdout.len() > 100_000, "a backup of {} bytes", unpacked.stdout.len());
    searched.bytes(search, "the backup", &unpacked.stdout);
    Ok(())
}

async fn dump(cli: &Cli) -> Result<Option<Vec<u8>>> {
    let (Some(program), Some(url)) = (&cli.dump, &cli.database) else { return Ok(None) };
    let out = Command::new(program).arg(url).output().await.context("cannot run pg_dump")?;
    ensure!(out.status.success(), "pg_dump: {}", String::from_utf8_lossy(&out.stderr));
    Ok(Some(out.stdout))
}

/// Proves that the search can find: a name in the database, an address in the log, a wide text in a file.
async fn control(cli: &Cli, address: &str) -> Result<()> {
    let mut add = Command::new(&cli.serve);
    add.args(["account", "add", "leaks.control", "--name", CONTROL, "--password-stdin", "--data"])
        .arg(&cli.data);
    if let Some(url) = &cli.database {
        add.args(["--database", url]);
    }
    let mut child =
        add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().context("cannot add an account")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all("Nine-Long-Rivers-4711\n".as_bytes()).await?;
    }
    ensure!(child.wait().await?.success(), "the account was not added");
    let wide: Vec<u8> = "夔鬻宽字骉".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = cli.data.join("leaks-control");
    std::fs::write(&file, wide)?;
    let wanted = [
        (CONTROL, "a name in the database"),
        (address, "where it listened, in the log"),
        ("夔鬻宽字骉", "a wide text"),
    ];
    let mut found = Searched::default();
    everywhere(cli, &Search::new(wanted.into_iter()), &mut found).await?;
    std::fs::remove_file(&file)?;
    for (_, what) in wanted {
        ensure!(found.found.iter().any(|line| line.contains(what)), "the search is blind for {what}");
    }
    Ok(())
}
