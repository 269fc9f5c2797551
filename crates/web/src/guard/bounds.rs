//! Requests that are too long or too slow, each with an answer that says the limit.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use kernel::refusal::{Code, Next as Step, Refusal, Text};
use tokio::time::Instant;

use crate::app::App;
use crate::problem::Refused;

/// How slowly a body may arrive: within `grace`, plus the time its bytes take at `bytes_per_second`. A line
/// that stalls and one that drips a byte a second both end; a slow phone with a large photo does not.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Time any body has.
    pub grace: Duration,
    /// Slowest pace after that.
    pub bytes_per_second: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { grace: Duration::from_secs(20), bytes_per_second: 2048 }
    }
}

impl Pace {
    /// How long a body may have taken when this much of it has arrived.
    fn allows(self, bytes: u64) -> Duration {
        let micros = bytes.saturating_mul(1_000_000) / u64::from(self.bytes_per_second.max(1));
        self.grace + Duration::from_micros(micros)
    }
}

/// Refuses what is too long before anything reads it, and cuts a body that comes too slowly.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let guard = &app.config().guard;
    let url = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if url > guard.url_bytes {
        return too_long(Code::UrlTooLong, "refused-url-long", guard.url_bytes);
    }
    if request.uri().path_and_query().is_some_and(|target| target.as_str().contains("%00")) {
        // No text of ours holds U+0000, and PostgreSQL takes it into none.
        return Refused::from(
            Refusal::new(Code::Malformed, Text::new("refused-body")).next(Step::say("next-mend-body")),
        )
        .into_response();
    }
    let fields: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if fields > guard.header_bytes {
        return too_long(Code::HeadersTooLarge, "refused-headers-large", guard.header_bytes);
    }
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let cut = Arc::clone(&late);
    let allowed = guard.pace;
    let response = next.run(request.map(|body| paced(body, allowed, late))).await;
    if cut.load(Ordering::Relaxed) {
        let seconds = allowed.grace.as_secs();
        return Refused::from(
            Refusal::new(Code::TooSlow, Text::new("refused-too-slow").arg("seconds", seconds))
                .next(Step::say("next-better-line")),
        )
        .into_response();
    }
    response
}

fn too_long(code: Code, key: &'static str, most: usize) -> Response {
    Refused::from(Refusal::new(code, Text::new(key).arg("bytes", most)).next(Step::say("next-send-less")))
        .into_response()
}

/// The body, ended with a fault when it falls behind.
fn paced(body: Body, pace: Pace, late: Arc<AtomicBool>) -> Body {
    let began = Instant::now();
    let first = (body.into_data_stream(), 0_u64, false);
    Body::from_stream(futures_util::stream::unfold(first, move |(mut stream, bytes, over)| {
        let late = Arc::clone(&late);
        async move {
            if over {
                return None;
            }
            match tokio::time::timeout_at(began + pace.allows(bytes), stream.next()).await {
                Ok(Some(Ok(chunk))) => {
                    let bytes = bytes + chunk.len() as u64;
                    Some((Ok(chunk), (stream, bytes, false)))
                }
                Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), (stream, bytes, true))),
                Ok(None) => None,
                Err(_) => {
                    late.store(true, Ordering::Relaxed);
                    let fault = io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly");
                    Some((Err(fault), (stream, bytes, true)))
                }
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body that gives this many bytes twenty times a second, for ever.
    fn dripping(bytes: usize) -> Body {
        Body::from_stream(futures_util::stream::unfold((), move |()| async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Some((Ok::<_, io::Error>(vec![b'x'; bytes]), ()))
        }))
    }

    #[tokio::test]
    async fn a_dripping_body_is_cut_and_a_slow_line_is_not() {
        let pace = Pace { grace: Duration::from_millis(400), bytes_per_second: 2000 };
        // 20, 800 and 40,000 bytes a second.
        for (each, cut) in [(1, true), (40, true), (2000, false)] {
            let late = Arc::new(AtomicBool::new(false));
            let mut stream = paced(dripping(each), pace, Arc::clone(&late)).into_data_stream();
            let began = Instant::now();
            let mut ended = false;
            while began.elapsed() < Duration::from_secs(2) {
                if !matches!(stream.next().await, Some(Ok(_))) {
                    ended = true;
                    break;
                }
            }
            assert_eq!((ended, late.load(Ordering::Relaxed)), (cut, cut), "{each} bytes at a time");
        }
    }
}
