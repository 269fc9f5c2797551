//! Reads tables and their keys from migrations.

use std::collections::BTreeMap;

use super::rules::tokens;

/// What the rules of distribution ask of a table.
#[derive(Default, Debug)]
pub struct Table {
    pub primary: Vec<String>,
    pub unique: Vec<Vec<String>>,
    /// Own columns, and the table they refer to.
    pub references: Vec<(Vec<String>, String)>,
}

/// Statements without comments.
pub fn statements(text: &str) -> Vec<String> {
    let bare: String =
        text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    bare.split(';').map(str::trim).filter(|statement| !statement.is_empty()).map(str::to_owned).collect()
}

/// The comma-separated parts between the outermost brackets.
pub fn parts(tokens: &[String]) -> Vec<Vec<String>> {
    let mut out = vec![Vec::new()];
    let mut depth = 0;
    for token in tokens {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 && token == ")" {
            break;
        }
        if depth == 0 || (depth == 1 && token == "(") {
            continue;
        }
        if depth == 1 && token == "," {
            out.push(Vec::new());
        } else if let Some(last) = out.last_mut() {
            last.push(token.clone());
        }
    }
    out
}

fn bracketed(tokens: &[String]) -> Vec<String> {
    parts(tokens).into_iter().filter_map(|part| part.first().map(|name| name.to_lowercase())).collect()
}

/// All tables of all migrations.
pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, Table> {
    let mut out: BTreeMap<String, Table> = BTreeMap::new();
    for statement in texts.into_iter().flat_map(statements) {
        let tokens = tokens(&statement);
        let word = |at: usize| tokens.get(at).map_or("", String::as_str);
        if word(0) == "CREATE" && word(1) == "TABLE" {
            let table = out.entry(word(2).to_lowercase()).or_default();
            for part in parts(&tokens) {
                let at = |wanted: &str| part.iter().position(|token| token == wanted);
                let first = part.first().map(|name| name.to_lowercase()).unwrap_or_default();
                let constraint =
                    ["primary", "unique", "foreign", "check", "constraint"].contains(&first.as_str());
                let own = if constraint { bracketed(&part) } else { vec![first] };
                if at("PRIMARY").is_some() {
                    table.primary.clone_from(&own);
                }
                if at("UNIQUE").is_some() {
                    table.unique.push(own.clone());
                }
                if let Some(place) = at("REFERENCES") {
                    let other = part.get(place + 1).map(|name| name.to_lowercase()).unwrap_or_default();
                    table.references.push((own, other));
                }
            }
        }
        if word(0) == "CREATE" && word(1) == "UNIQUE" && word(2) == "INDEX" {
            let on = tokens.iter().position(|token| token == "ON").unwrap_or(tokens.len());
            let name = tokens.get(on + 1).map(|name| name.to_lowercase()).unwrap_or_default();
            out.entry(name).or_default().unique.push(bracketed(&tokens[on.min(tokens.len())..]));
        }
    }
    out
}

/// What keeps the schema from being distributed.
pub fn distribution_faults(
    schema: &BTreeMap<String, Table>,
    matter: &[&str],
    reference: &[&str],
    own: &[&str],
) -> Vec<String> {
    let mut out = Vec::new();
    for (name, table) in schema {
        let name = name.as_str();
        let families = [matter, reference, own].iter().filter(|family| family.contains(&name)).count();
        if families != 1 {
            out.push(format!("{name}: list it in one family of store::families (found in {families})"));
        }
        if matter.contains(&name) {
            for key in std::iter::once(&table.primary).chain(&table.unique) {
                if key.first().is_none_or(|column| column != "number") {
                    out.push(format!("{name}: the key {key:?} must start with number"));
                }
            }
        }
        for (columns, other) in &table.references {
            let by_number = columns.first().is_some_and(|column| column == "number");
            let allowed = match (matter.contains(&name), matter.contains(&other.as_str())) {
                (true, true) => by_number,
                (true, false) => reference.contains(&other.as_str()),
                (false, true) => false,
                (false, false) => true,
            };
            if !allowed {
                out.push(format!("{name}: {columns:?} may not refer to {other}"));
            }
        }
    }
    out
}
