//! Styles, scripts and pictures: built by npm into `assets/dist`, embedded at compile time.
//!
//! Names carry a hash of the content, so an answer may be kept for a year. The compressed twins are
//! made by the build; a request picks the best one its browser takes.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

/// The folder the asset build writes.
#[derive(Embed)]
#[folder = "../../assets/dist"]
#[allow_missing = true]
struct Dist;

/// Plain name → name with hash, as the build wrote it. Empty when nothing was built.
static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
});

/// Whether the assets were built. Pages without them would be unreadable, so they answer 503.
pub fn built() -> bool {
    !MANIFEST.is_empty()
}

/// The address of an asset by its plain name (`app.css`); `None` when it was not built.
pub fn url(name: &str) -> Option<String> {
    MANIFEST.get(name).map(|hashed| format!("/assets/{hashed}"))
}

/// The page that checks receipts by itself, and its policy, which names the hashes of its one script and its one
/// style. `None` when it was not built.
pub fn verifier() -> Option<(String, &'static str)> {
    static PAGE: LazyLock<Option<(String, String)>> = LazyLock::new(|| {
        let file =
            |name: &str| Dist::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok());
        Some((file("verify.html")?, file("verify.policy")?.trim().to_owned()))
    });
    PAGE.as_ref().map(|(page, policy)| (page.clone(), policy.as_str()))
}

/// `GET /assets/{name}`: one embedded file, in the best encoding the browser takes.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    // Only names from the manifest: neither the manifest itself nor a compressed twin by its own name.
    if !MANIFEST.values().any(|known| *known == name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |token: &str| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(token) && !words.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    let twins = [("br", ".br"), ("gzip", ".gz")];
    let (encoding, file) = twins
        .into_iter()
        .filter(|(token, _)| takes(token))
        .find_map(|(token, ending)| Dist::get(&format!("{name}{ending}")).map(|file| (Some(token), file)))
        .or_else(|| Dist::get(&name).map(|file| (None, file)))
        .map_or((None, None), |(encoding, file)| (encoding, Some(file)));
    let Some(file) = file else { return StatusCode::NOT_FOUND.into_response() };

    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let kind = match kind.essence_str() {
        "text/javascript" | "application/javascript" => "text/javascript; charset=utf-8".to_owned(),
        "text/css" => "text/css; charset=utf-8".to_owned(),
        other => other.to_owned(),
    };
    let mut response = file.data.into_owned().into_response();
    let out = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&kind) {
        out.insert(header::CONTENT_TYPE, value);
    }
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(name: &str, encodings: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(encodings).unwrap());
        serve(Path(name.to_owned()), headers).await
    }

    #[tokio::test]
    async fn only_built_names_are_served() {
        assert_eq!(get("manifest.json", "").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(get("../Cargo.toml", "").await.status(), StatusCode::NOT_FOUND);
        if !built() {
            println!("SKIP: assets not built, nothing more to serve");
            return;
        }
        let name = url("app.css").unwrap().replace("/assets/", "");
        let plain = get(&name, "").await;
        assert_eq!(plain.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
        let small = get(&name, "gzip, br").await;
        assert_eq!(small.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(get(&name, "gzip, br;q=0").await.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(get(&format!("{name}.br"), "").await.status(), StatusCode::NOT_FOUND);
    }
}
