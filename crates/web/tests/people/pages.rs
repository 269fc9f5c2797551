//! Pages of a matter through the router, as a browser without scripts sends them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use store::testkit::for_each_db;

use crate::app::{Answer, TestApp};

/// Secret of the form token; any text of this length will do.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Somebody's browser: the cookie of their side, and the token of our forms.
pub struct Browser<'a> {
    app: &'a TestApp,
    cookies: String,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp, side: &str, session: &str) -> Self {
        Self { app, cookies: format!("{side}={session}; huifa_csrf={SECRET}") }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", &self.cookies);
        self.app.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        String::from_utf8(answer.bytes).unwrap()
    }

    /// Posts the form of a page with its hidden fields, what was typed, and perhaps a file.
    pub async fn send(
        &self,
        page: &str,
        path: &str,
        typed: &[(&str, &str)],
        file: Option<(&str, &str)>,
    ) -> Answer {
        let mut body = String::new();
        // The form that goes to this address, else the one of an act.
        let at = page.find(&format!("action=\"{path}\"")).or_else(|| page.find("name=\"version\"")).unwrap();
        let form = &page[page[..at].rfind("<form").unwrap()..];
        let form = &form[..form.find("</form>").unwrap()];
        let hidden: Vec<(String, String)> = form
            .split("<input type=\"hidden\" name=\"")
            .skip(1)
            .map(|field| {
                let (name, rest) = field.split_once("\" value=\"").unwrap();
                (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
            })
            .collect();
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in hidden.chain(typed.iter().copied()) {
            body.extend([format!(
                "--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )]);
        }
        if let Some((name, content)) = file {
            body.extend([format!(
                "--cut\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"回证.txt\"\r\n\r\n{content}\r\n"
            )]);
        }
        body.push_str("--cut--\r\n");
        let request = Request::post(path)
            .header("cookie", &self.cookies)
            .header("content-type", "multipart/form-data; boundary=cut");
        self.app.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// A mediation that was accepted, its mediator's session and its applicant's.
pub async fn accepted(app: &TestApp) -> (String, String, String) {
    let item = app.get("/api/v1/items/mediation.people", None).await.json();
    let opened = app.post("/api/v1/matters", None, &item["examples"][0]["body"]).await.json();
    let number = opened["number"].as_str().unwrap().to_owned();
    let code = json!({ "number": number, "query_code": opened["query_code"] });
    let guest = app.post("/api/v1/sessions", None, &code).await.json()["token"].as_str().unwrap().to_owned();
    let view = app.get(&format!("/api/v1/matters/{number}"), Some(&guest)).await.json();
    let office = view["waiting_for"][0]["organisation"].as_str().unwrap();
    let works_there = |one: &&access::demo::DemoAccount| {
        one.roles
            .iter()
            .any(|grant| grant.role.as_str() == "mediator" && grant.organisation.as_deref() == Some(office))
    };
    let person = app.people.iter().find(works_there).unwrap();
    let mediator = app.sign_in(&person.login).await;
    let path = format!("/api/v1/matters/{number}/actions");
    let offers = app.get(&path, Some(&mediator)).await.json();
    let accept = offers.as_array().unwrap().iter().find(|offer| offer["action"] == "accept").unwrap();
    let body = json!({ "version": 1, "input": accept["example"], "task": accept["task"] });
    let done = app.post(&format!("{path}/accept"), Some(&mediator), &body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.json());
    (number, mediator, guest)
}

#[tokio::test]
async fn documents_are_read_served_and_confirmed_on_pages() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let (number, mediator, guest) = accepted(&app).await;
        let desk = Browser::new(&app, "huifa_desk", &mediator);
        let home = format!("/desk/matters/{number}");
        let matter = desk.page(&home).await;
        assert!(matter.contains("人民调解受理通知书") && matter.contains("还没有收到"));
        let sheet = desk.page(&format!("{home}/documents/d1")).await;
        assert!(sheet.contains("class=\"hf-sheet\"") && sheet.contains("data-print"));
        assert!(desk.page("/desk").await.contains("送达文书"), "the work list says what waits");

        // The day is missing: what was typed and the file are kept, and sent again without picking it anew.
        let form = desk.page(&format!("{home}/serve")).await;
        assert!(form.contains("enctype=\"multipart/form-data\"") && form.contains("type=\"file\""));
        let mut typed = vec![
            ("service.document", "d1:applicant"),
            ("service.method", "direct"),
            ("service.result", "received"),
            ("service.note", "本人签收"),
        ];
        let post = format!("{home}/serve");
        let again = desk.send(&form, &post, &typed, Some(("service.proof", "今收到通知书一份"))).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let again = String::from_utf8(again.bytes).unwrap();
        assert!(again.contains("已上传：回证.txt") && again.contains(">本人签收"), "what was typed is kept");
        typed.extend([
            ("service.received_on-year", "2026"),
            ("service.received_on-month", "11"),
            ("service.received_on-day", "23"),
        ]);
        let done = desk.send(&again, &post, &typed, None).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(&done.bytes));
        let matter = desk.page(&home).await;
        assert!(matter.contains("2026年11月23日 收到"));
        let file = matter.split(&format!("{home}/files/")).nth(1).unwrap().split('"').next().unwrap();
        let proof = desk.get(&format!("{home}/files/{file}")).await;
        assert_eq!(proof.bytes, "今收到通知书一份".as_bytes());

        // The applicant sees their own documents only, and confirms another.
        let portal = Browser::new(&app, "huifa_session", &guest);
        let home = format!("/matter/{number}");
        let matter = portal.page(&home).await;
        assert!(matter.contains("人民调解权利义务告知书") && !matter.contains(">人民调解通知书<"));
        let href = matter.split("/acknowledge?").nth(1).unwrap().split('"').next().unwrap();
        let form = portal.page(&format!("{home}/acknowledge?{}", href.replace("&amp;", "&"))).await;
        let copy = "d3:applicant";
        let done =
            portal.send(&form, &format!("{home}/acknowledge"), &[("service.document", copy)], None).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(&done.bytes));
        let list = app.get(&format!("/api/v1/matters/{number}/documents"), Some(&guest)).await.json();
        let served = |document: &Value| {
            document["copies"]
                .as_array()
                .unwrap()
                .iter()
                .all(|copy| copy["to"] != "applicant" || copy["served_on"].is_string())
        };
        assert!(list["items"].as_array().unwrap().iter().all(served), "{list}");
    })
    .await;
}

#[tokio::test]
async fn one_matter_leads_to_the_next_for_its_own_people_only() {
    if !web::assets::built() {
        eprintln!("SKIP: assets not built, pages answer 503");
        return;
    }
    for_each_db(async |db| {
        let app = TestApp::new(&db).await;
        let (number, _, guest) = accepted(&app).await;
        let start = format!("/apply/complaint.service?from={number}");
        let stranger = Browser::new(&app, "huifa_session", "nobody").get(&start).await;
        let to = stranger.headers.get("location").unwrap().to_str().unwrap().to_owned();
        assert_eq!((stranger.status, to), (StatusCode::SEE_OTHER, format!("/progress?number={number}")));
        let own = Browser::new(&app, "huifa_session", &guest);
        assert!(own.page(&format!("/matter/{number}")).await.contains(&start), "the way on is offered");
        assert!(own.page(&start).await.contains(&format!("name=\"from\" value=\"{number}\"")));
    })
    .await;
}
