//! A year of matters that was kept in a spreadsheet becomes part of the register, once and for ever.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use common::County;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use matters::command::import::Imported;
use matters::{WorklistQuery, WorklistView};
use serde_json::{Value, json};
use store::testkit::for_each_db;

fn row(source: &str) -> Value {
    json!({
        "source_id": source, "item": "legal-aid.civil", "area": "371502", "door": "window",
        "opened_at": "2025/3/5", "closed_at": "2025-06-30 16:20", "handled_by": "lawyer",
        "applicant": { "name": "周大婶", "phone": "13800000001" },
        "form": { "income.monthly": "1,200元", "counsel.own": "否" },
    })
}

fn with(mut row: Value, name: &str, value: Value) -> Value {
    row[name] = value;
    row
}

async fn one(county: &County, row: Value) -> Result<Imported, Refusal> {
    county.register.import(vec![row], false).await.unwrap().remove(0)
}

async fn number(county: &County, row: Value) -> MatterNumber {
    match one(county, row).await.unwrap() {
        Imported::New(number) => number,
        other => panic!("{other:?}"),
    }
}

fn plain(source: &str) -> Value {
    let mut row = row(source);
    row["form"] = json!({});
    row
}

#[tokio::test]
async fn a_closed_matter_is_closed_here_and_no_clock_of_it_runs() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = number(&county, plain("聊援〔2025〕7号")).await;
        let view = county.view(number).await;
        assert_eq!((&view["final"], &view["owner"]), (&json!(true), &Value::Null));
        assert_eq!(view["opened_at"], "2025-03-05T00:00:00+08:00");
        assert_eq!(view["closed_at"], "2025-06-30T16:20:00+08:00");
        assert_eq!((&view["clocks"], &view["waiting_for"]), (&json!([]), &json!([])));
        assert!(number.to_string().starts_with("37150225"), "the number is of the year it was opened in");
        // Time changes nothing about it.
        county.clock.set("2027-12-31T00:00:00+08:00".parse().unwrap());
        assert_eq!(county.register.tick().await.unwrap(), 0);
        // Whoever dealt with it finds it among what is done, and the count says so.
        let query = WorklistQuery { view: WorklistView::Done, limit: 20, ..WorklistQuery::default() };
        let done = county.register.worklist(&county.lawyer, &query).await.unwrap();
        assert_eq!(done["total"], 1, "{done}");
        // What stands in one's list can be opened.
        county.register.view(&county.lawyer, number, kernel::lang::Lang::Zh).await.unwrap();
        let report = evidence_of(&db, number).await;
        assert_eq!(report, ["import"]);
    })
    .await;
}

async fn evidence_of(db: &store::Db, number: MatterNumber) -> Vec<String> {
    let rows: Vec<(String,)> = store::sql("SELECT action FROM event WHERE number = ? ORDER BY seq")
        .bind(number)
        .all(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    rows.into_iter().map(|(action,)| action).collect()
}

#[tokio::test]
async fn an_open_one_begins_on_the_day_it_was_received_and_goes_on_like_any_other() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let mut body = plain("A-2");
        for name in ["closed_at", "handled_by"] {
            body.as_object_mut().unwrap().remove(name);
        }
        body["opened_at"] = json!("2026-11-18");
        let number = number(&county, body).await;
        let view = county.view(number).await;
        assert_eq!(view["step"], "received");
        assert_eq!(view["clocks"][0]["started"], "2026-11-18T00:00:00+08:00");
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn importing_again_changes_nothing_and_another_content_is_refused() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let first = number(&county, plain("A-3")).await;
        let again = vec![plain("A-3"), plain("A-4"), plain("A-4")];
        let answers = county.register.import(again, false).await.unwrap();
        assert_eq!(answers[0], Ok(Imported::Known(first)));
        let new: Vec<_> = answers[1..].iter().flatten().filter(|a| matches!(a, Imported::New(_))).collect();
        assert_eq!((answers[1..].iter().filter(|a| a.is_ok()).count(), new.len()), (2, 1), "{answers:?}");
        let other = one(&county, with(plain("A-3"), "closed_at", json!("2025-07-01"))).await;
        assert_eq!(other.unwrap_err().detail.key, "refused-imported");
        let (count,): (i64,) =
            store::sql("SELECT count(*) FROM matter").one(&mut db.reader().await.unwrap()).await.unwrap();
        assert_eq!(count, 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_there_must_be_right_and_every_fault_names_its_column() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let cases = [
            (with(row("B"), "item", json!("no.such")), "/item"),
            (with(row("B"), "area", json!("37x")), "/area"),
            (with(row("B"), "door", json!("")), "/door"),
            (with(row("B"), "opened_at", json!("tomorrow")), "/opened_at"),
            (with(row("B"), "opened_at", json!("2030-01-01")), "/opened_at"),
            (with(row("B"), "closed_at", json!("2025-01-01")), "/closed_at"),
            (with(row("B"), "outcome", json!("glory")), "/outcome"),
            (with(row("B"), "handled_by", json!("nobody")), "/handled_by"),
            (with(row("B"), "source_id", json!("")), "/source_id"),
            (with(row("B"), "applicant", json!({ "name": "" })), "/applicant/name"),
            (with(row("B"), "applicant", json!({ "name": "周", "id_no": "1" })), "/applicant/id_no"),
            (with(row("B"), "form", json!({ "no.such": "1" })), "/form/no.such"),
        ];
        for (body, pointer) in cases {
            let refusal = one(&county, body.clone()).await.unwrap_err();
            let pointers: Vec<&str> = refusal.errors.iter().map(|error| error.pointer.as_str()).collect();
            assert!(pointers.contains(&pointer), "{body}: {pointers:?}");
        }
        // A trial says what would be, and a refused row leaves nothing.
        let tried = county.register.import(vec![plain("B-2")], true).await.unwrap();
        assert_eq!(tried, [Ok(Imported::Would)]);
        for table in ["SELECT count(*) FROM matter", "SELECT count(*) FROM imported"] {
            let (count,): (i64,) = store::sql(table).one(&mut db.reader().await.unwrap()).await.unwrap();
            assert_eq!(count, 0, "{table}");
        }
    })
    .await;
}
