//! Documents as files, the papers of the register, and the page that checks a code: by the same rights on pages and API.

use axum::http::StatusCode;
use store::testkit::for_each_db;

use crate::app::TestApp;
use crate::pages::{Browser, accepted};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

#[tokio::test]
async fn documents_leave_the_house_as_files_by_the_same_rights() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let (number, mediator, guest) = accepted(&app).await;
        let at = |id: &str| format!("/api/v1/matters/{number}/documents/{id}");
        for id in ["d1", "receipt", "application", "service-d1", "file"] {
            let docx = app.get(&at(&format!("{id}.docx")), Some(&mediator)).await;
            assert_eq!(docx.status, StatusCode::OK, "{id}: {}", docx.json());
            assert_eq!(docx.headers["content-type"], DOCX);
            assert!(docx.bytes.starts_with(b"PK"), "{id}");
            let name = docx.headers["content-disposition"].to_str().unwrap();
            assert!(
                name.starts_with("attachment; filename*=UTF-8''%")
                    && name.split('.').next_back() == Some("docx"),
                "{name}"
            );
        }
        // Without a typesetter the PDF is refused with a way on, in the API and on the page.
        let pdf = app.get(&at("d1.pdf"), Some(&mediator)).await;
        assert_eq!((pdf.status, pdf.problem().as_str()), (StatusCode::NOT_ACCEPTABLE, "form-unavailable"));
        assert!(pdf.json()["next"][0]["text"].as_str().unwrap().contains("Word"), "{}", pdf.json());
        if web::assets::built() {
            let page = Browser::new(&app, "huifa_desk", &mediator);
            let page = page.get(&format!("/desk/matters/{number}/documents/d1.pdf")).await;
            let page = String::from_utf8(page.bytes).unwrap();
            assert!(page.contains("不能制作 PDF") && page.contains("Word"), "{page}");
        }
        // The applicant has their own, never the office's.
        for (id, status) in [
            ("receipt.docx", StatusCode::OK),
            ("application.docx", StatusCode::OK),
            ("service-d1.docx", StatusCode::NOT_FOUND),
            ("file.docx", StatusCode::NOT_FOUND),
            ("none.docx", StatusCode::NOT_FOUND),
            ("d1.exe", StatusCode::NOT_FOUND),
        ] {
            assert_eq!(app.get(&at(id), Some(&guest)).await.status, status, "{id}");
        }
        assert_eq!(app.get(&at("receipt.docx"), None).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn the_papers_of_the_register_say_what_it_holds() {
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let (number, mediator, guest) = accepted(&app).await;
        let text = async |id: &str, who: &str| {
            let one = app.get(&format!("/api/v1/matters/{number}/documents/{id}"), Some(who)).await.json();
            one["text"].as_str().unwrap_or_else(|| panic!("{id}: {one}")).to_owned()
        };
        // The query code is the applicant's key.
        let (own, theirs) = (text("receipt", &guest).await, text("receipt", &mediator).await);
        assert!(theirs.contains("|查询码|由申请人保管|") && !own.contains("由申请人保管"), "{own}\n{theirs}");
        assert!(own.contains("申请回执") && own.contains("收到申请不等于受理"));

        // What was applied for: whole to whoever wrote it, masked on any other screen.
        let (own, theirs) = (text("application", &guest).await, text("application", &mediator).await);
        assert!(own.starts_with("人民调解申请书") && own.contains("|填写项目|内容|"), "{own}");
        let phone = |text: &str| text.lines().find(|line| line.starts_with("|申请人|")).unwrap().to_owned();
        assert!(phone(&theirs).contains('*') && !phone(&own).contains('*'), "{own}\n{theirs}");

        let served = text("service-d1", &mediator).await;
        assert!(served.starts_with("送达回证") && served.contains("|申请人|||0|"), "{served}");

        // The file has everything in its order, and says what it does not have.
        let at = format!("/api/v1/matters/{number}/documents/file");
        let file = app.get(&at, Some(&mediator)).await.json();
        assert!(file["text"].as_str().unwrap().starts_with("人民调解卷宗"), "{file}");
        let parts = file["parts"].as_array().unwrap();
        let ids: Vec<&str> = parts.iter().filter_map(|part| part["id"].as_str()).collect();
        assert_eq!((ids[0], ids[1], ids.last()), ("contents", "application", Some(&"lacking")), "{ids:?}");
        let contents = parts[0]["text"].as_str().unwrap();
        assert!(contents.contains("|1|人民调解申请书|") && contents.contains("|@application|"), "{contents}");
        let lacking: Vec<&str> =
            file["lacking"].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect();
        assert!(lacking.contains(&"人民调解记录"), "{lacking:?}");
        let note = parts.last().unwrap()["text"].as_str().unwrap();
        assert!(note.contains("．人民调解记录") && note.contains("尚未与官方文本核对"), "{note}");
        let all = app.get(&format!("/api/v1/matters/{number}/documents"), Some(&mediator)).await.json();
        for document in all["items"].as_array().unwrap() {
            assert!(ids.contains(&document["id"].as_str().unwrap()), "{document} is not in {ids:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_is_checked_by_anybody_and_tells_nothing_else() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let (number, mediator, _) = accepted(&app).await;
        let list = app.get(&format!("/api/v1/matters/{number}/documents"), Some(&mediator)).await.json();
        let numbered = list["items"].as_array().unwrap().iter().find(|one| one["no"].is_string()).unwrap();
        let doc = numbered["id"].as_str().unwrap();
        let one = app.get(&format!("/api/v1/matters/{number}/documents/{doc}"), Some(&mediator)).await.json();
        let code = one["code"].as_str().unwrap();
        assert_eq!((code.len(), code.matches('-').count()), (19, 3), "{code}");
        let nobody = Browser::new(&app, "huifa_session", "nobody");
        let ask = async |number: &str, doc: &str, code: &str| {
            nobody.page(&format!("/verify/document?number={number}&doc={doc}&code={code}")).await
        };
        let found = ask(&number, doc, &code.to_lowercase()).await;
        assert!(found.contains("在案") && found.contains(numbered["no"].as_str().unwrap()), "{found}");
        let applicant = one["text"].as_str().unwrap().lines().find(|line| line.ends_with('：'));
        let applicant = applicant.unwrap_or("：").trim_end_matches('：');
        assert!(applicant.is_empty() || !found.contains(applicant), "a name is told");
        // The code of one document on another, a wrong code, a number that does not exist: alike.
        let other = if doc == "d1" { "d2" } else { "d1" };
        for (number, doc, code) in [
            (number.as_str(), other, code),
            (&number, doc, "0000-0000-0000-0000"),
            ("3715022600009999", doc, code),
            ("x", doc, code),
            (&number, "", ""),
        ] {
            let told = ask(number, doc, code).await;
            assert!(told.contains("没有核对上") && !told.contains("在案："), "{number} {doc} {code}");
        }
    })
    .await;
}
