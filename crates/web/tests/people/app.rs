//! A whole site over one database, called without a socket.

use std::sync::Arc;

use access::demo::DemoAccount;
use access::password::Cost;
use access::{Access, Limits};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use catalog::Catalog;
use catalog::load::Files as Sources;
use catalog::words::Words;
use files::Files;
use http_body_util::BodyExt as _;
use kernel::calendar::Calendar;
use kernel::number::MatterNumber;
use kernel::time::{Clock as _, FixedClock, Instant};
use matters::{Parts as RegisterParts, Register};
use serde_json::Value;
use store::Db;
use store::seal::{Keyring, MasterKey};
use store::testkit::{Scratch, scratch};
use tower::ServiceExt as _;

/// The site, its people, and the folder of its papers.
pub struct TestApp {
    site: Router,
    /// Accounts of the demo city.
    pub people: Vec<DemoAccount>,
    /// For looking at what was sent to phones.
    pub access: Arc<Access>,
    _folder: Scratch,
}

/// One answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as it came.
    pub bytes: Vec<u8>,
}

/// Events concern nobody here: what follows from them is proved in the room of notices and in the journeys.
struct Quiet(Register);

impl notices::Recipients for Quiet {
    fn of_events<'a>(
        &'a self,
        _: &'a [store::feed::Entry],
    ) -> store::BoxFuture<'a, Result<Vec<notices::Occasion>, store::StoreError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn of_task<'a>(
        &'a self,
        _: MatterNumber,
        _: &'a str,
    ) -> store::BoxFuture<'a, Result<Option<notices::Occasion>, store::StoreError>> {
        Box::pin(async { Ok(None) })
    }

    fn key_of(
        &self,
        number: MatterNumber,
    ) -> store::BoxFuture<'_, Result<Option<store::seal::DataKey>, store::StoreError>> {
        Box::pin(async move { Ok(self.0.content_key(number).await.unwrap()) })
    }

    fn owner_of(
        &self,
        number: MatterNumber,
    ) -> store::BoxFuture<'_, Result<Option<String>, store::StoreError>> {
        Box::pin(async move { Ok(Some(self.0.holder_of(number).await.unwrap())) })
    }

    fn sight<'a>(
        &'a self,
        who: &'a access::Principal,
        number: MatterNumber,
    ) -> store::BoxFuture<'a, Result<access::policy::Sight, store::StoreError>> {
        Box::pin(async move { Ok(self.0.sight(who, number).await.unwrap_or(access::policy::Sight::None)) })
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
    /// Code of the problem.
    pub fn problem(&self) -> String {
        let body = self.json();
        assert!(!body["next"].as_array().unwrap().is_empty(), "nobody is left without a next step: {body}");
        body["code"].as_str().unwrap().to_owned()
    }
}

impl TestApp {
    pub async fn new(db: &Db) -> Self {
        Self::with_drafter(db, None).await
    }

    /// The same with a language model that drafts answers.
    pub async fn with_drafter(db: &Db, drafter: Option<Arc<dyn answers::drafting::Drafter>>) -> Self {
        let folder = scratch();
        let at: Instant = "2026-11-23T09:00:00+08:00".parse().unwrap();
        let clock = Arc::new(FixedClock::at(at));
        let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
        let sources = Sources::embedded();
        let fresh = Catalog::from_files(&sources).unwrap();
        catalog::versions::publish(db, &fresh, clock.now()).await.unwrap();
        let offer = Arc::new(catalog::versions::load(db, fresh).await.unwrap());
        let words = Arc::new(Words::from_files(&sources).unwrap());
        let access =
            Access::open_at(Cost::Least, db.clone(), keyring.clone(), Limits::default(), clock.now()).await;
        let access = Arc::new(access.unwrap());
        let people = access::demo::load(&access, &[], clock.now()).await.unwrap();
        let limits = files::Limits { upload_bytes: 64 * 1024 };
        let files = Arc::new(Files::new(db.clone(), keyring.clone(), folder.path().join("files"), limits));
        let register = Register::new(RegisterParts {
            db: db.clone(),
            catalog: offer,
            words: Arc::clone(&words),
            keyring: keyring.clone(),
            access: Arc::clone(&access),
            files: Arc::clone(&files),
            clock,
            calendar: Arc::new(Calendar::official().clone()),
        })
        .unwrap();
        let config = web::Config {
            limits: web::Limits {
                anonymous_per_minute: None,
                uploads_per_hour: std::num::NonZeroU32::new(300),
                ..web::Limits::default()
            },
            exit: web::QuickExit::default(),
            site: Arc::new(web::Site::demonstration()),
            demo: true,
            guard: web::Guard {
                metrics_token: Some("a-token-for-the-watcher-0123456789".to_owned()),
                ..web::Guard::default()
            },
            data: Some(folder.path().to_owned()),
        };
        let room = notices::Notices::new(notices::Parts {
            db: db.clone(),
            keyring: keyring.clone(),
            words: Arc::clone(&words),
            clock: Arc::new(FixedClock::at(at)),
            recipients: Arc::new(Quiet(register.clone())),
            settings: notices::Settings::default(),
            sms: None,
            mail: None,
        });
        let shelf = laws::shelf::Shelf::new(db.clone(), folder.path().to_owned());
        let triage = triage::room::Room::read(|file| sources.get(file), folder.path().to_owned());
        let triage = Arc::new(triage.unwrap());
        let kinds = triage.kinds().labels();
        let library = answers::Library::new(answers::Parts {
            db: db.clone(),
            access: Arc::clone(&access),
            register: register.clone(),
            shelf: shelf.clone(),
            seeds: answers::seeds::Seeds::read(&sources, &kinds).unwrap(),
            kinds,
            triage: Arc::clone(&triage),
            drafter,
        });
        let site = web::router(web::App::new(web::Parts {
            db: db.clone(),
            keyring,
            register,
            access: Arc::clone(&access),
            files,
            notices: room,
            shelf,
            triage,
            library,
            drafts: Arc::new(drafting::Book::from_files(&sources).unwrap()),
            words,
            printer: Arc::new(press::WithoutPdf),
            config,
            figures: None,
        }));
        Self { site, people, access, _folder: folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let asked = format!("{} {}", request.method(), request.uri());
        let response = self.site.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let whole = body.collect().await.unwrap_or_else(|error| panic!("{asked} broke off: {error:?}"));
        let bytes = whole.to_bytes().to_vec();
        Answer { status: head.status, headers: head.headers, bytes }
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.send(request("GET", path, token).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let request = request("POST", path, token)
            .header("content-type", "application/json")
            .header("idempotency-key", uuid::Uuid::now_v7().to_string());
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn upload(&self, token: Option<&str>, key: Option<&str>, name: &str, content: &[u8]) -> Answer {
        let mut body =
            format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .into_bytes();
        body.extend(content);
        body.extend(b"\r\n--cut--\r\n");
        let mut request = request("POST", "/api/v1/files", token)
            .header("content-type", "multipart/form-data; boundary=cut");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The token of somebody of the demo city.
    pub async fn sign_in(&self, login: &str) -> String {
        let person = self.people.iter().find(|person| person.login == login).unwrap();
        let body = serde_json::json!({ "login": login, "password": person.password });
        let answer = self.post("/api/v1/sessions", None, &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.json());
        answer.json()["token"].as_str().unwrap().to_owned()
    }
}

fn request(method: &str, path: &str, token: Option<&str>) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    }
}
