//! Plants marks through every way a person's words come in: openings, actions, looks, uploads, drafts, codes,
//! and bodies that are refused.

use super::browser::{Browser, escape, fields};
use super::marks::Marks;
use crate::accounts::People;
use crate::client::{Client, Reply};
use crate::items;
use crate::random::Random;
use crate::views::{Item, Matter, Offer, Opened};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// What was done, so that a run that planted nothing is no proof.
#[derive(Debug, Default)]
pub struct Planted {
    /// Matters opened.
    pub matters: usize,
    /// Actions done.
    pub actions: usize,
    /// Looks in full.
    pub looks: usize,
    /// Bodies refused.
    pub refused: usize,
    /// Pages of drafts filled in.
    pub pages: usize,
    /// Answers of the API, for the addresses in them.
    pub answers: Vec<String>,
}

/// Plants everywhere.
pub async fn plant(
    people: &People,
    address: &str,
    marks: &mut Marks,
    chance: &mut Random,
) -> Result<(Planted, Browser)> {
    let mut planted = Planted::default();
    for item in items::load(&mut people.anonymous()).await? {
        if item.doors.iter().any(|door| door == "web") {
            one(people, &item, marks, chance, &mut planted).await.with_context(|| item.id.clone())?;
        }
    }
    refused(people, marks, chance, &mut planted).await.context("bodies that are refused")?;
    let mut browser = Browser::new(address);
    draft(&mut browser, marks, &mut planted).await.context("a draft")?;
    code(people, &mut browser, marks, &mut planted).await.context("a code by phone")?;
    for secret in browser.secrets() {
        marks.secret("cookie", secret);
    }
    ensure!(
        planted.matters > 5 && planted.actions > 20 && planted.looks > 0,
        "little was planted: {planted:?}"
    );
    Ok((planted, browser))
}

async fn one(
    people: &People,
    item: &Item,
    marks: &mut Marks,
    chance: &mut Random,
    planted: &mut Planted,
) -> Result<()> {
    let mut body = item.examples.first().context("no example")?.body.clone();
    body["door"] = json!("web");
    person(&mut body["applicant"], "applicant", marks);
    if let Some(parties) = body.get_mut("parties").and_then(Value::as_array_mut) {
        for party in parties {
            person(party, "party", marks);
        }
    }
    let properties = item.form["properties"].clone();
    overwrite(&mut body["form"], &properties, "answer of the form", marks);
    let mut nobody = people.anonymous();
    if let Some(paper) = body["materials"].as_array().and_then(|list| list.first()).cloned() {
        let file = upload(&mut nobody, marks).await?;
        body["materials"][0] = json!({"id": paper["id"], "file": file});
    }
    let answer = nobody.post_raw("/api/v1/matters", &body, Some(&chance.key())).await?;
    planted.answers.push(answer.text());
    let opened: Opened = crate::client::read(&answer)?.done()?;
    marks.secret("query code", &opened.query_code);
    planted.matters += 1;
    let mut guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let path = format!("/api/v1/matters/{}", opened.number.0);
    for _ in 0..5 {
        let seen: Matter = guest.get(&path).await?.done()?;
        if seen.is_final {
            break;
        }
        if !step(people, &mut guest, &path, &seen, marks, chance, planted).await? {
            break;
        }
    }
    act(&mut guest, &path, &["message", "urge", "complain"], marks, chance, planted).await?;
    marks.secret("session", guest.token().unwrap_or_default());
    Ok(())
}

