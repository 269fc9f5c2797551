//! The light of a clock: a shape, a word, and only then a colour.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;

/// Draws the light of a matter by its word in the contract; an unknown word is drawn as "none".
pub fn light(lang: Lang, word: &str) -> Markup {
    let (class, key) = match word {
        "green" => ("green", "ui-light-green"),
        "yellow" => ("yellow", "ui-light-yellow"),
        "red" => ("red", "ui-light-red"),
        "paused" => ("paused", "ui-light-paused"),
        _ => ("none", "ui-light-none"),
    };
    html! { span class={ "hf-light hf-light--" (class) } { (t!(lang, key)) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check(
            "light",
            &html! {
                @for word in ["green", "yellow", "red", "paused", "none"] { (light(Lang::Zh, word)) }
            },
        );
    }
}
