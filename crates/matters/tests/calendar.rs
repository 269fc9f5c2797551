//! A holiday notice that comes later: due days are counted anew, and nobody is told a later day in silence.

mod common;

use std::sync::Arc;

use common::County;
use kernel::calendar::Calendar;
use serde_json::json;
use store::testkit::for_each_db;

#[tokio::test]
async fn a_new_holiday_moves_open_due_days_and_says_so_once() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        assert_eq!(county.register.recount().await.unwrap(), 0, "nothing is open yet");
        // Three working days from Friday, 20 November 2026: Wednesday the 25th.
        let number = county.open("consultation.text", "open-key-0000301").await;
        assert_eq!(county.view(number).await["clocks"][0]["due"], "2026-11-25");
        assert_eq!(county.register.recount().await.unwrap(), 0);

        let notice = "# years: 2026-2026\n2026-11-24,holiday,Test Day,0\n";
        let later = county.with_calendar(&db, Arc::new(Calendar::parse(notice).unwrap())).await;
        assert_eq!(later.recount().await.unwrap(), 1);
        assert_eq!(later.recount().await.unwrap(), 0, "once");
        let view =
            later.view(&access::Principal::guest(number), number, kernel::lang::Lang::Zh).await.unwrap();
        assert_eq!(view["clocks"][0]["due"], "2026-11-26");
        let progress = later
            .progress_of(&access::Principal::guest(number), number, kernel::lang::Lang::Zh)
            .await
            .unwrap();
        let told =
            progress["timeline"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
        assert!(told.contains("11月25日") && told.contains("11月26日"), "{told}");
        assert_eq!(view["waiting_for"][0]["actions"], json!(["answer", "ask-more", "refer"]));
    })
    .await;
}
