//! Papers on their way out of the house, through the API and the desk alike.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use files::Stored;

/// A file is shown as what its bytes are, and never run: no sniffing, no scripts, as an attachment.
pub fn download(file: &Stored, content: Vec<u8>) -> Response {
    as_attachment(Body::from(content).into_response(), &file.name, &file.media)
}

/// The same for what the house makes itself.
pub fn as_attachment(mut response: Response, name: &str, media: &str) -> Response {
    let headers = response.headers_mut();
    let name: String = name.bytes().fold(String::new(), |mut name, byte| {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            name.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
        name
    });
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}"));
    for (key, value) in [
        (header::CONTENT_TYPE, HeaderValue::from_str(media)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, Ok(HeaderValue::from_static("nosniff"))),
        (
            header::CONTENT_SECURITY_POLICY,
            Ok(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox")),
        ),
        (header::CACHE_CONTROL, Ok(HeaderValue::from_static("private, no-store"))),
    ] {
        if let Ok(value) = value {
            headers.insert(key, value);
        }
    }
    response
}
