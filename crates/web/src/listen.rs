//! The listener: HTTP/1.1 with a time limit on everything a stranger can make us wait for, and an end that
//! lets requests under way finish. A proxy with TLS stands in front, or the callers are on this machine.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// Limits of connections (`[server]`).
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// Time for the head of a request, also the time a connection may lie idle between two.
    pub head: Duration,
    /// Connections at once; further ones wait in the system's queue.
    pub most: usize,
    /// Time requests under way have to finish when the server is asked to end.
    pub stop: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self { head: Duration::from_secs(15), most: 4096, stop: Duration::from_secs(10) }
    }
}

/// Largest head hyper reads at all; the site's own limits are narrower and answer in words.
const HEAD_BUFFER: usize = 64 << 10;

/// Serves until `stop`, then lets requests under way finish within their time.
pub async fn serve(
    listener: TcpListener,
    site: Router,
    limits: Connections,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let room = Arc::new(Semaphore::new(limits.most));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(HEAD_BUFFER);
    let mut stop = std::pin::pin!(stop);
    loop {
        // Ended connections leave their place in the set.
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &room) => accepted?,
        };
        let Some((stream, address, place)) = accepted else { continue };
        // Small answers must not wait for the next packet.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "nodelay");
        }
        let site = site.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let site = site.clone();
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(address));
                Ok::<_, Infallible>(site.oneshot(request).await.unwrap_or_else(|never| match never {}))
            }
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        connections.spawn(async move {
            if let Err(error) = connection.await {
                // Callers who hang up or are too slow: nothing to mend here.
                tracing::debug!(%error, "connection");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop, graceful.shutdown()).await.is_err() {
        tracing::warn!(left = connections.len(), "requests under way were cut off");
        connections.abort_all();
    }
    Ok(())
}

type Accepted = (tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// The next connection once there is room for it; none when it was gone before it was there.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<Option<Accepted>> {
    let place = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    match listener.accept().await {
        Ok((stream, address)) => Ok(Some((stream, address, place))),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionRefused
            ) =>
        {
            Ok(None)
        }
        // Out of files or memory: a rest lets others end.
        Err(error) => {
            tracing::error!(%error, "accept");
            tokio::time::sleep(Duration::from_millis(250)).await;
            Ok(None)
        }
    }
}
