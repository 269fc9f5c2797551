//! A short word about a state.

use maud::{Markup, html};

/// What the word asks of the reader. The word itself always says it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    Quiet,
    /// Going on.
    Going,
    /// Somebody must act.
    Act,
    /// Ended well.
    Good,
    /// Needs attention now.
    Bad,
}

/// Draws the tag.
pub fn tag(text: &str, tone: Tone) -> Markup {
    let colour = match tone {
        Tone::Quiet => "grey",
        Tone::Going => "blue",
        Tone::Act => "yellow",
        Tone::Good => "green",
        Tone::Bad => "red",
    };
    html! { strong class={ "govuk-tag govuk-tag--" (colour) } { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check("tag", &html! { (tag("待补充", Tone::Act)) (tag("已办结", Tone::Good)) });
    }
}
