//! What a statement may not contain.

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Statement,
    Migration,
}

/// Words (or several, one space between) that one of the databases does not know, or means otherwise.
const WORDS: &[(&str, &str)] = &[
    ("NOW (", "bind the time"),
    ("CURRENT_TIMESTAMP", "bind the time"),
    ("CURRENT_DATE", "bind the date"),
    ("CURRENT_TIME", "bind the time"),
    ("ILIKE", "lower(…) LIKE"),
    ("GLOB", "PostgreSQL has no GLOB"),
    ("REGEXP", "not on both"),
    ("SIMILAR TO", "not on both"),
    ("STRFTIME (", "store dates as text"),
    ("DATETIME (", "bind the time"),
    ("JULIANDAY (", "bind the time"),
    ("DATE_TRUNC (", "store dates as text"),
    ("EXTRACT (", "store dates as text"),
    ("TO_CHAR (", "not on SQLite"),
    ("ANY (", "use .list()"),
    ("ARRAY", "no arrays"),
    ("UNNEST (", "no arrays"),
    ("FOR UPDATE", "update the version first"),
    ("FOR SHARE", "update the version first"),
    ("SKIP LOCKED", "not on SQLite"),
    ("INSERT OR", "ON CONFLICT"),
    ("REPLACE INTO", "ON CONFLICT"),
    ("GROUP_CONCAT (", "not on PostgreSQL"),
    ("STRING_AGG (", "not on SQLite before 3.44"),
    ("JSON_EXTRACT (", "->> with one key"),
    ("JSONB_", "not on SQLite"),
    ("JSON_AGG (", "not on SQLite"),
    ("ROWID", "not on PostgreSQL"),
    ("LAST_INSERT_ROWID", "make ids in the program"),
    ("RANDOM (", "randomness is a parameter"),
    ("GEN_RANDOM_UUID", "make ids in the program"),
    ("IFNULL (", "coalesce"),
    ("IIF (", "CASE"),
    ("NVL (", "coalesce"),
    ("TRUNCATE", "DELETE"),
    ("USING", "no DELETE … USING, no JOIN … USING, no index methods"),
    ("DEFERRABLE", "one bad command would sink the group at COMMIT"),
    ("DEFERRED", "one bad command would sink the group at COMMIT"),
    ("SERIAL", "make ids in the program"),
    ("BIGSERIAL", "make ids in the program"),
    ("AUTOINCREMENT", "make ids in the program"),
    ("GENERATED", "make ids in the program"),
    ("IDENTITY", "make ids in the program"),
    ("CONCURRENTLY", "not in a transaction"),
    ("WITHOUT ROWID", "not on PostgreSQL"),
    ("PRAGMA", "only for SQLite"),
    ("EXPLAIN", "only for people"),
    ("LATERAL", "not on SQLite"),
    ("DISTINCT ON", "not on SQLite"),
    ("NULLS FIRST", "the default differs, and so do indexes: order by an expression"),
    ("NULLS LAST", "the default differs, and so do indexes: order by an expression"),
    ("MERGE INTO", "ON CONFLICT"),
    ("ON DUPLICATE", "ON CONFLICT"),
    ("TEMPORARY", "no temporary tables"),
];

/// Types a column may have.
const TYPES: &[&str] = &["TEXT", "BIGINT", "BOOLEAN", "DOUBLE", "JSONB", "TIMESTAMPTZ", "BYTEA"];

/// The faults of one text.
pub fn faults(text: &str, place: Place) -> Vec<String> {
    let mut out = Vec::new();
    for (number, quoted) in text.split('\'').enumerate() {
        if number % 2 == 1 && quoted.contains('?') {
            out.push("`?` inside quotes would count as a value".into());
        }
    }
    let bare = without_quotes(text);
    let tokens = tokens(&bare);
    let joined = format!(" {} ", tokens.join(" "));
    for (word, instead) in WORDS {
        let wanted = if word.ends_with('_') { format!(" {word}") } else { format!(" {word} ") };
        if joined.contains(&wanted) {
            out.push(format!("{word}: {instead}"));
        }
    }
    if bare.contains("::") {
        out.push(":: casts are PostgreSQL's; CAST(… AS …)".into());
    }
    if bare.contains('$') || bare.contains('@') || bare.contains(":=") {
        out.push("values are marked by `?` only".into());
    }
    if bare.contains('[') {
        out.push("no arrays".into());
    }
    if bare.matches("->>").count() > 0 && chained(&bare) {
        out.push("->> with a single key only".into());
    }
    if place == Place::Statement && bare.contains(';') {
        out.push("one statement at a time".into());
    }
    for (function, cast) in [("SUM", "AS BIGINT"), ("AVG", "AS DOUBLE PRECISION")] {
        let all = joined.matches(&format!(" {function} ( ")).count();
        let cast_ones = joined.matches(&format!("CAST ( {function} ( ")).count();
        if all > cast_ones || (all > 0 && !joined.contains(cast)) {
            out.push(format!("{function} gives NUMERIC on PostgreSQL: CAST({function}(…) {cast})"));
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        if token == "LIKE" {
            let lowered = tokens[..at].iter().rev().take(6).any(|token| token == "LOWER");
            if !lowered {
                out.push("LIKE minds case on PostgreSQL only: lower(…) LIKE".into());
            }
        }
    }
    if place == Place::Migration {
        out.extend(types(&tokens));
    }
    out
}

/// A second `->` or `->>` on the result of the first.
fn chained(text: &str) -> bool {
    // Keys were in quotes and are gone, so a chain shows as two arrows with only spaces between.
    text.split("->").skip(1).any(|piece| {
        let piece = piece.trim_start_matches('>').trim();
        piece.is_empty() && text.matches("->").count() > 1
    })
}

/// Types of the columns of a CREATE TABLE or ALTER TABLE … ADD COLUMN.
fn types(tokens: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    if tokens.starts_with(&["CREATE".into(), "TABLE".into()]) {
        for column in super::schema::parts(tokens) {
            let Some(first) = column.first() else { continue };
            if ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"].contains(&first.as_str()) {
                continue;
            }
            let kind = column.get(1).map_or("", String::as_str);
            if !TYPES.contains(&kind) {
                out.push(format!("column {first} has type {kind:?}; known are {TYPES:?}"));
            }
            if kind == "TEXT" && column.get(2).is_some_and(|token| token == "[") {
                out.push("no arrays".into());
            }
        }
    }
    out
}

/// The text without what stands in single quotes.
pub fn without_quotes(text: &str) -> String {
    text.split('\'').step_by(2).collect::<Vec<_>>().join(" ")
}

/// Words in upper case, and punctuation one by one.
pub fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() || c == '_' || c == '.' {
            word.extend(c.to_uppercase());
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if !c.is_whitespace() {
            out.push(c.to_string());
        }
    }
    out
}
