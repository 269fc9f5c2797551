//! Ways to narrow a list down: each kind with its number, which leads to it.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;

/// The list that is narrowed down.
#[derive(Debug, Clone, Copy)]
pub struct Narrow<'a> {
    /// Where it stands.
    pub page: &'a str,
    /// Name of the kind in the address.
    pub name: &'a str,
    /// Message that says what these are, heard and not seen.
    pub label: &'a str,
    /// Message of the way back to all.
    pub all: &'a str,
    /// What was searched for; it is kept.
    pub q: &'a str,
    /// The kind that is shown.
    pub chosen: Option<&'a str>,
}

/// Draws the ways: all, and each kind with how many there are.
pub fn narrow<'a>(
    lang: Lang,
    of: Narrow<'_>,
    total: usize,
    kinds: impl IntoIterator<Item = (&'a str, usize)>,
) -> Markup {
    let address = |kind: Option<&str>| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = kind {
            query.append_pair(of.name, kind);
        }
        if !of.q.is_empty() {
            query.append_pair("q", of.q);
        }
        let query = query.finish();
        if query.is_empty() { of.page.to_owned() } else { format!("{}?{query}", of.page) }
    };
    let current = |kind: Option<&str>| (of.chosen == kind).then_some("true");
    html! {
        nav aria-label=(t!(lang, of.label)) {
            ul class="hf-kinds" {
                li { a class="govuk-link" href=(address(None)) aria-current=[current(None)] { (t!(lang, of.all)) " (" (total) ")" } }
                @for (kind, count) in kinds {
                    li { a class="govuk-link" href=(address(Some(kind))) aria-current=[current(Some(kind))] { (kind) " (" (count) ")" } }
                }
            }
        }
    }
}
