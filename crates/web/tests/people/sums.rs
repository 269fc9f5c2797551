//! Pages of the calculators, as a browser without scripts sends them: the form, a result with its steps, an error
//! that keeps what was typed.

use axum::http::StatusCode;
use store::testkit::for_each_db;

use crate::app::TestApp;
use crate::pages::Browser;

#[tokio::test]
async fn every_calculator_has_a_page_and_the_list_leads_there() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let nobody = Browser::new(&app, "huifa_citizen", "");
        let list = nobody.page("/calculators").await;
        for spec in calculators::all() {
            let path = format!("/calculators/{}", spec.name);
            assert!(list.contains(&format!("href=\"{path}\"")), "{path} is not in the list");
            let page = nobody.page(&path).await;
            assert!(!page.contains("calc-in-") && !page.contains("calc-name-"), "{path} shows a key");
            let first = nobody.page(&format!("{path}?go=start")).await;
            assert_eq!(first.matches("<h1").count(), 1, "{path}: the first question is the heading");
        }
        assert!(nobody.page("/calculators/parameters").await.contains("待核"));
        assert_eq!(nobody.get("/calculators/no.such").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_result_shows_its_steps_and_an_error_keeps_what_was_typed() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let nobody = Browser::new(&app, "huifa_citizen", "");
        let path = "/calculators/labour.severance";
        let form = nobody.page(path).await;
        let typed = [
            ("start-year", "2020"),
            ("start-month", "3"),
            ("start-day", "15"),
            ("last_day-year", "2026"),
            ("last_day-month", "8"),
            ("last_day-day", "20"),
            ("avg_monthly_wage_12m", "8,000 元"),
            ("local_avg_monthly_wage", "9000"),
        ];
        let answer = nobody.send(&form, path, &typed, None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = String::from_utf8(answer.bytes).unwrap();
        assert!(page.contains("href=\"#min_wage\"") && page.contains("value=\"8,000 元\""), "{page}");
        let whole: Vec<(&str, &str)> = typed.into_iter().chain([("min_wage", "2200")]).collect();
        let answer = nobody.send(&form, path, &whole, None).await;
        assert_eq!(answer.status, StatusCode::OK);
        let page = String::from_utf8(answer.bytes).unwrap();
        for part in ["52000.00", "8000 × 6.5", "《劳动合同法》 第47条", "仅供参考", "data-print"]
        {
            assert!(page.contains(part), "{part} is not on the page");
        }

        let path = "/calculators/personal_injury.dependants";
        let form = nobody.page(path).await;
        let typed = [
            ("urban_consumption", "40000"),
            ("coefficient_percent", "60"),
            ("dependants-0-age", "10"),
            ("dependants-0-supporters", "2"),
            ("dependants-1-age", "200"),
        ];
        let answer = nobody.send(&form, path, &typed, None).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = String::from_utf8(answer.bytes).unwrap();
        assert!(page.contains("href=\"#dependants-1-age\""), "the error leads to its field");
        let answer = nobody.send(&form, path, &typed[..4], None).await;
        assert!(String::from_utf8(answer.bytes).unwrap().contains("96000.00"));

        let path = "/calculators/inheritance.statutory";
        let form = nobody.page(path).await;
        let typed = [("estate", "900000"), ("heirs", "妻\n女\n孙1(代位子1)\n孙2(代位子1)")];
        let page = String::from_utf8(nobody.send(&form, path, &typed, None).await.bytes).unwrap();
        assert!(page.contains("孙1(代位子1)：1/6"), "{page}");
    })
    .await;
}
