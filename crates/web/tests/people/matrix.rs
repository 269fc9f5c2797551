//! Who gets what by which route: every route is really called by a caller of every role and relation, the class of
//! the answer is written down, and the table is compared with `docs/policy-matrix.md`. After a wanted change run
//! this test once with `UPDATE_SNAPSHOTS=1` and read the difference.
//!
//! On the way: a denial says by which rule and what to do now, and what is foreign answers as what is absent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use access::account::NewAccount;
use access::{AccountId, OrgId};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::json;
use store::{Changes, Db, sql};

use super::app::{Answer, TestApp};
use super::routes::{self, Route};

/// Where the matter of the table belongs, the office that has it, and those it has nothing to do with.
const HERE: &str = "371502";
const OFFICE: &str = "aid.dongchangfu";
const NEIGHBOUR: &str = "mediation.dongchangfu";
const ELSEWHERE: &str = "371503";
const FAR: &str = "aid.chiping";
const PASSWORD: &str = "Nine-Long-Rivers-4711";

/// Acts tried by the route of acts: one of the applicant, one of the officer, and those of every item. Each is sent
/// with a field it does not know, so that whoever may do it is told about the field and nothing moves.
const ACTS: [&str; 7] = ["message", "accept-for-review", "take", "assign", "reveal", "reissue-code", "void"];

/// A caller of the table.
struct Caller {
    name: String,
    login: Option<String>,
    token: Option<String>,
}

/// What a path names.
struct Names {
    number: MatterNumber,
    file: String,
    document: String,
    /// The session of whoever applied.
    applicant: String,
}

#[tokio::test]
async fn every_route_answers_every_caller_as_the_table_says() {
    let scratch = store::testkit::scratch();
    let db = store::testkit::sqlite(scratch.path()).await;
    let app = TestApp::new(&db).await;
    let names = matter(&app).await;
    let callers = callers(&app, &db, &names).await;
    let document = app.get("/api/v1/openapi.json", None).await.json();
    let mut all = routes::of_the_api(&document);
    if web::assets::built() {
        all.extend(routes::of_the_pages().into_iter().filter(|route| !route.api()));
    }
    let (last, mut first): (Vec<Route>, Vec<Route>) = all.into_iter().partition(ends_the_session);
    first.sort();
    first.extend(last);

    // route → class of the answer for each caller, in their order.
    let mut table: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for caller in &callers {
        let csrf = Form::of(&app, caller).await;
        let view = format!("/api/v1/matters/{}", names.number);
        let mut asked = BTreeSet::new();
        let stranger = app.get(&view, caller.token.as_deref()).await.status != StatusCode::OK;
        for route in &first {
            for (label, path) in paths(route, &names) {
                // An act with a page of its own is asked for once.
                if !asked.insert(label.clone()) {
                    continue;
                }
                // A session that a call ends is opened anew for it.
                let token = match (&caller.login, ends_the_session(route)) {
                    (Some(login), true) => Some(sign_in(&app, login).await),
                    _ => caller.token.clone(),
                };
                let csrf = if ends_the_session(route) {
                    Form::of(&app, &Caller { name: String::new(), login: None, token: token.clone() }).await
                } else {
                    csrf.clone()
                };
                let answer = app.send(request(route, &path, token.as_deref(), &csrf)).await;
                assert!(answer.status.as_u16() < 500, "{} {label} → {}", caller.name, answer.status);
                if route.api() && answer.status == StatusCode::FORBIDDEN {
                    says_why(&caller.name, &label, &answer);
                }
                if stranger && route.of_a_matter() && answer.status == StatusCode::NOT_FOUND {
                    absent_alike(&app, caller, route, &path, &csrf, &names, &answer).await;
                }
                table.entry(label).or_default().push(class(&answer));
            }
        }
    }
    if web::assets::built() {
        compare(&written(&callers, &table));
    } else {
        eprintln!("SKIP: assets not built, the table of pages cannot be compared");
    }
}

