//! What holds of every route, whatever it does: headers, form tokens, limits with an answer, and never a fault of
//! ours. Routes are read from the sources and from the OpenAPI document, so a new one cannot be forgotten.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};

/// Secret of the form token; any text of this length will do.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Every `.route("…", …)` of the sources: its address and the methods it names.
fn routes() -> BTreeSet<(String, &'static str)> {
    fn sources(folder: &Path, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, out);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                out.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let mut found = BTreeSet::new();
    for text in &texts {
        for part in text.split(".route(").skip(1) {
            let Some(path) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            // To the parenthesis that closes `.route(`.
            let mut depth = 1;
            let end = part.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            let call = &part[..end.unwrap_or(part.len())];
            for (method, word) in [("GET", "get("), ("POST", "post("), ("DELETE", "delete(")] {
                // `get(` also ends `target(`: a method stands behind a comma, a dot or a blank.
                if call.match_indices(word).any(|(at, _)| call[..at].ends_with([' ', '.', ',', '\n'])) {
                    found.insert((path.to_owned(), method));
                }
            }
        }
    }
    found
}

/// Routes of the API, from its own document.
async fn calls(app: &TestApp) -> BTreeSet<(String, &'static str)> {
    let document = app.get("/api/v1/openapi.json", None).await.json();
    let mut found = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (word, method) in [("get", "GET"), ("post", "POST"), ("delete", "DELETE"), ("put", "PUT")] {
            if methods.get(word).is_some() {
                found.insert((path.clone(), method));
            }
        }
    }
    assert!(found.len() > 20, "{found:?}");
    found
}

