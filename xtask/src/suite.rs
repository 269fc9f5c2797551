//! `cargo xtask test`: everything that is proved before a change lands, in one run, with a time table.

use crate::cluster::{Cluster, Durability};
use crate::report::{Report, Tally, count};
use crate::{StrengthArgs, TestArgs, assets, bench, check, strength, tools};
use anyhow::{Context, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Matters of each item the walker carries on each database, daily and in the long run.
const WALK: u32 = 100;
const WALK_FULL: u32 = 300;

/// Calls of strangers on each database, daily and in the long run.
const CALLS: u64 = 20_000;
const CALLS_FULL: u64 = 1_000_000;

/// Runs the suite; the exit code is 1 when anything failed.
pub fn run(args: &TestArgs) -> Result<ExitCode> {
    let wanted =
        |name: &str| args.only.is_empty() || args.only.iter().any(|word| name.contains(word.as_str()));
    let mut report = Report::begin();
    let scratch = tools::root().join("var/test");
    std::fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    let work = tempfile::tempdir_in(&scratch)?;

    if wanted("format") {
        report.step("format", || held(tools::cargo().args(["fmt", "--all", "--", "--check"])));
    }
    if wanted("rules of the house") {
        report.step("rules of the house", rules);
    }
    if wanted("assets") {
        report.step("assets", || assets::build().map(|()| Tally::one(true)));
    }
    if wanted("lints") {
        report.step("lints", || {
            held(tools::cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ]))
        });
    }
    // The long walks take the release build, which the measured gates need anyhow.
    let profile = if args.full { "release" } else { "dev" };
    let cluster = shared_cluster(&mut report);
    let cluster = cluster.as_ref();
    // One build for tests, walker and browser: the same packages, targets and features, so nothing is
    // compiled twice.
    if !report
        .step("build", || held(tools::cargo().args(["build", "--workspace", "--all-targets", "--quiet"])))
    {
        return Ok(code(report.close()));
    }
    if args.full && !report.step("release build", || tools::release().map(|()| Tally::one(true))) {
        return Ok(code(report.close()));
    }
    if wanted("tests") {
        report.step("tests", || tests(cluster, args.full));
    }
    if wanted("catalogue") {
        report.step("catalogue", || held(huifa().args(["catalog", "check"])));
    }
    if wanted("walker") {
        let matters = if args.full { WALK_FULL } else { WALK };
        let walk = |data: &Path, database: Option<&str>| walk(profile, data, database, matters, args.seed);
        report.step("walker on SQLite", || walk(&work.path().join("walk"), None));
        report.step("walker on PostgreSQL", || {
            let Some(cluster) = cluster else { return missing("PostgreSQL") };
            walk(&work.path().join("walk-pg"), Some(&cluster.create("walk")?))
        });
    }
    if wanted("strangers") {
        let calls = if args.full { CALLS_FULL } else { CALLS };
        // A city of its own: whoever has sent a walked matter on may go on seeing it, which nobody outside can tell.
        let data = work.path().join("strangers");
        let strangers =
            |data: &Path, database: Option<&str>| strangers(profile, data, database, calls, args.seed);
        report.step("strangers on SQLite", || strangers(&data, None));
        report.step("strangers on PostgreSQL", || {
            let Some(cluster) = cluster else { return missing("PostgreSQL") };
            let data = work.path().join("strangers-pg");
            strangers(&data, Some(&cluster.create("strangers")?))
        });
    }
    if wanted("leaks") {
        report.step("leaks on SQLite", || leaks(&work.path().join("leaks"), None, args.seed));
        report.step("leaks on PostgreSQL", || {
            // A cluster of its own: all of its files are searched.
            let Some(cluster) = Cluster::start(Durability::Off)? else { return missing("PostgreSQL") };
            leaks(&work.path().join("leaks-pg"), Some(&cluster), args.seed)
        });
    }
    if wanted("backup") {
        let there = work.path().join("kept-to-pg");
        let back = work.path().join("kept-from-pg");
        report.step("backup SQLite to PostgreSQL", || {
            if cluster.is_none() {
                return missing("PostgreSQL");
            }
            strength::backup(profile, &there, None, cluster, args.seed)
        });
        report.step("backup PostgreSQL to SQLite", || {
            if cluster.is_none() {
                return missing("PostgreSQL");
            }
            strength::backup(profile, &back, cluster, None, args.seed)
        });
    }
    if wanted("browser") {
        report.step("browser journeys", || browser(args.full));
    }
    if args.full {
        full(&mut report, work.path(), args.seed);
    }
    Ok(code(report.close()))
}

