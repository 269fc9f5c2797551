//! The one way out of the house. This room knows no HTTP client; the binary brings one that keeps the times and
//! sizes said here.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::AsyncHttpClient;
pub use openidconnect::{HttpRequest, HttpResponse};

/// Longest answer of a provider that is read, in bytes. Key sets and tokens take a few thousand.
pub const MOST_BYTES: usize = 256 << 10;
/// Longest wait for a connection.
pub const CONNECT: Duration = Duration::from_secs(3);
/// Longest wait for a whole answer: a person stands before the page.
pub const WHOLE: Duration = Duration::from_secs(8);

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// Not reached, or not in time.
    #[error("the other side does not answer: {0}")]
    Away(String),
    /// Longer than [`MOST_BYTES`].
    #[error("the answer is longer than {MOST_BYTES} bytes")]
    TooLong,
    /// An address this program does not call: plain HTTP to another machine.
    #[error("an address that is not called: only https, and http on loopback")]
    Unsafe,
}

/// What [`Outside::ask`] returns.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, OutsideError>> + Send + 'a>>;

/// An HTTP client that follows no redirects.
pub trait Outside: Send + Sync {
    /// Asks once.
    fn ask(&self, request: HttpRequest) -> Answer<'_>;
}

/// The client as `openidconnect` wants it, with the rule which addresses are called in front.
pub(crate) struct Http<'a>(pub(crate) &'a dyn Outside);

impl<'c> AsyncHttpClient<'c> for Http<'_> {
    type Error = OutsideError;
    type Future = Answer<'c>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        if !super::rules::may_call(&request.uri().to_string()) {
            return Box::pin(std::future::ready(Err(OutsideError::Unsafe)));
        }
        self.0.ask(request)
    }
}
