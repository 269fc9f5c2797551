//! A small town: a register that says whom events concern, and a gateway that answers as it is told.
#![allow(dead_code, reason = "each test file uses its part of the town")]
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use access::policy::Sight;
use access::{AccountId, Grant, OrgId, Principal};
use catalog::words::Words;
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::contact::ContactRules;
use kernel::number::MatterNumber;
use kernel::time::{Clock as _, FixedClock, Instant};
use notices::sms::{Gateway, GatewaySettings};
use notices::{Kind, Notices, Occasion, Parts, Person, Recipients, Settings, signature};
use serde_json::{Value, json};
use store::feed::{Entry, Sequencer, follow_once};
use store::seal::{DataKey, Keyring, MasterKey};
use store::{BoxFuture, Changes, Db, StoreError, sql};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The key of the gateway.
pub const KEY: &str = "a key both sides know";

pub fn number(of: u32) -> MatterNumber {
    MatterNumber::new("371502".parse().unwrap(), 2026, of).unwrap()
}

/// Ten o'clock of the next day.
pub fn morning_of(at: Instant) -> Instant {
    kernel::time::start_of_day(at.date().tomorrow().unwrap()).plus(SignedDuration::from_hours(10))
}

/// How the gateway answers one request.
#[derive(Debug, Clone)]
pub enum Answer {
    Status(u16),
    TooMany(u32),
    Words(&'static str, u16),
    Hang,
    Cut,
}

#[derive(Default)]
struct Heard {
    script: VecDeque<Answer>,
    requests: Vec<(BTreeMap<String, String>, Vec<u8>)>,
}

/// A gateway on this machine.
#[derive(Clone)]
pub struct Exchange {
    heard: Arc<Mutex<Heard>>,
    address: std::net::SocketAddr,
}

impl Exchange {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let ears = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(hear(stream, Arc::clone(&ears)));
            }
        });
        Self { heard, address }
    }

    /// What it answers next; afterwards it accepts.
    pub fn script(&self, answers: impl IntoIterator<Item = Answer>) {
        self.heard.lock().unwrap().script = answers.into_iter().collect();
    }

    /// Bodies in the order they came.
    pub fn bodies(&self) -> Vec<Value> {
        let heard = self.heard.lock().unwrap();
        heard.requests.iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
    }

    /// Delivery ids in the order they came.
    pub fn ids(&self) -> Vec<String> {
        self.bodies().iter().map(|body| body["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Whether every request was signed and named its id in the header.
    pub fn signed(&self) -> bool {
        let heard = self.heard.lock().unwrap();
        heard.requests.iter().all(|(headers, body)| {
            let seconds = &headers[signature::TIME];
            let at = Instant::from_micros(seconds.parse::<i64>().unwrap() * 1_000_000).unwrap();
            let id = serde_json::from_slice::<Value>(body).unwrap()["id"].as_str().unwrap().to_owned();
            headers["idempotency-key"] == id
                && signature::holds(KEY.as_bytes(), at, seconds, &headers[signature::SIGNATURE], body)
        })
    }
}

async fn hear(mut stream: tokio::net::TcpStream, ears: Arc<Mutex<Heard>>) {
    let mut read = Vec::new();
    let (headers, from) = loop {
        let mut part = [0; 4096];
        let Ok(count) = stream.read(&mut part).await else { return };
        if count == 0 {
            return;
        }
        read.extend_from_slice(&part[..count]);
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        let headers: BTreeMap<String, String> = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length: usize = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
        if read.len() >= end + 4 + length {
            break (headers, end + 4);
        }
    };
    let answer = {
        let mut heard = ears.lock().unwrap();
        heard.requests.push((headers, read[from..].to_vec()));
        heard.script.pop_front()
    };
    let (status, extra, body) = match answer {
        None => (200, String::new(), "{\"status\":\"accepted\"}"),
        Some(Answer::Status(status)) => (status, String::new(), ""),
        Some(Answer::TooMany(after)) => (429, format!("retry-after: {after}\r\n"), ""),
        Some(Answer::Words(words, status)) => (status, String::new(), words),
        Some(Answer::Cut) => return,
        Some(Answer::Hang) => {
            tokio::time::sleep(Duration::from_secs(4)).await;
            return;
        }
    };
    let reply = format!(
        "HTTP/1.1 {status} X\r\n{extra}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(reply.as_bytes()).await;
}

#[derive(Default)]
struct Known {
    kinds: BTreeMap<(MatterNumber, i64), Kind>,
    keys: BTreeMap<MatterNumber, DataKey>,
    rules: ContactRules,
}

/// A register that knows one applicant a matter.
struct Fake(Arc<Mutex<Known>>, Arc<FixedClock>);

impl Fake {
    fn occasion(&self, number: MatterNumber, cause: String, kind: Kind) -> Occasion {
        let rules = self.0.lock().unwrap().rules.clone();
        let person = Person {
            key: "applicant".into(),
            audience: Some("citizen-1".into()),
            phone: Some("13800138000".into()),
            rules,
            outside: true,
            kind,
        };
        let key = self.0.lock().unwrap().keys.get(&number).cloned();
        Occasion { number, cause, at: self.1.now(), due: None, people: vec![person], key }
    }
}

impl Recipients for Fake {
    fn of_events<'a>(&'a self, entries: &'a [Entry]) -> BoxFuture<'a, Result<Vec<Occasion>, StoreError>> {
        Box::pin(async move {
            let kind = |entry: &Entry| self.0.lock().unwrap().kinds[&(entry.number, entry.seq)];
            let told = entries
                .iter()
                .map(|entry| self.occasion(entry.number, format!("e{}", entry.seq), kind(entry)));
            Ok(told.collect())
        })
    }

    fn of_task<'a>(
        &'a self,
        number: MatterNumber,
        task: &'a str,
    ) -> BoxFuture<'a, Result<Option<Occasion>, StoreError>> {
        Box::pin(
            async move { Ok(Some(self.occasion(number, format!("due:{task}:2026-11-24"), Kind::DueSoon))) },
        )
    }

    fn key_of(&self, number: MatterNumber) -> BoxFuture<'_, Result<Option<DataKey>, StoreError>> {
        Box::pin(async move { Ok(self.0.lock().unwrap().keys.get(&number).cloned()) })
    }

    fn owner_of(&self, _: MatterNumber) -> BoxFuture<'_, Result<Option<String>, StoreError>> {
        Box::pin(async { Ok(Some("aid.center".to_owned())) })
    }

    fn sight<'a>(&'a self, who: &'a Principal, _: MatterNumber) -> BoxFuture<'a, Result<Sight, StoreError>> {
        Box::pin(async move {
            let own = who.principals().contains(&"aid.center".to_owned());
            Ok(if own { Sight::Full } else { Sight::None })
        })
    }
}

