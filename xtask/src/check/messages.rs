//! Message keys: both languages have the same, and none is there twice.

use super::{Fault, Text};
use std::collections::BTreeMap;
use std::path::Path;

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

type Keys = BTreeMap<String, (std::path::PathBuf, usize)>;

/// Compares the keys of `catalog/messages/zh-CN` and `catalog/messages/en`.
pub fn check(texts: &[Text]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let [zh, en] = LANGUAGES.map(|language| keys(texts, language, &mut faults));
    for (here, there, language) in [(&zh, &en, LANGUAGES[1]), (&en, &zh, LANGUAGES[0])] {
        for (key, (file, line)) in here {
            if !there.contains_key(key) {
                faults.push(Fault::new(file, *line, format!("message `{key}` is missing in {language}")));
            }
        }
    }
    faults
}

fn keys(texts: &[Text], language: &str, faults: &mut Vec<Fault>) -> Keys {
    let folder = Path::new("catalog/messages").join(language);
    let mut keys = Keys::new();
    for text in texts.iter().filter(|text| text.is("ftl") && text.path.starts_with(&folder)) {
        for (line, words) in text.lines() {
            let Some((key, _)) = words.split_once('=') else { continue };
            if !words.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue; // a comment, a term or the next line of a text
            }
            let key = key.trim().to_owned();
            if let Some((file, first)) = keys.insert(key.clone(), (text.path.clone(), line)) {
                faults.push(Fault::new(
                    &text.path,
                    line,
                    format!("message `{key}` stands in {}:{first} already", file.display()),
                ));
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn a_key_of_one_language_alone_and_a_key_twice_are_faults() {
        let zh = |body: &str| text("catalog/messages/zh-CN/a.ftl", body);
        let en = |body: &str| text("catalog/messages/en/a.ftl", body);
        assert_eq!(check(&[zh("a = 甲\n"), en("a = A\n")]), []);
        assert_eq!(check(&[zh("a = 甲\nb = 乙\n"), en("a = A\n")]).len(), 1);
        assert_eq!(check(&[zh("a = 甲\na = 乙\n"), en("a = A\n")]).len(), 1);
    }
}
