//! Traces a server's system calls and shows that each acknowledged command had reached the disk: between two
//! answers of a serial client lies a completed sync of the database's log.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;
use walker::accounts::People;
use walker::http::Connection;
use walker::random::Random;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::{items, life};

/// Runs a server under `strace` and reads the trace.
#[derive(Debug, Parser)]
struct Cli {
    /// The `huifa` program.
    #[arg(long)]
    serve: PathBuf,
    /// Its data folder; SQLite lies there.
    #[arg(long)]
    data: PathBuf,
    /// Lives to live, one command at a time.
    #[arg(long, default_value_t = 10)]
    lives: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("synced: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let setup = Setup { program: cli.serve, data: cli.data, database: None, limits: Limits::Off };
    std::fs::create_dir_all(&setup.data)?;
    let trace = setup.data.join("trace");
    let out = trace.to_string_lossy().into_owned();
    let wrapper = [
        "strace",
        "-f",
        "-y",
        "-s",
        "4096",
        "-o",
        &out,
        "-e",
        "trace=fsync,fdatasync,write,writev,sendto,sendmsg",
    ];
    let server = Server::start_under(&setup, &wrapper).await?;
    let people = People::load(&accounts_file(&setup.data), server.address())?;
    let found = life::lived(items::load(&mut people.anonymous()).await?);
    let county = life::counties(&people, 1).pop().context("no county")?;
    let mut connection = Connection::new(server.address());
    let mut chance = Random::new(1);
    let mut acknowledged = 0;
    for item in &found {
        let script = life::learn(&people, item, &county).await?;
        for _ in 0..cli.lives {
            script.live(&mut connection, || chance.key(), |_| acknowledged += 1).await?;
        }
    }
    server.stop().await?;
    let text = std::fs::read_to_string(&trace).with_context(|| format!("cannot read {}", trace.display()))?;
    let (receipts, bare) = read(&text);
    ensure!(receipts >= acknowledged, "{acknowledged} receipts were read, the trace shows {receipts}");
    ensure!(
        bare.is_empty(),
        "{} of {receipts} receipts left before a sync, the first at line {:?}",
        bare.len(),
        bare.first()
    );
    println!(
        "{receipts} receipts left the server, each after a completed sync of the log ({acknowledged} counted by the client)"
    );
    Ok(())
}

/// Counts answers to commands, and names the lines of those that left without a sync since the answer before.
fn read(trace: &str) -> (usize, Vec<usize>) {
    let mut pending: HashMap<&str, bool> = HashMap::new();
    let mut synced = false;
    let (mut receipts, mut bare) = (0, Vec::new());
    for (index, line) in trace.lines().enumerate() {
        let Some((pid, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        let is_sync = call.starts_with("fdatasync(") || call.starts_with("fsync(");
        if is_sync {
            let of_log = call.contains("-wal") || call.contains(".db");
            if call.ends_with("= 0") {
                synced |= of_log;
            } else if call.contains("<unfinished") {
                pending.insert(pid, of_log);
            }
        } else if call.starts_with("<... fdatasync resumed") || call.starts_with("<... fsync resumed") {
            synced |= pending.remove(pid).unwrap_or(false) && call.ends_with("= 0");
        } else if call.contains("HTTP/1.1 ") {
            if is_receipt(call) {
                receipts += 1;
                if !synced {
                    bare.push(index + 1);
                }
            }
            synced = false;
        }
    }
    (receipts, bare)
}

/// Whether a traced answer is that of a command: an opening tells a query code, an action an event and its
/// hash. strace writes quotes with a backslash.
fn is_receipt(call: &str) -> bool {
    let says = |field: &str| call.contains(&format!("\\\"{field}\\\":"));
    call.contains("HTTP/1.1 201 ") && says("query_code")
        || call.contains("HTTP/1.1 200 ") && says("seq") && says("hash") && says("waiting_for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_without_a_sync_before_it_is_found() {
        let receipt = |pid: u32| {
            format!(
                r#"{pid} writev(9<socket:[1]>, [{{iov_base="HTTP/1.1 200 OK\r\n{{\"number\":\"1\",\"seq\":2,\"waiting_for\":[],\"hash\":\"a\"}}"}}]) = 9"#
            )
        };
        let sync = "7 fdatasync(5</d/huifa.db-wal>) = 0";
        let split = "7 fdatasync(5</d/huifa.db-wal> <unfinished ...>\n8 write(1, \"x\", 1) = 1\n7 <... fdatasync resumed>) = 0";
        assert_eq!(read(&format!("{sync}\n{}", receipt(8))), (1, vec![]));
        assert_eq!(read(&format!("{split}\n{}", receipt(8))), (1, vec![]));
        assert_eq!(read(&format!("{sync}\n{}\n{}", receipt(8), receipt(8))), (2, vec![3]));
        assert_eq!(read(&receipt(8)), (1, vec![1]));
    }
}