/// The town.
pub struct Town {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub room: Notices,
    pub gateway: Exchange,
    pub clerk: Principal,
    pub stranger: Principal,
    known: Arc<Mutex<Known>>,
    keyring: Keyring,
}

fn staff(login: &str, organisation: &str) -> Principal {
    let area = "371502".parse().unwrap();
    Principal {
        account: Some(AccountId(format!("account-{login}"))),
        kind: access::Kind::Staff,
        login: Some(login.into()),
        name: login.into(),
        grants: vec![Grant::new(Role::AidOfficer, area, Some(OrgId(organisation.into())))],
        home: Some(OrgId(organisation.into())),
    }
}

impl Town {
    pub async fn found(db: &Db) -> Self {
        let clock = Arc::new(FixedClock::at("2026-11-23T09:00:00+08:00".parse().unwrap()));
        let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
        let known = Arc::new(Mutex::new(Known::default()));
        let gateway = Exchange::open().await;
        let sms = Gateway::new(GatewaySettings {
            url: format!("http://{}/send", gateway.address),
            key: KEY.into(),
            signature: "惠法".into(),
            neutral_signature: "便民".into(),
            templates: BTreeMap::new(),
            timeout: Duration::from_secs(1),
        });
        let room = Notices::new(Parts {
            db: db.clone(),
            keyring: keyring.clone(),
            words: Arc::new(Words::embedded().unwrap()),
            clock: clock.clone(),
            recipients: Arc::new(Fake(Arc::clone(&known), Arc::clone(&clock))),
            settings: Settings { public_url: Some("https://huifa.example.cn".into()), ..Settings::default() },
            sms: Some(Arc::new(sms.unwrap())),
            mail: None,
        });
        let (clerk, stranger) = (staff("clerk", "aid.center"), staff("stranger", "elsewhere"));
        Self { db: db.clone(), clock, room, gateway, clerk, stranger, known, keyring }
    }