/// An address of this template, with these words in its places.
fn filled(template: &str, word: &str) -> String {
    let mut out = String::new();
    for part in template.split('/').skip(1) {
        out.push('/');
        out.push_str(if part.starts_with('{') { word } else { part });
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

async fn ask(app: &TestApp, method: &str, path: &str, lines: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn carries_what_every_answer_carries(headers: &HeaderMap, which: &str) {
    let value = |name: &str| {
        headers.get(name).unwrap_or_else(|| panic!("{which}: no {name}")).to_str().unwrap().to_owned()
    };
    let policy = value("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{which}: {policy}"
    );
    assert!(!policy.contains("unsafe-"), "{which}: {policy}");
    assert_eq!(value("x-content-type-options"), "nosniff", "{which}");
    assert_eq!(value("x-frame-options"), "DENY", "{which}");
    let referrer = value("referrer-policy");
    assert!(matches!(referrer.as_str(), "same-origin" | "no-referrer"), "{which}: {referrer}");
    assert_eq!(value("cross-origin-opener-policy"), "same-origin", "{which}");
    assert_eq!(value("cross-origin-resource-policy"), "same-origin", "{which}");
    assert!(value("permissions-policy").contains("camera=()"), "{which}");
    let kept = value("cache-control");
    assert!(kept.contains("no-store") || which.contains("/assets/"), "{which}: {kept}");
    assert!(!value("x-trace-id").is_empty(), "{which}");
    assert!(!headers.contains_key("strict-transport-security"), "{which}: plain HTTP");
}

#[tokio::test]
async fn every_answer_of_every_route_carries_the_headers() {
    let folder = store::testkit::scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let app = TestApp::new(&db).await;
    let officer = app.sign_in("aid.dongchangfu.1").await;
    let bearer = format!("Bearer {officer}");
    let all: Vec<(String, &str)> = routes().into_iter().chain(calls(&app).await).collect();
    assert!(
        all.iter().any(|(path, method)| path == "/apply/{item}/papers/{paper}" && *method == "POST"),
        "{all:?}"
    );
    assert!(all.len() > 60, "{}", all.len());
    for (template, method) in &all {
        let path = filled(template, "legal-aid.civil");
        let plain = ask(&app, method, &path, &[], "").await;
        carries_what_every_answer_carries(&plain.headers, &format!("{method} {path}"));
        let known =
            ask(&app, method, &path, &[("authorization", &bearer), ("accept", "text/html")], "{}").await;
        carries_what_every_answer_carries(&known.headers, &format!("{method} {path}, signed in"));
    }
    for (method, path) in
        [("GET", "/no-such-page"), ("GET", "/assets/nothing.css"), ("PUT", "/"), ("GET", "/api/v1/none")]
    {
        let answer = ask(&app, method, path, &[], "").await;
        assert!(answer.status.is_client_error(), "{method} {path}: {}", answer.status);
        carries_what_every_answer_carries(&answer.headers, path);
    }
}

/// Forms without a token: they change nothing but how pages look, and work from any page of ours, old ones
/// included. From other sites they are refused like all others.
const HARMLESS: [&str; 1] = ["/display"];

/// Calls of another server, told apart by a signature in the body; they read no cookie.
const SIGNED: [&str; 2] = ["/oidc/staff/backchannel-logout", "/oidc/citizen/backchannel-logout"];

/// The token forms of this side carry, as a page of ours prints it.
async fn token(app: &TestApp, page: &str, cookies: &str) -> String {
    let answer = ask(app, "GET", page, &[("cookie", cookies)], "").await;
    let html = String::from_utf8(answer.bytes).unwrap();
    let after = html.split("name=\"csrf\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}: no form"));
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn no_page_writes_for_a_form_that_is_not_ours() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    let folder = store::testkit::scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let app = TestApp::new(&db).await;
    let officer = app.sign_in("aid.dongchangfu.1").await;
    let other = app.sign_in("clerk.yanggu.1").await;
    let desk = format!("huifa_desk={officer}; huifa_csrf={SECRET}");
    let portal = format!("huifa_csrf={SECRET}");
    let desk_token = token(&app, "/desk", &desk).await;
    let portal_token = token(&app, "/sign-in", &portal).await;
    let foreign = token(&app, "/desk", &format!("huifa_desk={other}; huifa_csrf={SECRET}")).await;
    assert_ne!(desk_token, foreign, "the token is bound to the session");

    let posts: Vec<String> = routes()
        .into_iter()
        .filter(|(path, method)| {
            *method == "POST" && !path.starts_with("/api") && !SIGNED.contains(&path.as_str())
        })
        .map(|(path, _)| path)
        .collect();
    assert!(posts.len() >= 15, "{posts:?}");
    for template in &posts {
        let path = filled(template, "legal-aid.civil");
        let (cookies, right) =
            if path.starts_with("/desk") { (&desk, &desk_token) } else { (&portal, &portal_token) };
        let form = ("content-type", "application/x-www-form-urlencoded");
        let send = async |site: Option<&str>, token: &str| {
            let mut lines = vec![("cookie", cookies.as_str()), form, ("accept", "text/html")];
            lines.extend(site.map(|site| ("sec-fetch-site", site)));
            ask(&app, "POST", &path, &lines, &format!("csrf={token}")).await.status
        };
        let refused = StatusCode::FORBIDDEN;
        if !HARMLESS.contains(&path.as_str()) {
            assert_eq!(send(None, "").await, refused, "{path}: no token");
            assert_eq!(send(None, &foreign).await, refused, "{path}: the token of another session");
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(send(Some(site), right).await, refused, "{path}: from {site}, whatever the token");
        }
    }
    // And with the right token the door opens: the test can tell the two apart.
    let lines = [("cookie", portal.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let opened = ask(&app, "POST", "/sign-in", &lines, &format!("csrf={portal_token}")).await;
    assert_ne!(opened.status, StatusCode::FORBIDDEN, "the form of our own page");
    // The API takes no cookies at all, so no other site can use them there.
    assert_eq!(
        ask(&app, "GET", "/api/v1/me", &[("cookie", &desk)], "").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn too_long_is_answered_with_the_limit_to_programs_and_people_alike() {
    let folder = store::testkit::scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let app = TestApp::new(&db).await;
    let long = "x".repeat(9000);
    let wide = "x".repeat(30_000);
    let html = ("accept", "text/html");
    let answer = ask(&app, "GET", &format!("/api/v1/items?q={long}"), &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (414, "url-too-long"));
    assert!(answer.json()["detail"].as_str().unwrap().contains("8192"), "{}", answer.json());
    let answer = ask(&app, "GET", "/api/v1/items", &[("x-wide", &wide)], "").await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (431, "headers-too-large"));
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    let page = ask(&app, "GET", &format!("/search?q={long}"), &[html], "").await;
    assert_eq!(page.status.as_u16(), 414);
    let text = String::from_utf8(page.bytes).unwrap();
    assert!(text.contains("8192") && text.contains("<h1"), "{text}");
    let trace = page.headers["x-trace-id"].to_str().unwrap();
    assert!(text.contains(trace), "the page shows the trace id of the log");
}

#[tokio::test]
async fn one_address_hands_in_so_many_files_an_hour() {
    let folder = store::testkit::scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let app = TestApp::new(&db).await;
    for _ in 0..300 {
        assert_eq!(app.upload(None, None, "a.txt", "欠条".as_bytes()).await.status, StatusCode::CREATED);
    }
    let refused = app.upload(None, None, "a.txt", "欠条".as_bytes()).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (429, "too-many"));
    assert!(
        refused.json()["detail"].as_str().unwrap().contains("300")
            && refused.headers.contains_key("retry-after")
    );
}

#[tokio::test]
async fn what_hides_in_a_file_is_told_and_not_taken() {
    let folder = store::testkit::scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let app = TestApp::new(&db).await;
    let two =
        [b"%PDF-1.4\n".as_slice(), b"PK\x01\x02xxxxPK\x05\x06\0\0\0\0\x01\0\x01\0\x08\0\0\0\x09\0\0\0\0\0"]
            .concat();
    let refused = app.upload(None, None, "a.pdf", &two).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (415, "unsupported-type"));
    let wide = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\xff\xff\xff\xff\0\0\0\x01".as_slice();
    assert_eq!(app.upload(None, None, "a.png", wide).await.status.as_u16(), 415);
    let named = app.upload(None, None, "../../欠条.html", "<script>1</script>".as_bytes()).await;
    assert_eq!(named.json()["name"], "欠条.html.txt", "{}", named.json());
}

#[tokio::test]
async fn cookies_are_host_bound_and_secure_where_the_connection_is_private() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    let folder = store::testkit::scratch();
    let db = store::testkit::sqlite(folder.path()).await;
    let app = TestApp::new(&db).await;
    for (host, from, private) in [
        ("127.0.0.1:8080", "127.0.0.1:5000", true),
        ("localhost:8080", "127.0.0.1:5000", true),
        ("huifa.example", "203.0.113.9:5000", false),
        ("127.0.0.1:8080", "203.0.113.9:5000", false),
    ] {
        let mut request = Request::get("/sign-in").header("host", host).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
        let answer = app.send(request).await;
        let set = answer.headers["set-cookie"].to_str().unwrap();
        assert_eq!(
            set.starts_with("__Host-huifa_csrf=") && set.ends_with("; Secure"),
            private,
            "{host}: {set}"
        );
        assert!(private || set.starts_with("huifa_csrf=") && !set.contains("Secure"), "{host}: {set}");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
    }
}

#[tokio::test]
async fn the_node_says_how_it_is_and_keeps_its_figures_to_itself() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let ready = app.get("/readyz", None).await;
        assert_eq!(ready.status, StatusCode::OK, "{}", ready.json());
        assert_eq!((&ready.json()["ready"], &ready.json()["feed_lag"]), (&json!(true), &json!(0)));
        assert!(ready.json()["migrations"].as_u64().unwrap() >= 10, "{}", ready.json());
        let figures = async |from: &str, lines: &[(&'static str, &'static str)]| {
            let mut request = Request::get("/metrics");
            for (name, value) in lines {
                request = request.header(*name, *value);
            }
            let mut request = request.body(Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
            app.send(request).await.status.as_u16()
        };
        assert_eq!(figures("127.0.0.1:5000", &[]).await, 200);
        assert_eq!(figures("203.0.113.9:5000", &[]).await, 404);
        assert_eq!(figures("127.0.0.1:5000", &[("x-forwarded-for", "203.0.113.9")]).await, 404, "by a proxy");
        let token = ("authorization", "Bearer a-token-for-the-watcher-0123456789");
        assert_eq!(figures("203.0.113.9:5000", &[token]).await, 200);
        assert_eq!(figures("203.0.113.9:5000", &[("authorization", "Bearer guess")]).await, 404);
    })
    .await;
}

