//! A register with years in it: a million old matters of which every tenth was dealt with by one person, and a
//! thousand people signed in who look, list and write for as long as one likes.

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::{Value, json};
use walker::accounts::People;
use walker::http::{Connection, Request};
use walker::random::Random;
use walker::server::{Limits, Server, Setup, accounts_file};

use crate::Cli;
use crate::load::Seen;
use crate::machine::{self, Machine};
use crate::measure::{Meter, Phase};

/// Everything one run measured on one database.
#[derive(Debug, Serialize)]
pub struct Figures {
    database: String,
    machine: Machine,
    /// Old matters, and how many a second they came in through the checks of `import`.
    matters: u32,
    imported_per_second: f64,
    cold_start_ms: u128,
    /// One kind of reading after the other, eight connections, as fast as answers came.
    reading: Vec<(String, Phase)>,
    /// People signed in, and what they saw.
    users: usize,
    minutes: u64,
    mixed: Phase,
    errors: usize,
    /// Resident memory of the server after each minute, MiB.
    memory_mib: Vec<u64>,
    /// Tables of all matters: format, seconds, rows, highest memory in MiB.
    exports: Vec<(String, f64, u64, u64)>,
    /// `evidence verify` over everything: seconds, events, highest memory in MiB.
    verified: (f64, u64, u64),
}

/// Measures one database.
pub async fn database(cli: &Cli, name: &str, url: Option<String>) -> Result<Figures> {
    let machine = Machine::here();
    let data = cli.data.join(format!("year-{name}"));
    let setup = Setup { program: cli.serve.clone(), data: data.clone(), database: url, limits: Limits::Off };
    println!("\n{name}: {} old matters", cli.matters);
    let imported_per_second = fill(cli, &setup)?;
    println!("  imported       {imported_per_second:.0} matters a second");
    let began = Instant::now();
    let server = Server::start(&setup).await?;
    let cold_start_ms = began.elapsed().as_millis();
    let pid = server.pid().context("the server has no process id")?;
    let people = People::load(&accounts_file(&data), server.address())?;
    let users = Arc::new(sign_in(&people, cli.users).await?);
    followed(server.address()).await;
    let reading = reading(cli, name, server.address(), pid, &users).await?;
    for (kind, phase) in &reading {
        println!(
            "  {kind:<14} {:>7.0}/s  server {:.3} ms  p50 {:.1}  p99 {:.1} ms",
            phase.per_second, phase.server_cpu_ms, phase.p50_ms, phase.p99_ms
        );
    }
    let (mixed, errors, memory_mib) = mixed(cli, name, server.address(), pid, &users).await?;
    println!(
        "  {} users      {:>7.0}/s  {errors} errors  p50 {:.1}  p99 {:.1} ms  memory {memory_mib:?} MiB",
        users.len(),
        mixed.per_second,
        mixed.p50_ms,
        mixed.p99_ms
    );
    server.stop().await?;
    let mut exports = Vec::new();
    for format in ["csv", "xlsx", "jsonl"] {
        let file = cli.data.join(format!("matters.{format}"));
        let (seconds, told, memory) =
            command(&setup, &["export", "matters", &file.to_string_lossy(), "--json"])?;
        let rows = told["rows"].as_u64().context("no count of rows")?;
        println!("  export {format:<7} {rows} rows in {seconds:.1} s, {memory} MiB");
        std::fs::remove_file(&file)?;
        exports.push((format.to_owned(), seconds, rows, memory));
    }
    let (seconds, told, memory) = command(&setup, &["evidence", "verify", "--json"])?;
    let events = told["events"].as_u64().unwrap_or(0);
    ensure!(told["faults"] == json!([]), "the evidence has faults: {}", told["faults"]);
    println!("  verified       {events} events in {seconds:.1} s, {memory} MiB");
    Ok(Figures {
        database: name.to_owned(),
        machine,
        matters: cli.matters,
        imported_per_second,
        cold_start_ms,
        reading,
        users: users.len(),
        minutes: cli.minutes,
        mixed,
        errors,
        memory_mib,
        exports,
        verified: (seconds, events, memory),
    })
}

/// Lets the demo make its old matters and end.
fn fill(cli: &Cli, setup: &Setup) -> Result<f64> {
    std::fs::create_dir_all(&setup.data)?;
    let mut demo = program(setup);
    demo.args(["demo", "--history", "0", "--listen", "127.0.0.1:0", "--scale", &cli.matters.to_string()]);
    let mut child = demo.env("HUIFA_LIMITS", "off").stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let said = std::io::BufReader::new(child.stderr.take().context("no standard error")?);
    let mut rate = None;
    for line in said.lines().map_while(Result::ok) {
        if let Ok(told) = serde_json::from_str::<Value>(&line) {
            rate = told["fields"]["a_second"].as_f64().or(rate);
        }
        if line.starts_with("huifa: http://") {
            break;
        }
    }
    child.kill()?;
    child.wait()?;
    rate.context("the demo did not say how fast it was")
}

