//! One service behind all doors: the same matter opened by window, web, hotline, kiosk, village and partner has
//! the same clocks, tasks and notices, event by event.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::{County, staff};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use serde_json::{Value, json};
use store::testkit::for_each_db;
use store::{Db, Json, sql};

/// What an event is but for who came through which door and when.
async fn story(db: &Db, number: MatterNumber) -> Vec<Value> {
    let rows: Vec<(String, Json<Value>)> =
        sql("SELECT action, public FROM event WHERE number = ? ORDER BY seq")
            .bind(number)
            .all(&mut db.reader().await.unwrap())
            .await
            .unwrap();
    rows.into_iter()
        .enumerate()
        .map(|(index, (action, Json(mut public)))| {
            if let Some(public) = public.as_object_mut().filter(|_| index == 0) {
                for at_the_door in ["role", "door"] {
                    public.remove(at_the_door);
                }
            }
            json!({ "action": action, "public": public })
        })
        .collect()
}

fn without_times(view: &Value) -> Value {
    let clocks: Vec<Value> = view["clocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|clock| json!({ "id": clock["id"], "due": clock["due"], "state": clock["state"], "reason": clock["reason"] }))
        .collect();
    json!({ "clocks": clocks, "waiting_for": view["waiting_for"], "owner": view["owner"], "light": view["light"] })
}

#[tokio::test]
async fn all_doors_lead_to_the_same_matter() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let doors: [(&str, Principal); 6] = [
            ("window", county.clerk.clone()),
            ("web", Principal::anonymous()),
            ("hotline", staff("hotline", Role::HotlineAgent, None)),
            ("kiosk", Principal::anonymous()),
            ("village", staff("adviser", Role::Adviser, None)),
            ("partner", staff("organ", Role::Organ, Some("court"))),
        ];
        for item in ["legal-aid.civil", "consultation.text"] {
            let mut told: Vec<(&str, Vec<Value>, Value)> = Vec::new();
            for (index, (door, who)) in doors.iter().enumerate() {
                let mut body = county.body(item);
                body["door"] = json!(door);
                let key = format!("open-key-parity-{item}-{index}");
                let opened = county.register.open(who, &body, &key, Lang::Zh).await.unwrap();
                let number: MatterNumber = opened.body["number"].as_str().unwrap().parse().unwrap();
                let road: &[(&Principal, &str)] = if item == "legal-aid.civil" {
                    &[
                        (&county.officer, "accept-for-review"),
                        (&county.officer, "propose-grant"),
                        (&county.approver, "grant"),
                        (&county.officer, "assign-firm"),
                    ]
                } else {
                    &[(&county.clerk, "answer")]
                };
                for (who, action) in road {
                    county.act(who, number, action).await.unwrap();
                }
                told.push((door, story(&db, number).await, without_times(&county.view(number).await)));
            }
            let (first, story, view) = &told[0];
            for (door, other, seen) in &told[1..] {
                assert_eq!(other, story, "{item}: {door} is told otherwise than {first}");
                assert_eq!(seen, view, "{item}: {door} stands otherwise than {first}");
            }
        }
    })
    .await;
}
