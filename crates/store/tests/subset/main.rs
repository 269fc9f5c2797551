//! One SQL text for both databases, and the rules of distribution: held by reading the sources.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod literals;
mod rules;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};

use store::families::{MATTER, OWN, REFERENCE};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files whose text is for one driver on purpose.
const DRIVERS: &[&str] = &[
    "crates/store/src/postgres.rs",
    "crates/store/src/migrate.rs",
    "crates/store/src/copy/shape.rs",
    "crates/store/src/copy/target.rs",
    "crates/store/src/sqlite/",
    "crates/store/src/testkit/",
    "crates/store/src/db.rs",
    "crates/store/tests/",
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target" && name != "node_modules") {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

fn migrations() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut out: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    out.sort();
    out
}

#[test]
fn statements_keep_to_what_both_databases_know() {
    let root = workspace();
    let mut files = Vec::new();
    sources(&root.join("crates"), &mut files);
    sources(&root.join("bench"), &mut files);
    let mut faults = Vec::new();
    let mut seen = 0;
    for path in files {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        if DRIVERS.iter().any(|driver| name.starts_with(driver)) {
            continue;
        }
        for literal in literals::sql_literals(&fs::read_to_string(&path).unwrap()) {
            seen += 1;
            for fault in rules::faults(&literal.text, rules::Place::Statement) {
                faults.push(format!("{name}:{}: {fault}: {}", literal.line, literal.text.trim()));
            }
        }
    }
    assert!(seen > 50, "the reader of sources found only {seen} statements: it is broken");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn migrations_keep_to_what_both_databases_know() {
    let mut faults = Vec::new();
    for (name, text) in migrations() {
        for statement in schema::statements(&text) {
            for fault in rules::faults(&statement, rules::Place::Migration) {
                faults.push(format!("{name}: {fault}: {statement}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn matter_tables_can_be_distributed_by_number() {
    let all = migrations();
    assert!(all.len() > 2);
    let schema = schema::read(all.iter().map(|(_, text)| text.as_str()));
    let faults = schema::distribution_faults(&schema, MATTER, REFERENCE, OWN);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Each rule refuses what it is there for; without this a rule could rot unnoticed.
#[test]
fn every_rule_bites() {
    let bad = [
        "SELECT now()",
        "SELECT CURRENT_TIMESTAMP",
        "SELECT a FROM t WHERE a ILIKE ?",
        "SELECT a FROM t WHERE a LIKE ?",
        "SELECT SUM(n) FROM t",
        "SELECT AVG(n) FROM t",
        "SELECT strftime('%Y', a) FROM t",
        "SELECT date_trunc('day', a) FROM t",
        "SELECT a FROM t WHERE a = ANY(?)",
        "SELECT a::text FROM t",
        "SELECT ARRAY[1]",
        "SELECT a FROM t FOR UPDATE",
        "INSERT OR IGNORE INTO t (a) VALUES (?)",
        "REPLACE INTO t (a) VALUES (?)",
        "SELECT a FROM t WHERE a = $1",
        "DELETE FROM t; DELETE FROM u",
        "SELECT a FROM t WHERE b = 'what?'",
        "SELECT group_concat(a) FROM t",
        "SELECT string_agg(a, ',') FROM t",
        "SELECT json_extract(a, '$.b') FROM t",
        "SELECT a ->> 'b' ->> 'c' FROM t",
        "SELECT a FROM t WHERE a GLOB ?",
        "SELECT rowid FROM t",
        "SELECT random()",
        "SELECT datetime('now')",
        "SELECT extract(year FROM a) FROM t",
        "DELETE FROM t USING u WHERE t.a = u.a",
        "SELECT IFNULL(a, b) FROM t",
        "SELECT iif(a, b, c) FROM t",
        "TRUNCATE t",
    ];
    for text in bad {
        assert!(!rules::faults(text, rules::Place::Statement).is_empty(), "let through: {text}");
    }
    let bad = [
        "CREATE TABLE t (a SERIAL PRIMARY KEY)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE t (a VARCHAR(20))",
        "CREATE TABLE t (a BIGINT REFERENCES u (a) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE t (a TIMESTAMPTZ DEFAULT now())",
        "CREATE TABLE t (a TEXT[])",
        "CREATE TABLE t (a BIGINT GENERATED ALWAYS AS IDENTITY)",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "CREATE TABLE t (a TEXT) WITHOUT ROWID",
        "CREATE INDEX i ON t USING gin (a)",
    ];
    for text in bad {
        assert!(!rules::faults(text, rules::Place::Migration).is_empty(), "let through: {text}");
    }
    let good = [
        "SELECT CAST(SUM(n) AS BIGINT), CAST(AVG(n) AS DOUBLE PRECISION) FROM t WHERE lower(a) LIKE ?",
        "SELECT a ->> 'b' FROM t WHERE (a, b) < (?, ?)",
        "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING b",
        "SELECT count(*) FILTER (WHERE a = 'now') FROM t",
    ];
    for text in good {
        let faults = rules::faults(text, rules::Place::Statement);
        assert!(faults.is_empty(), "{text}: {faults:?}");
    }
    let bad = [
        "CREATE TABLE m (id TEXT PRIMARY KEY, number BIGINT)",
        "CREATE TABLE m (number BIGINT PRIMARY KEY, code TEXT UNIQUE)",
        "CREATE TABLE m (number BIGINT PRIMARY KEY); CREATE UNIQUE INDEX i ON m (code, number)",
        "CREATE TABLE m (number BIGINT PRIMARY KEY, account TEXT REFERENCES o (id)); CREATE TABLE o (id TEXT PRIMARY KEY)",
        "CREATE TABLE m (number BIGINT PRIMARY KEY); CREATE TABLE o (id TEXT PRIMARY KEY, number BIGINT REFERENCES m (number))",
        "CREATE TABLE m (number BIGINT PRIMARY KEY); CREATE TABLE unlisted (id TEXT PRIMARY KEY)",
        "CREATE TABLE m (number BIGINT)",
    ];
    for text in bad {
        let faults = schema::distribution_faults(&schema::read([text]), &["m"], &["r"], &["o"]);
        assert!(!faults.is_empty(), "let through: {text}");
    }
    let good = "CREATE TABLE r (id TEXT PRIMARY KEY); CREATE TABLE m (number BIGINT PRIMARY KEY, kind TEXT REFERENCES r (id));
        CREATE UNIQUE INDEX i ON m (number, kind); CREATE TABLE o (id TEXT PRIMARY KEY, code TEXT UNIQUE)";
    let faults = schema::distribution_faults(&schema::read([good]), &["m"], &["r"], &["o"]);
    assert!(faults.is_empty(), "{faults:?}");
}
