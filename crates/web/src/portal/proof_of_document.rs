//! The page the code of a document leads to: whether it is on record, for whoever holds the paper.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use evidence::bundle;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::fault::{Fault, text};
use super::proof::{field, signed, verdict, yes};
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::summary_list::Row;
use crate::ui::{Page, Visit, time};

/// What the address of the code carries.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    number: String,
    doc: String,
    code: String,
}

impl Wanted {
    fn cut(mut self) -> Self {
        for text in [&mut self.number, &mut self.doc, &mut self.code] {
            *text = text.trim().chars().take(80).collect();
        }
        self
    }

    fn is_empty(&self) -> bool {
        [&self.number, &self.doc, &self.code].iter().all(|text| text.is_empty())
    }
}

/// `GET /verify/document`: tells name, number, office and day of a document, so that the paper can be compared with
/// them; nothing of what it says. What does not fit is told alike whether there is such a document or not.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let (lang, wanted) = (visit.lang, wanted.cut());
    let title = t!(lang, "verify-document-title");
    let found = match wanted.number.parse() {
        Ok(number) => app.register().document_on_record(number, &wanted.doc, &wanted.code).await?,
        Err(_) => None,
    };
    let answer = match &found {
        Some(found) => Some(answer(&app, lang, &wanted, found).await?),
        None => None,
    };
    let no = t!(lang, "verify-document-no", tel = visit.site.hotline);
    Ok(Page::new(&visit, title.clone())
        .crumb(t!(lang, "verify-title"), "/verify")
        .crumb(title.clone(), "/verify/document")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (verdict(lang, answer, wanted.is_empty(), &no, "verify-document-lead"))
            form method="get" action="/verify/document" {
                (field(lang, "number", "progress-number", "progress-number-hint", &wanted.number))
                (field(lang, "doc", "verify-doc", "verify-doc-hint", &wanted.doc))
                (field(lang, "code", "verify-hash", "verify-code-hint", &wanted.code))
                (button::submit(&t!(lang, "verify-button"), Weight::Main))
            }
        })
        .into_response())
}

async fn answer(app: &App, lang: Lang, wanted: &Wanted, found: &Value) -> Result<Markup, Fault> {
    let mut rows = vec![Row::text(t!(lang, "verify-document-name"), text(found, "name"))];
    if !text(found, "no").is_empty() {
        rows.push(Row::text(t!(lang, "verify-document-number"), text(found, "no")));
    }
    rows.push(Row::text(t!(lang, "verify-document-office"), text(found, "office")));
    rows.push(Row::text(t!(lang, "verify-on"), time::moment_text(lang, text(found, "made_at"))));
    let seq = found["seq"].as_i64().unwrap_or_default();
    if let Ok(number) = wanted.number.parse() {
        let hash = text(found, "hash");
        let standing = bundle::standing(&mut app.db().snapshot().await?, number, seq, hash).await?;
        rows.push(signed(lang, standing.as_ref()));
    }
    Ok(yes(lang, "verify-document-yes", &t!(lang, "verify-document-yes-text"), &rows))
}
