//! Words of the pages: message files of the three page rooms, in both languages.

use std::collections::HashMap;
use std::sync::LazyLock;

pub use kernel::lang::Lang;

type Bundle = HashMap<String, String>;

static ZH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(&[
        include_str!("../../../catalog/messages/zh-CN/ui.ftl"),
        include_str!("../../../catalog/messages/zh-CN/portal.ftl"),
        include_str!("../../../catalog/messages/zh-CN/desk.ftl"),
    ])
});
static EN: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(&[
        include_str!("../../../catalog/messages/en/ui.ftl"),
        include_str!("../../../catalog/messages/en/portal.ftl"),
        include_str!("../../../catalog/messages/en/desk.ftl"),
    ])
});

/// Reads the part of Fluent our page files use: one-line messages with `{ $name }` places.
fn bundle(files: &[&str]) -> Bundle {
    files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, text)| (key.trim().to_owned(), text.trim().to_owned()))
        .collect()
}

/// A message in a language, with its places filled. An unknown key shows itself, so that it is seen.
pub fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    let bundle: &Bundle = match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    };
    let Some(text) = bundle.get(key) else { return key.to_owned() };
    args.iter().fold(text.clone(), |text, (name, value)| text.replace(&format!("{{ ${name} }}"), value))
}

/// `t!(lang, "key")`, `t!(lang, "key", n = 3)`: a message of the pages in a language.
#[macro_export]
macro_rules! t {
    ($lang:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::lang::say($lang, $key, &[$((stringify!($name), ($value).to_string())),*])
    };
}
