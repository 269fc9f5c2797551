//! Databases to be backed up, places to restore into, and files packed anew.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use evidence::MerkleLog;
use files::{Files, Limits};
use jiff::SignedDuration;
use keeping::{Backup, KeepingError, Made, Restore};
use kernel::chain::{self, ALGORITHM, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::feed::{Sequencer, follow_once};
use store::seal::Keyring;
use store::testkit::{self, Scratch};
use store::{Changes, Config, Db, Kind, sql};

/// When all of it happens.
pub fn now() -> Instant {
    "2026-11-21T09:00:00.123456+08:00".parse().unwrap()
}

/// A database with matters, their log and a paper.
pub struct Origin {
    pub config: Config,
    scratch: Scratch,
    db: Db,
}

impl Origin {
    /// One of each kind that is on this machine.
    pub async fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite().await];
        match testkit::postgres_url().await.unwrap() {
            Some(url) => all.push(Self::fill(Config::new(url), testkit::scratch()).await),
            None => eprintln!("SKIP: no PostgreSQL server programs found; this test ran on SQLite only"),
        }
        all
    }

    pub async fn sqlite() -> Self {
        let scratch = testkit::scratch();
        let path = scratch.path().join("data/huifa.db").display().to_string();
        Self::fill(Config::new(path), scratch).await
    }

    async fn fill(config: Config, scratch: Scratch) -> Self {
        let data = scratch.path().join("data");
        std::fs::create_dir_all(&data).unwrap();
        std::fs::write(data.join("huifa.toml"), "[retention]\n#run = false\n").unwrap();
        let db = Db::open(&config).await.unwrap();
        let keys = Keyring::load_or_create(&data, &db).await.unwrap();
        for of in 1..=9 {
            live(&db, &keys, of, i64::from(of % 3 + 2)).await;
        }
        let mut sequencer = Sequencer::new("test");
        while sequencer.step(&db, now()).await.unwrap() > 0 {}
        sequencer.release(&db, now()).await.unwrap();
        while follow_once(&db, &MerkleLog).await.unwrap() > 0 {}
        let papers = Files::new(db.clone(), keys, data.join("files"), Limits::default());
        let mut upload = papers.begin();
        upload.push("欠条：今欠李某某工资三千元。".as_bytes()).unwrap();
        papers.put(None, None, "欠条.txt", upload, now()).await.unwrap();
        Self { config, scratch, db }
    }

    pub fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    /// Name of the paper's content.
    pub async fn blob(&self) -> String {
        let (blob,) = sql("SELECT blob FROM file").one(&mut self.db.reader().await.unwrap()).await.unwrap();
        blob
    }

    pub async fn erase_paper(&self) {
        let mut changes = Changes::new();
        changes.push(sql("UPDATE file SET data_key = NULL"));
        self.db.apply("erase", changes).await.unwrap();
    }

    pub async fn sign_somebody_in(&self) {
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO session (token_hash, id, kind, principal, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .bind([7_u8; 32])
                .bind("s-1")
                .bind("guest")
                .bind(vec![1_u8])
                .bind(now())
                .bind(now())
                .bind(now()),
        );
        self.db.apply("sign in", changes).await.unwrap();
    }

    pub async fn close(self) {
        self.db.close().await;
    }
}

/// An empty place.
pub struct Target {
    pub config: Config,
    pub kind: Kind,
    scratch: Scratch,
}

impl Target {
    pub fn data(&self) -> &Path {
        self.scratch.path()
    }
}

/// One of each kind that is on this machine, SQLite first.
pub async fn targets() -> Vec<Target> {
    let scratch = testkit::scratch();
    let path = scratch.path().join("huifa.db").display().to_string();
    let mut all = vec![Target { config: Config::new(path), kind: Kind::Sqlite, scratch }];
    let options = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'";
    if let Some(url) = testkit::postgres_url_with(options).await.unwrap() {
        all.push(Target { config: Config::new(url), kind: Kind::Postgres, scratch: testkit::scratch() });
    }
    all
}

static TURN: AtomicU32 = AtomicU32::new(0);

pub async fn backup_of(origin: &Origin, with_keys: bool) -> Result<Made, KeepingError> {
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let file = origin.scratch.path().join(format!("backup-{turn}.tar.zst"));
    let ask = Backup {
        database: &origin.config,
        data: &origin.data(),
        file: &file,
        now: now(),
        program: "test",
        with_keys,
        progress: &|_| {},
    };
    keeping::backup(&ask).await
}

pub fn into<'a>(target: &'a Target, file: &'a Path) -> Restore<'a> {
    Restore { file, database: &target.config, data: target.data(), now: now(), progress: &|_| {} }
}

