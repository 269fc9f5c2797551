//! `huifa serve`: the site and the API.

use std::net::SocketAddr;

use crate::context::Context;
use crate::failure::Failure;
use crate::node::Node;
use crate::settings::Settings;

/// Where to listen.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port.
    #[arg(long, default_value = "127.0.0.1:8080", env = "HUIFA_LISTEN")]
    pub listen: SocketAddr,
    /// Starts although the newest event lies after this machine's clock: the clock was wrong then and is right now.
    #[arg(long)]
    trust_clock: bool,
}

/// Runs it until a signal.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let settings = Settings::read(context.data(), Some(args.listen))?;
    let trusting = args.trust_clock.then(|| context.trusting_clock());
    let context = trusting.as_ref().unwrap_or(context);
    context.block_on(async {
        let node = Node::open(context, settings).await?;
        let demo = context.data().join("demo-accounts.json").exists();
        listen(&node, args.listen, demo).await
    })
}

/// Serves until SIGTERM or Ctrl-C, then lets requests under way finish.
pub async fn listen(node: &Node, address: SocketAddr, demo: bool) -> Result<(), Failure> {
    crate::logging::keep(&node.settings.log)?;
    let app = node.app(demo);
    let background = node.start_background(&app);
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Environment(format!("cannot listen on {address}: {error}")))?;
    let address = listener.local_addr().map_err(Failure::environment)?;
    tracing::info!(%address, "listening");
    eprintln!("huifa: http://{address}/");
    let limits = node.settings.server.connections;
    let served = web::listen::serve(listener, web::router(app), limits, stopped()).await;
    background.stop().await;
    node.db.close().await;
    served.map_err(Failure::environment)
}

async fn stopped() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {},
        () = terminate => {},
    }
}