/// What the long run adds: everything of `cargo xtask strength`, each on a cluster of its own with every commit on the
/// disk.
fn full(report: &mut Report, work: &Path, seed: u64) {
    let faults = StrengthArgs { only: Vec::new(), kills: 50, profile: "dev".to_owned(), seed };
    strength::steps(report, work, &faults);
    report.step("a sync before each reply", || {
        if !tools::found("strace") {
            return missing("strace");
        }
        let mut command = Command::new(tools::built("dev", "synced"));
        held(command.arg("--serve").arg(tools::built("dev", "huifa")).arg("--data").arg(work.join("synced")))
    });
    report.step("measured gates", || bench::smoke(10, true).map(Tally::one));
}

/// How the run ends.
pub fn code(held: bool) -> ExitCode {
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A command that holds when it ends well.
pub fn held(command: &mut Command) -> Result<Tally> {
    tools::run(command).map(|()| Tally::one(true))
}

/// What a machine lacks is skipped aloud by a person's run and is a failure in CI.
pub fn missing(what: &str) -> Result<Tally> {
    if std::env::var_os("CI").is_some() {
        bail!("{what} is missing: .ci/run installs it");
    }
    println!("SKIP: {what} is not on this machine");
    Ok(Tally::skip())
}

fn rules() -> Result<Tally> {
    let faults = check::faults()?;
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} faults against the rules of the house", faults.len());
    }
    Ok(Tally::one(true))
}

fn shared_cluster(report: &mut Report) -> Option<Cluster> {
    let mut cluster = None;
    report.step("database cluster", || {
        cluster = Cluster::start(Durability::Off)?;
        if cluster.is_none() { missing("PostgreSQL") } else { Ok(Tally::one(true)) }
    });
    cluster
}

fn huifa() -> Command {
    let mut command = Command::new(tools::built("dev", "huifa"));
    command.current_dir(tools::root());
    command
}

/// Unit, store and contract tests: nextest where it is installed, else cargo's own runner.
fn tests(cluster: Option<&Cluster>, full: bool) -> Result<Tally> {
    let nextest = tools::output(tools::cargo().args(["nextest", "--version"])).is_ok();
    let mut command = tools::cargo();
    if nextest {
        command.args([
            "nextest",
            "run",
            "--workspace",
            "--no-fail-fast",
            "--status-level=slow",
            "--final-status-level=fail",
        ]);
        if full {
            command.arg("--run-ignored=all");
        }
    } else {
        command.args(["test", "--workspace", "--quiet", "--no-fail-fast", "--all-targets"]);
        if full {
            command.args(["--", "--include-ignored"]);
        }
    }
    if let Some(cluster) = cluster {
        command.env("HUIFA_TEST_PG", cluster.url("postgres"));
    }
    let (ended_well, printed) = tee(&command)?;
    let tally = count(&printed);
    if tally.passed == 0 && tally.failed == 0 {
        bail!("the test runner ran no test");
    }
    if !ended_well && tally.failed == 0 {
        bail!("the test runner failed without saying which test");
    }
    Ok(tally)
}

/// The walker against a server of its own, then the chain of everything it wrote.
fn walk(profile: &str, data: &Path, database: Option<&str>, matters: u32, seed: u64) -> Result<Tally> {
    let mut walker = Command::new(tools::built(profile, "walker"));
    walker.arg("--serve").arg(tools::built(profile, "huifa")).arg("--data").arg(data);
    walker.args(["--matters", &matters.to_string(), "--seed", &seed.to_string()]);
    if let Some(url) = database {
        walker.args(["--database", url]);
    }
    tools::run(&mut walker)?;
    verify(data, database)?;
    Ok(Tally { passed: 2, ..Tally::default() })
}

