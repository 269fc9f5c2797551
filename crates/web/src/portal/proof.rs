//! What proves a receipt: the part of a page with its QR code, the file to keep, the page the code leads to, and the
//! page that checks such a file without us.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use evidence::bundle::{self, SHORT, Standing};
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde::Deserialize;

use super::fault::{Fault, nothing};
use super::matter::{number, signed_in};
use super::receipt::qr;
use crate::app::App;
use crate::lang::Lang;
use crate::ui::button::{self, Weight};
use crate::ui::field::Ask;
use crate::ui::input::{Typed, input};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Page, Visit, time};
use crate::{assets, t};

/// The part of a receipt that proves it. The address in the code names the matter, the event and the first sixteen
/// digits of its hash: no person, no query code.
pub fn part(
    lang: Lang,
    origin: &str,
    number: MatterNumber,
    seq: i64,
    hash: &str,
    file: Option<&str>,
) -> Markup {
    let short = hash.get(..SHORT).unwrap_or(hash);
    let address = format!("{origin}/verify?number={number}&seq={seq}&hash={short}");
    html! {
        section class="hf-proof" {
            h2 class="govuk-heading-s" { (t!(lang, "proof-title")) }
            (qr(&address, &t!(lang, "proof-qr")))
            p class="govuk-body-s" { (t!(lang, "proof-qr-text")) }
            p class="govuk-body-s" { (t!(lang, "proof-hash")) " " span class="hf-number" { (short) } }
            @if let Some(file) = file {
                p class="govuk-body-s" { a class="govuk-link" href=(file) download { (t!(lang, "proof-download")) } }
            }
        }
    }
}

/// `GET /receipt/{number}/{seq}`: the bundle as a file.
pub async fn file(
    State(app): State<App>,
    visit: Visit,
    Path((typed, seq)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let seq = seq.parse().map_err(|_| nothing())?;
    app.register().may_have_receipt(&visit.principal, number, seq).await?;
    let bundle = bundle::of_event(&mut app.db().snapshot().await?, number, seq).await?.ok_or_else(nothing)?;
    let mut response = axum::Json(bundle).into_response();
    let name = format!("attachment; filename=\"huifa-receipt-{number}-{seq}.json\"");
    if let Ok(value) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// What the address of the code carries.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    number: String,
    seq: String,
    hash: String,
}

impl Wanted {
    fn cut(mut self) -> Self {
        for text in [&mut self.number, &mut self.seq, &mut self.hash] {
            *text = text.chars().take(80).collect();
        }
        self
    }

    /// As typed or scanned; a wrong form is told as a wrong value.
    fn read(&self) -> Option<(MatterNumber, i64, String)> {
        let hash = self.hash.trim().to_ascii_lowercase();
        let hex =
            hash.len() >= SHORT && hash.len() <= 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (number, seq) = (self.number.parse().ok()?, self.seq.trim().parse().ok()?);
        hex.then_some((number, seq, hash))
    }

    fn is_empty(&self) -> bool {
        [&self.number, &self.seq, &self.hash].iter().all(|text| text.trim().is_empty())
    }
}

/// `GET /verify`: whether a receipt is on record, for anybody who holds it. Tells nothing about the matter; what does
/// not fit is told alike whether there is such a number or not.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let (lang, wanted) = (visit.lang, wanted.cut());
    let title = t!(lang, "verify-title");
    let found = match wanted.read() {
        Some((number, seq, hash)) => {
            bundle::standing(&mut app.db().snapshot().await?, number, seq, &hash).await?
        }
        None => None,
    };
    let answer = found.as_ref().map(|found| answer(lang, &wanted, found));
    let no = t!(lang, "verify-no-text", tel = visit.site.hotline);
    Ok(Page::new(&visit, title.clone())
        .crumb(title.clone(), "/verify")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (verdict(lang, answer, wanted.is_empty(), &no, "verify-lead"))
            form method="get" action="/verify" {
                (field(lang, "number", "progress-number", "progress-number-hint", &wanted.number))
                (field(lang, "seq", "verify-seq", "verify-seq-hint", &wanted.seq))
                (field(lang, "hash", "verify-hash", "verify-hash-hint", &wanted.hash))
                (button::submit(&t!(lang, "verify-button"), Weight::Main))
            }
            p class="govuk-body" { a class="govuk-link" href="/verify/document" { (t!(lang, "verify-document-title")) } }
            h2 class="govuk-heading-m" { (t!(lang, "verify-alone")) }
            p class="govuk-body" { (t!(lang, "verify-alone-text")) }
            p class="govuk-body" { a class="govuk-link" href="/verify/offline" { (t!(lang, "verify-alone-open")) } }
            p class="govuk-body" {
                a class="govuk-link" href="/verify/offline" download="huifa-verify.html" { (t!(lang, "verify-alone-download")) }
            }
        })
        .into_response())
}

fn answer(lang: Lang, wanted: &Wanted, found: &Standing) -> Markup {
    let mut rows = vec![
        Row::text(t!(lang, "verify-on"), time::moment_text(lang, &found.at.to_string())),
        Row::text(t!(lang, "verify-whole-hash"), found.hash.to_string()),
    ];
    if let Some(pos) = found.pos {
        rows.push(Row::text(t!(lang, "verify-place"), pos.to_string()));
    }
    rows.push(signed(lang, Some(found)));
    yes(lang, "verify-yes", &t!(lang, "verify-yes-text", seq = wanted.seq), &rows)
}

/// A field of what is written under a code.
pub(super) fn field(lang: Lang, name: &'static str, key: &str, hint: &str, value: &str) -> Markup {
    input(lang, &Ask::new(name, t!(lang, key)).hint(t!(lang, hint)), value, Typed::Code)
}

/// What is on record, that nothing fits, or what to do where nothing was asked yet.
pub(super) fn verdict(lang: Lang, answer: Option<Markup>, unasked: bool, no: &str, lead: &str) -> Markup {
    html! {
        @if let Some(answer) = answer {
            (answer)
        } @else if unasked {
            p class="govuk-body" { (t!(lang, lead)) }
        } @else {
            div class="govuk-inset-text" role="alert" {
                strong { (t!(lang, "verify-no")) }
                p class="govuk-body" { (no) }
            }
        }
    }
}

/// That it is on record, and how.
pub(super) fn yes(lang: Lang, title: &str, words: &str, rows: &[Row]) -> Markup {
    html! {
        div class="govuk-inset-text" role="status" {
            strong { (t!(lang, title)) }
            p class="govuk-body" { (words) }
        }
        (summary_list(rows))
    }
}

/// Under which head of the log it was signed, or that it waits for one.
pub(super) fn signed(lang: Lang, standing: Option<&Standing>) -> Row {
    let words = standing.and_then(|standing| standing.signed.as_ref()).map_or_else(
        || t!(lang, "verify-unsigned"),
        |(size, at)| {
            t!(lang, "verify-signed-text", size = size, at = time::moment_text(lang, &at.to_string()))
        },
    );
    Row::text(t!(lang, "verify-signed"), words)
}

/// `GET /verify/offline`: the page that checks a receipt's file by itself, with all it needs inside. It may load
/// nothing, send nothing, and only its own script runs.
pub async fn offline() -> Response {
    let Some((page, policy)) = assets::verifier() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("{policy}; frame-ancestors 'none'")) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}
