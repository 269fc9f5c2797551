//! Documents (文书) of a matter: the list with who received them, and one with its words.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Query;
use super::matters::number;
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::paper::{self, Form};
use crate::portal::receipt::origin;
use crate::problem::{Problem, Refused};

/// A document of a matter.
#[derive(Serialize, ToSchema)]
pub struct DocumentView {
    /// `d1`, `d2`, … within the matter.
    pub id: String,
    /// Id of the document in the item.
    pub kind: String,
    /// Its name.
    pub name: Option<String>,
    /// Its number, when its kind is numbered.
    pub no: Option<String>,
    /// When it was made.
    pub made_at: String,
    /// One entry an addressee.
    pub copies: Vec<Delivery>,
    /// Name of the office that issued it; not in the list.
    #[schema(required = false)]
    pub office: Option<String>,
    /// Its words; not in the list.
    #[schema(required = false)]
    pub text: Option<String>,
    /// Proves it at `/verify/document`; not in the list, null for papers the register makes.
    #[schema(required = false)]
    pub code: Option<String>,
    /// The sheets of a case file behind its cover.
    #[schema(required = false)]
    pub parts: Option<Vec<DocumentPart>>,
    /// What the order of a case file demands and it does not have.
    #[schema(required = false)]
    pub lacking: Option<Vec<String>>,
}

/// One sheet of a case file.
#[derive(Serialize, ToSchema)]
pub struct DocumentPart {
    /// Its id within the file.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Who issued it.
    pub office: String,
    /// Proves it, when it is a document.
    pub code: Option<String>,
    /// Files that were handed in; pictures among them are bound into the PDF.
    #[schema(required = false)]
    pub files: Option<Vec<super::files::FileView>>,
}

/// An addressee's copy of a document.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    /// Role of the addressee.
    pub to: String,
    /// Day of receipt, absent until then.
    #[schema(required = false)]
    pub served_on: Option<String>,
    /// `direct post electronic entrusted left`, absent until received.
    #[schema(required = false)]
    pub method: Option<String>,
    /// Tries that came to nothing.
    pub tries: u32,
}

/// The documents of a matter, oldest first: all of them for staff, for parties those addressed to them.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/documents", tag = "matters",
    params(
        ("number" = String, Path), ("limit" = Option<i64>, Query, description = "1-100, default 20"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    security(("session" = [])),
    responses(
        (status = 200, description = "Documents, `items` as `DocumentView` without `text`", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(text): Path<String>,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let after = match query.get("cursor").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => return Err(query.fault("cursor", "format", "error-cursor")),
    };
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    let all = app.register().documents(&who, number(&text)?, lang).await?;
    let total = all.len();
    let items: Vec<Value> = all.into_iter().skip(after).take(limit).collect();
    let end = after.saturating_add(items.len());
    let next = (end < total).then(|| end.to_string());
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}

/// One document with its words, in Chinese as it was issued. With `.pdf` or `.docx` behind the id the file. Besides those
/// of the list the register makes `receipt` and `application` (for the applicant and for staff), `service-d1` (who
/// received `d1`) and `file` (the whole case file; both for staff).
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/documents/{id}", tag = "matters",
    params(
        ("number" = String, Path),
        ("id" = String, Path, description = "`id` of the list, or `receipt application service-<id> file`; as a file with `.pdf` or `.docx`"),
        ("paper" = Option<String>, Query, description = "`roll`: a roll of 80 mm; else A4"),
    ),
    security(("session" = [])),
    responses(
        (status = 200, description = "The document", content(
            (DocumentView = "application/json"),
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        )),
        (status = 406, description = "No PDF can be made here; DOCX and JSON still can", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    headers: HeaderMap,
    Path((text, id)): Path<(String, String)>,
    query: Query,
) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let number = number(&text)?;
    let (id, form) = Form::split(&id);
    let document = app.register().document(&who, number, id, lang).await?;
    let Some(form) = form else { return Ok(axum::Json(document).into_response()) };
    let wanted = press::Paper::named(query.get("paper").unwrap_or_default());
    let print = paper::print(app.words(), &document, number, &origin(&headers), wanted);
    Ok(paper::issue(&app, &who, (number, &document), print, form).await?)
}
