//! The register as a table: complete, masked, and what was taken out in full is on record.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::County;
use matters::view::export::{Field, Filter};
use serde_json::json;
use store::testkit::for_each_db;

async fn table(county: &County, filter: Filter, full: Option<&str>) -> (Vec<String>, Vec<Vec<Field>>) {
    let mut export = county.register.export(&Principal::system(), filter, full).unwrap();
    let columns = export.columns();
    let mut rows = Vec::new();
    while let Some(page) = export.next().await.unwrap() {
        rows.extend(page);
    }
    (columns, rows)
}

fn field<'t>(columns: &[String], row: &'t [Field], name: &str) -> &'t Field {
    &row[columns.iter().position(|column| column == name).unwrap()]
}

#[tokio::test]
async fn every_matter_is_one_row_whatever_the_page() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let bodies = (0..2100).map(|n| {
            json!({
                "source_id": format!("S-{n}"), "item": "consultation.text", "area": "371502", "door": "web",
                "opened_at": "2025-03-05", "closed_at": "2025-03-06", "outcome": "answered",
                "applicant": { "name": format!("甲{n}") },
            })
        });
        for answer in county.register.import(bodies.collect(), false).await.unwrap() {
            answer.unwrap();
        }
        county.open("legal-aid.civil", "export-key-000001").await;
        let (columns, rows) = table(&county, Filter::default(), None).await;
        assert_eq!(rows.len(), 2101);
        let mut numbers: Vec<_> = rows.iter().map(|row| format!("{:?}", row[0])).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), 2101, "each once, in order");
        let closed = Filter { ended: Some(true), ..Filter::default() };
        let (_, ended) = table(&county, closed, None).await;
        assert_eq!(ended.len(), 2100);
        assert!(ended.iter().all(|row| *field(&columns, row, "final") == Field::Bool(true)));
        let of_item = Filter { item: Some("legal-aid.civil".to_owned()), ..Filter::default() };
        let (columns, rows) = table(&county, of_item, None).await;
        assert_eq!(rows.len(), 1);
        assert!(columns.iter().any(|column| column.starts_with("form.")), "{columns:?}");
        assert!(matches!(field(&columns, &rows[0], "due"), Field::Date(_)));
    })
    .await;
}

#[tokio::test]
async fn people_are_masked_and_each_full_view_is_in_the_access_log_of_its_matter() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "export-key-000002").await;
        let name = county.body("legal-aid.civil")["applicant"]["name"].as_str().unwrap().to_owned();
        let looks = async || {
            let rows: Vec<(String,)> = store::sql("SELECT kind FROM access_log WHERE number = ?")
                .bind(number)
                .all(&mut db.reader().await.unwrap())
                .await
                .unwrap();
            rows.len()
        };
        let (columns, rows) = table(&county, Filter::default(), None).await;
        assert_ne!(*field(&columns, &rows[0], "applicant_name"), Field::Text(name.clone()));
        assert_eq!(looks().await, 0);
        let (columns, rows) = table(&county, Filter::default(), Some("年度统计核对")).await;
        assert_eq!(*field(&columns, &rows[0], "applicant_name"), Field::Text(name));
        assert_eq!(looks().await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_item_is_refused() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let filter = Filter { item: Some("no.such".to_owned()), ..Filter::default() };
        assert!(county.register.export(&Principal::system(), filter, None).is_err());
    })
    .await;
}
