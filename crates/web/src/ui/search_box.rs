//! A line to search with, and its button: what is typed goes into the address.

use maud::{Markup, html};

use super::{Icon, icon};
use crate::lang::Lang;
use crate::t;

/// What the line asks for.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Where it is searched.
    pub action: &'a str,
    /// Message of its label, which is heard and not seen.
    pub label: &'a str,
    /// Message of the example in it.
    pub example: &'a str,
    /// What was typed.
    pub q: &'a str,
}

/// Draws it; `kept` are hidden fields that narrow the search.
pub fn search_box(lang: Lang, line: Line<'_>, kept: &Markup) -> Markup {
    html! {
        form class="hf-search" method="get" action=(line.action) role="search" {
            (kept)
            div class="hf-search__field" {
                label class="govuk-visually-hidden" for="q" { (t!(lang, line.label)) }
                input class="govuk-input" id="q" name="q" type="search" value=(line.q) placeholder=(t!(lang, line.example))
                    autocomplete="off";
            }
            button class="govuk-button" type="submit" { (icon(Icon::Search)) (t!(lang, "search-button")) }
        }
    }
}
