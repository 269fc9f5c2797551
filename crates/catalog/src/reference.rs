//! The reference page of the item format, made from the published JSON Schema so that the two never part.

use crate::load::Files;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt::Write;

/// The schema as it is published.
#[must_use]
pub fn schema() -> String {
    Files::embedded().get("item.schema.json").unwrap_or_default().to_owned()
}

/// `docs/item-reference.md`.
///
/// # Errors
/// When the schema the binary carries is no JSON; a test proves that it is.
pub fn markdown() -> Result<String, serde_json::Error> {
    let schema: Tree = serde_json::from_str(&schema())?;
    let mut page = String::from(
        "# Item files: every key\n\n\
         Made from [`catalog/item.schema.json`](../catalog/item.schema.json) by \
         `huifa catalog schema --markdown > docs/item-reference.md`; a test holds the two together. \
         [The catalogue of service items](catalogue.md) says how to read and write an item. \
         A key that is not listed is refused.\n\n## The item\n\n",
    );
    let defs = schema.get("$defs").map(Tree::entries).unwrap_or_default();
    table(&schema, defs, &mut page);
    let (tables, words): (Vec<_>, Vec<_>) =
        defs.iter().partition(|(_, def)| !written_out(def).properties().is_empty());
    for (name, def) in tables.iter().filter(|(name, _)| name != "localized") {
        let _ = write!(page, "\n## `{name}`\n\n");
        if let Some(text) = def.text("description") {
            let _ = write!(page, "{}\n\n", cell(text));
        }
        table(written_out(def), defs, &mut page);
    }
    page.push_str("\n## Words used above\n\n| word | what | form |\n|---|---|---|\n");
    for (name, def) in words {
        let what = def.text("description").map(cell).unwrap_or_default();
        let _ = writeln!(page, "| `{name}` | {what} | {} |", shape(def));
    }
    Ok(page)
}

/// Where a name alone will do as well, the form that has keys.
fn written_out(def: &Tree) -> &Tree {
    def.list("oneOf").iter().find(|form| !form.properties().is_empty()).unwrap_or(def)
}

fn table(def: &Tree, defs: &[(String, Tree)], page: &mut String) {
    page.push_str("| key | what | kind |\n|---|---|---|\n");
    rows(def, defs, "", page);
}

/// The rows of an object; an object written out within it follows with its own keys, `guard.when`.
fn rows(def: &Tree, defs: &[(String, Tree)], before: &str, page: &mut String) {
    let required: Vec<&str> = def.list("required").iter().filter_map(Tree::word).collect();
    for (key, value) in def.properties() {
        let name = format!("{before}{key}");
        let optional = if required.contains(&key.as_str()) { "" } else { " (optional)" };
        let shared = || defs.iter().find(|(name, _)| Some(name.as_str()) == reference(value));
        let what = value
            .text("description")
            .or_else(|| shared().and_then(|(_, def)| def.text("description")))
            .map(cell)
            .unwrap_or_default();
        let default = match value.get("default") {
            Some(Tree::Word(word)) => format!("; default `{word}`"),
            Some(Tree::Bool(yes)) => format!("; default `{yes}`"),
            _ => String::new(),
        };
        let _ = writeln!(page, "| `{name}`{optional} | {what} | {}{default} |", shape(value));
        let inner = if value.text("type") == Some("array") { value.get("items") } else { Some(value) };
        if let Some(inner) = inner {
            rows(inner, defs, &format!("{name}."), page);
        }
    }
}

/// The shared definition a value is of.
fn reference(value: &Tree) -> Option<&str> {
    value.text("$ref")?.strip_prefix("#/$defs/")
}

/// What a value looks like, in words.
fn shape(value: &Tree) -> String {
    if let Some(name) = reference(value) {
        return match name {
            "localized" => "text in both languages".to_owned(),
            "rule" | "id" | "fact" | "role" | "need" => format!("[{name}](#words-used-above)"),
            _ => format!("[{name}](#{name})"),
        };
    }
    let choices: Vec<String> =
        value.list("enum").iter().filter_map(Tree::word).map(|word| format!("`{word}`")).collect();
    if !choices.is_empty() {
        return choices.join(" · ");
    }
    let either = value.list("oneOf");
    if !either.is_empty() {
        return either.iter().map(shape).collect::<Vec<_>>().join(" or ");
    }
    match value.text("type") {
        Some("string") => {
            let pattern = value.text("pattern").map(|text| format!(", `{}`", cell(text)));
            format!("text{}", pattern.unwrap_or_default())
        }
        Some("integer") => "whole number".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("array") => {
            format!("list: {}", value.get("items").map_or_else(|| "any value".to_owned(), shape))
        }
        Some("object") => "table".to_owned(),
        _ => "any value".to_owned(),
    }
}

/// A text within a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// JSON that keeps the order of its keys, which is the order in which people read them.
#[derive(Debug)]
enum Tree {
    Object(Vec<(String, Tree)>),
    List(Vec<Tree>),
    Word(String),
    Bool(bool),
    Other,
}

impl Tree {
    fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    fn entries(&self) -> &[(String, Self)] {
        if let Self::Object(entries) = self { entries } else { &[] }
    }

    fn properties(&self) -> &[(String, Self)] {
        self.get("properties").map(Self::entries).unwrap_or_default()
    }

    fn list(&self, key: &str) -> &[Self] {
        if let Some(Self::List(list)) = self.get(key) { list } else { &[] }
    }

    fn word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.word()
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Other)
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Word(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Object(entries))
    }
}
