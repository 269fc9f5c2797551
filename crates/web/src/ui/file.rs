//! A file to hand in.

use maud::{Markup, html};

use super::field::Ask;
use crate::lang::Lang;

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
}
