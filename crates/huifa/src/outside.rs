//! HTTP to the outside, for signing in and for time stamps: through rustls, without system libraries, short, bounded, and without
//! following redirects.

use std::error::Error as _;

use access::oidc::outside::{Answer, CONNECT, MOST_BYTES, WHOLE};
use access::oidc::{HttpRequest, HttpResponse, Outside, OutsideError};

use crate::failure::Failure;

/// The client.
pub struct Client(reqwest::Client);

impl Client {
    /// A client that trusts the certificate authorities of this machine.
    pub fn new() -> Result<Self, Failure> {
        // Installed once a process; a second call finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent("huifa")
            .build()
            .map(Self)
            .map_err(Failure::environment)
    }
}

/// What went wrong, with its causes and without the address, which may carry a code.
fn away(error: reqwest::Error) -> OutsideError {
    let error = error.without_url();
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    OutsideError::Away(said)
}

impl Outside for Client {
    fn ask(&self, request: HttpRequest) -> Answer<'_> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(away)?;
            let mut response = self.0.execute(request).await.map_err(away)?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(away)? {
                if body.len() + chunk.len() > MOST_BYTES {
                    return Err(OutsideError::TooLong);
                }
                body.extend_from_slice(&chunk);
            }
            let mut answer = HttpResponse::new(body);
            *answer.status_mut() = status;
            *answer.headers_mut() = headers;
            Ok(answer)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    /// Answers one request on loopback with these bytes.
    fn server(answer: Vec<u8>) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let _ = stream.write_all(&answer);
        });
        format!("http://{address}/")
    }

    async fn asked(answer: Vec<u8>) -> Result<HttpResponse, OutsideError> {
        let mut request = HttpRequest::new(Vec::new());
        *request.uri_mut() = server(answer).parse().expect("an address");
        Client::new().expect("a client").ask(request).await
    }

    #[tokio::test]
    async fn an_answer_comes_whole_or_not_at_all() {
        let small = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi".to_vec();
        let answer = asked(small).await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (200, b"hi".as_slice()));
        assert_eq!(answer.headers()["content-type"], "text/plain");

        let mut large = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        large.resize(MOST_BYTES * 2, b'x');
        assert!(matches!(asked(large).await, Err(OutsideError::TooLong)));
    }

    #[tokio::test]
    async fn redirects_are_answers_and_silence_is_away() {
        let moved =
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec();
        assert_eq!(asked(moved).await.expect("an answer").status().as_u16(), 302);
        assert!(matches!(asked(Vec::new()).await, Err(OutsideError::Away(_))));
    }
}
