//! One's own account and the administrators, through the router, on both databases.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};

async fn delete(app: &TestApp, path: &str, token: &str) -> Answer {
    let request = Request::delete(path).header("authorization", format!("Bearer {token}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn sign_in(app: &TestApp, login: &str, password: &str) -> Answer {
    app.post("/api/v1/sessions", None, &json!({ "login": login, "password": password })).await
}

fn token(answer: &Answer) -> String {
    answer.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_colleague_is_let_in_by_two_administrators_and_watched_by_the_third() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let system = app.sign_in("admin.system").await;
        let security = app.sign_in("admin.security").await;
        let auditor = app.sign_in("admin.audit").await;
        let new = json!({
            "login": "clerk.new", "name": "赵新", "organisation": "center.dongchangfu", "password": "Rain-4-lunch",
        });
        let accounts = "/api/v1/admin/accounts";
        for other in [&security, &auditor] {
            let refused = app.post(accounts, Some(other), &new).await;
            assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (403, "forbidden"));
            assert_eq!(refused.json()["rule"]["id"], "three-administrators");
        }
        let visitor = app.get(accounts, None).await;
        assert_eq!((visitor.status.as_u16(), visitor.problem().as_str()), (401, "unauthenticated"));
        let opened = app.post(accounts, Some(&system), &new).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
        assert_eq!(opened.json()["must_change"], true);
        let weak = json!({ "login": "clerk.weak", "name": "钱", "password": "P@ssw0rd" });
        let refused = app.post(accounts, Some(&system), &weak).await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (422, "facts-wrong"));
        assert_eq!(refused.json()["errors"][0]["code"], "common");

        let grant = json!({ "login": "clerk.new", "role": "clerk", "area": "371502" });
        let grants = "/api/v1/admin/grants";
        assert_eq!(app.post(grants, Some(&system), &grant).await.problem(), "forbidden");
        let granted = app.post(grants, Some(&security), &grant).await;
        assert_eq!(granted.status, StatusCode::CREATED, "{}", granted.json());
        assert_eq!(granted.json()["roles"], json!([{ "role": "clerk", "area": "371502000000" }]));
        let own = json!({ "login": "admin.security", "role": "security_admin", "area": "371502" });
        assert_eq!(app.post(grants, Some(&security), &own).await.problem(), "rule-refused");

        // The first sign-in leads to an own password, and to nothing else before.
        let first = sign_in(&app, "clerk.new", "Rain-4-lunch").await;
        let first = token(&first);
        let shut = app.get("/api/v1/worklist", Some(&first)).await;
        assert_eq!((shut.status.as_u16(), shut.problem().as_str()), (403, "password-change-required"));
        assert_eq!(app.get("/api/v1/me", Some(&first)).await.status, StatusCode::OK);
        let change = json!({ "current": "Rain-4-lunch", "password": "Sun-5-dinner" });
        let changed = app.post("/api/v1/me/password", Some(&first), &change).await;
        assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.json());
        assert_eq!(app.get("/api/v1/worklist", Some(&first)).await.status, StatusCode::OK);

        let closed = app
            .post(&format!("{accounts}/clerk.new/close"), Some(&system), &json!({ "reason": "试用期未过" }))
            .await;
        assert_eq!(closed.json()["closed"], true, "{}", closed.json());
        assert_eq!(app.get("/api/v1/me", Some(&first)).await.status, StatusCode::UNAUTHORIZED);
        let unknown = app.post(&format!("{accounts}/clerk.new/vanish"), Some(&system), &json!({})).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);

        let record = app.get("/api/v1/admin/audit?login=clerk.new&limit=100", Some(&auditor)).await.json();
        let acts: Vec<&str> =
            record["items"].as_array().unwrap().iter().map(|line| line["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["account-close", "password-change", "sign-in", "grant", "account-open"]);
        assert_eq!(record["items"][0]["words"], json!({ "reason": "试用期未过" }));
        for other in [&system, &security] {
            assert_eq!(app.get("/api/v1/admin/audit", Some(other)).await.problem(), "forbidden");
        }
        assert_eq!(app.get("/api/v1/admin/audit?act=x", Some(&auditor)).await.status.as_u16(), 422);
        let settings = app.get("/api/v1/admin/settings", Some(&system)).await.json();
        assert_eq!(settings["accounts"]["tries_before_lock"], 15);
        assert_eq!(app.get("/api/v1/admin/settings", Some(&security)).await.problem(), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_and_the_own_devices_go_through_the_api() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let login = "clerk.yanggu.1";
        let password = &app.people.iter().find(|person| person.login == login).unwrap().password;
        let mine = app.sign_in(login).await;
        let other = app.sign_in(login).await;
        let wrong = app.post("/api/v1/me/totp", Some(&mine), &json!({ "password": "x" })).await;
        assert_eq!((wrong.status.as_u16(), wrong.problem().as_str()), (422, "facts-wrong"));
        let begun = app.post("/api/v1/me/totp", Some(&mine), &json!({ "password": password })).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.json());
        assert!(begun.json()["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
        let unsure = app.post("/api/v1/me/totp/confirm", Some(&mine), &json!({ "code": "12" })).await;
        assert_eq!(unsure.json()["errors"][0]["pointer"], "/code");

        let list = app.get("/api/v1/me/sessions", Some(&mine)).await.json();
        let items: &Vec<Value> = list["items"].as_array().unwrap();
        assert_eq!((items.len(), &list["next"]), (2, &Value::Null));
        let there = items.iter().find(|device| device["current"] == false).unwrap();
        let path = format!("/api/v1/me/sessions/{}", there["id"].as_str().unwrap());
        let stranger = app.sign_in("clerk.chiping.1").await;
        assert_eq!(delete(&app, &path, &stranger).await.problem(), "not-found");
        assert_eq!(delete(&app, &path, &mine).await.status, StatusCode::NO_CONTENT);
        assert_eq!(app.get("/api/v1/me", Some(&other)).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(delete(&app, "/api/v1/me/sessions", &mine).await.status, StatusCode::NO_CONTENT);
        assert_eq!(app.get("/api/v1/me", Some(&mine)).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn pages_lead_to_the_own_password_first_and_administrators_to_their_own_work() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let page = async |session: &str, path: &str| {
            let request = Request::get(path).header("cookie", format!("huifa_desk={session}"));
            app.send(request.body(Body::empty()).unwrap()).await
        };
        let to = |answer: &Answer| answer.headers.get("location").map(|to| to.to_str().unwrap().to_owned());
        let text = |answer: &Answer| String::from_utf8(answer.bytes.clone()).unwrap();
        let system = app.sign_in("admin.system").await;
        assert_eq!(to(&page(&system, "/desk").await).as_deref(), Some("/desk/accounts"));
        let list = page(&system, "/desk/accounts?q=yanggu").await;
        assert!(text(&list).contains("/desk/accounts/clerk.yanggu.1"), "{}", list.status);
        assert!(text(&page(&system, "/desk/accounts/clerk.yanggu.1").await).contains("value=\"close\""));
        assert_eq!(page(&system, "/desk/audit").await.status, StatusCode::FORBIDDEN);
        assert!(text(&page(&system, "/desk/settings").await).contains("连续输错几次后锁定"));
        let security = app.sign_in("admin.security").await;
        let one = text(&page(&security, "/desk/accounts/clerk.yanggu.1").await);
        assert!(one.contains("value=\"grant\"") && !one.contains("value=\"close\""));
        let auditor = app.sign_in("admin.audit").await;
        assert_eq!(to(&page(&auditor, "/desk").await).as_deref(), Some("/desk/audit"));
        assert!(text(&page(&auditor, "/desk/audit").await).contains("admin.security"));
        let clerk = app.sign_in("clerk.yanggu.1").await;
        assert_eq!(page(&clerk, "/desk").await.status, StatusCode::OK);
        assert!(text(&page(&clerk, "/desk/account").await).contains("id=\"devices\""));
        for shut in ["/desk/accounts", "/desk/settings", "/desk/audit", "/desk/accounts/new"] {
            assert_eq!(page(&clerk, shut).await.status, StatusCode::FORBIDDEN, "{shut}");
        }

        let reset = json!({ "password": "Rain-4-lunch", "reason": "忘记密码" });
        let path = "/api/v1/admin/accounts/clerk.yanggu.1/password";
        assert_eq!(app.post(path, Some(&system), &reset).await.status, StatusCode::OK);
        let first = token(&sign_in(&app, "clerk.yanggu.1", "Rain-4-lunch").await);
        for elsewhere in ["/desk", "/desk/intake", "/desk/account"] {
            assert_eq!(to(&page(&first, elsewhere).await).as_deref(), Some("/desk/account/password"));
        }
        assert_eq!(page(&first, "/desk/account/password").await.status, StatusCode::OK);
    })
    .await;
}
