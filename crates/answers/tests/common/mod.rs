//! A small county in which questions are answered, with a few statutes.
#![allow(dead_code, reason = "each test file uses its part of the county")]
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::path::PathBuf;
use std::sync::Arc;

use access::password::Cost;
use access::{Access, AccountId, Grant, Kind, Limits, OrgId, Principal};
use answers::drafting::Drafter;
use answers::life::{Wish, Written};
use answers::model::Version;
use answers::seeds::Seeds;
use answers::{Library, Parts};
use catalog::Catalog;
use catalog::words::Words;
use files::Files;
use kernel::actor::Role;
use kernel::calendar::Calendar;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::{Clock as _, FixedClock, Instant};
use laws::import::take;
use laws::model::{Article, Draft, Status};
use laws::overrides::Overrides;
use laws::shelf::Shelf;
use matters::{Ask, Register};
use serde_json::{Map, Value, json};
use store::seal::{Keyring, MasterKey};
use store::testkit::{Scratch, scratch};
use store::{Changes, Db, sql};

/// The question everybody asks here.
pub const QUESTION: &str = "我叫测试甲，电话13912345678，公司辞退我没有给经济补偿，怎么办？";

fn staff(login: &str, role: Role, organisation: Option<&str>) -> Principal {
    Principal {
        account: Some(AccountId(format!("account-{login}"))),
        kind: Kind::Staff,
        login: Some(login.to_owned()),
        name: format!("{login}的姓名"),
        grants: vec![Grant::new(
            role,
            "371502".parse().unwrap(),
            organisation.map(|id| OrgId(id.to_owned())),
        )],
        home: organisation.map(|id| OrgId(id.to_owned())),
    }
}

pub struct County {
    pub db: Db,
    pub register: Register,
    pub access: Arc<Access>,
    pub clock: Arc<FixedClock>,
    pub library: Library,
    /// Answers questions.
    pub clerk: Principal,
    /// Does so too, in the same office.
    pub colleague: Principal,
    /// Heads the office.
    pub head: Principal,
    /// Supervises the area.
    pub supervisor: Principal,
    /// Heads another office.
    pub stranger: Principal,
    /// Has nothing to do with questions.
    pub mediator: Principal,
    folder: Scratch,
}

/// A law with its articles.
pub fn law(title: &str, version: &str, status: Status, articles: &[(&str, &str)]) -> Draft {
    Draft {
        title: title.into(),
        full_title: format!("中华人民共和国{title}"),
        category: "法律".into(),
        version: version.into(),
        status,
        status_source: "试验".into(),
        source: "试验".into(),
        articles: articles
            .iter()
            .map(|(article, text)| Article {
                article: (*article).into(),
                text: (*text).into(),
                ..Article::default()
            })
            .collect(),
        ..Draft::default()
    }
}

impl County {
    pub async fn found(db: &Db) -> Self {
        Self::found_with(db, None).await
    }

    pub async fn found_with(db: &Db, drafter: Option<Arc<dyn Drafter>>) -> Self {
        let folder = scratch();
        let now: Instant = "2026-11-20T09:00:00+08:00".parse().unwrap();
        let clock = Arc::new(FixedClock::at(now));
        let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
        let access =
            Access::open_at(Cost::Least, db.clone(), keyring.clone(), Limits::default(), now).await.unwrap();
        let access = Arc::new(access);
        let register = Register::new(matters::Parts {
            db: db.clone(),
            catalog: Arc::new(Catalog::embedded().unwrap()),
            words: Arc::new(Words::embedded().unwrap()),
            keyring: keyring.clone(),
            access: Arc::clone(&access),
            files: Arc::new(Files::new(
                db.clone(),
                keyring.clone(),
                folder.path().join("files"),
                files::Limits::default(),
            )),
            clock: clock.clone(),
            calendar: Arc::new(Calendar::official().clone()),
        })
        .unwrap();
        let county = Self {
            db: db.clone(),
            library: library(db, &access, &register, folder.path().to_owned(), drafter),
            register,
            access,
            clock,
            clerk: staff("clerk", Role::Clerk, Some("center")),
            colleague: staff("colleague", Role::Clerk, Some("center")),
            head: staff("head", Role::OfficeHead, Some("center")),
            supervisor: staff("supervisor", Role::Supervisor, None),
            stranger: staff("stranger", Role::OfficeHead, Some("elsewhere")),
            mediator: staff("mediator", Role::Mediator, Some("center")),
            folder,
        };
        county.settle().await;
        county
            .laws(vec![
                law(
                    "劳动合同法",
                    "2012-12-28",
                    Status::InForce,
                    &[
                        ("第四十六条", "有下列情形之一的，用人单位应当向劳动者支付经济补偿。"),
                        (
                            "第四十七条",
                            "经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者支付。",
                        ),
                    ],
                ),
                law(
                    "合同法",
                    "1999-03-15",
                    Status::Repealed,
                    &[("第一条", "为了保护合同当事人的合法权益，制定本法。")],
                ),
            ])
            .await;
        county.clock.set("2026-11-20T10:00:00+08:00".parse().unwrap());
        county
    }

