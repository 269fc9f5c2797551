//! Sessions, places and papers of the API, through the router, on both databases (contract 2, 3).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod answers;
mod app;
mod areas;
mod drafts;
mod intake;
mod matrix;
mod pages;
mod papers;
mod rights;
mod routes;
mod safety;
mod sums;

use app::TestApp;
use axum::http::StatusCode;
use serde_json::{Value, json};
use store::testkit::for_each_db;

/// A whole body that opens a consultation, as the catalogue itself gives it.
async fn consultation(app: &TestApp) -> Value {
    let item = app.get("/api/v1/items/consultation.text", None).await.json();
    item["examples"][0]["body"].clone()
}

#[tokio::test]
async fn everybody_signs_in_their_own_way_and_leaves() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;

        // Staff.
        let token = app.sign_in("aid.dongchangfu.1").await;
        let me = app.get("/api/v1/me", Some(&token)).await.json();
        assert_eq!(me["kind"], "staff");
        assert_eq!(
            me["roles"],
            json!([{ "role": "aid_officer", "area": "371502000000", "organisation": "aid.dongchangfu" }])
        );
        let end = axum::http::Request::delete("/api/v1/sessions/current")
            .header("authorization", format!("Bearer {token}"))
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(app.send(end).await.status, StatusCode::NO_CONTENT);
        let gone = app.get("/api/v1/me", Some(&token)).await;
        assert_eq!((gone.status, gone.problem().as_str()), (StatusCode::UNAUTHORIZED, "unauthenticated"));

        // A citizen, by phone.
        let asked = app.post("/api/v1/sessions/code", None, &json!({ "phone": "138 0013 8000" })).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED);
        let message = app.access.outbox(1).await.unwrap().remove(0);
        let code = message.text.args.iter().find(|(name, _)| name == "code").unwrap().1.clone();
        let body = json!({ "phone": "13800138000", "code": code });
        let opened = app.post("/api/v1/sessions", None, &body).await;
        assert_eq!(opened.status, StatusCode::CREATED);
        assert_eq!(opened.json()["kind"], "citizen");
        assert!(opened.json()["expires_at"].as_str().unwrap().ends_with("+08:00"));
        assert_eq!(app.post("/api/v1/sessions", None, &body).await.status, StatusCode::UNAUTHORIZED, "once");

        // A guest, by number and query code.
        let opened = app.post("/api/v1/matters", None, &consultation(&app).await).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
        let (number, code) = (opened.json()["number"].clone(), opened.json()["query_code"].clone());
        let guest =
            app.post("/api/v1/sessions", None, &json!({ "number": number, "query_code": code })).await;
        assert_eq!(guest.json()["kind"], "guest");
        let guest = guest.json()["token"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/matters/{}", number.as_str().unwrap());
        assert_eq!(app.get(&path, Some(&guest)).await.status, StatusCode::OK);
        assert_eq!(app.get("/api/v1/me", Some(&guest)).await.json()["roles"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn signing_in_is_refused_with_what_is_wrong() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let sign_in = async |body: Value| app.post("/api/v1/sessions", None, &body).await;
        for (body, status, code) in [
            (json!({ "login": "nobody", "password": "x" }), 401, "unauthenticated"),
            (json!({ "phone": "13800138009", "code": "123456" }), 401, "unauthenticated"),
            (json!({}), 422, "facts-wrong"),
            (json!({ "login": "a" }), 422, "facts-wrong"),
            (json!({ "login": "a", "password": "b", "phone": "c" }), 422, "facts-wrong"),
            (json!({ "phone": "12", "code": "123456" }), 422, "facts-wrong"),
            (json!({ "login": "a", "password": "b", "admin": true }), 422, "unknown-field"),
            (json!([1]), 400, "malformed"),
        ] {
            let answer = sign_in(body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{body}");
        }
        // Known and unknown phones are answered alike.
        for phone in ["19900000001", "13911112222"] {
            let asked = app.post("/api/v1/sessions/code", None, &json!({ "phone": phone })).await;
            assert_eq!((asked.status, asked.bytes.len()), (StatusCode::ACCEPTED, 0));
        }
        let me = app.get("/api/v1/me", None).await;
        assert_eq!((me.status, me.problem().as_str()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
        // Ten wrong passwords, then a rest, told in Retry-After.
        for _ in 0..10 {
            sign_in(json!({ "login": "clerk.yanggu.1", "password": "x" })).await;
        }
        let rest = sign_in(json!({ "login": "clerk.yanggu.1", "password": "x" })).await;
        assert_eq!((rest.status.as_u16(), rest.problem().as_str()), (429, "too-many"));
        let seconds: u32 = rest.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=61).contains(&seconds), "{seconds}");
    })
    .await;
}

#[tokio::test]
async fn places_and_offices_are_found_without_a_session() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let get = async |path: &str| app.get(path, None).await.json();
        let counties = get("/api/v1/areas?parent=3715&limit=5").await;
        assert_eq!((counties["total"].as_i64(), counties["items"].as_array().unwrap().len()), (Some(8), 5));
        let rest =
            get(&format!("/api/v1/areas?parent=3715&limit=5&cursor={}", counties["next"].as_str().unwrap()))
                .await;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (3, &Value::Null));
        let found = get("/api/v1/areas?q=%E5%8F%A4%E6%A5%BC").await;
        assert_eq!(found["items"][0]["full_name"], "山东省聊城市东昌府区古楼街道");
        let one = get("/api/v1/areas/371502").await;
        assert_eq!((&one["code"], &one["level"]), (&json!("371502000000"), &json!("county")));
        for wrong in ["/api/v1/areas/371599", "/api/v1/areas/x"] {
            let answer = app.get(wrong, None).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not-found"));
        }
        assert_eq!(app.get("/api/v1/areas?parent=12345", None).await.status.as_u16(), 422);

        let offices = get("/api/v1/offices?area=371502001&duty=legal-aid").await;
        let ids: Vec<&str> = offices["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|office| office["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["aid.dongchangfu", "aid.liaocheng"], "the nearest first");
        assert_eq!(app.get("/api/v1/offices?area=x", None).await.status.as_u16(), 422);
    })
    .await;
}

