//! The answer library on its pages and in the API: used in an open question, written from a closed one, looked at by
//! somebody else, found by everybody.

use std::sync::Arc;

use answers::drafting::{Drafter, Prompt, Trouble};
use axum::http::StatusCode;
use laws::model::{Article, Draft, Status};
use serde_json::{Value, json};
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};
use crate::pages::Browser;

fn text(answer: Answer) -> String {
    String::from_utf8(answer.bytes).unwrap()
}

/// Where an answer led to.
fn led_to(answer: &Answer) -> String {
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, String::from_utf8_lossy(&answer.bytes));
    answer.headers["location"].to_str().unwrap().to_owned()
}

async fn asked(app: &TestApp) -> String {
    let item = app.get("/api/v1/items/consultation.text", None).await.json();
    let opened = app.post("/api/v1/matters", None, &item["examples"][0]["body"]).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    opened.json()["number"].as_str().unwrap().to_owned()
}

const ANSWER: &str = "可以先向劳动保障监察机构投诉，也可以申请劳动仲裁，仲裁不收费。";

#[tokio::test]
async fn an_answer_goes_from_a_closed_question_to_the_public_page() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let number = asked(&app).await;
        let clerk = app.sign_in("clerk.dongchangfu.1").await;
        let desk = Browser::new(&app, "huifa_desk", &clerk);
        let matter = format!("/desk/matters/{number}");

        // Beside an open question stands what was answered before; it is put into the form and not sent.
        let page = desk.page(&matter).await;
        assert!(page.contains("相似答复") && page.contains("/answers/catalog.unpaid-wages"), "{page}");
        let reuse = page.split("href=\"").find(|rest| rest.contains("reuse=catalog.unpaid-wages")).unwrap();
        let reuse = reuse.split('"').next().unwrap().replace("&amp;", "&");
        let form = desk.page(&reuse).await;
        assert!(form.contains("先留好证据") && form.contains("《劳动法》第五十条"), "{form}");
        let view = app.get(&format!("/api/v1/matters/{number}"), Some(&clerk)).await.json();
        assert_eq!(view["step"], "received", "nothing was sent");
        // Searching for another, and a draft without a model.
        let path = format!("/desk/answers/for/{number}");
        let search = desk.page(&format!("{path}?q=%E7%A6%BB%E5%A9%9A")).await;
        assert!(search.contains("catalog.divorce-and-children"), "{search}");
        let drafted = desk.send(&page, &path, &[], None).await;
        assert_eq!(drafted.status, StatusCode::OK);
        let drafted = text(drafted);
        assert!(drafted.contains("还没有发出") && drafted.contains("name=\"answer.text\""), "{drafted}");

        // Not closed yet: no answer is written from it.
        let early = desk.get(&format!("/desk/answers/new?from={number}")).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        let answered =
            [("answer.text", ANSWER), ("answer.cites", "cites-none"), ("answer.disposition", "answered")];
        let action = drafted.split("action=\"").find(|rest| rest.contains("/answer?task=")).unwrap();
        let action = action.split('"').next().unwrap().replace("&amp;", "&");
        led_to(&desk.send(&drafted.replace("&amp;", "&"), &action, &answered, None).await);
        let closed = desk.page(&matter).await;
        assert!(closed.contains("/desk/answers/new?from="), "{closed}");

        // A name is told with its place, and nothing typed is lost.
        let path = format!("/desk/answers/new?from={number}");
        let page = desk.page(&path).await;
        assert!(page.contains("劳动保障监察机构"), "it begins with the answer as it was given");
        let named = [
            ("kind", "劳动争议"),
            ("question", "测试甲的工资被拖欠，怎么要？"),
            ("answer", ANSWER),
            ("cites", ""),
            ("wish", "propose"),
        ];
        let refused = desk.send(&page, &path, &named, None).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let refused = text(refused);
        assert!(refused.contains("第 1 个字“测试甲”能认出是谁") && refused.contains("怎么要？"), "{refused}");
        let mut fine = named;
        fine[1].1 = "工地拖欠工资，没有合同，怎么要？";
        let to = led_to(&desk.send(&page, &path, &fine, None).await);

        // Nobody finds it yet; who wrote it cannot publish it; the head can.
        let id = to.trim_start_matches("/desk/answers/").split('/').next().unwrap().to_owned();
        assert_eq!(app.get(&format!("/answers/{id}"), None).await.status, StatusCode::NOT_FOUND);
        assert!(!desk.page(&to).await.contains("value=\"publish\""));
        let head = app.sign_in("head.dongchangfu.1").await;
        let at_head = Browser::new(&app, "huifa_desk", &head);
        let list = at_head.page("/desk/answers?view=review").await;
        assert!(list.contains(&to), "{list}");
        let page = at_head.page(&to).await;
        let back = at_head.send(&page, &to, &[("what", "return"), ("reason", "")], None).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked for");
        assert_eq!(led_to(&at_head.send(&page, &to, &[("what", "publish")], None).await), to);
        let public = text(app.get(&format!("/answers/{id}"), None).await);
        assert!(public.contains("工地拖欠工资") && public.contains("仅供参考"), "{public}");
        assert!(!public.contains(&number), "the matter it comes from is told to nobody");
        for path in [
            "/answers",
            "/answers?q=%E5%B7%A5%E5%9C%B0%E5%B7%A5%E8%B5%84",
            "/search?q=%E5%B7%A5%E5%9C%B0%E5%B7%A5%E8%B5%84",
        ] {
            assert!(text(app.get(path, None).await).contains(&format!("/answers/{id}")), "{path}");
        }
        for view in ["mine", "published", "due"] {
            let list = desk.page(&format!("/desk/answers?view={view}&kind=&q=")).await;
            assert_eq!(list.contains(&to), view != "due", "{view}");
        }
        for wrong in
            ["/desk/answers/x/1", "/desk/answers/x/y", "/answers/nothing", "/desk/answers/new?from=1"]
        {
            assert_eq!(desk.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_life_is_there_for_programs() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let number = asked(&app).await;
        let clerk = app.sign_in("clerk.dongchangfu.1").await;
        let body = |propose: bool, answer: &str| {
            json!({
                "source": number, "kind": "劳动争议", "question": "工地拖欠工资，怎么要？", "answer": answer,
                "cites": [], "propose": propose,
            })
        };
        let early = app.post("/api/v1/answers", Some(&clerk), &body(true, ANSWER)).await;
        assert_eq!((early.status, early.problem().as_str()), (StatusCode::CONFLICT, "wrong-step"));
        let path = format!("/api/v1/matters/{number}");
        let offers = app.get(&format!("{path}/actions"), Some(&clerk)).await.json();
        let offer = offers.as_array().unwrap().iter().find(|offer| offer["action"] == "answer").unwrap();
        let act = json!({ "version": 1, "input": offer["example"], "task": offer["task"] });
        let done = app.post(&format!("{path}/actions/answer"), Some(&clerk), &act).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.json());

        let check = json!({ "source": number, "question": "怎么要？", "answer": "打13912345678问测试甲" });
        let found = app.post("/api/v1/answers/check", Some(&clerk), &check).await.json();
        let sorts: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|one| &one["sort"]).collect();
        assert_eq!(sorts, ["phone", "name"]);
        assert_eq!(app.post("/api/v1/answers/check", None, &check).await.status, StatusCode::UNAUTHORIZED);
        let hard =
            app.post("/api/v1/answers", Some(&clerk), &body(true, "打13912345678问测试甲，快去")).await;
        assert_eq!((hard.status.as_u16(), hard.problem().as_str()), (422, "facts-wrong"));

        let kept = app.post("/api/v1/answers", Some(&clerk), &body(false, ANSWER)).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.json());
        let (id, kept) = (kept.json()["id"].as_str().unwrap().to_owned(), kept.json());
        assert_eq!((&kept["state"], &kept["revision"]), (&json!("draft"), &json!(1)));
        let path = format!("/api/v1/answers/{id}/versions/1");
        let mut write = body(true, ANSWER);
        write.as_object_mut().unwrap().remove("source");
        write["act"] = json!("write");
        write["revision"] = json!(1);
        let proposed = app.post(&path, Some(&clerk), &write).await;
        assert_eq!((proposed.status, &proposed.json()["state"]), (StatusCode::OK, &json!("proposed")));
        let stale = app.post(&path, Some(&clerk), &write).await;
        assert_eq!((stale.status.as_u16(), stale.problem().as_str()), (409, "stale-version"));
        let publish = json!({ "act": "publish", "revision": 2 });
        let own = app.post(&path, Some(&clerk), &publish).await;
        assert_eq!((own.status.as_u16(), own.problem().as_str()), (403, "forbidden"));
        for stranger in ["clerk.yanggu.1", "mediator.dongchangfu.1", "admin.system"] {
            let token = app.sign_in(stranger).await;
            assert_eq!(
                app.post(&path, Some(&token), &publish).await.status,
                StatusCode::NOT_FOUND,
                "{stranger}"
            );
            assert_eq!(app.get(&path, Some(&token)).await.status, StatusCode::NOT_FOUND, "{stranger}");
        }
        let supervisor = app.sign_in("supervisor.dongchangfu.1").await;
        assert_eq!(app.post(&path, Some(&supervisor), &publish).await.json()["state"], "published");
        let one = app.get(&format!("/api/v1/answers/{id}"), None).await.json();
        assert_eq!((&one["office"], &one["version"]), (&json!("center.dongchangfu"), &json!(1)));
        assert!(one.get("source").is_none() && !one.to_string().contains(&number));
        let list = app.get("/api/v1/answers?q=%E5%B7%A5%E5%9C%B0&limit=5", None).await.json();
        assert_eq!(list["items"][0]["id"], json!(id));
        let seed = app.get("/api/v1/answers/catalog.legal-aid", None).await.json();
        assert_eq!((&seed["office"], &seed["cites"][0]["standing"]), (&Value::Null, &json!("not-kept")));
        for wrong in ["/api/v1/answers/none", "/api/v1/answers/none/versions/x"] {
            let answer = app.get(wrong, Some(&clerk)).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not-found"), "{wrong}");
        }
    })
    .await;
}

