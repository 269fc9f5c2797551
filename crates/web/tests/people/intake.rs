//! Naming other people: at the desk in blocks or as a pasted list, with the warning of doubles; on the portal.

use axum::http::StatusCode;
use serde_json::json;
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};
use crate::pages::Browser;

fn text(answer: Answer) -> String {
    String::from_utf8(answer.bytes).unwrap()
}

/// What a clerk types about a wage case of several workers.
fn typed<'a>(batch: &'a str, extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut typed = vec![
        ("area", "371502000000"),
        ("door", "window"),
        ("applicant.name", "测试工"),
        ("applicant.id_type", "id18"),
        ("applicant.id_no", "11010519491231002X"),
        ("applicant.phone", "19900000001"),
        ("mediation.type", "D02"),
        ("mediation.source", "applied"),
        ("mediation.prior", "none"),
        ("matter.description", "邻居在共用的过道里堆放杂物，影响我家出入，说了几次都不听。"),
        ("mediation.people", "3"),
        ("parties.0.role", "opponent"),
        ("parties.0.kind", "person"),
        ("parties.0.name", "测试对方"),
        ("batch", batch),
    ];
    typed.extend(extra);
    typed
}

#[tokio::test]
async fn a_list_of_applicants_is_pasted_at_the_window_and_a_double_is_told_before_it_is_saved() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let clerk = app
            .people
            .iter()
            .find(|one| one.roles.iter().any(|grant| grant.role.as_str() == "clerk"))
            .unwrap()
            .login
            .clone();
        let token = app.sign_in(&clerk).await;
        let desk = Browser::new(&app, "huifa_desk", &token);
        let path = "/desk/intake/mediation.people";
        let page = desk.page(path).await;
        assert!(page.contains("name=\"batch\"") && page.contains("name=\"parties.0.name\""));

        // One more block, with everything typed kept.
        let more = text(desk.send(&page, path, &typed("甲\n乙", &[("more", "1")]), None).await);
        assert!(more.contains("name=\"parties.1.name\""), "{more}");
        assert!(more.contains("测试对方") && more.contains("甲\n乙"), "{more}");

        // A wrong line is told by its number and nothing is lost.
        let wrong = desk.send(&page, path, &typed("甲 110105194912310021\n乙", &[]), None).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = text(wrong);
        assert!(wrong.contains("第1行") && wrong.contains("测试对方"), "{wrong}");

        let done = desk.send(&page, path, &typed("甲 110105194912310038 19900000002\n乙", &[]), None).await;
        let status = done.status;
        let done = text(done);
        assert_eq!(status, StatusCode::OK, "{done}");
        let number = done.split("/desk/matters/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let view = app.get(&format!("/api/v1/matters/{number}"), Some(&token)).await.json();
        let parties = view["parties"].as_array().unwrap();
        assert_eq!(parties.len(), 3, "{view}");
        assert_eq!(parties[1]["role"], "applicant");
        assert_eq!(parties[1]["phone"], "199****0002");

        // The same person with the same story again: told first, opened only when it is another matter.
        let fresh = desk.page(path).await;
        let told = text(desk.send(&fresh, path, &typed("", &[]), None).await);
        assert!(
            told.contains("可能已经登记过") && told.contains(&format!("/desk/matters/{number}")),
            "{told}"
        );
        let opened = text(desk.send(&told, path, &typed("", &[]), None).await);
        assert!(opened.contains("已登记"), "{opened}");
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_for_mediation_online_may_name_the_other_side_or_leave_it_empty() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let item = app.get("/api/v1/items/mediation.people", None).await.json();
        assert!(item["examples"][0]["body"]["parties"].is_array(), "its example names somebody");
        let consultation = app.get("/api/v1/items/consultation.text", None).await.json();
        assert_eq!(consultation["examples"][0]["body"].get("parties"), None);
        // The page stands between the questions and the applicant; what a draft holds is proved by the journey.
        let draft = app.get("/apply/mediation.people/others", None).await;
        assert_eq!(draft.status, StatusCode::SEE_OTHER, "without a draft it leads to the start");
        assert_eq!(json!(draft.headers["location"].to_str().unwrap()), json!("/apply/mediation.people"));
    })
    .await;
}
