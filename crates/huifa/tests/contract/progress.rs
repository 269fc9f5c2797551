//! §3 progress: number and code, and nothing to be learned from a wrong one.

use crate::support::{ADVICE, City};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use walker::client::{Client, problem};
use walker::http::Answer;
use walker::server::Limits;
use walker::views::{Number, Progress};

async fn ask(client: &mut Client, number: &str, code: &str) -> Result<Answer> {
    client.post_raw("/api/v1/progress", &json!({"number": number, "code": code}), None).await
}

fn without_trace(answer: &Answer, number: &str) -> Result<Value> {
    let mut body = answer.json()?;
    if let Some(fields) = body.as_object_mut() {
        fields.remove("trace_id");
    }
    Ok(serde_json::from_str(&body.to_string().replace(number, "N"))?)
}

#[tokio::test]
async fn a_wrong_code_tells_nothing_and_five_close_the_door() -> Result<()> {
    let city = City::with_limits(Limits::On).await?;
    let (opened, _) = city.open(ADVICE).await?;
    let number = &opened.number.0;
    let mut nobody = city.nobody();

    let spoken = opened.query_code.to_lowercase().replace('0', "o").replace('1', "l");
    let progress: Progress =
        nobody.post("/api/v1/progress", &json!({"number": number, "code": spoken}), None).await?.done()?;
    ensure!(
        progress.number == opened.number && !progress.timeline.is_empty() && !progress.can.is_empty(),
        "{progress:?}"
    );

    let digits = format!("{}9999998", &number[..8]);
    let absent = format!("{digits}{}", char::from(Number::check_digit(&digits)));
    let wrong = if opened.query_code == "AAAAAAAA" { "BBBBBBBB" } else { "AAAAAAAA" };
    for tries in 1..=5 {
        let there = ask(&mut nobody, number, wrong).await?;
        let nowhere = ask(&mut nobody, &absent, wrong).await?;
        ensure!(there.status == nowhere.status, "try {tries}: {} and {}", there.status, nowhere.status);
        problem(&there)?;
        ensure!(
            without_trace(&there, number)? == without_trace(&nowhere, &absent)?,
            "{} / {}",
            there.text(),
            nowhere.text()
        );
    }
    let locked = ask(&mut nobody, number, &opened.query_code).await?;
    ensure!(locked.status == 429, "after five wrong tries the right code answered {}", locked.status);
    problem(&locked)?;
    let locked = ask(&mut nobody, &absent, wrong).await?;
    ensure!(locked.status == 429, "a number that is not there is not locked: {}", locked.status);
    Ok(())
}