#[tokio::test]
async fn a_paper_goes_with_one_matter_and_is_read_by_those_who_read_it() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let key = "paper-key-0123456789";
        let first = app.upload(None, Some(key), "欠条.txt", "今欠工资三千元".as_bytes()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.json());
        let file = first.json();
        assert_eq!((&file["name"], &file["type"]), (&json!("欠条.txt"), &json!("text/plain")));
        let again = app.upload(None, Some(key), "欠条.txt", "今欠工资三千元".as_bytes()).await;
        assert_eq!(
            (again.json(), again.headers["idempotency-replayed"].as_bytes()),
            (file.clone(), &b"true"[..])
        );
        let other = app.upload(None, Some(key), "欠条.txt", b"other").await;
        assert_eq!((other.status.as_u16(), other.problem().as_str()), (422, "idempotency-mismatch"));
        for (name, content, status) in [
            ("a.exe", &b"MZ\x90\0"[..], 415),
            ("big.txt", &vec![b'x'; 65 * 1024][..], 413),
            ("e.txt", b"", 415),
        ] {
            let answer = app.upload(None, None, name, content).await;
            assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.json());
            answer.problem();
        }
        assert_eq!(app.post("/api/v1/files", None, &json!({})).await.status.as_u16(), 415);

        let item = app.get("/api/v1/items/legal-aid.civil", None).await.json();
        let mut body = item["examples"][0]["body"].clone();
        let id = file["id"].as_str().unwrap();
        let material = body["materials"][0]["id"].clone();
        body["materials"][0] = json!({ "id": material, "file": id });
        let opened = app.post("/api/v1/matters", None, &body).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
        let twice = app.post("/api/v1/matters", None, &body).await;
        assert_eq!(twice.status.as_u16(), 422, "a paper works once: {}", twice.json());

        let path = format!("/api/v1/files/{id}");
        assert_eq!(app.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
        let officer = app.sign_in("aid.dongchangfu.1").await;
        let read = app.get(&path, Some(&officer)).await;
        assert_eq!((read.status, read.bytes.as_slice()), (StatusCode::OK, "今欠工资三千元".as_bytes()));
        assert_eq!(read.headers["x-content-type-options"], "nosniff");
        assert!(read.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        for stranger in ["aid.yanggu.1", "admin.system", "citizen.1"] {
            let token = app.sign_in(stranger).await;
            let refused = app.get(&path, Some(&token)).await;
            let absent = app.get("/api/v1/files/nothing", Some(&token)).await;
            assert_eq!(
                (refused.status, refused.problem()),
                (StatusCode::NOT_FOUND, absent.problem()),
                "{stranger}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_desk_leads_strangers_to_its_door() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let opened = app.post("/api/v1/matters", None, &consultation(&app).await).await.json();
        let matter = format!("/desk/matters/{}", opened["number"].as_str().unwrap());
        let pages =
            ["/desk", "/desk/open?q=1", "/desk/intake", "/desk/intake/consultation.text", "/desk/outbox"];
        let of_it = ["", "/reveal", "/accept", "/files/x"].map(|page| format!("{matter}{page}"));
        for page in pages.into_iter().chain(of_it.iter().map(String::as_str)) {
            let answer = app.get(page, None).await;
            let to = answer.headers.get("location").map(axum::http::HeaderValue::as_bytes);
            assert_eq!((answer.status.as_u16(), to), (303, Some(&b"/desk/sign-in"[..])), "{page}");
        }
    })
    .await;
}