/// Callers of every role and place at once; the first foreign row fails.
fn strangers(profile: &str, data: &Path, database: Option<&str>, calls: u64, seed: u64) -> Result<Tally> {
    let mut strangers = Command::new(tools::built(profile, "strangers"));
    strangers.arg("--serve").arg(tools::built(profile, "huifa")).arg("--data").arg(data);
    strangers.args(["--calls", &calls.to_string(), "--seed", &seed.to_string()]);
    if let Some(url) = database {
        strangers.args(["--database", url]);
    }
    held(&mut strangers)
}

/// What was planted must be found nowhere it could be read.
fn leaks(data: &Path, cluster: Option<&Cluster>, seed: u64) -> Result<Tally> {
    let mut leaks = Command::new(tools::built("dev", "leaks"));
    leaks.arg("--serve").arg(tools::built("dev", "huifa")).arg("--data").arg(data);
    leaks.args(["--seed", &seed.to_string()]);
    if let Some(cluster) = cluster {
        leaks.args(["--database", &cluster.create("leaks")?]);
        leaks.arg("--also").arg(cluster.data()).arg("--dump").arg(cluster.program("pg_dump"));
    }
    held(&mut leaks)
}

/// `huifa evidence verify` over a data folder whose server has stopped.
fn verify(data: &Path, database: Option<&str>) -> Result<()> {
    let mut verify = huifa();
    verify.args(["evidence", "verify", "--data"]).arg(data);
    if let Some(url) = database {
        verify.args(["--database", url]);
    }
    tools::run(&mut verify).context("the evidence does not hold")
}

/// A server killed under load, again and again.
pub fn kills(profile: &str, data: &Path, database: Option<&str>, kills: u32, seed: u64) -> Result<Tally> {
    let mut killer = Command::new(tools::built(profile, "killer"));
    killer.arg("--serve").arg(tools::built(profile, "huifa")).arg("--data").arg(data);
    killer.args(["--kills", &kills.to_string(), "--seed", &seed.to_string()]);
    if let Some(url) = database {
        killer.args(["--database", url]);
    }
    tools::run(&mut killer)?;
    verify(data, database)?;
    Ok(Tally { passed: 2, ..Tally::default() })
}

fn browser(full: bool) -> Result<Tally> {
    let folder = tools::root().join("e2e");
    let Some(chromium) = chromium() else { return missing("Chromium") };
    assets::install(&folder)?;
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(journeys(&folder)?)
        .current_dir(&folder)
        .env("HUIFA_BIN", tools::built("dev", "huifa"))
        .env("HUIFA_CHROMIUM", chromium);
    if full {
        command.env("HUIFA_EVERY_DISPLAY", "1");
    }
    let (ended_well, printed) = tee(&command)?;
    let tally = count(&printed);
    if !ended_well && tally.failed == 0 {
        bail!("the browser journeys failed before a test ran");
    }
    Ok(tally)
}

fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| [folder.join("chromium"), folder.join("google-chrome")])
        .find(|program| program.is_file())
}

/// `e2e/journeys/*.test.mjs`, in name order.
fn journeys(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder.join("journeys"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    found.sort();
    Ok(found)
}

/// Runs a command, showing what it prints as it comes and keeping it to be counted.
fn tee(command: &Command) -> Result<(bool, String)> {
    let mut both = Command::new("sh");
    both.args(["-c", "exec \"$@\" 2>&1", "sh"]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        both.current_dir(folder);
    }
    for (key, value) in command.get_envs() {
        if let Some(value) = value {
            both.env(key, value);
        }
    }
    let mut child = both.stdout(Stdio::piped()).spawn().context("cannot start a shell")?;
    let mut printed = String::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            printed.push_str(&line);
            printed.push('\n');
        }
    }
    Ok((child.wait()?.success(), printed))
}
