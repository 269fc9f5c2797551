//! Names and values, each with an optional way to change it.

use maud::{Markup, html};

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is.
    pub key: String,
    /// What it says.
    pub value: Markup,
    /// Address and words of "change", with what is read aloud after them.
    pub change: Option<(String, String, String)>,
}

impl Row {
    /// A row of text.
    pub fn text(key: impl Into<String>, value: impl AsRef<str>) -> Self {
        let value = value.as_ref();
        Self { key: key.into(), value: html! { (value) }, change: None }
    }

    /// A row of markup.
    pub fn markup(key: impl Into<String>, value: Markup) -> Self {
        Self { key: key.into(), value, change: None }
    }

    /// Adds a way to change it.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.change = Some((href.into(), text.into(), self.key.clone()));
        self
    }
}

/// Draws the list.
pub fn summary_list(rows: &[Row]) -> Markup {
    let any = rows.iter().any(|row| row.change.is_some());
    html! {
        dl class="govuk-summary-list" {
            @for row in rows {
                @let bare = any && row.change.is_none();
                div class={ "govuk-summary-list__row" (if bare { " govuk-summary-list__row--no-actions" } else { "" }) } {
                    dt class="govuk-summary-list__key" { (row.key) }
                    dd class="govuk-summary-list__value" { (row.value) }
                    @if let Some((href, text, hidden)) = &row.change {
                        dd class="govuk-summary-list__actions" {
                            a class="govuk-link" href=(href) { (text) span class="govuk-visually-hidden" { " " (hidden) } }
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
            "summary-list",
            &summary_list(&[
                Row::text("姓名", "王小明").change("/apply/applicant", "修改"),
                Row::text("地区", "东昌府区"),
            ]),
        );
    }
}
