//! 快速离开: a button that leaves a sensitive page for a neutral one. Without scripts it is a link; with them the
//! page is covered at once and replaced in the history, also by pressing Shift three times.

use maud::{Markup, html};

use super::visit::Visit;
use crate::t;

/// The first thing the keyboard reaches.
pub fn skip(visit: &Visit) -> Markup {
    html! {
        a href=(visit.exit) class="govuk-skip-link govuk-js-exit-this-page-skiplink" rel="nofollow noreferrer"
            data-module="govuk-skip-link" { (t!(visit.lang, "exit-button")) }
    }
}

/// The button that stays in sight.
pub fn button(visit: &Visit) -> Markup {
    let lang = visit.lang;
    html! {
        div class="govuk-exit-this-page" data-module="govuk-exit-this-page"
            "data-i18n.timed-out"=(t!(lang, "exit-timed-out"))
            "data-i18n.press-two-more-times"=(t!(lang, "exit-two-more"))
            "data-i18n.press-one-more-time"=(t!(lang, "exit-one-more")) {
            a href=(visit.exit) role="button" draggable="false" rel="nofollow noreferrer"
                class="govuk-button govuk-button--warning govuk-exit-this-page__button govuk-js-exit-this-page-button"
                data-module="govuk-button" { (t!(lang, "exit-button")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let visit = Visit::sample(Lang::Zh);
        snapshot::check("exit", &html! { (skip(&visit)) (button(&visit)) });
    }
}
