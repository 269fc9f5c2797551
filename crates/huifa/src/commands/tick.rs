//! `huifa tick`: does now what is due by now.

use kernel::time::Instant;

use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::output;
use crate::settings::Settings;

/// Until when.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Acts as of this moment instead of now; only in a folder with a `test` marker.
    #[arg(long, value_name = "RFC3339")]
    until: Option<Instant>,
}

/// Runs due timers once.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let context = match args.until {
        Some(until) => &context.at(until)?,
        None => context,
    };
    let moved = context.block_on(async {
        let node = Node::open(context, Settings::read(context.data(), None)?).await?;
        let moved = node.register.tick().await.map_err(Failure::environment)?;
        node.db.close().await;
        Ok(moved)
    })?;
    if context.wants_json() {
        output::json(&serde_json::json!({ "moved": moved }))
    } else {
        output::line(&format!("{moved} matters moved"))
    }
}