    /// The same county with another model.
    pub fn with_model(&self, drafter: Arc<dyn Drafter>) -> Library {
        let data: PathBuf = self.folder.path().to_owned();
        library(&self.db, &self.access, &self.register, data, Some(drafter))
    }

    pub async fn laws(&self, laws: Vec<Draft>) {
        take(&self.db, laws, &Overrides::default(), self.clock.now(), |_| {}).await.unwrap();
    }

    async fn settle(&self) {
        let at: Instant = "2026-01-01T00:00:00+08:00".parse().unwrap();
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO organisation (id, name, kind, area, origin) VALUES (?, ?, 'center', ?, 'test')")
                .bind("center")
                .bind("公共法律服务中心")
                .bind(371_502_000_000_i64),
        );
        changes.push(
            sql("INSERT INTO organisation_duty (organisation, duty) VALUES (?, ?)")
                .bind("center")
                .bind("consultation"),
        );
        for person in
            [&self.clerk, &self.colleague, &self.head, &self.supervisor, &self.stranger, &self.mediator]
        {
            changes.push(
                sql("INSERT INTO account (id, kind, login, name, organisation, origin, created_at) \
                     VALUES (?, 'staff', ?, ?, ?, 'test', ?)")
                .bind(person.account.as_ref().unwrap().as_str())
                .bind(person.login.clone())
                .bind(&person.name)
                .bind(person.home.as_ref().map(|home| home.as_str().to_owned()))
                .bind(at),
            );
        }
        self.db.apply("settle county", changes).await.unwrap();
    }

    /// Opens a question and gives its number.
    pub async fn ask(&self, key: &str) -> MatterNumber {
        let mut body = self.register.catalog().item("consultation.text").unwrap().examples[0].body.clone();
        body["door"] = json!("web");
        body["area"] = json!("371502000000");
        body["form"]["consult.question"] = json!(QUESTION);
        let opened = self.register.open(&Principal::anonymous(), &body, key, Lang::Zh).await.unwrap();
        opened.body["number"].as_str().unwrap().parse().unwrap()
    }

    pub async fn act(&self, who: &Principal, number: MatterNumber, action: &str, input: Value) {
        let view = self.register.view(who, number, Lang::Zh).await.unwrap();
        let version = view["version"].as_i64().unwrap();
        let input: Map<String, Value> = input.as_object().cloned().unwrap();
        let key = format!("test-key-{number}-{version}-{action}");
        let ask = Ask { action, version, input, task: None, key: &key, lang: Lang::Zh };
        self.register.act(who, number, &ask).await.unwrap();
    }

    /// A question that was answered.
    pub async fn closed(&self, key: &str) -> MatterNumber {
        let number = self.ask(key).await;
        self.act(
            &self.clerk,
            number,
            "answer",
            json!({
                "answer.text": "测试甲您好，可以要求单位支付经济补偿。",
                "answer.cites": "cites",
                "answer.articles": "劳动合同法第四十六条、第四十七条",
                "answer.disposition": "answered",
            }),
        )
        .await;
        number
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Lets a day come.
    pub fn day(&self, day: &str) {
        self.clock.set(format!("{day}T10:00:00+08:00").parse().unwrap());
    }

    /// Writes and proposes an answer that may be published.
    pub async fn proposed(&self, key: &str) -> Version {
        let source = self.closed(key).await;
        self.library.write(&self.clerk, source, &good(), Wish::Propose, self.now()).await.unwrap()
    }
}

fn library(
    db: &Db,
    access: &Arc<Access>,
    register: &Register,
    data: PathBuf,
    drafter: Option<Arc<dyn Drafter>>,
) -> Library {
    Library::new(Parts {
        db: db.clone(),
        access: Arc::clone(access),
        register: register.clone(),
        shelf: Shelf::new(db.clone(), data),
        kinds: vec!["劳动争议".into(), "债权债务".into()],
        triage: Arc::new(triage_room()),
        seeds: Seeds::default(),
        drafter,
    })
}

/// What can be published.
pub fn good() -> Written {
    Written {
        kind: "劳动争议".into(),
        question: "被公司辞退没有给补偿怎么办？".into(),
        answer: "可以要求用人单位支付经济补偿；谈不成的，申请劳动仲裁，仲裁不收费。".into(),
        cites: "《劳动合同法》第四十六条、第四十七条".into(),
        confirmed: Vec::new(),
    }
}

/// Codes of the wrong fields of a refusal, with their pointers.
pub fn errors(refusal: &Refusal) -> Vec<(String, String)> {
    refusal.errors.iter().map(|error| (error.pointer.clone(), error.code.to_string())).collect()
}

/// Kinds and topics of the catalogue.
fn triage_room() -> triage::room::Room {
    let sources = catalog::load::Files::embedded();
    triage::room::Room::read(|file| sources.get(file), std::path::PathBuf::new()).unwrap()
}