/// Bodies nobody in their right mind sends, and some that somebody might.
fn bodies() -> Vec<String> {
    let mut out: Vec<String> = [
        "", "null", "[]", "{}", "0", "\"x\"", "{\"", "[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":[]}}}}", "\u{0}",
        "{\"number\":\"3715022600004277\",\"code\":\"ABCDEFGH\"}",
        "{\"number\":-1,\"code\":[1e999]}",
        "{\"login\":\"\\u0000\",\"password\":\"\\ud83d\\ude00\"}",
        "{\"phone\":\"١٢٣٤٥٦٧٨٩٠\"}",
        "{\"phone\":\"13800138000\",\"code\":\"'; DROP TABLE account; --\"}",
        "{\"version\":9223372036854775807,\"input\":{\"reason\":\"x\"}}",
        "{\"version\":1.5,\"input\":null,\"task\":{}}",
        "{\"item\":\"../../etc/passwd\",\"area\":\"999999999999\",\"door\":\"web\",\"applicant\":{},\"form\":{},\"materials\":[]}",
        "{\"item\":\"consultation.text\",\"area\":371502,\"door\":null,\"applicant\":[],\"form\":[],\"materials\":{}}",
        "{\"form\":{\"income.monthly\":\"-0.00\",\"\":null},\"applicant\":{\"kind\":\"person\",\"name\":\"\\u202e\"}}",
    ]
    .map(str::to_owned)
    .to_vec();
    out.push(format!("{}1{}", "[".repeat(5000), "]".repeat(5000)));
    out.push(format!("{{\"item\":\"{}\"}}", "长".repeat(20_000)));
    out
}

