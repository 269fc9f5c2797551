//! Lists: every order shows each row exactly once, and a filter shows what it says and nothing else.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::County;
use common::office::Office;
use kernel::clock::Light;
use kernel::lang::Lang;
use kernel::refusal::Code;
use matters::{KeptList, WorklistFilter, WorklistOrder, WorklistQuery, WorklistView};
use serde_json::Value;
use store::testkit::for_each_db;

/// The whole list, page by page.
async fn all(county: &County, query: &WorklistQuery) -> Vec<Value> {
    let mut asked = WorklistQuery { limit: 3, ..query.clone() };
    let mut rows = Vec::new();
    loop {
        let (page, next) = county.register.worklist_rows(&county.officer, &asked).await.unwrap();
        rows.extend(page);
        match next {
            Some(next) => asked.cursor = Some(next),
            None => return rows,
        }
    }
}

async fn total(county: &County, query: &WorklistQuery) -> u64 {
    let list = county.register.worklist(&county.officer, &WorklistQuery { limit: 1, ..query.clone() }).await;
    list.unwrap()["total"].as_u64().unwrap()
}

fn numbers(rows: &[Value]) -> Vec<String> {
    let mut numbers: Vec<String> =
        rows.iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers
}

/// Eleven applications on four days; the first ones run out of time, one is on its way to its end.
async fn busy(county: &County) {
    for nth in 0..11 {
        if nth % 3 == 0 {
            county.clock.advance(jiff::SignedDuration::from_hours(26));
        }
        let number = county.open("legal-aid.civil", &format!("open-key-00000{nth:02}")).await;
        if nth == 4 {
            county.act(&county.officer, number, "take").await.unwrap();
        }
    }
    county.clock.advance(jiff::SignedDuration::from_hours(24 * 5));
}

#[tokio::test]
async fn every_order_shows_each_row_once() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        busy(&county).await;
        let plain = all(&county, &WorklistQuery::default()).await;
        assert_eq!(plain.len(), 11);
        for order in WorklistOrder::ALL {
            let rows = all(&county, &WorklistQuery { order, ..WorklistQuery::default() }).await;
            assert_eq!(numbers(&rows), numbers(&plain), "{order:?}");
            let key = |row: &Value| match order {
                WorklistOrder::Due | WorklistOrder::DueLast => row["due"].as_str().unwrap().to_owned(),
                WorklistOrder::Oldest | WorklistOrder::Newest => row["since"].as_str().unwrap().to_owned(),
            };
            let keys: Vec<String> = rows.iter().map(key).collect();
            let mut sorted = keys.clone();
            sorted.sort();
            if matches!(order, WorklistOrder::DueLast | WorklistOrder::Newest) {
                sorted.reverse();
            }
            assert_eq!(keys, sorted, "{order:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_filter_shows_what_it_says_and_its_count_is_that_of_its_rows() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        busy(&county).await;
        let plain = all(&county, &WorklistQuery::default()).await;
        let mut found = Vec::new();
        let mut kinds = 0;
        for light in Light::ALL {
            let filter = WorklistFilter { light: Some(light), ..WorklistFilter::default() };
            let query = WorklistQuery { filter, ..WorklistQuery::default() };
            let rows = all(&county, &query).await;
            assert!(rows.iter().all(|row| row["light"] == light.as_str()), "{light:?}");
            assert_eq!(total(&county, &query).await, rows.len() as u64, "{light:?}");
            kinds += u32::from(!rows.is_empty());
            found.extend(rows);
        }
        assert_eq!(numbers(&found), numbers(&plain), "every row shows one light");
        assert!(kinds > 1, "the test sees more than one light: {plain:?}");

        let of = |item: &str| WorklistQuery {
            filter: WorklistFilter { item: Some(item.into()), ..WorklistFilter::default() },
            ..WorklistQuery::default()
        };
        assert_eq!(total(&county, &of("legal-aid.civil")).await, 11);
        assert_eq!(total(&county, &of("mediation.people")).await, 0);

        let within = |area: &str| WorklistQuery {
            filter: WorklistFilter { area: Some(area.parse().unwrap()), ..WorklistFilter::default() },
            ..WorklistQuery::default()
        };
        assert_eq!(total(&county, &within("371502")).await, 11);
        assert_eq!(total(&county, &within("371503")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_done_comes_by_the_day_it_ended_and_is_filtered_too() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        for nth in 0..4 {
            let number = county.open("legal-aid.civil", &format!("open-key-000000{nth}")).await;
            county.act(&county.officer, number, "take").await.unwrap();
            let guest = access::Principal::guest(number);
            county.act(&guest, number, "withdraw").await.unwrap();
            county.clock.advance(jiff::SignedDuration::from_hours(24));
        }
        let done = |order| WorklistQuery { view: WorklistView::Done, order, ..WorklistQuery::default() };
        let first = all(&county, &done(WorklistOrder::Due)).await;
        let mut last = all(&county, &done(WorklistOrder::Newest)).await;
        assert_eq!(first.len(), 4);
        last.reverse();
        assert_eq!(first, last);
        let other = WorklistFilter { item: Some("mediation.people".into()), ..WorklistFilter::default() };
        assert_eq!(total(&county, &WorklistQuery { filter: other, ..done(WorklistOrder::Due) }).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_head_watches_what_is_open_in_their_office_and_nothing_else() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        busy(&county).await;
        let elsewhere = county.open("consultation.text", "open-key-elsewhere1").await;
        let watch = WorklistQuery { view: WorklistView::Watch, limit: 100, ..WorklistQuery::default() };
        let list = county.register.worklist(&office.head, &watch).await.unwrap();
        let rows = list["items"].as_array().unwrap();
        assert_eq!(list["total"], 11);
        assert!(rows.iter().all(|row| row["number"] != elsewhere.to_string().as_str()));
        for row in rows {
            let number = row["number"].as_str().unwrap().parse().unwrap();
            county.register.view(&office.head, number, Lang::Zh).await.unwrap();
        }
        let clerk = county.register.worklist(&county.officer, &watch).await.unwrap();
        assert_eq!(clerk["total"], 0, "who leads nobody watches nobody");
    })
    .await;
}

#[tokio::test]
async fn a_place_in_one_order_is_none_in_another() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let query = WorklistQuery {
            order: WorklistOrder::Newest,
            cursor: Some("2026-11-20.3715022600000001.t1".into()),
            limit: 20,
            ..WorklistQuery::default()
        };
        let refusal = county.register.worklist(&county.officer, &query).await.unwrap_err();
        assert_eq!(refusal.errors[0].pointer, "/cursor");
    })
    .await;
}

