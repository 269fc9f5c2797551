//! Point-in-time recovery on PostgreSQL: back to a moment between two commands.

use crate::cluster::{Cluster, Durability};
use crate::report::Tally;
use crate::suite::missing;
use crate::tools;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Walks matters, notes the moment, walks more, loses the database, and brings it back to that moment from a base
/// backup and the archived log, as docs/keeping.md says.
pub fn run(profile: &str, data: &Path, seed: u64) -> Result<Tally> {
    let Some(cluster) = Cluster::start_archiving(Durability::On)? else { return missing("PostgreSQL") };
    let url = cluster.create("pitr")?;
    walk(profile, data, &url, seed)?;
    cluster.base_backup()?;
    walk(profile, data, &url, seed + 1)?;
    let wanted = events(profile, data, &url)?;
    let moment = cluster.query("pitr", "SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.US+00')")?;
    std::thread::sleep(std::time::Duration::from_millis(1500));
    walk(profile, data, &url, seed + 2)?;
    let later = events(profile, data, &url)?;
    ensure!(later.0 > wanted.0, "nothing was written after the moment: {later:?}");
    cluster.query("pitr", "SELECT pg_switch_wal()")?;
    cluster.wait_archived("pitr")?;
    cluster.lose()?;

    let back = cluster.recovered(moment.trim())?;
    let found = events(profile, data, &back.url("pitr"))?;
    ensure!(found == wanted, "{found:?} came back, {wanted:?} were there at {moment}");
    println!(
        "{} events of {} matters were there at {}; {} later; {} came back, sound",
        wanted.0,
        wanted.1,
        moment.trim(),
        later.0,
        found.0
    );
    // And the service goes on from there.
    walk(profile, data, &back.url("pitr"), seed + 3)?;
    let after = events(profile, data, &back.url("pitr"))?;
    ensure!(after.0 > found.0, "nothing was written after the recovery");
    Ok(Tally { passed: 2, ..Tally::default() })
}

fn walk(profile: &str, data: &Path, url: &str, seed: u64) -> Result<()> {
    let mut walker = Command::new(tools::built(profile, "walker"));
    walker.arg("--serve").arg(tools::built(profile, "huifa")).arg("--data").arg(data);
    walker.args(["--matters", "2", "--seed", &seed.to_string(), "--database", url]);
    tools::output(&mut walker).map(|_| ()).context("the walk")
}

/// Events and matters of a sound database.
fn events(profile: &str, data: &Path, url: &str) -> Result<(u64, u64)> {
    let mut verify = Command::new(tools::built(profile, "huifa"));
    verify.args(["--json", "evidence", "verify", "--data"]).arg(data).args(["--database", url]);
    let told: Value =
        serde_json::from_str(&tools::output(&mut verify).context("the evidence does not hold")?)?;
    let number = |name: &str| told[name].as_u64().with_context(|| format!("{name} in {told}"));
    Ok((number("events")?, number("matters")?))
}