/// A model that always writes this.
struct Says(String);

impl Drafter for Says {
    fn name(&self) -> &'static str {
        "试验模型"
    }

    fn write<'a>(&'a self, _: &'a Prompt) -> store::BoxFuture<'a, Result<String, Trouble>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

#[tokio::test]
async fn a_draft_of_a_model_is_read_by_a_person_before_it_goes_out() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let law = Draft {
            title: "劳动法".into(),
            full_title: "中华人民共和国劳动法".into(),
            version: "2018-12-29".into(),
            status: Status::InForce,
            articles: vec![Article {
                article: "第五十条".into(),
                text: "工资应当以货币形式按月支付给劳动者本人。不得克扣或者无故拖欠劳动者的工资。".into(),
                ..Article::default()
            }],
            ..Draft::default()
        };
        let now = "2026-11-23T09:00:00+08:00".parse().unwrap();
        laws::import::take(&db, vec![law], &laws::overrides::Overrides::default(), now, |_| {}).await.unwrap();
        let written = json!({ "paragraphs": [{
            "text": "单位不得无故拖欠工资，可以投诉，也可以申请仲裁。",
            "cites": [{ "law": "劳动法", "article": "第五十条", "quote": "不得克扣或者无故拖欠劳动者的工资" }],
        }] });
        let app = TestApp::with_drafter(&db, Some(Arc::new(Says(written.to_string())))).await;
        let number = asked(&app).await;
        let clerk = app.sign_in("clerk.dongchangfu.1").await;
        let desk = Browser::new(&app, "huifa_desk", &clerk);
        let page = desk.page(&format!("/desk/matters/{number}")).await;
        let drafted = text(desk.send(&page, &format!("/desk/answers/for/{number}"), &[], None).await);
        assert!(drafted.contains("由大模型（试验模型）起草") && drafted.contains("name=\"draft.read\""), "{drafted}");
        let words = "单位不得无故拖欠工资，可以投诉，也可以申请仲裁。\n（《劳动法》第五十条）";
        assert!(drafted.contains(words), "{drafted}");

        // Unread it goes out by no door.
        let path = format!("/api/v1/matters/{number}/actions");
        let offers = app.get(&path, Some(&clerk)).await.json();
        let offer = offers.as_array().unwrap().iter().find(|offer| offer["action"] == "answer").unwrap();
        let input = json!({ "answer.text": words, "answer.cites": "cites-none", "answer.disposition": "answered" });
        let act = json!({ "version": 1, "input": input, "task": offer["task"] });
        let held = app.post(&format!("{path}/answer"), Some(&clerk), &act).await;
        assert_eq!((held.status.as_u16(), held.problem().as_str()), (422, "rule-refused"));
        let typed = [
            ("answer.text", words),
            ("answer.cites", "cites-none"),
            ("answer.disposition", "answered"),
        ];
        let action = drafted.split("action=\"").find(|rest| rest.contains("/answer?task=")).unwrap();
        let action = action.split('"').next().unwrap().replace("&amp;", "&");
        let plain = drafted.replace("&amp;", "&");
        let held = desk.send(&plain, &action, &typed, None).await;
        assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
        let held = text(held);
        assert!(held.contains("勾选确认已通读") && held.contains("单位不得无故拖欠工资"), "{held}");
        let mut read = typed.to_vec();
        read.push(("draft.read", "yes"));
        led_to(&desk.send(&held.replace("&amp;", "&"), &action, &read, None).await);
    })
    .await;
}
