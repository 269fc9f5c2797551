//! What happened, newest last, in plain words.

use maud::{Markup, html};

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What happened.
    pub title: String,
    /// By whom: unit or role, never more than the reader may know.
    pub by: Option<String>,
    /// Machine form of the time.
    pub at: String,
    /// The time as people say it.
    pub shown: String,
    /// More about it.
    pub more: Option<Markup>,
}

/// Draws the entries under headings of a level (2-4).
pub fn timeline(entries: &[Entry], level: u8) -> Markup {
    html! {
        div class="moj-timeline" {
            @for entry in entries {
                div class="moj-timeline__item" {
                    div class="moj-timeline__header" {
                        @match level {
                            2 => h2 class="moj-timeline__title" { (entry.title) },
                            3 => h3 class="moj-timeline__title" { (entry.title) },
                            _ => h4 class="moj-timeline__title" { (entry.title) },
                        }
                        @if let Some(by) = &entry.by {
                            " " p class="moj-timeline__byline" { (by) }
                        }
                    }
                    p class="moj-timeline__date" { time datetime=(entry.at) { (entry.shown) } }
                    @if let Some(more) = &entry.more {
                        div class="moj-timeline__description" { (more) }
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
            "timeline",
            &timeline(
                &[Entry {
                    title: "已收到您的申请".into(),
                    by: Some("东昌府区法律援助中心".into()),
                    at: "2026-11-21T09:00:00+08:00".into(),
                    shown: "2026年11月21日 09:00".into(),
                    more: Some(html! { p class="govuk-body" { "请等待审查" } }),
                }],
                3,
            ),
        );
    }
}