    pub fn clock_now(&self) -> Instant {
        self.clock.now()
    }

    /// How the applicants of this town asked to be reached.
    pub fn asks(&self, rules: ContactRules) {
        self.known.lock().unwrap().rules = rules;
    }

    /// The key of a matter is destroyed.
    pub fn erase(&self, of: u32) {
        self.known.lock().unwrap().keys.remove(&number(of));
    }

    /// A matter with so many events of a kind.
    pub async fn happens(&self, of: u32, events: i64, kind: Kind) {
        let number = number(of);
        let (key, wrapped) = self.keyring.new_data_key().unwrap();
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, version, head, \
                 opened_at, received_on, issue, state, data_key) VALUES ")
            .rows([wrapped], |row, wrapped| {
                let row = row.bind(number).bind("consultation.text").bind(1).bind("consultation").bind(371_502_000_000_i64);
                let row = row.bind("aid.center").bind("web").bind("received").bind(false).bind(events).bind(vec![0_u8; 32]);
                row.bind(self.clock.now()).bind("2026-11-23").bind(0).bind(json!({})).bind(wrapped)
            }),
        );
        for seq in 1..=events {
            changes.announce(number, seq);
            self.known.lock().unwrap().kinds.insert((number, seq), kind);
        }
        self.known.lock().unwrap().keys.insert(number, key);
        self.db.apply("happens", changes).await.unwrap();
    }

    /// An open task whose day comes near at a moment.
    pub async fn task_due(&self, of: u32, yellow: &str) {
        let yellow: Instant = yellow.parse().unwrap();
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO open_task (number, task, name, item, item_version, step, role, area, pool, due, yellow_at, \
                 paused, since) VALUES ")
            .rows([yellow], |row, yellow| {
                let row = row.bind(number(of)).bind("t1").bind("supplement").bind("consultation.text").bind(1).bind("received");
                let row = row.bind("applicant").bind(371_502_000_000_i64).bind("applicant@1").bind("2026-11-24");
                row.bind(yellow).bind(false).bind(yellow)
            }),
        );
        self.db.apply("task", changes).await.unwrap();
    }

    /// Everything in the outbox goes into the feed.
    pub async fn sequence(&self) {
        let mut sequencer = Sequencer::new("town");
        while sequencer.step(&self.db, self.clock.now()).await.unwrap() > 0 {}
        sequencer.release(&self.db, self.clock.now()).await.unwrap();
    }

    /// Everything in the feed is followed, also where another follower is at work.
    pub async fn follow(&self) {
        loop {
            let behind = {
                let mut reads = self.db.reader().await.unwrap();
                let head = store::feed::head(&mut reads).await.unwrap();
                store::feed::cursor(&mut reads, notices::follow::NAME).await.unwrap() < head
            };
            if !behind {
                return;
            }
            follow_once(&self.db, &self.room).await.unwrap();
        }
    }

    /// Everything due is sent.
    pub async fn send_all(&self) {
        while self.room.send_due().await.unwrap() > 0 {}
    }

    /// How many short messages stand where: state, and 1 when somebody must call.
    pub async fn states(&self) -> BTreeMap<String, i64> {
        let rows: Vec<(String, Option<String>, i64)> =
            sql("SELECT state, call, count(*) FROM notice WHERE channel = 'sms' GROUP BY state, call")
                .all(&mut self.db.reader().await.unwrap())
                .await
                .unwrap();
        rows.into_iter()
            .map(|(state, call, count)| {
                (format!("{state} {}", i64::from(call.as_deref() == Some("open"))), count)
            })
            .collect()
    }

    /// State, reason and tries of the only short message.
    pub async fn first(&self) -> String {
        let (state, reason, tries): (String, Option<String>, i64) =
            sql("SELECT state, reason, tries FROM notice WHERE channel = 'sms'")
                .one(&mut self.db.reader().await.unwrap())
                .await
                .unwrap();
        format!("{state} {} {tries}", reason.as_deref().unwrap_or("-"))
    }
}
