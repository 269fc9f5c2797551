//! §3 drafting: what can be written, what each asks for, the document of given answers; and §5 `draft`.

use crate::support::{City, program};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::process::Command;
use walker::client::problem;
use walker::views::{Draft, DraftSummary, Drafted, Page};

const PATH: &str = "/api/v1/drafts";

#[tokio::test]
async fn documents_are_listed_and_written_for_everybody() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let all: Page<DraftSummary> = nobody.get(PATH).await?.done()?;
    ensure!(all.items.len() >= 25, "{} documents", all.items.len());
    for one in &all.items {
        let at = format!("{PATH}/{}", one.id);
        let draft: Draft = nobody.get(&at).await?.done()?;
        ensure!(draft.answers["type"] == "object" && !draft.sections.is_empty(), "{draft:?}");
        let example = draft.examples.first().map(|example| &example.answers);
        let done: Drafted = nobody.post(&at, &json!({ "answers": example }), None).await?.done()?;
        ensure!(done.missing.is_empty() && !done.text.is_empty(), "{done:?}");
        ensure!(done.findings.iter().all(|one| !one.text.contains("draft-")), "{done:?}");
    }
    let work: Page<DraftSummary> = nobody.get(&format!("{PATH}?kind=劳动争议")).await?.done()?;
    ensure!(!work.items.is_empty() && work.items.len() < all.items.len(), "{work:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_left_out_stays_open_and_what_is_wrong_points_at_its_question() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let at = format!("{PATH}/complaint-loan");
    let body = json!({ "answers": { "my_name": "王芳", "amount": 40000, "note": true, "evidence": ["借条", "转账记录"], "interest": "none", "due_on": "2021-06-01" } });
    let done: Drafted = nobody.post(&at, &body, None).await?.done()?;
    ensure!(done.text.contains("________") && done.text.contains("2. 转账记录"), "{}", done.text);
    ensure!(done.missing.iter().any(|one| one.question == "my_address"), "{:?}", done.missing);
    let over = done
        .findings
        .iter()
        .find(|one| one.level == "warn" && one.cites.iter().any(|cite| cite.article == "188"));
    ensure!(over.is_some(), "{:?}", done.findings);
    for (answers, pointer) in [
        (json!({ "amount": -1 }), "/answers/amount"),
        (json!({ "happened_on": "昨天" }), "/answers/happened_on"),
        (json!({ "none": 1 }), "/answers/none"),
    ] {
        let answer = nobody.post_raw(&at, &json!({ "answers": answers }), None).await?;
        ensure!(answer.status == 422, "{answers} answered {}", answer.status);
        let told = problem(&answer)?;
        ensure!(told.errors.iter().any(|error| error.pointer == pointer), "{answers}: {}", answer.text());
    }
    Ok(())
}

#[test]
fn the_command_line_writes_the_same_document() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("note.docx");
    let answers = r#"{"my_name":"王芳","their_name":"李强","amount":"50000"}"#;
    let run = |arguments: &[&str]| Command::new(program()).args(arguments).env_remove("HUIFA_DATA").output();
    let done = run(&["draft", "loan-note", "--docx", &file.to_string_lossy(), "--json", answers])?;
    ensure!(done.status.code() == Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout)?;
    ensure!(
        told["text"].as_str().is_some_and(|text| text.contains("人民币50000元（大写：伍万元整）")),
        "{told}"
    );
    ensure!(std::fs::read(&file)?.starts_with(b"PK"));
    let list = run(&["draft"])?;
    ensure!(String::from_utf8(list.stdout)?.lines().count() >= 25);
    for wrong in
        [vec!["draft", "none"], vec!["draft", "loan-note", r#"{"none":1}"#], vec!["draft", "loan-note", "x"]]
    {
        ensure!(run(&wrong)?.status.code() == Some(2), "{wrong:?}");
    }
    Ok(())
}
