//! Documents that are written with people: the form without scripts, what is carried in from another page, the file,
//! what keeps what was typed, and the same over the API.

use axum::http::StatusCode;
use serde_json::json;
use store::testkit::for_each_db;

use crate::app::TestApp;
use crate::pages::Browser;

const LOAN: &str = "/drafts/complaint-loan";

const TYPED: [(&str, &str); 12] = [
    ("my_name", "王芳"),
    ("my_address", "聊城市东昌府区柳园路1号"),
    ("my_phone", "13800138000"),
    ("their_name", "李强"),
    ("lent", "50,000 元"),
    ("amount", "40000"),
    ("paid_by", "transfer"),
    ("interest", "none"),
    ("story", "被告以装修为由借款。\n到期未还。"),
    ("evidence", "借条原件 | 证明借款"),
    ("due_on-year", "2021"),
    ("due_on-month", "6"),
];

#[tokio::test]
async fn every_document_has_a_page_and_the_list_and_the_search_lead_there() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let nobody = Browser::new(&app, "huifa_citizen", "");
        let list = nobody.page("/drafts").await;
        let told = app.get("/api/v1/drafts", None).await.json();
        let all = told["items"].as_array().unwrap();
        assert!(all.len() >= 25, "{}", all.len());
        for one in all {
            let path = format!("/drafts/{}", one["id"].as_str().unwrap());
            assert!(list.contains(&format!("href=\"{path}\"")), "{path} is not in the list");
            let page = nobody.page(&path).await;
            assert!(page.contains("________") && page.contains("不会保存"), "{path}");
            assert!(!page.contains("[draft-") && !page.contains("draft-group-"), "{path} shows a key");
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
        }
        let work = nobody.page("/drafts?kind=%E5%8A%B3%E5%8A%A8%E4%BA%89%E8%AE%AE").await;
        assert!(
            work.contains("/drafts/labour-arbitration-application")
                && !work.contains("/drafts/will-handwritten")
        );
        let found = nobody.page("/search?q=%E5%80%9F%E9%92%B1%E4%B8%8D%E8%BF%98").await;
        assert!(found.contains(&format!("href=\"{LOAN}\"")));
        assert_eq!(nobody.get("/drafts/no-such").await.status, StatusCode::NOT_FOUND);
        // Whoever may have to leave at once can.
        assert!(nobody.page("/drafts/protection-order-application").await.contains("govuk-exit-this-page"));
        assert!(!nobody.page(LOAN).await.contains("govuk-exit-this-page"));
    })
    .await;
}

#[tokio::test]
async fn a_form_is_written_looked_at_and_taken_along() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let nobody = Browser::new(&app, "huifa_citizen", "");
        let action = format!("{LOAN}#draft-result");
        let form = nobody.page(LOAN).await;
        assert!(form.contains(&format!("action=\"{action}\"")));
        let send = async |typed: &[(&str, &str)]| nobody.send(&form, &action, typed, None).await;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();

        // A day that is half typed is told at its field; everything else is on paper, and nothing is lost.
        let half = send(&[&TYPED[..], &[("then", "preview")]].concat()).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(half.bytes);
        for part in [
            "href=\"#due_on\"",
            "value=\"50,000 元\"",
            "被告李强偿还借款本金40000元",
            "1. 借条原件（证明借款）",
            "href=\"#happened_on\"",
            ">被告以装修为由借款。\n到期未还。</textarea>",
        ] {
            assert!(page.contains(part), "{part} is not on the page");
        }

        let whole =
            [&TYPED[..], &[("due_on-day", "1"), ("happened_on", "2020-06-01"), ("their_address", "聊城")]]
                .concat();
        let looked = send(&[&whole[..], &[("then", "preview")]].concat()).await;
        assert_eq!(looked.status, StatusCode::OK);
        let page = text(looked.bytes);
        for part in
            ["已经过了", "《民法典》第188条", "2020年6月1日，被告李强向原告借款50000元", "费用大约 800 元"]
        {
            assert!(page.contains(part), "{part} is not on the page");
        }

        // The document alone, for the script that follows each answer.
        let live = send(&[&whole[..], &[("then", "live")]].concat()).await;
        assert_eq!(
            (live.status, live.headers["cache-control"].to_str().unwrap()),
            (StatusCode::OK, "no-store")
        );
        let part = text(live.bytes);
        assert!(part.contains("hf-sheet") && !part.contains("<html"), "{part}");

        let docx = send(&[&whole[..], &[("then", "docx")]].concat()).await;
        assert!(docx.status == StatusCode::OK && docx.bytes.starts_with(b"PK"));
        assert!(docx.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        // Without a typesetter the form comes back as it was, and says what to do instead.
        let pdf = send(&[&whole[..], &[("then", "pdf")]].concat()).await;
        assert_eq!(pdf.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(pdf.bytes);
        assert!(
            page.contains("不能制作 PDF") && page.contains("Word") && page.contains("value=\"50,000 元\"")
        );
    })
    .await;
}