fn program(setup: &Setup) -> Command {
    let mut command = Command::new(&setup.program);
    command.arg("--data").arg(&setup.data);
    if let Some(url) = &setup.database {
        command.args(["--database", url]);
    }
    command
}

/// Runs a command to its end: seconds, what it told, its highest memory.
fn command(setup: &Setup, arguments: &[&str]) -> Result<(f64, Value, u64)> {
    let began = Instant::now();
    let mut child = program(setup).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut highest = 0;
    while child.try_wait()?.is_none() {
        highest = machine::memory_mib(child.id()).1.max(highest);
        std::thread::sleep(Duration::from_millis(50));
    }
    let seconds = began.elapsed().as_secs_f64();
    let done = child.wait_with_output()?;
    ensure!(done.status.success(), "{arguments:?} ended with {}", done.status);
    Ok((seconds, serde_json::from_slice(&done.stdout)?, highest))
}

/// Tokens of so many sessions, the people of the city one after the other.
async fn sign_in(people: &People, count: usize) -> Result<Vec<String>> {
    let mut tokens = Vec::with_capacity(count);
    let staff: Vec<_> = people.staff().filter(|account| !account.login.contains("admin")).collect();
    for account in staff.iter().cycle().take(count) {
        let mut client = people.anonymous();
        let session =
            client.sign_in(&json!({ "login": account.login, "password": account.password })).await?;
        tokens.push(session.token);
    }
    Ok(tokens)
}

