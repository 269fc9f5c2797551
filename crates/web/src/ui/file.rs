//! A file to hand in.

use maud::{Markup, html};
use serde_json::Value;

use super::field::Ask;
use crate::lang::Lang;
use crate::t;

/// Every media type we take, as the file dialogue wants them.
pub fn taken() -> String {
    files::kind::TAKEN.iter().map(|kind| kind.media).collect::<Vec<_>>().join(",")
}

/// The field of a file that may have been taken in already, with a form that had other faults: `{id, name}`.
/// It is kept by its id, so that nobody has to pick it again; picking another replaces it.
pub fn kept(lang: Lang, ask: &Ask, value: &Value) -> Markup {
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    html! {
        (file(lang, ask, &taken()))
        @if let Some(id) = text("id") {
            input type="hidden" name=(ask.name) value=(id);
            p class="govuk-body" { (t!(lang, "paper-given", name = text("name").unwrap_or_default())) }
        }
    }
}

/// Draws the field; `accept` lists the media types offered by the file dialogue.
pub fn file(lang: Lang, ask: &Ask, accept: &str) -> Markup {
    let error = if ask.error.is_some() { " govuk-file-upload--error" } else { "" };
    ask.labelled(lang, &html! {
        input class={ "govuk-file-upload" (error) } id=(ask.name) name=(ask.name) type="file" accept=(accept)
            aria-describedby=[ask.described_by()];
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let ask = Ask::new("file", "身份证照片").hint("JPG、PNG 或 PDF，10 MB 以内");
        snapshot::check("file", &file(Lang::Zh, &ask, "image/jpeg,image/png,application/pdf"));
    }

    #[test]
    fn what_was_taken_in_is_not_asked_for_again() {
        let value = serde_json::json!({ "id": "f1", "name": "回证.pdf" });
        let html = kept(Lang::Zh, &Ask::new("service.proof", "送达回证"), &value).0;
        assert!(html.contains("<input type=\"hidden\" name=\"service.proof\" value=\"f1\">"), "{html}");
        assert!(html.contains("已上传：回证.pdf"), "{html}");
    }
}
