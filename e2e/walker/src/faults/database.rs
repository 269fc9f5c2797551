//! The database server goes, or the way to it.

use super::{Ask, Outcome, Scene, pause, signal};
use crate::load::Bears;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, UnixStream};
use tokio::process::Command;
use tokio::sync::watch;

/// `kill -9` of the database server under load; it is started again, and the service goes on by itself.
pub async fn killed(ask: &Ask) -> Result<Outcome> {
    let (Some(cluster), Some(restart)) = (&ask.cluster, &ask.restart) else {
        return Ok(Outcome::Skipped("PostgreSQL".into()));
    };
    let mut scene = Scene::begin(ask.setup(ask.folder.join("data")), ask.seed, &[]).await?;
    let load = scene.load(Bears::Trouble);
    for _ in 0..2 {
        load.goes_on(Duration::from_secs(10)).await?;
        pause(500).await;
        signal(postmaster(cluster)?, "-9").await?;
        pause(1000).await;
        start_again(restart).await?;
        load.goes_on(Duration::from_mins(1)).await.context("after the database came back")?;
    }
    let came = load.stop().await?;
    ensure!(came.refused > 0, "nobody noticed that the database was away: {came:?}");
    let matters = scene.settle().await?;
    Ok(Outcome::Borne(format!("killed twice; {came:?}; {matters} matters whole")))
}

fn postmaster(cluster: &Path) -> Result<u32> {
    let text = std::fs::read_to_string(cluster.join("postmaster.pid"))?;
    Ok(text.lines().next().unwrap_or_default().trim().parse()?)
}

/// The processes of the killed server must have gone first.
async fn start_again(restart: &str) -> Result<()> {
    let began = Instant::now();
    loop {
        let mut command = Command::new("sh");
        command.args(["-c", restart]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if command.status().await?.success() {
            return Ok(());
        }
        ensure!(began.elapsed() < Duration::from_secs(30), "the database does not start again");
        pause(300).await;
    }
}

/// Connections to the database cut again and again, by something between.
pub async fn cut(ask: &Ask) -> Result<Outcome> {
    let (Some(socket), Some(url)) = (&ask.socket, &ask.database) else {
        return Ok(Outcome::Skipped("PostgreSQL".into()));
    };
    let between = Between::start(socket.join(".s.PGSQL.5432")).await?;
    // The folder of the socket follows the `?`.
    let name =
        url.split('?').next().and_then(|url| url.rsplit('/').next()).context("no database in the URL")?;
    let through = Ask {
        database: Some(format!("postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable", between.port)),
        ..ask.clone()
    };
    let mut scene = Scene::begin(through.setup(ask.folder.join("data")), ask.seed, &[]).await?;
    let load = scene.load(Bears::Trouble);
    for turn in 0..10_u64 {
        load.goes_on(Duration::from_secs(30)).await.with_context(|| format!("after {turn} cuts"))?;
        pause(50 + 37 * turn).await;
        between.cut();
    }
    load.goes_on(Duration::from_secs(30)).await.context("after the last cut")?;
    let came = load.stop().await?;
    let matters = scene.settle().await?;
    Ok(Outcome::Borne(format!("cut ten times; {came:?}; {matters} matters whole")))
}

/// Passes bytes on between a port and a socket until it is told to cut.
struct Between {
    port: u16,
    cuts: watch::Sender<u64>,
}

impl Between {
    async fn start(socket: PathBuf) -> Result<Self> {
        if !socket.exists() {
            bail!("{} is not there", socket.display());
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (cuts, heard) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (socket, mut heard) = (socket.clone(), heard.clone());
                heard.mark_unchanged();
                tokio::spawn(async move {
                    let Ok(mut far) = UnixStream::connect(&socket).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = heard.changed() => {}
                    }
                });
            }
        });
        Ok(Self { port, cuts })
    }

    fn cut(&self) {
        self.cuts.send_modify(|turn| *turn += 1);
    }
}
