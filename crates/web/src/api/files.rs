//! Papers: handing in and reading back.

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use files::{FileError, Stored, Upload};
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Key, wrong};
use crate::app::App;
use crate::call::Caller;
use crate::problem::{Problem, Refused};

/// Body of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "told in the OpenAPI document only; the body is read as a stream")]
pub struct UploadForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A file that was taken.
#[derive(Serialize, ToSchema)]
pub struct FileView {
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Media type found in the content.
    #[serde(rename = "type")]
    pub media: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
}

impl From<Stored> for FileView {
    fn from(stored: Stored) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            media: stored.media,
            size: stored.size,
            sha256: stored.sha256,
        }
    }
}

impl From<FileError> for Refused {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Refused(refusal) => Self::from(*refusal),
            FileError::Store(error) => Self::from(error),
            FileError::Disk(error) => {
                tracing::error!(%error, "contents of files");
                Self::from(Refusal::new(Code::Unavailable, Text::new("refused-busy")))
            }
        }
    }
}

/// Takes a file. Without a session its id works once, in one `POST /matters`, within 24 hours.
#[utoipa::path(
    post, path = "/api/v1/files", tag = "files",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The file", body = FileView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn upload(
    State(app): State<App>,
    caller: Caller,
    key: Option<Key>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Refused> {
    let mut form = form.map_err(|_| {
        Refused::from(
            Refusal::new(Code::UnsupportedType, Text::new("files-missing"))
                .next(Next::say("files-next-again")),
        )
    })?;
    let owner = caller.0.account.as_ref().map(access::AccountId::as_str);
    let mut taken = None;
    while let Some(field) = form.next_field().await.map_err(|_| missing())? {
        if field.name() != Some("file") || taken.is_some() {
            let pointer = format!("/{}", field.name().unwrap_or_default());
            return Err(wrong(
                Code::UnknownField,
                vec![FieldError::new(pointer, "unknown-field", "error-unknown-field")],
            ));
        }
        taken = Some(read(&app, field).await?);
    }
    let (name, upload) = taken.ok_or_else(missing)?;
    let key = key.as_ref().map(|key| key.0.as_str());
    let (stored, replayed) = app.files().put(owner, key, &name, upload, app.now()).await?;
    let mut response = (StatusCode::CREATED, axum::Json(FileView::from(stored))).into_response();
    if replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Reads one field, never more of it than a file may have.
async fn read(app: &App, mut field: Field<'_>) -> Result<(String, Upload), Refused> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut upload = app.files().begin();
    while let Some(chunk) = field.chunk().await.map_err(|_| missing())? {
        upload.push(&chunk)?;
    }
    Ok((name, upload))
}

fn missing() -> Refused {
    wrong(Code::FactsWrong, vec![FieldError::new("/file", "required", "files-missing")])
}

/// The content of a file: for whoever may read the matter that has it, before that for its owner.
#[utoipa::path(
    get, path = "/api/v1/files/{id}", tag = "files",
    params(("id" = String, Path)),
    security(("session" = [])),
    responses(
        (status = 200, description = "The content, in its own media type"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn download(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let found = app.files().find(&id).await?.ok_or_else(unknown)?;
    let reads = match found.number {
        Some(number) => match app.register().open_paper(&who, number, &id).await {
            Ok(open) => open,
            Err(refusal) if refusal.code == Code::NotFound => false,
            Err(refusal) => return Err(Refused::from(refusal)),
        },
        None => {
            found.owner.is_some()
                && found.owner.as_deref() == who.account.as_ref().map(access::AccountId::as_str)
        }
    };
    if !reads {
        return Err(unknown());
    }
    let content = app.files().content(&id).await?.ok_or_else(unknown)?;
    Ok(crate::download::download(&found, content))
}

fn unknown() -> Refused {
    Refused::from(
        Refusal::new(Code::NotFound, Text::new("files-unknown")).next(Next::say("files-next-again")),
    )
}
