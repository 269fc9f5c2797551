//! Notes on a matter: whoever works on it notes for those after them, the applicant hands in what they computed or
//! wrote, and nothing handed in lies unread. On both databases.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::County;
use files::Files;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use serde_json::{Map, Value, json};
use store::Db;
use store::testkit::{for_each_db, scratch};

fn note(text: &str, file: Option<&str>) -> Map<String, Value> {
    let mut input = json!({ "note.text": text });
    if let Some(file) = file {
        input["note.file"] = json!(file);
    }
    input.as_object().cloned().unwrap()
}

/// Takes in a paper in somebody's name.
async fn paper(db: &Db, county: &County, who: &Principal) -> String {
    let folder = scratch();
    let files = Files::new(db.clone(), county.keyring.clone(), folder.path(), files::Limits::default());
    let mut upload = files.begin();
    upload.push(b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n").unwrap();
    let owner = who.account.as_ref().map(access::AccountId::as_str);
    files.put(owner, None, "经济补偿计算.pdf", upload, county.register.now()).await.unwrap().0.id
}

/// Tasks that wait for an answer to the applicant.
fn answers(view: &Value) -> usize {
    let tasks = view["waiting_for"].as_array().unwrap();
    tasks.iter().filter(|task| task["actions"] == json!(["answer-message"])).count()
}

fn offered(offers: &Value) -> bool {
    offers.as_array().unwrap().iter().any(|offer| offer["action"] == "add-note")
}

async fn taken(county: &County, key: &str) -> MatterNumber {
    let number = county.open("legal-aid.civil", key).await;
    county.act(&county.officer, number, "take").await.unwrap();
    number
}

#[tokio::test]
async fn the_office_notes_for_itself_and_the_paper_lies_with_the_materials() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = taken(&county, "note-key-0000001").await;
        let before = answers(&county.view(number).await);
        let file = paper(&db, &county, &county.officer).await;
        county
            .act_with(&county.officer, number, "add-note", note("电话核实：月薪八千", Some(&file)))
            .await
            .unwrap();
        let view = county.register.view(&county.officer, number, Lang::Zh).await.unwrap();
        assert_eq!(answers(&view), before, "nobody has to answer a colleague");
        let materials = view["materials"].as_array().unwrap();
        assert!(
            materials.contains(&json!({ "id": "note", "state": "given", "file": file })),
            "{materials:?}"
        );
        let events = county.register.events(&county.officer, number, 0, 100).await.unwrap();
        assert!(events.to_string().contains("电话核实"), "the office reads it");

        let applicant = Principal::guest(number);
        let events = county.register.events(&applicant, number, 0, 100).await.unwrap();
        assert!(!events.to_string().contains("电话核实"), "what the office noted for itself is not told");
        let progress = county.register.progress_of(&applicant, number, Lang::Zh).await.unwrap();
        assert!(!progress["timeline"].to_string().contains("说明"), "{}", progress["timeline"]);
        let again = county.act_with(&county.officer, number, "add-note", note("再放一次", Some(&file))).await;
        assert_eq!(again.unwrap_err().code, Code::FactsWrong, "a paper is handed in once");
    })
    .await;
}

#[tokio::test]
async fn what_the_applicant_hands_in_waits_for_an_answer() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = taken(&county, "note-key-0000002").await;
        let applicant = Principal::guest(number);
        assert!(offered(&county.register.actions(&applicant, number, Lang::Zh).await.unwrap()));
        let file = paper(&db, &county, &applicant).await;
        county.act_with(&applicant, number, "add-note", note("我算了经济补偿", Some(&file))).await.unwrap();
        assert_eq!(answers(&county.register.view(&county.officer, number, Lang::Zh).await.unwrap()), 1);
        let progress = county.register.progress_of(&applicant, number, Lang::Zh).await.unwrap();
        assert!(progress["timeline"].to_string().contains("留了一条说明"), "{}", progress["timeline"]);
        county.act(&county.officer, number, "answer-message").await.unwrap();
        assert_eq!(answers(&county.view(number).await), 0);
    })
    .await;
}

#[tokio::test]
async fn strangers_note_nothing_and_nobody_does_once_it_has_ended() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = taken(&county, "note-key-0000003").await;
        let refused = county.act_with(&county.stranger, number, "add-note", note("外人的话", None)).await;
        assert!(matches!(refused.unwrap_err().code, Code::NotFound | Code::Forbidden));
        let empty = county.act_with(&county.officer, number, "add-note", Map::new()).await.unwrap_err();
        assert_eq!(empty.code, Code::FactsWrong, "a note says something");

        let applicant = Principal::guest(number);
        county.act(&applicant, number, "withdraw").await.unwrap();
        for who in [&applicant, &county.officer] {
            assert!(!offered(&county.register.actions(who, number, Lang::Zh).await.unwrap()));
            let late = county.act_with(who, number, "add-note", note("太晚了", None)).await.unwrap_err();
            assert!(matches!(late.code, Code::WrongStep | Code::NotFound), "{:?}", late.code);
        }
    })
    .await;
}
