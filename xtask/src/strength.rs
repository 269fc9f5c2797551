//! `cargo xtask strength`: faults of a server room, done on purpose under load, one step each.

use crate::cluster::{Cluster, Durability};
use crate::pitr;
use crate::report::{Report, Tally};
use crate::schemas;
use crate::suite::{code, held, kills, missing};
use crate::{StrengthArgs, tools};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, ExitCode};

/// How a trial says that this machine cannot do it.
const SKIPPED: i32 = 77;

/// Runs all of them, or those named.
pub fn run(args: &StrengthArgs) -> Result<ExitCode> {
    let mut report = Report::begin();
    let scratch = tools::root().join("var/strength");
    std::fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    let work = tempfile::tempdir_in(&scratch)?;
    let built = report.step("build", || {
        if args.profile == "release" {
            tools::release().map(|()| Tally::one(true))
        } else {
            held(tools::cargo().args(["build", "--workspace", "--bins", "--quiet"]))
        }
    });
    if built {
        steps(&mut report, work.path(), args);
    }
    Ok(code(report.close()))
}

/// Each step by its name.
pub fn steps(report: &mut Report, work: &Path, args: &StrengthArgs) {
    let trial = Trial { work, args };
    let wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|word| name.contains(word));
    let mut step = |name: &'static str, run: &dyn Fn() -> Result<Tally>| {
        if wanted(name) {
            report.step(name, run);
        }
    };
    step("kill-sqlite", &|| kills(&args.profile, &work.join("kill"), None, args.kills, args.seed));
    step("kill-postgres", &|| {
        let Some(cluster) = Cluster::start(Durability::On)? else { return missing("PostgreSQL") };
        kills(&args.profile, &work.join("kill-pg"), Some(&cluster.create("kill")?), args.kills, args.seed)
    });
    step("disk-full", &|| trial.on_sqlite("disk-full"));
    step("read-only", &|| trial.on_sqlite("read-only"));
    step("clock-back", &|| trial.on_sqlite("clock-back"));
    step("hang-up-sqlite", &|| trial.on_sqlite("hang-up"));
    step("hang-up-postgres", &|| trial.on_postgres("hang-up"));
    step("postgres-killed", &|| trial.on_postgres("postgres-killed"));
    step("cut-connections", &|| trial.on_postgres("cut"));
    step("two-nodes", &|| trial.on_postgres("two-nodes"));
    step("backup-sqlite-to-postgres", &|| trial.backup(false, true));
    step("backup-postgres-to-sqlite", &|| trial.backup(true, false));
    step("backup-sqlite-to-sqlite", &|| trial.backup(false, false));
    step("backup-postgres-to-postgres", &|| trial.backup(true, true));
    step("schemas", &|| schemas::run(&args.profile, work));
    step("point-in-time", &|| pitr::run(&args.profile, &work.join("pitr"), args.seed));
}

struct Trial<'a> {
    work: &'a Path,
    args: &'a StrengthArgs,
}

impl Trial<'_> {
    fn on_sqlite(&self, fault: &str) -> Result<Tally> {
        run_one(&mut command(&self.args.profile, fault, &self.work.join(fault), self.args.seed))
    }

    /// On a cluster of its own, which may be killed.
    fn on_postgres(&self, fault: &str) -> Result<Tally> {
        let Some(cluster) = Cluster::start(Durability::On)? else { return missing("PostgreSQL") };
        let folder = self.work.join(format!("{fault}-pg"));
        let mut command = command(&self.args.profile, fault, &folder, self.args.seed);
        command.arg("--database").arg(cluster.create("fault")?);
        command.arg("--socket").arg(cluster.socket()).arg("--cluster").arg(cluster.data());
        command.arg("--restart").arg(cluster.start_command());
        run_one(&mut command)
    }

    fn backup(&self, from_postgres: bool, to_postgres: bool) -> Result<Tally> {
        let name = format!("backup-{from_postgres}-{to_postgres}");
        let cluster = if from_postgres || to_postgres {
            let Some(cluster) = Cluster::start(Durability::On)? else { return missing("PostgreSQL") };
            Some(cluster)
        } else {
            None
        };
        backup(
            &self.args.profile,
            &self.work.join(name),
            cluster.as_ref().filter(|_| from_postgres),
            cluster.as_ref().filter(|_| to_postgres),
            self.args.seed,
        )
    }
}

/// A backup under load from one database, brought back into another.
pub fn backup(
    profile: &str,
    folder: &Path,
    from: Option<&Cluster>,
    to: Option<&Cluster>,
    seed: u64,
) -> Result<Tally> {
    let mut command = command(profile, "restored", folder, seed);
    if let Some(cluster) = from {
        command.arg("--database").arg(cluster.create("kept_from")?);
    }
    if let Some(cluster) = to {
        command.arg("--other-database").arg(cluster.create("kept_to")?);
    }
    run_one(&mut command)
}

fn command(profile: &str, fault: &str, folder: &Path, seed: u64) -> Command {
    let mut command = Command::new(tools::built(profile, "faults"));
    command.arg(fault).arg("--serve").arg(tools::built(profile, "huifa")).arg("--data").arg(folder);
    command.args(["--seed", &seed.to_string()]);
    command
}

fn run_one(command: &mut Command) -> Result<Tally> {
    let status = command.status().context("cannot start the trial")?;
    match status.code() {
        Some(0) => Ok(Tally::one(true)),
        Some(SKIPPED) => Ok(Tally::skip()),
        _ => bail!("the trial ended with {status}"),
    }
}