/// An application for legal aid by a citizen, with a paper in it and a document made of it.
async fn matter(app: &TestApp) -> Names {
    let citizen = citizen(app, "13800138011").await;
    let item = app.get("/api/v1/items/legal-aid.civil", None).await.json();
    let mut body = item["examples"][0]["body"].clone();
    body["door"] = json!("web");
    body["area"] = json!(format!("{HERE}000000"));
    let uploaded = app.upload(Some(&citizen), None, "a.txt", "证明".as_bytes()).await.json();
    let file = uploaded["id"].as_str().unwrap().to_owned();
    let id = body["materials"][0]["id"].clone();
    body["materials"][0] = json!({ "id": id, "file": file });
    let opened = app.post("/api/v1/matters", Some(&citizen), &body).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    let number = opened.json()["number"].as_str().unwrap().parse().unwrap();
    let list = app.get(&format!("/api/v1/matters/{number}/documents"), Some(&citizen)).await.json();
    let document = list["items"][0]["id"].as_str().unwrap_or("d1").to_owned();
    Names { number, file, document, applicant: citizen }
}

/// A citizen's session, by the code that was sent.
async fn citizen(app: &TestApp, phone: &str) -> String {
    app.post("/api/v1/sessions/code", None, &json!({ "phone": phone })).await;
    let sent = app.access.outbox(1).await.unwrap().remove(0);
    let code = sent.text.args.iter().find(|(name, _)| name == "code").unwrap().1.clone();
    let opened = app.post("/api/v1/sessions", None, &json!({ "phone": phone, "code": code })).await;
    opened.json()["token"].as_str().unwrap().to_owned()
}

async fn sign_in(app: &TestApp, login: &str) -> String {
    let opened = app.post("/api/v1/sessions", None, &json!({ "login": login, "password": PASSWORD })).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{login}: {}", opened.json());
    opened.json()["token"].as_str().unwrap().to_owned()
}

/// Nobody, the people of matters, and staff of every role in every relation to this one.
async fn callers(app: &TestApp, db: &Db, names: &Names) -> Vec<Caller> {
    let now: Instant = "2026-11-23T09:00:00+08:00".parse().unwrap();
    let mut callers = vec![Caller { name: "nobody".into(), login: None, token: None }];
    let mut person = |name: &str, token: String| {
        callers.push(Caller { name: name.into(), login: None, token: Some(token) });
    };
    let guest = app.access.open_guest(names.number, None, now).await.unwrap();
    person("guest of this matter", guest.token);
    let item = app.get("/api/v1/items/consultation.text", None).await.json();
    let other = app.post("/api/v1/matters", None, &item["examples"][0]["body"]).await.json();
    let other: MatterNumber = other["number"].as_str().unwrap().parse().unwrap();
    person("guest of another matter", app.access.open_guest(other, None, now).await.unwrap().token);
    person("citizen who applied", names.applicant.clone());
    let helper = citizen(app, "13800138012").await;
    let account = app.access.authenticate(&helper, now).await.unwrap().unwrap().account.unwrap();
    relate(db, names, &account, "helper").await;
    person("citizen who helps", helper);
    person("citizen with nothing to do with it", citizen(app, "13800138013").await);
    let staff = Role::ALL.iter().filter(|role| !role.implied());
    for role in staff {
        for (relation, area, organisation) in [
            ("own office", HERE, Some(OFFICE)),
            ("own area", HERE, None),
            ("same area, other office", HERE, Some(NEIGHBOUR)),
            ("other area", ELSEWHERE, Some(FAR)),
            ("assigned", ELSEWHERE, Some(FAR)),
        ] {
            let login = format!("{}.{}", role.as_str().replace('_', "-"), relation.replace([' ', ','], "-"));
            let new = NewAccount {
                login: login.clone(),
                name: login.clone(),
                organisation: organisation.map(|id| OrgId(id.to_owned())),
                password: PASSWORD.to_owned(),
            };
            let id = app.access.add_account(&new, now).await.unwrap();
            let area: AreaCode = area.parse().unwrap();
            app.access.grant(&login, *role, area, organisation, now).await.unwrap();
            if relation == "assigned" {
                relate(db, names, &id, "assigned").await;
            }
            let token = sign_in(app, &login).await;
            callers.push(Caller {
                name: format!("{role}, {relation}"),
                login: Some(login),
                token: Some(token),
            });
        }
    }
    callers
}

/// Makes somebody have to do with the matter.
async fn relate(db: &Db, names: &Names, account: &AccountId, reason: &str) {
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO access (number, principal, reason, until) VALUES (?, ?, ?, ?)")
            .bind(names.number)
            .bind(account.as_str())
            .bind(reason)
            .bind(None::<Instant>),
    );
    db.apply("relate", changes).await.unwrap();
}

