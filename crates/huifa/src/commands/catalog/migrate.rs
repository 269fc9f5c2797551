//! `huifa catalog migrate`: open matters get another version of their item, one event each.

use std::collections::BTreeMap;

use matters::command::migrate::{CannotMigrate, Migrated, Migration};

use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::output;
use crate::settings::Settings;

/// Which matters move whereto.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The item, such as legal-aid.civil.
    id: String,
    /// The version open matters have now.
    from: u32,
    /// The version they get. Start every node with the release that carries it first.
    to: u32,
    /// A step that is called otherwise now; once for each.
    #[arg(long, value_name = "OLD=NEW", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Only look whether all can move.
    #[arg(long)]
    dry_run: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_owned(), new.to_owned())),
        _ => Err("write it as OLD=NEW".to_owned()),
    }
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let mut renamed = BTreeMap::new();
    for (old, new) in &args.map {
        if renamed.insert(old.clone(), new.clone()).is_some_and(|before| before != *new) {
            return Err(Failure::Usage(format!("--map names step {old} twice")));
        }
    }
    let plan = Migration { item: args.id.clone(), from: args.from, to: args.to, renamed };
    let done = context.block_on(async {
        // Looks first that there is a database: this never founds one.
        context.existing_database().await?.close().await;
        let node = Node::open(context, Settings::read(context.data(), None)?).await?;
        let done = node.register.migrate(&plan, args.dry_run).await;
        node.db.close().await;
        done.map_err(|why| match why {
            CannotMigrate::Register(refusal) => Failure::environment(refusal),
            other => Failure::Fault(other.to_string()),
        })
    })?;
    tell(args, &done, context.wants_json())
}

fn tell(args: &Args, done: &Migrated, json: bool) -> Result<(), Failure> {
    if json {
        output::json(
            &serde_json::json!({ "moved": done.moved, "busy": done.busy, "dry_run": args.dry_run }),
        )?;
    } else {
        let verb = if args.dry_run { "would move" } else { "moved" };
        output::line(&format!("{} {} to {}: {} matters {verb}", args.id, args.from, args.to, done.moved))?;
        for number in &done.busy {
            output::line(&format!("busy, run again: {}", number.grouped()))?;
        }
    }
    if done.busy.is_empty() { Ok(()) } else { Err(Failure::Faults) }
}
