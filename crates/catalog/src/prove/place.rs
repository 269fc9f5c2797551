//! Where in the files something stands.

use crate::load::Files;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Line and column (in characters), both from 1, of a byte offset.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// A parsed file that remembers where everything stands.
pub(super) struct Document<'a> {
    path: &'a str,
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn parse(path: &'a str, text: &'a str) -> Option<Self> {
        DeTable::parse(text).ok().map(|root| Self { path, text, root })
    }

    /// How many words of the path exist here, and the offset of the last that does.
    fn follow(&self, path: &str) -> (usize, usize) {
        let mut words = path.split('/').filter(|word| !word.is_empty());
        let mut depth = 0;
        let mut offset = 0;
        let Some(first) = words.next() else { return (0, 0) };
        let Some((key, value)) = self.root.get_ref().get_key_value(first) else { return (0, 0) };
        let (mut here, mut at) = (value, key.span().start);
        loop {
            depth += 1;
            offset = offset.max(at);
            let Some(word) = words.next() else { return (depth, at) };
            match child(here, word) {
                Some((next, start)) => (here, at) = (next, start),
                None => return (depth, at),
            }
        }
    }

    fn place(&self, offset: usize) -> (String, usize, usize) {
        let (line, column) = line_and_column(self.text, offset);
        (self.path.to_owned(), line, column)
    }

    /// Line and column of a path, or of the longest part of it that exists.
    pub(super) fn locate(&self, path: &str) -> (String, usize, usize) {
        self.place(self.follow(path).1)
    }

    fn text_at(&self, key: &str) -> Option<&str> {
        self.root.get_ref().get(key)?.get_ref().as_str()
    }
}

/// The value under a word: a key of a table, or the entry of a list that has this id, fact or place.
fn child<'v, 'i>(value: &'v Spanned<DeValue<'i>>, word: &str) -> Option<(&'v Spanned<DeValue<'i>>, usize)> {
    match value.get_ref() {
        DeValue::Table(table) => table.get_key_value(word).map(|(key, value)| (value, key.span().start)),
        DeValue::Array(list) => {
            if let Some(entry) = word.parse::<usize>().ok().and_then(|at| list.get(at)) {
                return Some((entry, entry.span().start));
            }
            list.iter().find_map(|entry| match entry.get_ref() {
                DeValue::Table(table) => ["id", "fact", "use"].iter().find_map(|name| {
                    let named = table.get(*name)?;
                    (named.get_ref().as_str() == Some(word)).then(|| (entry, named.span().start))
                }),
                DeValue::String(text) if text == word => Some((entry, entry.span().start)),
                _ => None,
            })
        }
        _ => None,
    }
}

/// The files an item is made of: its own, and the fragments it includes.
pub(super) struct Sources<'a> {
    path: &'a str,
    own: Option<Document<'a>>,
    fragments: Vec<Document<'a>>,
}

impl<'a> Sources<'a> {
    pub(super) fn of_item(files: &'a Files, path: &'a str) -> Self {
        let own = files.get(path).and_then(|text| Document::parse(path, text));
        let included: Vec<&str> = own.as_ref().map(includes).unwrap_or_default();
        let fragments = files
            .under("fragments/", ".toml")
            .filter_map(|(path, text)| Document::parse(path, text))
            .filter(|fragment| fragment.text_at("id").is_some_and(|id| included.contains(&id)))
            .collect();
        Self { path, own, fragments }
    }

    /// File, line and column of a path into the resolved item; where it comes from a fragment, there.
    pub(super) fn locate(&self, path: &str) -> (String, usize, usize) {
        match self.find(path) {
            Some((document, offset)) => document.place(offset),
            None => (self.path.to_owned(), 1, 1),
        }
    }

    /// The same within a text that stands at the path, as far as it is written there without escapes.
    pub(super) fn locate_in(&self, path: &str, text: &str, offset: usize) -> (String, usize, usize) {
        match self.find(path) {
            Some((document, at)) => document.place(
                document.text[at..].find(text).map_or(at, |start| at + start + offset.min(text.len())),
            ),
            None => (self.path.to_owned(), 1, 1),
        }
    }

    fn find(&self, path: &str) -> Option<(&Document<'a>, usize)> {
        let whole = path.split('/').filter(|word| !word.is_empty()).count();
        let own = self.own.as_ref()?;
        let (mut best, mut offset) = own.follow(path);
        let mut found = own;
        for fragment in &self.fragments {
            let (depth, at) = fragment.follow(path);
            if best < whole && depth > best {
                (best, offset, found) = (depth, at, fragment);
            }
            // Actions that a fragment adds to a step stand at its top: steps/X/actions/Y there is actions/Y.
            let mut words = path.splitn(3, '/');
            if let (Some("steps"), Some(_), Some(rest)) = (words.next(), words.next(), words.next()) {
                let (depth, at) = fragment.follow(rest);
                if best < whole && depth >= 2 && depth + 2 > best {
                    (best, offset, found) = (depth + 2, at, fragment);
                }
            }
        }
        Some((found, offset))
    }
}

fn includes<'d>(item: &'d Document<'_>) -> Vec<&'d str> {
    let list = item.root.get_ref().get("include").and_then(|value| value.get_ref().as_array());
    list.into_iter()
        .flatten()
        .filter_map(|entry| match entry.get_ref() {
            DeValue::String(name) => Some(name.as_ref()),
            DeValue::Table(table) => table.get("use")?.get_ref().as_str(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "name = \"咨询\"\nid = 1\n";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, text.find('询').unwrap()), (1, 10));
        assert_eq!(line_and_column(text, text.find("id").unwrap()), (2, 1));
        assert_eq!(line_and_column(text, 9999), (3, 1));
        assert_eq!(line_and_column(text, text.find('询').unwrap() + 1), (1, 10));
    }

    #[test]
    fn paths_lead_into_items_and_fragments() {
        const ITEM: &str = "items/test/sound.toml";
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/prove/sound");
        let files = Files::read(&folder).unwrap();
        let sources = Sources::of_item(&files, ITEM);
        let line =
            |file: &str, line: usize| files.get(file).unwrap().lines().nth(line - 1).unwrap().to_owned();
        for (path, file, text) in [
            ("level", ITEM, "level = "),
            ("clocks/answer/rule", ITEM, "rule = \"test.answer\""),
            ("clocks/answer/paused_in/asking", ITEM, "paused_in"),
            ("steps/deciding/actions/assign/not_by", ITEM, "not_by"),
            ("steps/withdrawn/outcome", "fragments/withdraw.toml", "outcome = \"withdrawn\""),
            ("steps/asking/actions/withdraw/to", "fragments/withdraw.toml", "to = \"withdrawn\""),
            ("steps/received/actions/serve/effect", "fragments/service.toml", "effect = \"serve\""),
            ("steps/received/actions/nothing", ITEM, "id = \"ask\""),
        ] {
            let (found, at, _) = sources.locate(path);
            assert_eq!(found, file, "{path}");
            assert!(line(file, at).contains(text) || path.ends_with("nothing"), "{path}: line {at}");
        }
    }
}