fn ends_the_session(route: &Route) -> bool {
    let devices = route.path.contains("/devices") || route.path.contains("/me/sessions");
    route.path.ends_with("/sign-out")
        || route.path.ends_with("/sessions/current")
        || (devices && route.method != "GET")
}

/// The addresses a route is called at, with how the table names them.
fn paths(route: &Route, names: &Names) -> Vec<(String, String)> {
    let fixed = |path: &str| {
        let id = if path.contains("/documents/") {
            names.document.as_str()
        } else if path.contains("/files/") {
            names.file.as_str()
        } else {
            "consultation.text"
        };
        path.replace("{number}", &names.number.to_string())
            .replace("{file}", &names.file)
            .replace("{id}", id)
            .replace("{item}", "consultation.text")
            .replace("{code}", "371502000000")
            .replace("{fact}", "consult.question")
            .replace("{paper}", "paper")
            .replace("{slug}", "lawyer")
            .replace("{draft}", "complaint-loan")
            .replace("{calculator}", "fee.property_case")
            .replace("{name}", "none.css")
            .replace("{login}", "nobody.there")
            .replace("{act}", "none")
            .replace("{seq}", "1")
            .replace("{version}", "1")
    };
    let label = |path: &str| format!("{} {path}", route.method);
    if route.path.contains("{action}") {
        return ACTS
            .iter()
            .map(|act| route.path.replace("{action}", act))
            .map(|path| (label(&path), fixed(&path)))
            .collect();
    }
    vec![(label(&route.path), fixed(&route.path))]
}

/// The token of a browser's forms and the cookie it belongs to.
#[derive(Clone, Default)]
struct Form {
    cookie: String,
    token: String,
}

impl Form {
    /// Read from a page that anybody sees, as this caller; citizens and staff have their cookies side by side.
    async fn of(app: &TestApp, caller: &Caller) -> Self {
        let cookies = session_cookies(caller.token.as_deref());
        let request = Request::get("/resume").header(header::COOKIE, cookies).body(Body::empty()).unwrap();
        let page = app.send(request).await;
        let set = page.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        let cookie = set.filter_map(|line| line.split(';').next()).find(|pair| pair.contains("csrf"));
        let text = String::from_utf8_lossy(&page.bytes).into_owned();
        let token = text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Self { cookie: cookie.unwrap_or_default().to_owned(), token: token.unwrap_or_default().to_owned() }
    }
}

fn session_cookies(token: Option<&str>) -> String {
    token.map_or_else(String::new, |token| format!("huifa_session={token}; huifa_desk={token}"))
}

fn request(route: &Route, path: &str, token: Option<&str>, form: &Form) -> Request<Body> {
    let builder = Request::builder().method(route.method.as_str()).uri(path);
    if route.api() {
        let builder = match token {
            Some(token) => builder.header("authorization", format!("Bearer {token}")),
            None => builder,
        };
        let builder = builder.header("idempotency-key", uuid::Uuid::now_v7().to_string());
        return if route.method == "GET" || route.method == "DELETE" {
            builder.body(Body::empty()).unwrap()
        } else {
            let body = if path.contains("/actions/") {
                json!({ "version": 1, "input": { "no.such": 1 } })
            } else {
                json!({ "no_such_field": 1 })
            };
            builder.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
        };
    }
    let cookies = format!("{}; {}", session_cookies(token), form.cookie);
    let builder = builder.header(header::COOKIE, cookies);
    if route.method == "GET" {
        return builder.body(Body::empty()).unwrap();
    }
    let body = format!("csrf={}&version=0", form.token);
    builder.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
}

/// The class of an answer, as the table names it.
fn class(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    let to = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
    match status {
        401 | 403 | 404 => status.to_string(),
        300..=399 if to.contains("sign-in") || to.starts_with("/progress") => "sign in".into(),
        300..=399 => "led on".into(),
        _ => "yes".into(),
    }
}

/// A denial names its rule and says what to do now.
fn says_why(caller: &str, label: &str, answer: &Answer) {
    let body = answer.json();
    assert!(body["rule"]["id"].is_string(), "{caller} {label}: a denial without a rule: {body}");
    let next = body["next"].as_array().is_some_and(|next| !next.is_empty());
    assert!(next && body["detail"].is_string(), "{caller} {label}: a denial without a next step: {body}");
}