#[tokio::test]
async fn a_list_is_kept_under_a_name_by_whoever_works_with_it() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let now = county.register.now();
        let list = |name: &str, query: &str| KeptList { name: name.to_owned(), query: query.to_owned() };
        let late = list("超期的法援", "view=todo&light=red");
        county.register.keep_list(&county.officer, &late, now).await.unwrap();
        let newer = list(" 超期的法援 ", "view=todo&light=red&order=newest");
        county.register.keep_list(&county.officer, &newer, now).await.unwrap();
        let kept = county.register.kept_lists(&county.officer).await.unwrap();
        assert_eq!(
            kept,
            [list("超期的法援", "view=todo&light=red&order=newest")],
            "of one name the newer stands"
        );
        assert_eq!(county.register.kept_lists(&county.clerk).await.unwrap(), [], "nobody sees another's");

        for wrong in ["", "  ", "这个名字太长了这个名字太长了这个名字太长了这个名字太长了"]
        {
            let refused =
                county.register.keep_list(&county.officer, &list(wrong, ""), now).await.unwrap_err();
            assert_eq!(refused.code, Code::FactsWrong, "{wrong:?}");
        }
        for nth in 1..12 {
            county.register.keep_list(&county.officer, &list(&nth.to_string(), ""), now).await.unwrap();
        }
        let many = county.register.keep_list(&county.officer, &list("13", ""), now).await.unwrap_err();
        assert_eq!(many.code, Code::RuleRefused);
        county.register.forget_list(&county.clerk, "超期的法援").await.unwrap();
        assert_eq!(county.register.kept_lists(&county.officer).await.unwrap().len(), 12, "it is not theirs");
        county.register.forget_list(&county.officer, "超期的法援").await.unwrap();
        assert_eq!(county.register.kept_lists(&county.officer).await.unwrap().len(), 11);
        let guest = Principal::anonymous();
        assert_eq!(county.register.keep_list(&guest, &late, now).await.unwrap_err().code, Code::Forbidden);
    })
    .await;
}
