//! A small county to act in: two offices, a firm, and everybody a matter needs.
#![allow(dead_code, reason = "each test file uses its part of the county")]
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

pub mod chain;
pub mod office;

use std::sync::Arc;

use access::{Access, AccountId, Grant, Kind, OrgId, Principal};
use catalog::Catalog;
use catalog::words::Words;
use files::Files;
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::calendar::Calendar;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::{FixedClock, Instant};
use matters::{Answer, Ask, Parts, Register};
use serde_json::{Map, Value, json};
use store::seal::{Keyring, MasterKey};
use store::{Changes, Db, sql};

/// Somebody of the county.
pub fn staff(login: &str, role: Role, organisation: Option<&str>) -> Principal {
    let area: AreaCode = "371502".parse().unwrap();
    Principal {
        account: Some(AccountId(format!("account-{login}"))),
        kind: Kind::Staff,
        login: Some(login.to_owned()),
        name: format!("{login}的姓名"),
        grants: vec![Grant::new(role, area, organisation.map(|id| OrgId(id.to_owned())))],
        home: organisation.map(|id| OrgId(id.to_owned())),
    }
}

fn register(
    db: &Db,
    catalog: Catalog,
    keyring: &Keyring,
    access: Arc<Access>,
    clock: &Arc<FixedClock>,
) -> Register {
    counting(db, catalog, keyring, access, clock, Arc::new(Calendar::official().clone()))
}

fn counting(
    db: &Db,
    catalog: Catalog,
    keyring: &Keyring,
    access: Arc<Access>,
    clock: &Arc<FixedClock>,
    calendar: Arc<Calendar>,
) -> Register {
    Register::new(Parts {
        db: db.clone(),
        catalog: Arc::new(catalog),
        words: Arc::new(Words::embedded().unwrap()),
        keyring: keyring.clone(),
        access,
        files: Arc::new(Files::new(
            db.clone(),
            keyring.clone(),
            std::env::temp_dir(),
            files::Limits::default(),
        )),
        clock: clock.clone(),
        calendar,
    })
    .unwrap()
}

pub struct County {
    pub register: Register,
    pub keyring: Keyring,
    pub clock: Arc<FixedClock>,
    pub clerk: Principal,
    pub officer: Principal,
    pub approver: Principal,
    pub firm_admin: Principal,
    pub lawyer: Principal,
    pub stranger: Principal,
    pub supervisor: Principal,
}

impl County {
    pub async fn found(db: &Db) -> Self {
        Self::found_with(db, Catalog::embedded().unwrap()).await
    }

    pub async fn found_with(db: &Db, catalog: Catalog) -> Self {
        let clock = Arc::new(FixedClock::at("2026-11-20T09:00:00+08:00".parse().unwrap()));
        let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
        let now: Instant = "2026-11-20T09:00:00+08:00".parse().unwrap();
        let access = Access::open(db.clone(), keyring.clone(), access::Limits::default(), now).await.unwrap();
        let county = Self {
            register: register(db, catalog, &keyring, Arc::new(access), &clock),
            keyring,
            clock,
            clerk: staff("clerk", Role::Clerk, Some("center")),
            officer: staff("officer", Role::AidOfficer, Some("aid")),
            approver: staff("approver", Role::AidApprover, Some("aid")),
            firm_admin: staff("firm-admin", Role::FirmAdmin, Some("firm")),
            lawyer: staff("lawyer", Role::Lawyer, Some("firm")),
            stranger: staff("stranger", Role::AidOfficer, Some("elsewhere")),
            supervisor: staff("supervisor", Role::Supervisor, None),
        };
        county.settle(db).await;
        county
    }

    /// The same county after its node was started anew with another catalogue.
    pub async fn restarted(self, db: &Db, catalog: Catalog) -> Self {
        let now = self.register.now();
        let access =
            Access::open(db.clone(), self.keyring.clone(), access::Limits::default(), now).await.unwrap();
        let register = register(db, catalog, &self.keyring, Arc::new(access), &self.clock);
        Self { register, ..self }
    }

    /// The register of a node that counts with another calendar.
    pub async fn with_calendar(&self, db: &Db, calendar: Arc<Calendar>) -> Register {
        let now = self.register.now();
        let access =
            Access::open(db.clone(), self.keyring.clone(), access::Limits::default(), now).await.unwrap();
        let catalog = Catalog::embedded().unwrap();
        counting(db, catalog, &self.keyring, Arc::new(access), &self.clock, calendar)
    }

