//! The listener against callers who take their time, and at its end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::listen::{Connections, serve};

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

async fn run(limits: Connections) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sleeps = |milliseconds: u64| async move {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        "done"
    };
    let site = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/slow", get(move || sleeps(400)))
        .route("/hangs", get(move || sleeps(60_000)));
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve(listener, site, limits, async { drop(stopped.await) }));
    Running { address, stop, ended }
}

/// What the server answers to this text until it closes the connection.
async fn said(address: std::net::SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut out = Vec::new();
    // A reset after the answer is an end too.
    let _ = stream.read_to_end(&mut out).await;
    String::from_utf8_lossy(&out).into_owned()
}

const PLAIN: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_slow_callers_hold_nobody_up_and_are_cut() {
    let head = Duration::from_secs(2);
    let running = run(Connections { head, ..Connections::default() }).await;
    let address = running.address;
    let began = Instant::now();
    let slow: Vec<JoinHandle<Duration>> = (0..100)
        .map(|_| {
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
                // A header line now and then, never the last one.
                let mut answer = [0; 64];
                loop {
                    if stream.write_all(b"x-drip: 1\r\n").await.is_err() {
                        return began.elapsed();
                    }
                    let read = tokio::time::timeout(Duration::from_millis(200), stream.read(&mut answer));
                    if let Ok(Ok(0) | Err(_)) = read.await {
                        return began.elapsed();
                    }
                }
            })
        })
        .collect();
    let mut honest = 0;
    while began.elapsed() < Duration::from_millis(1500) {
        let asked = Instant::now();
        assert!(said(address, PLAIN).await.ends_with("here"));
        assert!(asked.elapsed() < Duration::from_secs(5), "an honest caller waited {:?}", asked.elapsed());
        honest += 1;
    }
    assert!(honest >= 2, "{honest} answers while the slow ones dripped");
    for one in slow {
        let stayed =
            tokio::time::timeout(Duration::from_secs(20), one).await.expect("cut in the end").unwrap();
        assert!(stayed >= head.mul_f32(0.9), "cut after {stayed:?}, before its time");
    }
    running.stop.send(()).unwrap();
    running.ended.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_lies_idle_is_closed() {
    let running = run(Connections { head: Duration::from_millis(500), ..Connections::default() }).await;
    let began = Instant::now();
    let kept_alive = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let answer = tokio::time::timeout(Duration::from_secs(20), said(running.address, kept_alive)).await;
    assert!(answer.expect("closed in the end").contains("200 OK"));
    assert!(began.elapsed() >= Duration::from_millis(400), "kept alive for a while");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_finish_before_the_end() {
    let running = run(Connections::default()).await;
    let address = running.address;
    let under_way = tokio::spawn(async move { said(address, &PLAIN.replace("GET /", "GET /slow")).await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    running.stop.send(()).unwrap();
    assert!(under_way.await.unwrap().ends_with("done"), "it was let to finish");
    running.ended.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_hangs_does_not_hold_up_the_end() {
    let running = run(Connections { stop: Duration::from_millis(300), ..Connections::default() }).await;
    let address = running.address;
    let hangs = tokio::spawn(async move { said(address, &PLAIN.replace("GET /", "GET /hangs")).await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    let began = Instant::now();
    running.stop.send(()).unwrap();
    running.ended.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!hangs.await.unwrap().contains("done"));
}
