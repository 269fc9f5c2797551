//! Many people in one matter: named when it is opened or later, each found again, and a word to the head when
//! they are a group. On both databases.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use common::County;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;

fn input(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// Opens a wage case of so many workers.
async fn workers(county: &County, many: usize, key: &str) -> MatterNumber {
    let mut body = county.body("legal-aid.civil");
    let others: Vec<Value> = (1..many)
        .map(|n| json!({ "role": "applicant", "kind": "person", "name": format!("工友{n}"), "represented_by": "测试工" }))
        .collect();
    body["parties"] = json!(others);
    let answer = county.register.open(&county.clerk, &body, key, Lang::Zh).await.unwrap();
    answer.body["number"].as_str().unwrap().parse().unwrap()
}

/// Tasks that ask somebody to see to something.
async fn attends(county: &County, number: MatterNumber) -> usize {
    let view = county.view(number).await;
    let tasks = view["waiting_for"].as_array().unwrap();
    tasks.iter().filter(|task| task["actions"] == json!(["attend"])).count()
}

#[tokio::test]
async fn ten_applicants_are_a_group_which_the_next_in_charge_sees_and_nine_are_not() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let nine = workers(&county, 9, "open-key-0000901").await;
        assert_eq!(attends(&county, nine).await, 0);
        assert_eq!(county.register.group_of(&county.view(nine).await), None);
        let sixty = workers(&county, 60, "open-key-0000902").await;
        assert_eq!(attends(&county, sixty).await, 1);
        let view = county.view(sixty).await;
        assert_eq!(view["parties"].as_array().unwrap().len(), 59);
        assert_eq!(county.register.group_of(&view), Some(60));

        // The tenth joins later.
        county.act(&county.officer, nine, "accept-for-review").await.unwrap();
        let tenth = json!({ "party.role": "applicant", "party.kind": "person", "party.name": "第十人" });
        county.act_with(&county.officer, nine, "add-party", input(&tenth)).await.unwrap();
        assert_eq!(attends(&county, nine).await, 1);
        let eleventh = json!({ "party.role": "applicant", "party.kind": "person", "party.name": "第十一人" });
        county.act_with(&county.officer, nine, "add-party", input(&eleventh)).await.unwrap();
        assert_eq!(attends(&county, nine).await, 1, "told once");
    })
    .await;
}

#[tokio::test]
async fn the_other_side_is_named_later_masked_everywhere_and_found_again() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000911").await;
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
        let named = json!({
            "party.role": "opponent", "party.kind": "person", "party.name": "赵对方",
            "party.id_no": "11010519491231002x", "party.phone": "199 0000 0077",
        });
        county.act_with(&county.officer, number, "add-party", input(&named)).await.unwrap();
        let view = county.view(number).await;
        let last = view["parties"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["name"], "赵**");
        assert_eq!(last["id_no"], "110105********002X");
        let events = county.register.events(&county.officer, number, 0, 100).await.unwrap();
        assert!(!events.to_string().contains("赵对方"), "{events}");

        // Another case against the same person is told of at the window.
        let mut body = county.body("legal-aid.civil");
        body["applicant"]["name"] = json!("别人");
        body["applicant"]["id_no"] = json!("110105194912310038");
        body["applicant"]["phone"] = json!("19900000078");
        body["parties"] = json!([{ "role": "opponent", "kind": "person", "name": "赵对方", "id_no": "11010519491231002X" }]);
        let alike = county.register.similar(&county.clerk, &body, Lang::Zh).await.unwrap();
        assert!(alike.iter().any(|one| one["number"] == json!(number)), "{alike:?}");

        // Whoever has nothing to do with it names nobody, and wrong values are told by their field.
        let refused = county.act_with(&county.lawyer, number, "add-party", input(&named)).await.unwrap_err();
        assert!(matches!(refused.code.status(), 403 | 404));
        let wrong = json!({ "party.role": "friend", "party.kind": "person", "party.name": "", "party.phone": "12" });
        let refused = county.act_with(&county.officer, number, "add-party", input(&wrong)).await.unwrap_err();
        assert_eq!(refused.code.status(), 422);
        let pointers: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
        for field in ["party.role", "party.name", "party.phone"] {
            assert!(pointers.contains(&format!("/input/{field}").as_str()), "{pointers:?}");
        }
    })
    .await;
}
