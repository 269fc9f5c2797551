//! §5 the demonstration city: people have been at work in it, and old matters came through the same checks.

use crate::support::program;
use anyhow::{Context as _, Result, ensure};
use std::collections::HashSet;
use std::process::Command;

#[tokio::test]
async fn the_months_before_are_made_by_commands_and_prove_themselves() -> Result<()> {
    let data = tempfile::tempdir()?;
    let listen = "127.0.0.1:0";
    let mut city = Command::new(program())
        .args(["demo", "--listen", listen, "--history", "60", "--scale", "150", "--data"])
        .arg(data.path())
        .stderr(std::process::Stdio::piped())
        .spawn()?;
    // It says where it listens once everything is there.
    let said = std::io::BufReader::new(city.stderr.take().context("no standard error")?);
    let listens = std::io::BufRead::lines(said)
        .map_while(std::result::Result::ok)
        .any(|line| line.starts_with("huifa: http://"));
    city.kill()?;
    city.wait()?;
    ensure!(listens, "the city never listened");

    let verified =
        Command::new(program()).args(["evidence", "verify", "--data"]).arg(data.path()).output()?;
    ensure!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let url = data.path().join("huifa.db");
    let db = store::Db::open(&store::Config::new(url.to_string_lossy())).await?;
    let mut reads = db.reader().await?;
    let steps: Vec<(String, String)> =
        store::sql("SELECT item, step FROM matter WHERE version > 1").all(&mut reads).await?;
    let places: HashSet<_> = steps.iter().collect();
    ensure!(places.len() >= 30, "{} matters stand in {} places only", steps.len(), places.len());
    let (old,): (i64,) = store::sql("SELECT count(*) FROM imported").one(&mut reads).await?;
    let (back,): (i64,) = store::sql(
        "SELECT count(*) FROM event a JOIN event b ON b.number = a.number AND b.seq = a.seq + 1 WHERE b.at < a.at",
    )
    .one(&mut reads)
    .await?;
    ensure!((old, back) == (150, 0), "{old} old ones, {back} events before the one they follow");
    Ok(())
}
