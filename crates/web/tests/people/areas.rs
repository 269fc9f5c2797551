//! Places asked for by name, and former divisions that wait for their head.

use access::area::import::{AreaRow, Snapshot};
use axum::http::StatusCode;
use kernel::area::Level;
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};
use crate::pages::Browser;

fn text(answer: Answer) -> String {
    String::from_utf8(answer.bytes).unwrap()
}

#[tokio::test]
async fn places_are_suggested_by_name_by_sound_and_by_code_the_best_first() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let first = async |query: &str| {
            let found = app.get(&format!("/api/v1/areas?{query}"), None).await.json();
            (
                found["items"][0]["code"].as_str().unwrap_or_default().to_owned(),
                found["total"].as_u64().unwrap(),
            )
        };
        for (query, code) in [
            ("q=%E4%B8%9C%E6%98%8C", "371502000000"),
            ("q=dongchangfu", "371502000000"),
            ("q=dcfq", "371502000000"),
            ("q=chiping", "371503000000"),
            ("q=371521", "371521000000"),
            // 聊城 古楼
            ("q=%E8%81%8A%E5%9F%8E%20%E5%8F%A4%E6%A5%BC", "371502001000"),
        ] {
            assert_eq!(first(query).await.0, code, "{query}");
        }
        assert_eq!(first("q=qqqqqq").await, (String::new(), 0));
        let (_, all) = first("q=gl&parent=3715").await;
        let (_, towns) = first("q=gl&parent=3715&level=town").await;
        assert!(0 < towns && towns < all);
        assert_eq!(
            app.get("/api/v1/areas?q=a&level=street", None).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );

        // 经济技术开发区 is no division: it is found as the towns it is made of, and says so.
        let zone = "q=%E7%BB%8F%E6%B5%8E%E6%8A%80%E6%9C%AF%E5%BC%80%E5%8F%91%E5%8C%BA";
        let found = app.get(&format!("/api/v1/areas?{zone}"), None).await.json();
        assert_eq!(found["total"], 3);
        assert_eq!(found["items"][0]["service_areas"][0], "聊城经济技术开发区");

        // Pages one after the other give every division once.
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = app.get(&format!("/api/v1/areas?q=dong&limit=40{cursor}"), None).await.json();
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["code"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let (_, total) = first("q=dong").await;
        assert_eq!(u64::try_from(seen.len()).unwrap(), total);
        seen.sort();
        seen.dedup();
        assert_eq!(u64::try_from(seen.len()).unwrap(), total);
    })
    .await;
}

#[tokio::test]
async fn a_former_village_waits_for_its_supervisor_who_says_what_took_it_over() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let here = "371502001";
        let now = "2026-11-23T09:00:00+08:00".parse().unwrap();
        let rows = |places: &[(&str, &str)]| {
            let row = |(code, name): &(&str, &str)| AreaRow {
                code: (*code).into(),
                name: (*name).into(),
                ..AreaRow::default()
            };
            (2..).zip(places.iter().map(row)).collect::<Vec<_>>()
        };
        let town = ("371502001000", "古楼街道");
        let snapshot = |on: &str| Snapshot {
            on: on.parse().unwrap(),
            below: Some(here.parse().unwrap()),
            depth: Level::Village,
            origin: "test".into(),
        };
        let take = async |on: &str, places: &[(&str, &str)]| {
            let report = app.access.import_snapshot(&snapshot(on), rows(places).into_iter()).await.unwrap();
            assert_eq!(report.refused, []);
        };
        take("2024-06-30", &[town, ("371502001901", "柴市街居委会")]).await;
        let login = app.people.iter().find(|one| one.login == "adviser.371502001.1").unwrap().login.clone();
        let gone = "371502001901".parse().unwrap();
        app.access.grant(&login, kernel::actor::Role::Adviser, gone, None, now).await.unwrap();
        take("2025-06-30", &[town, ("371502001902", "红星社区居委会"), ("371502001903", "红旗社区居委会")])
            .await;

        let token = app.sign_in("supervisor.dongchangfu.1").await;
        let desk = Browser::new(&app, "huifa_desk", &token);
        let list = desk.page("/desk/areas").await;
        assert!(list.contains("柴市街居委会") && list.contains(&login), "{list}");
        let form = desk.page("/desk/areas?link=371502001901").await;
        let send = async |to: &str, reason: &str| {
            let fields = [("link", "371502001901"), ("to", to), ("reason", reason)];
            desk.send(&form, "/desk/areas", &fields, None).await
        };
        // Two villages begin so: the answer is a list to choose from.
        let answer = text(send("红", "批复").await);
        assert!(answer.contains("红星社区居委会") && answer.contains("红旗社区居委会"), "{answer}");
        assert!(text(send("红星社区", "").await).contains("请写明依据"), "no reason");
        assert_eq!(send("红星社区", "聊东政发〔2025〕9号").await.status, StatusCode::SEE_OTHER);
        assert!(!desk.page("/desk/areas").await.contains("柴市街居委会"));

        // Somebody who answers for no place finds no such page.
        let clerk = app.sign_in("clerk.dongchangfu.1").await;
        let clerk = Browser::new(&app, "huifa_desk", &clerk);
        assert_eq!(clerk.get("/desk/areas").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
