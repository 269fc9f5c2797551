//! "My personal data" as a browser without scripts sees it, and the pages of a matter whose content is gone.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kernel::number::MatterNumber;
use serde_json::json;
use store::sql;
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};

/// Secret of the form token; any text of this length will do.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

async fn get(app: &TestApp, cookies: &str, path: &str) -> String {
    let request = Request::get(path).header("cookie", cookies).body(Body::empty()).unwrap();
    let answer = app.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    String::from_utf8(answer.bytes).unwrap()
}

/// Sends a form of a page with its token.
async fn post(app: &TestApp, cookies: &str, page: &str, path: &str, typed: &[(&str, &str)]) -> Answer {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let token = rest.split_once('"').unwrap().0;
    let fields = std::iter::once(("csrf", token)).chain(typed.iter().copied());
    let body: Vec<String> = fields.map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::post(path)
        .header("cookie", cookies)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .unwrap();
    app.send(request).await
}

#[tokio::test]
async fn a_person_sees_copies_and_deletes_what_is_kept_of_them() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let item = app.get("/api/v1/items/consultation.text", None).await.json();
        let mut body = item["examples"][0]["body"].clone();
        body["door"] = json!("web");
        body["applicant"]["name"] = json!("欧阳植入");
        let opened = app.post("/api/v1/matters", None, &body).await.json();
        let number: MatterNumber = opened["number"].as_str().unwrap().parse().unwrap();
        let session = json!({ "number": number, "query_code": opened["query_code"] });
        let token =
            app.post("/api/v1/sessions", None, &session).await.json()["token"].as_str().unwrap().to_owned();
        let cookies = format!("huifa_session={token}; huifa_csrf={SECRET}");

        let page = get(&app, &cookies, "/my/data").await;
        assert!(page.contains(&number.grouped()) && page.contains("正在办理"), "{page}");
        let copy = post(&app, &cookies, &page, "/my/data/copy", &[("as", "page")]).await;
        assert_eq!(copy.status, StatusCode::OK);
        let file = copy.headers["content-disposition"].to_str().unwrap();
        assert!(file.starts_with("attachment"), "{file}");
        let copied = String::from_utf8(copy.bytes).unwrap();
        assert!(copied.contains("欧阳植入") && copied.ends_with("</main></body></html>\n"), "{copied}");
        let json = post(&app, &cookies, &page, "/my/data/copy", &[("as", "json")]).await.json();
        assert_eq!(json["matters"][0]["me"][0]["name"], "欧阳植入");

        // Nothing is deleted by mistake: without a ground and a yes the form comes again, with what was typed.
        let again = post(&app, &cookies, &page, "/my/data/delete", &[("text", "typed-before")]).await;
        let again = String::from_utf8(again.bytes).unwrap();
        assert!(again.contains("govuk-error-summary") && again.contains("typed-before"), "{again}");
        let sure = [("ground", "purpose"), ("sure", "yes")];
        let waits = post(&app, &cookies, &page, "/my/data/delete", &sure).await;
        let waits = String::from_utf8(waits.bytes).unwrap();
        assert!(waits.contains("还在办理") && waits.contains("第四十七条"), "{waits}");

        // Ended long ago, it goes at once; every page of it still answers.
        let view = app.get(&format!("/api/v1/matters/{number}"), Some(&token)).await.json();
        let withdraw = json!({ "version": view["version"], "input": {} });
        let path = format!("/api/v1/matters/{number}/actions/withdraw");
        let offers = app.get(&format!("/api/v1/matters/{number}/actions"), Some(&token)).await.json();
        let example = offers.as_array().unwrap().iter().find(|one| one["action"] == "withdraw").unwrap();
        let withdraw = json!({ "version": withdraw["version"], "input": example["example"] });
        assert_eq!(app.post(&path, Some(&token), &withdraw).await.status, StatusCode::OK);
        let long_ago: kernel::time::Instant = "2020-01-01T09:00:00+08:00".parse().unwrap();
        let mut changes = store::Changes::new();
        changes.push(sql("UPDATE matter SET closed_at = ? WHERE number = ?").bind(long_ago).bind(number));
        db.apply("end long ago", changes).await.unwrap();
        let gone = post(&app, &cookies, &page, "/my/data/delete", &sure).await;
        assert!(String::from_utf8(gone.bytes).unwrap().contains("密钥已经销毁"));
        for path in ["/my/data", &format!("/matter/{number}"), &format!("/receipt/{number}")] {
            let shown = get(&app, &cookies, path).await;
            assert!(!shown.contains("欧阳"), "{path}: {shown}");
        }
        let certificate = get(&app, &cookies, &format!("/matter/{number}/deletion")).await;
        assert!(certificate.contains("删除证明") && certificate.contains("SHA-256"), "{certificate}");
        let desk = app.sign_in("clerk.dongchangfu.1").await;
        let desk = format!("huifa_desk={desk}; huifa_csrf={SECRET}");
        for path in [format!("/desk/matters/{number}"), format!("/desk/matters/{number}/deletion")] {
            let shown = get(&app, &desk, &path).await;
            assert!(!shown.contains("欧阳") && shown.contains("删除"), "{path}: {shown}");
        }
    })
    .await;
}