/// One step of work by somebody who may, with marked words and a look in full.
async fn step(
    people: &People,
    guest: &mut Client,
    path: &str,
    seen: &Matter,
    marks: &mut Marks,
    chance: &mut Random,
    planted: &mut Planted,
) -> Result<bool> {
    for waiting in &seen.waiting_for {
        let actions: Vec<&str> = waiting.actions.iter().map(String::as_str).collect();
        if waiting.role == "applicant" && act(guest, path, &actions, marks, chance, planted).await? {
            return Ok(true);
        }
        for account in people.who_may(waiting).into_iter().take(3) {
            let mut caller = people.client(account).await?;
            let names = json!(["applicant.name", "applicant.phone"]);
            let look = json!({"version": seen.version, "input": {"facts": names, "reason": marks.words("reason of a look")}});
            let answer =
                caller.post_raw(&format!("{path}/actions/reveal"), &look, Some(&chance.key())).await?;
            planted.looks += usize::from(answer.status == 200);
            if act(&mut caller, path, &actions, marks, chance, planted).await? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Does the first of these actions that is offered, with marked words.
async fn act(
    caller: &mut Client,
    path: &str,
    wanted: &[&str],
    marks: &mut Marks,
    chance: &mut Random,
    planted: &mut Planted,
) -> Result<bool> {
    let Reply::Done(offers) = caller.get::<Vec<Offer>>(&format!("{path}/actions")).await? else {
        return Ok(false);
    };
    for offer in offers.into_iter().filter(|offer| wanted.contains(&offer.action.as_str())) {
        let Reply::Done(seen) = caller.get::<Matter>(path).await? else { return Ok(false) };
        let mut input = offer.example.clone();
        let what = format!("words of {}", offer.action);
        overwrite(&mut input, &offer.schema["properties"], &what, marks);
        let mut body = json!({"version": seen.version, "input": input});
        if let Some(task) = &offer.task {
            body["task"] = json!(task);
        }
        let to = format!("{path}/actions/{}", offer.action);
        let answer = caller.post_raw(&to, &body, Some(&chance.key())).await?;
        planted.answers.push(answer.text());
        if answer.status == 200 {
            planted.actions += 1;
            return Ok(true);
        }
        planted.refused += 1;
    }
    Ok(false)
}

/// Gives a person of a body a name, numbers, a guardian and a helper nobody else has.
fn person(value: &mut Value, what: &str, marks: &mut Marks) {
    let is_person = value["kind"] == "person";
    value["name"] = json!(marks.name(&format!("name of the {what}")));
    if value.get("phone").is_some() {
        value["phone"] = json!(marks.phone(&format!("phone of the {what}")));
    }
    if is_person && value["id_type"] == "id18" {
        value["id_no"] = json!(marks.identity(&format!("identity number of the {what}")));
    }
    if is_person {
        for companion in ["guardian", "helper"] {
            value[companion] = json!({
                "name": marks.name(&format!("name of the {what}'s {companion}")),
                "phone": marks.phone(&format!("phone of the {what}'s {companion}")),
                "id_no": marks.identity(&format!("identity number of the {what}'s {companion}")),
                "relation": marks.words(&format!("relation of the {companion}")),
            });
        }
    }
}

/// Replaces what a person types, as the schema tells it from choices, days and places.
fn overwrite(values: &mut Value, properties: &Value, what: &str, marks: &mut Marks) {
    let Some(values) = values.as_object_mut() else { return };
    for (name, value) in values.iter_mut() {
        let Some(text) = value.as_str().map(str::to_owned) else { continue };
        let schema = &properties[name];
        let chosen = ["enum", "oneOf", "const", "x-options", "pattern", "contentMediaType"];
        if schema.is_null() || chosen.iter().any(|key| schema.get(key).is_some()) {
            continue;
        }
        let told = format!("{what}: {name}");
        match schema["format"].as_str() {
            Some("cn-id") => *value = json!(marks.identity(&told)),
            Some("cn-phone") => *value = json!(marks.phone(&told)),
            None if name.rsplit('.').next() == Some("name") => *value = json!(marks.name(&told)),
            None => {
                let most = schema["maxLength"].as_u64().unwrap_or(100);
                if most >= 12 + text.chars().count() as u64 {
                    *value = json!(format!("{text}{}", marks.words(&told)));
                } else if most >= 12 {
                    *value = json!(marks.words(&told));
                }
            }
            Some(_) => {}
        }
    }
}

async fn upload(caller: &mut Client, marks: &mut Marks) -> Result<String> {
    let (name, text) = (marks.name("name of a file"), marks.words("content of a file"));
    let body = format!(
        "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}.txt\"\r\n\r\n{text}\r\n--cut--\r\n"
    );
    let kind = "multipart/form-data; boundary=cut";
    let answer = caller.raw("POST", "/api/v1/files", Some((kind, body.as_bytes())), None).await?;
    ensure!(answer.status == 201, "the upload answered {}: {}", answer.status, answer.text());
    answer.json()?["id"].as_str().map(str::to_owned).context("an upload without an id")
}

/// What is refused leaves no trace either.
async fn refused(
    people: &People,
    marks: &mut Marks,
    chance: &mut Random,
    planted: &mut Planted,
) -> Result<()> {
    let mut nobody = people.anonymous();
    upload(&mut nobody, marks).await.context("a paper nobody claims")?;
    let item: Item = nobody.get("/api/v1/items/consultation.text").await?.done()?;
    let mut body = item.examples.first().context("no example")?.body.clone();
    body["door"] = json!("web");
    person(&mut body["applicant"], "refused applicant", marks);
    body["no_such_field"] = json!(marks.words("an unknown field"));
    let wrong_phone = json!({"phone": marks.words("no phone at all")});
    for (path, body) in [
        ("/api/v1/matters", body),
        ("/api/v1/sessions", json!({"login": marks.words("login"), "password": marks.words("password")})),
        ("/api/v1/sessions/code", wrong_phone),
        ("/api/v1/progress", json!({"number": marks.words("number"), "code": marks.words("code")})),
    ] {
        let answer = nobody.post_raw(path, &body, Some(&chance.key())).await?;
        ensure!(answer.status >= 400, "{path} took {body}");
        planted.refused += 1;
        planted.answers.push(format!("{:?}", answer.headers));
    }
    let half = format!("{{\"item\": \"{}", marks.words("half a body"));
    let answer = nobody
        .raw("POST", "/api/v1/matters", Some(("application/json", half.as_bytes())), Some(&chance.key()))
        .await?;
    ensure!(answer.status == 400, "half a body answered {}", answer.status);
    let clerk = people.staff().next().context("no staff")?;
    let typed = escape(&marks.name("words of a search"));
    people
        .client(clerk)
        .await?
        .raw("GET", &format!("/api/v1/worklist?view=todo&q={typed}"), None, None)
        .await?;
    Ok(())
}

/// A draft on the pages, left on its way.
async fn draft(browser: &mut Browser, marks: &mut Marks, planted: &mut Planted) -> Result<()> {
    let item = "consultation.text";
    let start = format!("/apply/{item}");
    let (_, page) = browser.open(&start).await?;
    browser.send_form(&start, &page, &[]).await?;
    let at = format!("/apply/{item}/q/consult.question");
    let (_, page) = browser.open(&at).await?;
    let words = marks.words("answer of a draft");
    let field = fields(&page.text, "textarea").into_iter().next().context("the question has no field")?;
    let (next, _) = browser.send_form(&at, &page, &[(&field, &words)]).await?;
    ensure!(next != at, "the question kept the draft from going on");
    planted.pages += 1;
    let at = format!("/apply/{item}/applicant");
    let (_, page) = browser.open(&at).await?;
    let typed = [
        ("applicant.kind", "person".to_owned()),
        ("applicant.name", marks.name("name in a draft")),
        ("applicant.phone", marks.phone("phone in a draft")),
        ("applicant.id_type", "id18".to_owned()),
        ("applicant.id_no", marks.identity("identity number in a draft")),
    ];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (next, _) = browser.send_form(&at, &page, &typed).await?;
    ensure!(next != at, "the applicant's page kept the draft from going on");
    planted.pages += 1;
    Ok(())
}

/// A code sent to a phone, read where the demonstration shows it, and the session it opens.
async fn code(
    people: &People,
    browser: &mut Browser,
    marks: &mut Marks,
    planted: &mut Planted,
) -> Result<()> {
    let phone = marks.phone("phone of a citizen");
    let mut citizen = people.anonymous();
    let asked = citizen.post_raw("/api/v1/sessions/code", &json!({"phone": phone}), None).await?;
    ensure!(asked.status == 202, "a code was not sent: {}", asked.text());
    let admin = people
        .staff()
        .find(|account| account.roles.iter().any(|grant| grant.role == "system_admin"))
        .context("nobody administers")?;
    let (at, page) = browser.open("/desk/sign-in").await?;
    let typed = [("login", admin.login.as_str()), ("password", admin.password.as_str())];
    browser.send_form(&at, &page, &typed).await?;
    let (_, outbox) = browser.open("/desk/outbox").await?;
    let row = outbox.text.split("<tr").find(|row| row.contains(&phone)).context("the code is not shown")?;
    let digits = |text: &str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let code = row
        .split(|letter: char| !letter.is_ascii_digit())
        .find(|word| digits(word))
        .context("no code in the message")?;
    citizen.sign_in(&json!({"phone": phone, "code": code})).await?;
    marks.secret("session of a citizen", citizen.token().unwrap_or_default());
    planted.pages += 1;
    Ok(())
}