#[tokio::test]
async fn another_page_brings_what_is_known_and_nothing_is_said_about_the_rest() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let nobody = Browser::new(&app, "huifa_citizen", "");
        let path = "/drafts/labour-arbitration-application";
        let form = nobody.page(path).await;
        let brought = [
            ("first", "1"),
            ("story", "老板拖欠工资"),
            ("wage_month", "8000"),
            ("years", "6年5个月"),
            ("started_on", "2020-03-15"),
            ("amount", "16000"),
            ("applicant", "张伟"),
            ("no_such", "x"),
        ];
        let answer = nobody.send(&form, &format!("{path}#draft-result"), &brought, None).await;
        assert_eq!(answer.status, StatusCode::OK);
        let page = String::from_utf8(answer.bytes).unwrap();
        assert!(
            page.contains(">老板拖欠工资</textarea>") && page.contains("月工资8000元，工作6年5个月"),
            "{page}"
        );
        // Under other names: who asks, and the sum.
        assert!(page.contains("申请人：张伟，") && page.contains("拖欠的工资16000元"), "{page}");
        assert!(
            page.contains("name=\"started_on-year\" type=\"text\" inputmode=\"numeric\" value=\"2020\""),
            "{page}"
        );
        assert!(!page.contains("govuk-error-summary"));
    })
    .await;
}

#[tokio::test]
async fn what_the_account_knows_is_filled_in_and_can_be_struck() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let phone = "13800138021";
        app.post("/api/v1/sessions/code", None, &json!({ "phone": phone })).await;
        let sent = app.access.outbox(1).await.unwrap().remove(0);
        let code = sent.text.args.iter().find(|(name, _)| name == "code").unwrap().1.clone();
        let opened = app.post("/api/v1/sessions", None, &json!({ "phone": phone, "code": code })).await;
        let citizen = Browser::new(&app, "huifa_session", opened.json()["token"].as_str().unwrap());
        let form = citizen.page(LOAN).await;
        assert!(form.contains(&format!("value=\"{phone}\"")) && form.contains("来自您的账号"), "{form}");
        assert!(form.contains(&format!("联系电话{phone}。")), "it is on paper at once");
        // Struck out it stays out.
        let typed = [("my_phone", ""), ("then", "preview")];
        let answer = citizen.send(&form, &format!("{LOAN}#draft-result"), &typed, None).await;
        let page = String::from_utf8(answer.bytes).unwrap();
        assert!(!page.contains(phone) && !page.contains("来自您的账号"), "{page}");
        let nobody = Browser::new(&app, "huifa_session", "").page(LOAN).await;
        assert!(!nobody.contains(phone));
    })
    .await;
}

#[tokio::test]
async fn programs_write_the_same_documents() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let list = app.get("/api/v1/drafts", None).await.json();
        for one in list["items"].as_array().unwrap() {
            let path = format!("/api/v1/drafts/{}", one["id"].as_str().unwrap());
            let view = app.get(&path, None).await.json();
            for example in view["examples"].as_array().unwrap() {
                let done = app.post(&path, None, &json!({ "answers": example["answers"] })).await;
                assert_eq!(done.status, StatusCode::OK, "{path}: {}", done.json());
                assert_eq!(done.json()["missing"], json!([]), "{path}");
                let docx =
                    app.post(&format!("{path}.docx"), None, &json!({ "answers": example["answers"] })).await;
                assert!(docx.bytes.starts_with(b"PK"), "{path}");
            }
        }
        let path = "/api/v1/drafts/complaint-loan";
        for (body, status, pointer) in [
            (json!({ "answers": { "amount": "五万" } }), 422, "/answers/amount"),
            (json!({ "answers": { "nobody": "x" } }), 422, "/answers/nobody"),
            (json!({ "answers": { "story": {} } }), 422, "/answers/story"),
            (json!({ "answers": [] }), 422, "/answers"),
            (json!({ "other": 1 }), 422, "/other"),
        ] {
            let answer = app.post(path, None, &body).await;
            assert_eq!(answer.status.as_u16(), status, "{body}");
            assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{body}: {}", answer.json());
            answer.problem();
        }
        let pdf = app.post(&format!("{path}.pdf"), None, &json!({})).await;
        assert_eq!((pdf.status, pdf.problem().as_str()), (StatusCode::NOT_ACCEPTABLE, "form-unavailable"));
        let none = app.post("/api/v1/drafts/no-such", None, &json!({})).await;
        assert_eq!((none.status, none.problem().as_str()), (StatusCode::NOT_FOUND, "not-found"));
    })
    .await;
}
