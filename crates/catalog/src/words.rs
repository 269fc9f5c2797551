//! What people read: messages in both languages (Fluent), Chinese first.

pub use kernel::lang::Lang;

use crate::load::{Fault, Files};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::errors::{ReferenceKind, ResolverError};
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use kernel::refusal::Text;
use std::collections::{BTreeMap, BTreeSet};

type Bundle = FluentBundle<FluentResource>;

/// The messages of the platform.
pub struct Words {
    zh: Bundle,
    en: Bundle,
    keys: BTreeMap<&'static str, BTreeSet<String>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("keys", &self.keys.values().map(BTreeSet::len).max())
            .finish_non_exhaustive()
    }
}

impl Words {
    /// The messages the binary carries.
    ///
    /// # Errors
    /// The faults in the files; a test proves that there are none.
    pub fn embedded() -> Result<Self, Vec<Fault>> {
        Self::from_files(&Files::embedded())
    }

    /// Reads `messages/<language>/*.ftl`.
    ///
    /// # Errors
    /// What cannot be read, a key that stands twice, and a key that one language lacks.
    pub fn from_files(files: &Files) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut keys = BTreeMap::new();
        let zh = read(Lang::Zh, files, &mut keys, &mut faults);
        let en = read(Lang::En, files, &mut keys, &mut faults);
        for (here, there) in [(Lang::Zh, Lang::En), (Lang::En, Lang::Zh)] {
            for key in keys[here.as_str()].difference(&keys[there.as_str()]) {
                faults.push(Fault {
                    file: format!("messages/{}", there.as_str()),
                    offset: None,
                    code: "message-one-language",
                    message: format!("message `{key}` is missing in {}", there.as_str()),
                    remedy: "write it in both languages, under the same key".into(),
                });
            }
        }
        if faults.is_empty() { Ok(Self { zh, en, keys }) } else { Err(faults) }
    }

    /// A message with its arguments. A key that does not exist is shown as it
    /// is, in brackets; a test finds those.
    #[must_use]
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
        let bundle = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            return format!("[{key}]");
        };
        let mut given = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            given.set(*name, fluent_value(value));
        }
        bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    }

    /// A text of a refusal in words.
    #[must_use]
    pub fn say(&self, lang: Lang, text: &Text) -> String {
        let args: Vec<(&str, &str)> = text.args.iter().map(|(n, v)| (n.as_ref(), v.as_str())).collect();
        self.get(lang, &text.key, &args)
    }

    /// Whether there is such a message.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.zh.has_message(key)
    }

    /// The arguments a message speaks of, in either language.
    #[must_use]
    pub fn needs(&self, key: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for bundle in [&self.zh, &self.en] {
            let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { continue };
            let mut missing = Vec::new();
            // Every name that is not given is reported back.
            drop(bundle.format_pattern(pattern, Some(&FluentArgs::new()), &mut missing));
            names.extend(missing.into_iter().filter_map(|error| match error {
                FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id })) => {
                    Some(id)
                }
                _ => None,
            }));
        }
        names
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.get(Lang::Zh.as_str()).into_iter().flatten().map(String::as_str)
    }
}

/// Numbers are given as numbers, so that a message can tell one from many; codes
/// with leading zeros and long numbers stay as they are.
fn fluent_value(value: &str) -> FluentValue<'_> {
    match value.parse::<i32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

/// The key a line begins; comments, terms and lines that go on begin none.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (plain && key.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(key)
}