/// What is foreign answers, in body and headers, as a number nobody has.
async fn absent_alike(
    app: &TestApp,
    caller: &Caller,
    route: &Route,
    path: &str,
    form: &Form,
    names: &Names,
    foreign: &Answer,
) {
    let absent = MatterNumber::new(HERE.parse().unwrap(), 2026, 9_999_998).unwrap();
    let elsewhere = path.replace(&names.number.to_string(), &absent.to_string());
    let answer = app.send(request(route, &elsewhere, caller.token.as_deref(), form)).await;
    let plain = |answer: &Answer, number: MatterNumber| {
        let mut headers: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "x-trace-id" | "set-cookie" | "content-length"))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default()))
            .collect();
        headers.sort();
        let trace = answer.headers.get("x-trace-id").and_then(|id| id.to_str().ok()).unwrap_or("-");
        let text = String::from_utf8_lossy(&answer.bytes)
            .replace(trace, "TRACE")
            .replace(&number.to_string(), "NUMBER")
            .replace(&number.grouped(), "NUMBER");
        format!("{} {}\n{text}", answer.status, headers.join("\n"))
    };
    assert_eq!(plain(foreign, names.number), plain(&answer, absent), "{} {path}", caller.name);
}

/// The table: routes that answer everybody alike make one column, callers that are answered alike one row.
fn written(callers: &[Caller], table: &BTreeMap<String, Vec<String>>) -> String {
    let mut columns: Vec<(&Vec<String>, Vec<&str>)> = Vec::new();
    for (label, answers) in table {
        match columns.iter_mut().find(|(known, _)| *known == answers) {
            Some((_, labels)) => labels.push(label),
            None => columns.push((answers, vec![label])),
        }
    }
    let mut rows: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (index, caller) in callers.iter().enumerate() {
        let line: Vec<&str> = columns.iter().map(|(answers, _)| answers[index].as_str()).collect();
        match rows.iter_mut().find(|(known, _)| *known == line) {
            Some((_, names)) => names.push(&caller.name),
            None => rows.push((line, vec![&caller.name])),
        }
    }
    assert!(table.values().all(|answers| answers.len() == callers.len()), "one answer for each caller");
    let mut text = String::from(HEAD);
    for (index, (_, labels)) in columns.iter().enumerate() {
        let _ = writeln!(text, "**{}.** {}\n", index + 1, code(labels));
    }
    text.push_str("## Who is answered how\n\n| callers |");
    for index in 0..columns.len() {
        let _ = write!(text, " {} |", index + 1);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(columns.len()));
    text.push('\n');
    for (line, names) in &rows {
        let _ = writeln!(text, "| {} | {} |", gathered(names), line.join(" | "));
    }
    text
}

fn code(labels: &[&str]) -> String {
    labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ")
}

/// `clerk, own office` and `clerk, assigned` are one entry: `clerk: own office / assigned`.
fn gathered(names: &[&str]) -> String {
    let mut by_role: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in names {
        let (role, relation) = name.split_once(", ").unwrap_or((name, ""));
        match by_role.iter_mut().find(|(known, _)| *known == role) {
            Some((_, relations)) => relations.push(relation),
            None => by_role.push((role, vec![relation])),
        }
    }
    let told = |(role, relations): &(&str, Vec<&str>)| match relations.as_slice() {
        [""] => (*role).to_owned(),
        [_, _, _, _, _] => format!("{role}: any"),
        some => format!("{role}: {}", some.join(" / ")),
    };
    by_role.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn compare(text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy-matrix.md");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, text, "docs/policy-matrix.md differs; UPDATE_SNAPSHOTS=1 writes the new one");
}

const HEAD: &str = "# Who gets what by which route

Generated: every route of the API and of the pages is called by a caller of every role in every relation to one
matter (an application for legal aid in 371502, with `aid.dongchangfu`), and the class of the answer is written
down. The test `every_route_answers_every_caller_as_the_table_says` of `huifa-web` compares; after a wanted change
(a new route, a new role) write it anew and read the difference:

```
UPDATE_SNAPSHOTS=1 cargo nextest run -p huifa-web --test people matrix
```

Relations: *own office* holds the role for the office that has the matter; *own area* holds it for the division, for
no office; *same area, other office* for another body of the division; *other area* elsewhere; *assigned* elsewhere,
but the matter was given to this person.

Answers: **yes** the policy lets it through (what is wrong with the sent body is told then, and nothing moves);
**sign in** and **led on** a page leads to where one proves who one is, or back to what can be done; **401** nobody is
signed in; **403** may be seen, not done: with rule and next step; **404** as if it did not exist.

## Routes that answer alike

";
