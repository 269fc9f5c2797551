//! `huifa demo`: the demo city 聊城, ready to be looked at.

use std::net::SocketAddr;
use std::path::Path;

use access::demo::DemoAccount;

use super::serve;
use crate::city::Size;
use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::settings::Settings;

/// Where to listen.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port.
    #[arg(long, default_value = "127.0.0.1:8080", env = "HUIFA_LISTEN")]
    listen: SocketAddr,
    /// How many old, closed matters to add, through the same checks as everybody's.
    #[arg(long, default_value_t = 0)]
    scale: u32,
    /// How many matters the last months of the city have; 0 leaves them out and starts at once.
    #[arg(long, default_value_t = 400, value_name = "N")]
    history: u32,
}

/// Fills the folder where needed and serves.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let settings = Settings::read(context.data(), Some(args.listen))?;
    context.block_on(async {
        let node = Node::open(context, settings).await?;
        let accounts = people(&node, context.data()).await?;
        let size = Size { history: args.history, scale: args.scale };
        crate::city::fill(context, &node.settings, &node, &accounts, size).await?;
        serve::listen(&node, args.listen, true).await
    })
}

/// Loads the city; passwords of an earlier run of this folder are kept.
async fn people(node: &Node, data: &Path) -> Result<Vec<DemoAccount>, Failure> {
    let path = data.join("demo-accounts.json");
    let known: Vec<DemoAccount> = match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map_err(|error| Failure::Environment(format!("{}: {error}", path.display())))?,
        Err(_) => Vec::new(),
    };
    let accounts =
        access::demo::load(&node.access, &known, node.register.now()).await.map_err(Failure::environment)?;
    let text = serde_json::to_vec_pretty(&accounts).map_err(Failure::environment)?;
    // Written beside and renamed, so that a reader never sees half a file.
    let fresh = path.with_extension("json.new");
    std::fs::write(&fresh, text)
        .and_then(|()| std::fs::rename(&fresh, &path))
        .map_err(Failure::environment)?;
    Ok(accounts)
}
