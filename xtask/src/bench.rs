//! `cargo xtask bench`: release builds of server and load generator, both databases, figures on disk.

use crate::cluster::{Cluster, Durability};
use crate::{BenchArgs, tools};
use anyhow::Result;
use std::process::{Command, ExitCode};

/// Measures and prints; with `--gate` the exit code says whether the gates hold.
pub fn run(args: &BenchArgs) -> Result<ExitCode> {
    let held = match args.matters {
        Some(matters) => year(args, matters)?,
        None => smoke(args.seconds, args.gate)?,
    };
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Commands a second and CPU a command on SQLite and, where its programs are found, on PostgreSQL.
pub fn smoke(seconds: u32, gate: bool) -> Result<bool> {
    let (_work, mut load) = loader(seconds)?;
    load.arg("--raw").arg(tools::built("release", "examples/commands"));
    // With fsync on: what a command costs includes its way to the disk.
    let cluster = Cluster::start(Durability::On)?;
    match &cluster {
        Some(cluster) => {
            load.arg("--postgres")
                .arg(cluster.create("bench")?)
                .arg("--postgres-raw")
                .arg(cluster.create("bench_raw")?);
        }
        None => println!("SKIP: PostgreSQL is not on this machine"),
    }
    if gate {
        load.arg("--gate");
    }
    Ok(load.status()?.success())
}

/// A register with years in it: lists, exports, verification and a thousand people, on both databases.
fn year(args: &BenchArgs, matters: u32) -> Result<bool> {
    let (_work, mut load) = loader(args.seconds)?;
    load.args(["--matters", &matters.to_string(), "--minutes", &args.minutes.to_string()]);
    let cluster = if args.sqlite { None } else { Cluster::start(Durability::On)? };
    if let Some(cluster) = &cluster {
        load.arg("--postgres").arg(cluster.create("year")?);
        if args.postgres {
            load.arg("--postgres-only");
        }
    }
    Ok(load.status()?.success())
}

/// Release builds, a folder for the data, which goes with its guard, and the load generator pointed at both.
fn loader(seconds: u32) -> Result<(tempfile::TempDir, Command)> {
    tools::release()?;
    let scratch = tools::root().join("var/bench");
    std::fs::create_dir_all(&scratch)?;
    let work = tempfile::tempdir_in(&scratch)?;
    let mut load = Command::new(tools::built("release", "bench"));
    load.arg("--serve").arg(tools::built("release", "huifa"));
    load.arg("--data").arg(work.path()).args(["--seconds", &seconds.to_string()]);
    load.arg("--results").arg(tools::root().join("bench/results"));
    Ok((work, load))
}
