//! Words of the pages, from the messages of the catalogue.

use std::sync::{Arc, LazyLock, OnceLock};

use catalog::words::Words;
pub use kernel::lang::Lang;

/// The messages this node speaks with; those of another catalogue when it was started with one.
static INSTALLED: OnceLock<Arc<Words>> = OnceLock::new();

/// The messages the binary carries. Sound by a test of the catalogue; were they not, pages would show keys.
static EMBEDDED: LazyLock<Option<Words>> = LazyLock::new(|| Words::embedded().ok());

/// Makes pages speak with these messages. The first call counts.
pub fn install(words: &Arc<Words>) {
    let _ = INSTALLED.set(Arc::clone(words));
}

fn words() -> Option<&'static Words> {
    INSTALLED.get().map(Arc::as_ref).or(EMBEDDED.as_ref())
}

/// Whether there is such a message.
pub fn knows(key: &str) -> bool {
    words().is_some_and(|words| words.knows(key))
}

/// A message in a language, with its places filled. An unknown key shows itself, so that it is seen.
pub fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words().map_or_else(|| key.to_owned(), |words| words.get(lang, key, &args))
}

/// `t!(lang, "key")`, `t!(lang, "key", n = 3)`: a message of the pages in a language.
#[macro_export]
macro_rules! t {
    ($lang:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::lang::say($lang, $key, &[$((stringify!($name), ($value).to_string())),*])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every literal key in the source of the pages must be a message.
    #[test]
    fn every_key_in_the_source_is_a_message() {
        fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, found);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    found.push(path);
                }
            }
        }
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&root, &mut files);
        let mut missing = Vec::new();
        let mut seen = 0;
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for (at, _) in text.match_indices("t!(") {
                // `assert!(` ends alike.
                if text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
                    continue;
                }
                let head = text[at + 3..].split(')').next().unwrap_or_default();
                let Some(key) = head.split('"').nth(1) else { continue };
                let literal =
                    head.split(',').nth(1).is_some_and(|second| second.trim_start().starts_with('"'));
                if literal && key != "key" {
                    seen += 1;
                    if !knows(key) {
                        missing.push(format!("{key} ({})", file.display()));
                    }
                }
            }
        }
        assert!(seen > 150, "the scan found {seen} keys only");
        assert!(missing.is_empty(), "{missing:#?}");
    }

    /// Keys made of a stem and a word of a closed list.
    #[test]
    fn every_made_key_is_a_message() {
        let mut keys = Vec::new();
        for entrance in crate::portal::entrance::ENTRANCES {
            keys.extend(["", "-short", "-lead"].map(|end| format!("entrance-{}{end}", entrance.slug)));
        }
        keys.extend(["person", "company", "organ"].map(|kind| format!("kind-{kind}")));
        keys.extend(crate::portal::apply::applicant::PAPERS.map(|paper| format!("paper-{paper}")));
        keys.extend(["none", "neutral", "normal"].map(|word| format!("contact-message-{word}")));
        keys.extend(access::absence::Kind::ALL.map(|kind| format!("absence-kind-{}", kind.as_str())));
        keys.extend(["planned", "running", "over"].map(|word| format!("absence-state-{word}")));
        keys.extend(["absence", "order"].map(|word| format!("absence-why-{word}")));
        keys.extend(["would-move", "moved", "cannot"].map(|word| format!("reassign-state-{word}")));
        keys.extend(["yes", "no", "unclear"].map(|word| format!("advice-{word}")));
        keys.extend(["you", "office", "other", "nobody"].map(|word| format!("waiting-{word}")));
        keys.extend(["todo", "doing", "watch", "done"].map(|word| format!("desk-view-{word}")));
        keys.extend(files::inspect::Flag::ALL.map(|flag| format!("files-flag-{}", flag.as_str())));
        keys.extend((1..=5).map(|mark| format!("mark-{mark}")));
        keys.extend(["running", "paused", "met", "missed"].map(|word| format!("clock-{word}")));
        keys.extend(
            ["given", "declared", "deferred", "missing", "waived"].map(|word| format!("state-{word}")),
        );
        keys.extend(kernel::actor::Role::ALL.iter().map(|role| format!("role-{role}").replace('_', "-")));
        keys.extend(kernel::actor::Door::ALL.iter().map(|door| format!("door-{door}")));
        keys.extend(access::audit::Act::ALL.iter().map(|act| format!("act-{}", act.as_str())));
        for what in ["close", "reopen", "unlock", "sign-out", "remove-totp"] {
            keys.extend(["", "-effect"].map(|end| format!("admin-do-{what}{end}")));
        }
        let rules = access::Rules::default();
        keys.extend(crate::desk::admin::settings::lines(&rules).into_iter().map(|(key, _)| key));
        keys.extend(drafting::Group::ALL.map(|group| format!("draft-group-{}", group.as_str())));
        keys.extend(drafting::Wrong::CODES.map(|code| format!("draft-wrong-{code}")));
        keys.extend(["open", "near", "over", "earlier"].map(|word| format!("draft-check-period-{word}")));
        keys.extend(["fee", "free"].map(|word| format!("draft-check-{word}")));
        for spec in calculators::all() {
            keys.push(crate::api::calculators::name_key(spec.name));
            keys.push(format!("calc-family-{}", spec.family.as_str()));
            keys.extend(spec.fields.iter().map(|field| format!("calc-in-{}", field.name.replace('_', "-"))));
        }
        for code in [
            "missing-field",
            "wrong-type",
            "malformed",
            "out-of-range",
            "no-such-date",
            "no-such-area",
            "wrong-check",
            "not-in-force",
            "no-table",
            "other-calculator",
            "unknown-field",
            "unknown-calculator",
        ] {
            keys.push(format!("calc-refused-{code}"));
        }
        keys.extend(["what", "formula", "value", "article"].map(|end| format!("calc-step-{end}")));
        keys.extend(["id", "value", "since", "source"].map(|end| format!("calc-rule-{end}")));
        let missing: Vec<_> = keys.iter().filter(|key| !knows(key)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