/// Waits until the followers have taken what was imported: the figures are of a day, not of the night after.
async fn followed(address: &str) {
    let mut connection = Connection::new(address);
    let mut last = None;
    loop {
        let request = Request { method: "GET", path: "/metrics", token: None, key: None, body: None };
        let Ok(answer) = connection.send(request).await else { return };
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let cursor =
            text.lines().filter(|line| line.contains("feed")).map(ToOwned::to_owned).collect::<Vec<_>>();
        if last.as_ref() == Some(&cursor) {
            return;
        }
        last = Some(cursor);
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

/// What one person does once: a path, or a consultation opened at the window.
#[derive(Clone)]
enum Turn {
    Get(&'static str, String),
    Post(Vec<u8>),
}

const KINDS: [(&str, &str); 6] = [
    ("list todo", "/api/v1/worklist?view=todo&limit=20"),
    ("list doing", "/api/v1/worklist?view=doing&limit=20"),
    ("list done", "/api/v1/worklist?view=done&limit=20"),
    ("list watch", "/api/v1/worklist?view=watch&limit=20"),
    ("items", "/api/v1/items"),
    ("places", "/api/v1/areas?q=dongchang"),
];

async fn reading(
    cli: &Cli,
    name: &str,
    address: &str,
    pid: u32,
    users: &Arc<Vec<String>>,
) -> Result<Vec<(String, Phase)>> {
    let mut found = Vec::new();
    let number = some_number(address, users).await?;
    let one = format!("/api/v1/matters/{number}");
    let events = format!("{one}/events");
    let mut kinds: Vec<(String, String)> =
        KINDS.iter().map(|(kind, path)| ((*kind).to_owned(), (*path).to_owned())).collect();
    kinds.push(("read one".to_owned(), one));
    kinds.push(("its events".to_owned(), events));
    for (kind, path) in kinds {
        // The first of the clerks has every tenth of all that was ever done.
        let token = users[0].clone();
        let began = Instant::now();
        let meter = Meter::start(pid, name);
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (address, token, path) = (address.to_owned(), token.clone(), path.clone());
            let phase = Duration::from_secs(cli.seconds.min(5));
            running.spawn(async move {
                let mut connection = Connection::new(address);
                let mut seen = Seen::default();
                while began.elapsed() < phase {
                    let sent = Instant::now();
                    let request =
                        Request { method: "GET", path: &path, token: Some(&token), key: None, body: None };
                    let answer = connection.send(request).await?;
                    ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.text());
                    seen.latencies.push(sent.elapsed());
                    seen.commands += 1;
                }
                Ok::<_, anyhow::Error>(seen)
            });
        }
        let seen = crate::load::gather(running, began).await?;
        found.push((kind, meter.stop(&seen)));
    }
    Ok(found)
}

/// A matter the first user may read.
async fn some_number(address: &str, users: &[String]) -> Result<String> {
    let mut connection = Connection::new(address);
    for view in ["done", "todo", "watch"] {
        let path = format!("/api/v1/worklist?view={view}&limit=1");
        let request = Request { method: "GET", path: &path, token: Some(&users[0]), key: None, body: None };
        let told = connection.send(request).await?.json()?;
        if let Some(number) = told["items"][0]["number"].as_str() {
            return Ok(number.to_owned());
        }
    }
    anyhow::bail!("the first user has nothing to read")
}

/// Everybody does something two to six seconds after the answer before.
async fn mixed(
    cli: &Cli,
    name: &str,
    address: &str,
    pid: u32,
    users: &Arc<Vec<String>>,
) -> Result<(Phase, usize, Vec<u64>)> {
    let body = example(address).await?;
    let phase = Duration::from_secs(cli.minutes * 60);
    let began = Instant::now();
    let meter = Meter::start(pid, name);
    let mut running = tokio::task::JoinSet::new();
    let errors = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for user in 0..users.len() {
        let (address, users, body, errors) =
            (address.to_owned(), users.clone(), body.clone(), errors.clone());
        let mut chance = Random::new(4).fork(user as u64);
        running.spawn(async move {
            let mut connection = Connection::new(address);
            let mut seen = Seen::default();
            let mut known: Option<String> = None;
            loop {
                let pause = 2_000 + chance.below(4_000) as u64;
                tokio::time::sleep(Duration::from_millis(pause)).await;
                if began.elapsed() >= phase {
                    return Ok::<_, anyhow::Error>(seen);
                }
                let turn = turn(&mut chance, known.as_deref(), &body);
                let key = chance.key();
                let request = match &turn {
                    Turn::Get(_, path) => {
                        Request { method: "GET", path, token: Some(&users[user]), key: None, body: None }
                    }
                    Turn::Post(body) => Request {
                        method: "POST",
                        path: "/api/v1/matters",
                        token: None,
                        key: Some(&key),
                        body: Some(("application/json", body)),
                    },
                };
                let sent = Instant::now();
                let answer = connection.send(request).await;
                let fine = answer.as_ref().is_ok_and(|answer| matches!(answer.status, 200 | 201));
                if !fine {
                    errors.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    continue;
                }
                seen.latencies.push(sent.elapsed());
                seen.commands += 1;
                if let (Ok(answer), Turn::Get("list", _)) = (&answer, &turn) {
                    let list = answer.json()?;
                    let rows = list["items"].as_array().cloned().unwrap_or_default();
                    known = chance.pick(&rows).and_then(|row| row["number"].as_str()).map(ToOwned::to_owned);
                }
            }
        });
    }
    let watch = tokio::spawn(async move {
        let mut memory = Vec::new();
        let mut beat = tokio::time::interval(Duration::from_mins(1));
        beat.tick().await;
        loop {
            beat.tick().await;
            memory.push(machine::memory_mib(pid).0);
            if began.elapsed() + Duration::from_secs(5) > phase {
                return memory;
            }
        }
    });
    let seen = crate::load::gather(running, began).await?;
    let memory = watch.await.unwrap_or_default();
    Ok((meter.stop(&seen), errors.load(std::sync::atomic::Ordering::Relaxed), memory))
}

/// Of twenty turns eleven are lists, six read a matter of the last list, two look into the guide, one opens a matter.
fn turn(chance: &mut Random, known: Option<&str>, body: &[u8]) -> Turn {
    match (chance.below(20), known) {
        (0, _) => Turn::Post(body.to_vec()),
        (1 | 2, _) => Turn::Get("guide", "/api/v1/items/legal-aid.civil".to_owned()),
        (3..=6, Some(number)) => Turn::Get("one", format!("/api/v1/matters/{number}")),
        (7 | 8, Some(number)) => Turn::Get("events", format!("/api/v1/matters/{number}/events")),
        (place, _) => Turn::Get("list", KINDS[place % 3].1.to_owned()),
    }
}

/// A consultation as the web sends it.
async fn example(address: &str) -> Result<Vec<u8>> {
    let mut connection = Connection::new(address);
    let path = "/api/v1/items/consultation.text";
    let request = Request { method: "GET", path, token: None, key: None, body: None };
    let mut body = connection.send(request).await?.json()?["examples"][0]["body"].clone();
    body["door"] = json!("web");
    Ok(serde_json::to_vec(&body)?)
}

/// Writes the figures where the others are.
pub fn write(folder: &Path, name: &str, figures: &Figures) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join(format!("year-{name}.json"));
    std::fs::write(&file, serde_json::to_string_pretty(figures)? + "\n")
        .with_context(|| format!("cannot write {}", file.display()))
}
