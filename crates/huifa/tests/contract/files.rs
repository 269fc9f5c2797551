//! §3 files: one upload, one use.

use crate::support::{AID, City, key, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::client::{Client, problem};
use walker::http::Answer;
use walker::views::{Item, Opened};

/// The smallest whole PDF a sniffer takes for one.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

async fn upload(client: &mut Client, name: &str, kind: &str, content: &[u8]) -> Result<Answer> {
    let mut body = format!("--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n").into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    client
        .raw("POST", "/api/v1/files", Some(("multipart/form-data; boundary=edge", &body)), Some(&key()))
        .await
}

#[tokio::test]
async fn a_paper_is_handed_in_once() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let answer = upload(&mut nobody, "劳动合同 (1).pdf", "application/pdf", PDF).await?;
    ensure!(answer.status == 201, "{}", answer.text());
    let file = answer.json()?;
    ensure!(
        file["name"] == "劳动合同 (1).pdf" && file["type"] == "application/pdf" && file["size"] == PDF.len(),
        "{file}"
    );
    ensure!(file["sha256"].as_str().is_some_and(|hash| hash.len() == 64), "{file}");
    let id = file["id"].as_str().context("no id")?;

    let item: Item = nobody.get(&format!("/api/v1/items/{AID}")).await?.done()?;
    let material = item.materials.first().context("no material")?.id.clone();
    let mut body = city.example(AID).await?;
    body["materials"] = json!([{"id": material, "file": id}]);
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let mut guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let matter: Value = guest.get(&path(&opened.number.0, "")).await?.done()?;
    let given = matter["materials"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|found| found["id"] == material.as_str() && found["state"] == "given");
    ensure!(given, "{}", matter["materials"]);

    let content = guest.raw("GET", &format!("/api/v1/files/{id}"), None, None).await?;
    ensure!(content.status == 200 && content.body == PDF, "the applicant may read it: {}", content.status);
    let stranger = nobody.raw("GET", &format!("/api/v1/files/{id}"), None, None).await?;
    ensure!(matches!(stranger.status, 401 | 404), "a stranger read it: {}", stranger.status);

    let again = nobody.post_raw("/api/v1/matters", &body, Some(&key())).await?;
    ensure!(again.status == 422, "used twice: {}", again.text());
    problem(&again)?;

    let program = upload(&mut nobody, "a.pdf", "application/pdf", b"\x7fELF\x02\x01\x01not a paper").await?;
    ensure!(program.status == 415, "a program named pdf answered {}", program.status);
    problem(&program)?;
    Ok(())
}
