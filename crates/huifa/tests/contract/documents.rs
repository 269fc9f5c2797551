//! §3 documents: who reads which, and receipt of a copy.

use crate::support::{City, act, matter, offers, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// An item whose acceptance makes a notice for each side.
const MEDIATION: &str = "mediation.people";

fn kinds(list: &Value) -> Vec<&str> {
    list["items"].as_array().into_iter().flatten().filter_map(|one| one["kind"].as_str()).collect()
}

#[tokio::test]
async fn documents_are_read_by_those_they_are_addressed_to() -> Result<()> {
    let city = City::start().await?;
    let (opened, mut guest) = city.open(MEDIATION).await?;
    let number = &opened.number.0;
    let to = path(number, "/documents");
    let none: Value = guest.get(&to).await?.done()?;
    ensure!(none["total"] == 0 && none["total_is"] == "exact" && none["next"].is_null(), "{none}");

    let waiting = matter(&mut guest, number).await?.waiting_for;
    let mut members = city.offered(number, &waiting[0]).await?;
    let (mut mediator, offered) = members.pop().context("nobody may act")?;
    let accept = offered.iter().find(|offer| offer.action == "accept").context("accept is not offered")?;
    let receipt = act(&mut mediator, number, accept, opened.version).await?;

    let all: Value = mediator.get(&to).await?.done()?;
    ensure!(all["total"] == kinds(&all).len() && kinds(&all).contains(&"mediation-notice"), "{all}");
    let mine: Value = guest.get(&to).await?.done()?;
    ensure!(
        kinds(&mine).contains(&"accept-notice") && !kinds(&mine).contains(&"mediation-notice"),
        "the other side's notice is theirs: {mine}"
    );
    let first: Value = mediator.get(&format!("{to}?limit=1")).await?.done()?;
    let next = first["next"].as_str().context("no next page")?;
    let rest: Value = mediator.get(&format!("{to}?limit=100&cursor={next}")).await?.done()?;
    ensure!([kinds(&first), kinds(&rest)].concat() == kinds(&all), "{first} {rest}");

    // One of them with its words; not that of the other side.
    let id = |list: &Value, kind: &str| -> Result<String> {
        let found = list["items"].as_array().into_iter().flatten().find(|one| one["kind"] == kind);
        Ok(found.and_then(|one| one["id"].as_str()).context("no such document")?.to_owned())
    };
    let own = id(&mine, "accept-notice")?;
    let shown: Value = guest.get(&format!("{to}/{own}")).await?.done()?;
    ensure!(
        shown["text"].as_str().is_some_and(|text| !text.contains('{') && text.contains("调解")),
        "{shown}"
    );
    ensure!(shown["no"].as_str().is_some_and(|no| no.starts_with('〔') && no.ends_with('号')), "{shown}");
    let theirs = id(&all, "mediation-notice")?;
    let refused = guest.raw("GET", &format!("{to}/{theirs}"), None, None).await?;
    ensure!(refused.status == 404, "the other side's notice answered {}", refused.status);
    let stranger = city.nobody().raw("GET", &format!("{to}/{own}"), None, None).await?;
    ensure!(stranger.status == 401, "a stranger was answered {}", stranger.status);

    // Confirming receipt writes the day down on that copy.
    let offered = offers(&mut guest, number).await?;
    let confirm = offered.iter().find(|offer| offer.action == "acknowledge").context("not offered")?;
    let copy = confirm.example["service.document"].as_str().context("no copy")?.to_owned();
    act(&mut guest, number, confirm, receipt.version).await?;
    let after: Value = guest.get(&to).await?.done()?;
    let received = after["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| copy.starts_with(&format!("{}:", one["id"].as_str().unwrap_or_default())))
        .flat_map(|one| one["copies"].as_array().into_iter().flatten())
        .find(|one| one["to"] == "applicant")
        .context("no copy")?;
    ensure!(received["served_on"].is_string() && received["method"] == "electronic", "{received}");
    Ok(())
}

#[tokio::test]
async fn documents_download_as_pdf_where_there_are_fonts_and_say_so_where_not() -> Result<()> {
    let city = City::start().await?;
    let (opened, mut guest) = city.open(MEDIATION).await?;
    let to = path(&opened.number.0, "/documents/receipt.pdf");
    let refused = guest.raw("GET", &to, None, None).await?;
    let said: Value = serde_json::from_slice(&refused.body)?;
    ensure!(refused.status == 406 && said["code"] == "form-unavailable", "without fonts: {said}");
    ensure!(!said["next"][0]["text"].as_str().unwrap_or_default().is_empty(), "no way on: {said}");
    let docx = guest.raw("GET", &path(&opened.number.0, "/documents/receipt.docx"), None, None).await?;
    ensure!(docx.status == 200 && docx.body.starts_with(b"PK"), "the DOCX needs no fonts: {}", docx.status);

    let fonts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts");
    if !fonts.join("NotoSerifSC_400Regular.ttf").is_file() {
        println!("SKIP: no fonts in assets/fonts; `cargo xtask assets` takes them from the pinned package");
        return Ok(());
    }
    // They are found as soon as they are there: nobody has to start anew.
    let there = city.data().join("fonts");
    std::fs::create_dir(&there)?;
    for entry in std::fs::read_dir(&fonts)? {
        let entry = entry?;
        std::fs::copy(entry.path(), there.join(entry.file_name()))?;
    }
    for to in [to.clone(), format!("{to}?paper=roll")] {
        let pdf = guest.raw("GET", &to, None, None).await?;
        ensure!(pdf.status == 200 && pdf.body.starts_with(b"%PDF-"), "{to}: {}", pdf.status);
    }
    Ok(())
}