/// Entries of a backup.
pub fn entries(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    keeping::archive::entries(file, |entry| {
        found.push((entry.name, entry.bytes));
        Ok(())
    })
    .unwrap();
    found
}

pub fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Puts a word of the same length in place of another wherever it stands; it must stand somewhere.
pub fn replaced(bytes: &mut Vec<u8>, word: &str, by: &str) {
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    assert!(text.contains(word));
    *bytes = text.replace(word, by).into_bytes();
}

fn packed(file: &Path, entries: Vec<(String, Vec<u8>)>) -> PathBuf {
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let path = file.with_file_name(format!("anew-{turn}.tar.zst"));
    let out = std::fs::File::create(&path).unwrap();
    let mut archive = tar::Builder::new(zstd::Encoder::new(out, 1).unwrap());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        archive.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap();
    path
}

/// The same file with some entries changed.
pub fn repacked(file: &Path, change: impl Fn(&str, &mut Vec<u8>)) -> PathBuf {
    let mut all = entries(file);
    for (name, bytes) in &mut all {
        change(name, bytes);
    }
    packed(file, all)
}

/// The same with a manifest that fits the changes: by somebody who knows the form.
pub fn repacked_with_manifest(file: &Path, change: impl Fn(&str, &mut Vec<u8>)) -> PathBuf {
    let mut all = entries(file);
    for (name, bytes) in &mut all {
        change(name, bytes);
    }
    let (_, manifest) = all.pop().unwrap();
    let mut manifest: Value = serde_json::from_slice(&manifest).unwrap();
    for table in manifest["tables"].as_array_mut().unwrap() {
        let of = format!("tables/{}/", table["name"].as_str().unwrap());
        let mut hash = Sha256::new();
        all.iter().filter(|(name, _)| name.starts_with(&of)).for_each(|(_, bytes)| hash.update(bytes));
        table["sha256"] = json!(hex::encode(hash.finalize()));
    }
    all.push(("manifest.json".into(), serde_json::to_vec(&manifest).unwrap()));
    packed(file, all)
}

pub fn only_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// A matter with so many events, written as the register writes them.
async fn live(db: &Db, keys: &Keyring, of: u32, events: i64) {
    let number = MatterNumber::new("371502".parse().unwrap(), 2026, of).unwrap();
    let (key, wrapped) = keys.new_data_key().unwrap();
    let mut prev = Digest::ZERO;
    for seq in 1..=events {
        let at = now().plus(SignedDuration::from_secs(i64::from(of) * 60 + seq));
        let sealed = json!({ "facts": { "reason": format!("reason {seq} of {of}") } });
        let salt = [u8::try_from(seq).unwrap(); 32];
        let commit = chain::commit(&salt, &sealed).unwrap();
        let mut plain = salt.to_vec();
        plain.extend(chain::canonical(&sealed).unwrap());
        let ciphertext = key.seal(&chain::sealed_place(number, seq), &plain).unwrap();
        // Keys out of order, a nested value, a fraction, a newline: databases may store JSON in another form.
        let public = json!({ "to": "review", "role": "clerk", "from": null, "n": 1.5, "a": [{ "b": 1, "a": "法\n\u{1}" }] });
        let parts =
            EventParts { number, seq, at, actor: "a-1", action: "take", public: &public, commit, prev };
        let hash = chain::event_hash(&parts).unwrap();
        let mut changes = Changes::new();
        if seq == 1 {
            changes.push(
                sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, version, head, \
                     opened_at, received_on, issue, state, data_key) VALUES ")
                .rows([&wrapped], |row, wrapped| {
                    let row = row.bind(number).bind("consultation.text").bind(1).bind("consultation").bind(371_502_000_000_i64);
                    let row = row.bind("office").bind("web").bind("received").bind(false).bind(1).bind(hash.as_bytes());
                    row.bind(at).bind("2026-11-21").bind(0).bind(json!({})).bind(wrapped)
                }),
            );
        } else {
            changes.expect_one(
                sql("UPDATE matter SET version = ?, head = ? WHERE number = ? AND version = ?")
                    .bind(seq)
                    .bind(hash.as_bytes())
                    .bind(number)
                    .bind(seq - 1),
                "matter version",
            );
        }
        changes.push(
            sql("INSERT INTO event (number, seq, at, actor, action, alg, public, sealed, commitment, prev, hash) VALUES ")
                .rows([&ciphertext], |row, ciphertext| {
                    let row = row.bind(number).bind(seq).bind(at).bind("a-1").bind("take").bind(ALGORITHM).bind(&public);
                    row.bind(ciphertext).bind(commit.as_bytes()).bind(prev.as_bytes()).bind(hash.as_bytes())
                }),
        );
        changes.announce(number, seq);
        db.apply("live", changes).await.unwrap();
        prev = hash;
    }
}