    async fn settle(&self, db: &Db) {
        let at: Instant = "2026-01-01T00:00:00+08:00".parse().unwrap();
        let mut changes = Changes::new();
        for (id, name, duties) in [
            ("center", "公共法律服务中心", vec!["consultation"]),
            ("aid", "法律援助中心", vec!["legal-aid"]),
            ("firm", "某某律师事务所", vec!["legal-aid-case"]),
        ] {
            changes.push(
                sql("INSERT INTO organisation (id, name, kind, area, origin) VALUES (?, ?, 'center', ?, 'test')")
                    .bind(id)
                    .bind(name)
                    .bind(371_502_000_000_i64),
            );
            for duty in duties {
                changes.push(
                    sql("INSERT INTO organisation_duty (organisation, duty) VALUES (?, ?)")
                        .bind(id)
                        .bind(duty),
                );
            }
        }
        let people = [&self.clerk, &self.officer, &self.approver, &self.firm_admin, &self.lawyer];
        for person in people {
            let account = person.account.as_ref().unwrap().as_str();
            let grant = &person.grants[0];
            let organisation = grant.organisation.as_ref().unwrap().as_str();
            changes.push(
                sql("INSERT INTO account (id, kind, login, name, organisation, origin, created_at) \
                     VALUES (?, 'staff', ?, ?, ?, 'test', ?)")
                .bind(account)
                .bind(person.login.clone())
                .bind(&person.name)
                .bind(organisation)
                .bind(at),
            );
            changes.push(
                sql("INSERT INTO account_grant (account, role, area, organisation, granted_at) VALUES (?, ?, ?, ?, ?)")
                    .bind(account)
                    .bind(grant.role.as_str())
                    .bind(grant.area)
                    .bind(organisation)
                    .bind(at),
            );
        }
        db.apply("settle county", changes).await.unwrap();
    }

    /// A whole body of an item's first example, as the web sends it.
    pub fn body(&self, item: &str) -> Value {
        let mut body = self.register.catalog().item(item).unwrap().examples[0].body.clone();
        body["door"] = json!("web");
        body["area"] = json!("371502000000");
        body["materials"] = json!([]);
        body
    }

    /// Opens a matter as somebody without an account.
    pub async fn open(&self, item: &str, key: &str) -> MatterNumber {
        let answer =
            self.register.open(&Principal::anonymous(), &self.body(item), key, Lang::Zh).await.unwrap();
        answer.body["number"].as_str().unwrap().parse().unwrap()
    }

    /// Does an action with the example that is offered for it.
    pub async fn act(&self, who: &Principal, number: MatterNumber, action: &str) -> Result<Answer, Refusal> {
        let offers = self.register.actions(who, number, Lang::Zh).await?;
        let offer = offers.as_array().unwrap().iter().find(|offer| offer["action"] == action);
        let input = offer.and_then(|offer| offer["example"].as_object()).cloned().unwrap_or_default();
        self.act_with(who, number, action, input).await
    }

    pub async fn act_with(
        &self,
        who: &Principal,
        number: MatterNumber,
        action: &str,
        input: Map<String, Value>,
    ) -> Result<Answer, Refusal> {
        let version = self.version(number).await;
        let key = format!("test-key-{number}-{version}-{action}");
        let ask = Ask { action, version, input, task: None, key: &key, lang: Lang::Zh };
        self.register.act(who, number, &ask).await
    }

    pub async fn version(&self, number: MatterNumber) -> i64 {
        self.view(number).await["version"].as_i64().unwrap()
    }

    pub async fn view(&self, number: MatterNumber) -> Value {
        self.register.view(&Principal::guest(number), number, Lang::Zh).await.unwrap()
    }

    /// Moves a legal aid matter to the step where it is in a lawyer's hands.
    pub async fn to_lawyer(&self, number: MatterNumber) {
        self.act(&self.officer, number, "accept-for-review").await.unwrap();
        self.act(&self.officer, number, "propose-grant").await.unwrap();
        self.act(&self.approver, number, "grant").await.unwrap();
        self.act(&self.officer, number, "assign-firm").await.unwrap();
        self.act(&self.firm_admin, number, "name-lawyer").await.unwrap();
        self.act(&self.lawyer, number, "accept").await.unwrap();
    }
}