/// A body changed at a few places, the same way each run.
fn bent(text: &str, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..3 {
        let at = usize::try_from(next()).unwrap_or(0) % chars.len().max(1);
        let odd = ['"', '{', '}', '\u{0}', '9', '-', '\u{ffff}', '，', '\\', 'e'];
        let odd = odd[usize::try_from(next() % 10).unwrap_or(0)];
        match next() % 3 {
            0 if at < chars.len() => chars[at] = odd,
            1 if at < chars.len() => drop(chars.remove(at)),
            _ => chars.insert(at.min(chars.len()), odd),
        }
    }
    chars.into_iter().collect()
}

#[tokio::test]
async fn nothing_anybody_sends_to_the_api_is_a_fault_of_ours() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let officer = format!("Bearer {}", app.sign_in("aid.dongchangfu.1").await);
        let example =
            app.get("/api/v1/items/consultation.text", None).await.json()["examples"][0]["body"].clone();
        let opened = app.post("/api/v1/matters", None, &example).await.json();
        let number = opened["number"].as_str().unwrap_or_default().to_owned();
        assert!(!number.is_empty(), "{opened}");
        let mut sent = 0_u64;
        for (template, method) in calls(&app).await {
            for word in [number.as_str(), "consultation.text", "%00", "%F0%9F%98%80", "-1"] {
                let path = filled(&template, word);
                let mut bodies = bodies();
                bodies.extend((0..6).map(|seed| bent(&example.to_string(), seed + sent)));
                let bodies = if method == "GET" || word != number { bodies[..4].to_vec() } else { bodies };
                for body in bodies {
                    sent += 1;
                    let key = format!("fuzz-key-{sent:016}");
                    let who = if sent.is_multiple_of(2) { officer.as_str() } else { "Bearer \u{7f}" };
                    let lines = [
                        ("authorization", who.trim_end_matches('\u{7f}')),
                        ("content-type", "application/json"),
                        ("idempotency-key", key.as_str()),
                    ];
                    let answer =
                        ask(&app, method, &path, &lines[usize::from(sent.is_multiple_of(3))..], &body).await;
                    let told = String::from_utf8_lossy(&answer.bytes);
                    assert!(
                        answer.status.as_u16() < 500,
                        "{method} {path} with {body:.200}: {} {told}",
                        answer.status
                    );
                    if answer.status.is_client_error() {
                        let problem: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
                        assert!(problem["next"].is_array(), "{method} {path} with {body:.200}: {told}");
                    }
                }
            }
            for query in
                ["?q=%00&limit=99999999999999999999", "?cursor=%FF&area=x&from=0000-00-00&count=-1&unit=hour"]
            {
                let path = filled(&template, &number) + query;
                let answer = ask(&app, "GET", &path, &[("authorization", &officer)], "").await;
                assert!(answer.status.as_u16() < 500, "GET {path}: {}", answer.status);
            }
        }
        assert!(sent > 600, "{sent}");
    })
    .await;
}
