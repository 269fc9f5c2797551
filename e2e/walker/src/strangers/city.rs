//! The matters and the callers of a run: opened and signed in before the strangers come.

use super::oracle::{Known, Who};
use crate::accounts::People;
use crate::client::{Client, Reply};
use crate::items;
use crate::random::Random;
use crate::views::{Area, DemoAccount, Item, Matter, Offer, Opened, SessionKind};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A caller with its session.
#[derive(Debug)]
pub struct Caller {
    /// Who it is.
    pub who: Who,
    /// Its session.
    pub token: Option<String>,
}

/// Everything the strangers know.
#[derive(Debug)]
pub struct City {
    /// Who calls.
    pub callers: Vec<Caller>,
    /// What they ask for.
    pub matters: Vec<Known>,
    /// The one who sees every matter of the city.
    pub eye: String,
}

/// Staff that signs in at most: a password costs a tenth of a second.
const STAFF: usize = 150;

/// Opens `per_item` matters of every item over the counties, lets half of them be taken by somebody, and signs
/// everybody in.
pub async fn found(people: &People, per_item: usize, chance: &mut Random) -> Result<City> {
    let mut eye = eye(people).await?;
    let all = items::load(&mut people.anonymous()).await?;
    let counties: Vec<Area> = crate::life::counties(people, usize::MAX).into_iter().map(Area).collect();
    let citizens: Vec<&DemoAccount> =
        people.all().iter().filter(|account| account.kind == SessionKind::Citizen).take(6).collect();
    let mut matters: Vec<Known> = Vec::new();
    let mut callers: Vec<Caller> = Vec::new();
    for item in all.iter().filter(|item| item.doors.iter().any(|door| door == "web")) {
        for turn in 0..per_item {
            let county = &counties[turn % counties.len()];
            let citizen = citizens.get(turn).copied().filter(|_| turn % 3 == 0);
            let mut caller = match citizen {
                Some(account) => people.client(account).await?,
                None => people.anonymous(),
            };
            let (opened, body) = open(&mut caller, item, county, chance).await?;
            let mut known = Known {
                number: opened.number.clone(),
                code: opened.query_code.clone(),
                body,
                area: county.clone(),
                office: opened.owner.as_ref().and_then(|owner| owner.organisation.clone()),
                organisations: BTreeSet::new(),
                people: BTreeSet::new(),
                citizen: citizen.map(|account| account.login.clone()),
                version: opened.version,
                files: Vec::new(),
            };
            known.note(&look(&mut eye, &known).await?);
            if turn % 2 == 1 {
                take(people, &mut eye, &mut known, chance).await?;
            }
            let guest = people.anonymous().guest(&known.number.0, &known.code).await?;
            callers.push(Caller {
                who: Who::Guest(known.number.clone()),
                token: guest.token().map(str::to_owned),
            });
            matters.push(known);
        }
    }
    ensure!(matters.len() > 20, "{} matters are no city", matters.len());
    for account in citizens {
        let token = people.client(account).await?.token().map(str::to_owned);
        callers.push(Caller { who: Who::Citizen(account.login.clone()), token });
    }
    for account in staff(people, chance) {
        let token = people.client(account).await?.token().map(str::to_owned);
        callers.push(Caller { who: Who::Staff(account.clone()), token });
    }
    callers.push(Caller { who: Who::Nobody, token: None });
    let eye = eye.token().map(str::to_owned).context("the supervisor has no session")?;
    Ok(City { callers, matters, eye })
}

/// A supervisor of the whole city.
async fn eye(people: &People) -> Result<Client> {
    let widest = people
        .staff()
        .filter(|account| account.roles.iter().any(|grant| grant.role == "supervisor"))
        .min_by_key(|account| account.roles.iter().map(|grant| grant.area.stem().len()).min())
        .context("nobody supervises")?;
    people.client(widest).await
}

/// The administrators, and of the others somebody of every role in every place as far as they go.
fn staff<'a>(people: &'a People, chance: &mut Random) -> Vec<&'a DemoAccount> {
    let mut all: Vec<&DemoAccount> = people.staff().collect();
    chance.shuffle(&mut all);
    let mut seen = BTreeSet::new();
    let kind = |account: &DemoAccount| {
        let grant = account.roles.first();
        grant.map(|grant| (grant.role.clone(), grant.area.0[..6].to_owned())).unwrap_or_default()
    };
    let (first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|account| seen.insert(kind(account)));
    first.into_iter().chain(rest).take(STAFF).collect()
}

/// Opens a matter of this item in this county, with a paper where the item takes one.
async fn open(
    caller: &mut Client,
    item: &Item,
    county: &Area,
    chance: &mut Random,
) -> Result<(Opened, Value)> {
    let mut body = item.examples.first().context("no example")?.body.clone();
    body["door"] = json!("web");
    body["area"] = json!(county.0);
    if body["form"].get("case.organ_area").is_some() {
        body["form"]["case.organ_area"] = json!(county.0);
    }
    if let Some(paper) = body["materials"].as_array().and_then(|list| list.first()).cloned() {
        let file = upload(caller, chance).await?;
        body["materials"][0] = json!({"id": paper["id"], "file": file});
    }
    let answer: Reply<Opened> = caller.post("/api/v1/matters", &body, Some(&chance.key())).await?;
    let opened = answer.done().with_context(|| format!("{} in {}", item.id, county.0))?;
    Ok((opened, body))
}

async fn upload(caller: &mut Client, chance: &mut Random) -> Result<String> {
    let text = format!("证明 {}", chance.key());
    let body = format!(
        "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{text}\r\n--cut--\r\n"
    );
    let kind = "multipart/form-data; boundary=cut";
    let answer = caller.raw("POST", "/api/v1/files", Some((kind, body.as_bytes())), None).await?;
    ensure!(answer.status == 201, "the upload answered {}: {}", answer.status, answer.text());
    answer.json()?["id"].as_str().map(str::to_owned).context("an upload without an id")
}

/// The matter as the eye sees it.
async fn look(eye: &mut Client, known: &Known) -> Result<Matter> {
    eye.get(&format!("/api/v1/matters/{}", known.number.0)).await?.done()
}

/// Lets somebody take the matter out of its pool, so that it is theirs.
async fn take(people: &People, eye: &mut Client, known: &mut Known, chance: &mut Random) -> Result<()> {
    let seen = look(eye, known).await?;
    for waiting in seen.waiting_for.iter().filter(|waiting| waiting.organisation.is_some()) {
        for account in people.who_may(waiting).into_iter().take(3) {
            let mut caller = people.client(account).await?;
            let path = format!("/api/v1/matters/{}/actions", known.number.0);
            let Reply::Done(offers) = caller.get::<Vec<Offer>>(&path).await? else { continue };
            let Some(offer) = offers.into_iter().find(|offer| offer.action == "take") else { continue };
            let body = json!({"version": seen.version, "input": offer.example, "task": offer.task});
            caller.post::<Value>(&format!("{path}/take"), &body, Some(&chance.key())).await?.done()?;
            known.note(&look(eye, known).await?);
            return Ok(());
        }
    }
    Ok(())
}
