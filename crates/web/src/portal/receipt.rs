//! The receipt: number in fours, query code, QR code, what happens next, by when and why. Prints well, and
//! its address can be kept: it asks for the code again when the session is over.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};

use super::door::private;
use super::fault::{Fault, text};
use super::matter::{due, number, signed_in};
use super::proof;
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::panel::panel;
use crate::ui::{Page, Visit};

/// An address as a QR code in SVG, without inline styles. Nothing when the text is too long for one.
pub fn qr(address: &str, title: &str) -> Markup {
    let Some(picture) = press::mark::svg(address, 160) else { return html! {} };
    html! { div class="hf-receipt__qr" role="img" aria-label=(title) { (PreEscaped(picture)) } }
}

/// The address of this site as the person reached it.
pub fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if private(headers) { "https" } else { "http" })
}

/// `GET /receipt/{number}`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let progress = app.register().progress_of(&visit.principal, number, lang).await?;
    let code = app.register().code_of(&visit.principal, number).await?;
    let code = code.as_str();
    let view = app.register().view(&visit.principal, number, lang).await?;
    let title = t!(lang, "receipt-title");
    let item = text(&progress, "item_name");
    let origin = origin(&headers);
    let link = format!("{origin}/progress?number={number}");
    let opened = app.register().events(&visit.principal, number, 0, 1).await?;
    let hash = text(&opened["items"][0], "hash");
    let (front, back) = code.split_at(code.len() / 2);
    Ok(Page::new(&visit, title.clone())
        .sensitive(app.register().catalog().quick_exit().marks(text(&view, "item")))
        .crumb(title.clone(), format!("/receipt/{number}"))
        .body(html! {
            div class="govuk-grid-row" {
                div class="govuk-grid-column-two-thirds" {
                    (panel(&title, &html! {
                        (item) br; (t!(lang, "matter-number")) br; strong class="hf-number" { (number.grouped()) }
                    }))
                    p class="govuk-body" { (t!(lang, "receipt-code")) }
                    p { span class="hf-receipt__code hf-number" { (front) " " (back) } }
                    p class="govuk-body" { (t!(lang, "receipt-code-keep")) }
                    (due(lang, &progress))
                    h2 class="govuk-heading-m" { (t!(lang, "receipt-next")) }
                    ol class="govuk-list govuk-list--number govuk-list--spaced" {
                        li { (t!(lang, "receipt-next-1")) }
                        li { (t!(lang, "receipt-next-2")) }
                        li { (t!(lang, "receipt-next-3", tel = visit.site.hotline)) }
                    }
                    div class="govuk-button-group" {
                        (button::link(&t!(lang, "progress-title"), &format!("/matter/{number}"), Weight::Main))
                        button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "receipt-print")) }
                    }
                    p class="govuk-body hf-no-print" {
                        a class="govuk-link" href={ "/matter/" (number) "/documents/receipt.pdf" } { (t!(lang, "document-pdf")) }
                    }
                }
                div class="govuk-grid-column-one-third" {
                    (qr(&link, &t!(lang, "receipt-qr")))
                    p class="govuk-body-s" { (t!(lang, "receipt-qr-text")) }
                    (proof::part(lang, &origin, number, 1, hash, Some(&format!("/receipt/{number}/1"))))
                }
            }
        })
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_plain_svg() {
        let html = qr("http://localhost/progress?number=3715022600000427", "QR").0;
        assert!(html.starts_with("<div class=\"hf-receipt__qr\" role=\"img\" aria-label=\"QR\"><svg"));
        assert!(!html.contains("style=") && !html.contains("<?xml"));
    }
}