fn read(
    lang: Lang,
    files: &Files,
    keys: &mut BTreeMap<&'static str, BTreeSet<String>>,
    faults: &mut Vec<Fault>,
) -> Bundle {
    let mut bundle = Bundle::new_concurrent(lang.as_str().parse().into_iter().collect());
    // The marks around arguments are for mixed directions; Chinese and English both read left to right.
    bundle.set_use_isolating(false);
    let own = keys.entry(lang.as_str()).or_default();
    for (path, text) in files.under(&format!("messages/{}/", lang.as_str()), ".ftl") {
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                faults.extend(errors.iter().map(|error| Fault {
                    file: path.to_owned(),
                    offset: Some(error.pos.start),
                    code: "message-unreadable",
                    message: error.to_string(),
                    remedy: "write `key = text`; lines that go on begin with blanks".into(),
                }));
                resource
            }
        };
        own.extend(text.lines().filter_map(key).map(str::to_owned));
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|error| Fault {
                file: path.to_owned(),
                offset: None,
                code: "message-twice",
                message: error.to_string(),
                remedy: "keep one of the two".into(),
            }));
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn both_languages_have_the_same_messages() {
        let words = Words::embedded().unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert!(words.keys().count() > 100);
        assert_eq!(words.get(Lang::Zh, "error-too-long", &[("max", "2000")]), "最多2000个字。");
        assert_eq!(words.get(Lang::En, "no-such-key", &[]), "[no-such-key]");
        // A code is no number: its zeros stay.
        assert_eq!(words.get(Lang::En, "error-too-long", &[("max", "0012")]), "At most 0012 characters.");
    }

    #[test]
    fn a_message_of_one_language_or_twice_is_a_fault() {
        let codes = |zh: &str, en: &str| -> Vec<&'static str> {
            let files = Files::from_texts([("messages/zh-CN/a.ftl", zh), ("messages/en/a.ftl", en)]);
            Words::from_files(&files).err().unwrap_or_default().iter().map(|fault| fault.code).collect()
        };
        assert_eq!(codes("a = 甲\n", "a = A\n"), Vec::<&str>::new());
        assert_eq!(codes("a = 甲\nb = 乙\n", "a = A\n"), ["message-one-language"]);
        assert_eq!(codes("a = 甲\na = 乙\n", "a = A\n"), ["message-twice"]);
        assert_eq!(codes("a = { $\n", "a = A\n"), ["message-unreadable"]);
    }

    /// Every outcome of a request has its title and its advice.
    #[test]
    fn every_code_has_its_words() {
        let words = Words::embedded().unwrap();
        for code in kernel::refusal::Code::ALL {
            for kind in ["problem", "next"] {
                assert!(words.knows(&format!("{kind}-{code}")), "{kind}-{code}");
            }
        }
    }

    /// Every key written in code exists, and is given what its message needs. Keys
    /// put together at run time are looked up by the tests of the rooms that do so.
    #[test]
    fn every_key_in_the_code_exists() {
        let words = Words::embedded().unwrap();
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut sources = Vec::new();
        collect(&crates, &mut sources);
        let mut faults = Vec::new();
        let mut seen = 0;
        for path in sources {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for opening in ["Text::new(", "Next::say(", "Next::link(", "Next::call(", "t!("] {
                for (at, _) in code.match_indices(opening) {
                    let line = code[..at].rsplit('\n').next().unwrap_or_default().trim_start();
                    // `format!(` is no `t!(`, and a comment is no code.
                    if line.ends_with(|c: char| c.is_alphanumeric() || c == '_') || line.starts_with("//") {
                        continue;
                    }
                    let rest = &code[at + opening.len()..];
                    let Some((before, rest)) = rest.split_once('"') else { continue };
                    let Some((key, rest)) = rest.split_once('"') else { continue };
                    let plain = before.chars().all(|c| c.is_alphanumeric() || " \n.,_".contains(c));
                    if !plain || super::key(&format!("{key} =")).is_none() {
                        continue;
                    }
                    seen += 1;
                    if !words.knows(key) {
                        faults.push(format!("{}: no message `{key}`", path.display()));
                        continue;
                    }
                    let near: String = rest.chars().take(400).collect();
                    for name in words.needs(key) {
                        let given = [format!(".arg(\"{name}\""), format!("{name} ="), format!("{name}=")];
                        if !given.iter().any(|form| near.contains(form)) {
                            faults.push(format!("{}: `{key}` is not given `{name}`", path.display()));
                        }
                    }
                }
            }
        }
        assert!(seen > 100, "the scan found {seen} keys only");
        assert_eq!(faults, Vec::<String>::new());
    }

    fn collect(folder: &Path, sources: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("kernel") && !path.ends_with("tests") {
                collect(&path, sources);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                sources.push(path);
            }
        }
    }
}
