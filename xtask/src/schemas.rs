//! Every operation of the OpenAPI document called with generated requests, as people of several roles: no 5xx, and no
//! answer the document does not name.

use crate::report::Tally;
use crate::suite::missing;
use crate::tools;
use anyhow::{Context, Result, bail, ensure};
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// As whom it is called.
const ROLES: [&str; 6] =
    ["clerk", "aid_officer", "supervisor", "system_admin", "security_admin", "audit_admin"];

/// What would end the session or lock somebody out.
const LEFT_OUT: &str = "/sessions|/me/password|/me/totp|/admin/accounts/.+/(close|password|sign-out|move)";

/// Requests an operation.
const EXAMPLES: &str = "60";

/// Runs it on SQLite.
pub fn run(profile: &str, work: &Path) -> Result<Tally> {
    let Some(program) = installed()? else {
        return missing("schemathesis (python3 with venv and a package index)");
    };
    let data = work.join("schemas");
    let mut city = Command::new(tools::built(profile, "huifa"))
        .args(["demo", "--history", "60", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .env("HUIFA_LIMITS", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the city")?;
    let called = call(&program, &mut city, &data);
    city.kill()?;
    city.wait()?;
    called
}

fn call(program: &Path, city: &mut std::process::Child, data: &Path) -> Result<Tally> {
    let said = std::io::BufReader::new(city.stderr.take().context("no standard error")?);
    let mut lines = said.lines().map_while(std::result::Result::ok);
    let address = lines
        .find_map(|line| line.strip_prefix("huifa: ").map(|found| found.trim_end_matches('/').to_owned()))
        .context("the city never listened")?;
    // What it says later must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let accounts = std::fs::read_to_string(data.join("demo-accounts.json"))?;
    let accounts: serde_json::Value = serde_json::from_str(&accounts)?;
    let mut passed = 0;
    for role in ROLES {
        let token = token(&address, &accounts, role)?;
        let status = Command::new(program)
            .current_dir(data)
            .arg("run")
            .arg(format!("{address}/api/v1/openapi.json"))
            .args(["--checks", "not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance"])
            .args(["-n", EXAMPLES, "--no-color", "--phases", "examples,coverage,fuzzing"])
            .args(["--exclude-path-regex", LEFT_OUT])
            .arg("--header")
            .arg(format!("Authorization: Bearer {token}"))
            .status()
            .context("cannot start schemathesis")?;
        ensure!(status.success(), "as {role}: {status}");
        passed += 1;
    }
    Ok(Tally { passed, ..Tally::default() })
}

fn token(address: &str, accounts: &serde_json::Value, role: &str) -> Result<String> {
    let holds = |account: &&serde_json::Value| {
        account["roles"].as_array().is_some_and(|roles| roles.iter().any(|held| held["role"] == role))
    };
    let account = accounts.as_array().into_iter().flatten().find(holds);
    let account = account.with_context(|| format!("nobody is {role}"))?;
    let body = serde_json::json!({ "login": account["login"], "password": account["password"] });
    let told = tools::output(
        Command::new("curl")
            .args(["--silent", "--fail", "--header", "Content-Type: application/json", "--data"])
            .arg(body.to_string())
            .arg(format!("{address}/api/v1/sessions")),
    )?;
    let told: serde_json::Value = serde_json::from_str(&told)?;
    match told["token"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => bail!("{role} could not sign in"),
    }
}

/// The pinned program in an environment of its own; `None` where it cannot be had.
fn installed() -> Result<Option<PathBuf>> {
    let folder = tools::root().join("var/schemas");
    let program = folder.join("bin/schemathesis");
    if program.exists() {
        return Ok(Some(program));
    }
    if !tools::found("python3") || !tools::found("curl") {
        return Ok(None);
    }
    let wanted = tools::root().join("e2e/schemas/requirements.txt");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status()?.success()
        && Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--requirement"])
            .arg(&wanted)
            .status()?
            .success();
    Ok(made.then_some(program))
}
