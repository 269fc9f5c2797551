//! One visit of a page: who comes, in what language and size, and the token their forms must carry.

use std::sync::Arc;

use access::Principal;
use access::session::{Must, Signed};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use kernel::time::Instant;
use maud::{Markup, html};

use super::display::Display;
use super::frame::Side;
use super::site::Site;
use crate::lang::Lang;

/// What every page knows. Put together once a request by the layer in [`crate::portal::door`].
#[derive(Debug, Clone)]
pub struct Visit {
    /// Language to answer in.
    pub lang: Lang,
    /// Settings of the display.
    pub display: Display,
    /// Who is signed in on this side (portal or desk), if anybody.
    pub principal: Principal,
    /// Token of that session.
    pub session: Option<String>,
    /// Id of that session, as in the list of devices.
    pub device: Option<String>,
    /// What must be done before the session may do anything else.
    pub must: Option<Must>,
    /// Token forms must carry: keyed to a cookie and to the session.
    pub csrf: String,
    /// Path and query of this page.
    pub path: String,
    /// This site as the person reached it, `https://host`; for addresses that leave the page on paper or as a code.
    pub origin: String,
    /// Finds the log lines of this request; shown where something went wrong.
    pub trace: String,
    /// When.
    pub now: Instant,
    /// What is said about the site.
    pub site: Arc<Site>,
    /// Where the button of sensitive pages leads.
    pub exit: Arc<str>,
    /// Cookies as sent.
    pub cookies: Arc<Vec<(String, String)>>,
}

impl Visit {
    /// The hidden field every form that writes carries.
    pub fn csrf_field(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.csrf); }
    }

    /// Who is signed in, for what people do with their own account.
    pub fn signed(&self) -> Option<Signed> {
        let session = self.device.clone()?;
        Some(Signed { principal: self.principal.clone(), must: self.must, session })
    }

    /// The address of a page that both sides have, on the side of this visit: each side has a session of its own.
    pub fn here(&self, path: &str) -> String {
        if Side::of(self) == Side::Desk { format!("/desk{path}") } else { path.to_owned() }
    }

    /// A cookie by name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A visit for samples and tests: nobody, in a language.
    #[cfg(test)]
    pub fn sample(lang: Lang) -> Self {
        Self {
            lang,
            display: Display::default(),
            principal: Principal::anonymous(),
            session: None,
            device: None,
            must: None,
            csrf: "token".into(),
            path: "/".into(),
            origin: "https://example.org".into(),
            trace: "0192a4c6e8f0".into(),
            now: "2026-11-21T09:00:00+08:00".parse().expect("a literal instant"),
            site: Arc::default(),
            exit: Arc::from("https://www.weather.com.cn/"),
            cookies: Arc::default(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Absent only when a page is routed outside the layer: our own mistake.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
