//! `huifa doctor`: looks at everything a node stands on, changes nothing, and says what to mend.

mod ground;
mod keeping;
mod rest;

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;
use crate::settings::Settings;

/// How a thing looked at is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works; somebody should look at it.
    Warn,
    /// To be mended.
    Fault,
    /// Nothing can be said without it: database, folder, settings.
    Broken,
}

/// One thing looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What: `database`, `keys`, `disk`…
    pub check: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do; empty when there is nothing to do.
    pub remedy: String,
}

impl Finding {
    /// As it should be.
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: String::new() }
    }

    /// Something to look at or to mend.
    pub fn bad(
        check: &'static str,
        state: State,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { check, state, found: found.into(), remedy: remedy.into() }
    }
}

/// Runs it: 0 when all is well (warnings are no faults), 1 with faults, 3 when the ground is missing.
pub fn run(context: &Context) -> Result<(), Failure> {
    let findings = context.block_on(async { Ok(look(context).await) })?;
    if context.wants_json() {
        output::json(&findings)?;
    } else {
        for finding in &findings {
            let mark = match finding.state {
                State::Ok => "ok   ",
                State::Warn => "WARN ",
                State::Fault | State::Broken => "FAULT",
            };
            output::line(&format!("{mark} {:<12} {}", finding.check, finding.found))?;
            if !finding.remedy.is_empty() {
                output::line(&format!("      {:<12} -> {}", "", finding.remedy))?;
            }
        }
    }
    let worst = |state: State| findings.iter().any(|finding| finding.state == state);
    if worst(State::Broken) {
        return Err(Failure::Environment("a part that everything rests on is missing; see above".to_owned()));
    }
    if worst(State::Fault) { Err(Failure::Faults) } else { Ok(()) }
}

async fn look(context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    match Settings::read(context.data(), None) {
        Ok(settings) => {
            findings.push(Finding::ok("settings", "huifa.toml can be read and makes sense"));
            findings.push(rest::site(settings.site.as_ref()));
            findings.push(rest::logs(&settings.log));
            findings.extend(rest::services(&settings).await);
        }
        Err(failure) => findings.push(Finding::bad(
            "settings",
            State::Broken,
            failure.text(),
            "mend huifa.toml; `huifa config` prints one with every setting explained",
        )),
    }
    findings.push(ground::folder(context.data()));
    findings.extend(ground::disk(context.data()));
    #[cfg(feature = "pdf")]
    findings.push(ground::fonts(context.data()));
    findings.extend(ground::keys(context.data()));
    findings.extend(ground::database(context).await);
    findings.push(rest::clock(&*context.clock()));
    findings.push(rest::calendar(context.clock().now()));
    findings.push(rest::catalogue(context.catalog_folder()));
    findings.push(rest::assets());
    findings
}
