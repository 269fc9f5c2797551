//! Views of one thing, each with its own address: they work without scripts and can be bookmarked.

use maud::{Markup, html};

/// One view.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many rows it has, as shown.
    pub count: Option<String>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Draws the row of views under a name that is read aloud.
pub fn tabs(name: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav class="moj-sub-navigation" aria-label=(name) {
            ul class="moj-sub-navigation__list" {
                @for tab in tabs {
                    li class="moj-sub-navigation__item" {
                        a class="moj-sub-navigation__link" href=(tab.href) aria-current=[tab.current.then_some("page")] {
                            (tab.label)
                            @if let Some(count) = &tab.count {
                                " " span class="hf-count" { (count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check(
            "tabs",
            &tabs(
                "工作",
                &[
                    Tab {
                        label: "待办".into(),
                        href: "/desk?view=todo".into(),
                        count: Some("3".into()),
                        current: true,
                    },
                    Tab {
                        label: "在办".into(),
                        href: "/desk?view=doing".into(),
                        count: Some("0".into()),
                        current: false,
                    },
                ],
            ),
        );
    }
}
