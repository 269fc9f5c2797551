//! The copy of everything that is kept of a person, sent as it is read: one matter at a time is in memory.

use std::collections::VecDeque;
use std::io;

use access::Principal;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::{Stream, StreamExt as _, stream};
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use super::readable;
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::{Fault, refusal_of};
use crate::ui::Visit;
use crate::ui::form::Posted;

/// In what form a copy is taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For programs: one JSON object.
    Json,
    /// For people: one page that any browser opens and prints.
    Page,
}

/// Where reading stands.
struct Reading {
    app: App,
    who: Principal,
    lang: Lang,
    waiting: VecDeque<MatterNumber>,
    last: Option<MatterNumber>,
    first: bool,
}

/// The caller's matters with all they hold of the caller, one after the other.
fn matters(app: App, who: Principal, lang: Lang) -> impl Stream<Item = Result<(bool, Value), Refusal>> {
    let reading = Reading { app, who, lang, waiting: VecDeque::new(), last: None, first: true };
    stream::try_unfold(reading, |mut reading| async move {
        if reading.waiting.is_empty() {
            reading.waiting = reading.app.register().own_matters(&reading.who, reading.last).await?.into();
        }
        let Some(number) = reading.waiting.pop_front() else { return Ok(None) };
        reading.last = Some(number);
        let copy = reading.app.register().copy_of(&reading.who, number, reading.lang).await?;
        let first = std::mem::replace(&mut reading.first, false);
        Ok(Some(((first, copy), reading)))
    })
}

/// What is kept of the caller beside matters.
async fn account(app: &App, who: &Principal) -> Result<Value, Refusal> {
    let Some(account) = &who.account else { return Ok(Value::Null) };
    let vault = app.access().vault(account).await.map_err(refusal_of)?;
    let devices = app.access().devices(account, app.now()).await.map_err(|error| refusal_of(error.into()))?;
    let devices: Vec<Value> = devices
        .iter()
        .map(|device| json!({ "agent": device.agent, "since": device.created_at, "seen": device.seen_at }))
        .collect();
    let mut kept = json!({ "name": vault.name, "phone": vault.phone, "devices": devices });
    // What an identity provider has proved, with who and when.
    for (name, fact) in [("proved_name", vault.proved_name), ("proved_id_number", vault.proved_id_number)] {
        if let Some(fact) = fact {
            kept[name] = json!(fact);
        }
    }
    Ok(kept)
}

/// Begins a copy and answers it as a file. Refuses before the first byte; a fault on the way breaks the
/// connection off, so that half a copy never looks like a whole one.
pub async fn begin(app: &App, who: &Principal, lang: Lang, form: Form) -> Result<Response, Refusal> {
    app.register().begin_copy(who).await?;
    let account = account(app, who).await?;
    let taken = app.now();
    let all = matters(app.clone(), who.clone(), lang);
    let (head, media, name) = match form {
        Form::Json => {
            let head = format!(r#"{{"taken_at":{},"account":{account},"matters":["#, json!(taken));
            (head, "application/json", "huifa-my-data.json")
        }
        Form::Page => {
            let head = readable::head(lang, &taken.to_string(), &account).into_string();
            (head, "text/html; charset=utf-8", "huifa-my-data.html")
        }
    };
    let worked = app.clone();
    let pieces = all.map(move |found| match (found, form) {
        (Ok((first, copy)), Form::Json) => Ok(if first { copy.to_string() } else { format!(",{copy}") }),
        (Ok((_, copy)), Form::Page) => Ok(readable::matter(&worked, lang, &copy).into_string()),
        (Err(refusal), _) => {
            tracing::error!(%refusal, "copy broken off");
            Err(io::Error::other(refusal.to_string()))
        }
    });
    let tail = match form {
        Form::Json => "]}\n".to_owned(),
        Form::Page => readable::TAIL.to_owned(),
    };
    let head = stream::once(async move { Ok::<_, io::Error>(head) });
    let tail = stream::once(async move { Ok::<_, io::Error>(tail) });
    let mut response = Body::from_stream(head.chain(pieces).chain(tail)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// `POST /my/data/copy`: a post, so that no preview and no prefetch takes a copy.
pub async fn post(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    if !visit.principal.is_signed_in() {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let form = if posted.values.get("as") == "json" { Form::Json } else { Form::Page };
    Ok(begin(&app, &visit.principal, visit.lang, form).await?)
}
