//! Names of cookies. Where the connection is private every cookie is `__Host-…; Secure`: a neighbouring
//! subdomain or somebody on the wire cannot plant one, and it never travels in the clear. Handlers know plain
//! names only; what stands on the wire is decided here.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::peer::Peer;

/// Browsers take a cookie of this name only when it is `Secure`, for `/`, and without a domain.
const PREFIX: &str = "__Host-";

/// Takes the prefix off what comes in and puts it on what goes out.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let private = request.extensions().get::<Peer>().is_some_and(|peer| peer.private);
    receive(request.headers_mut(), private);
    let mut response = next.run(request).await;
    send(response.headers_mut(), private);
    response
}

/// Leaves the cookies that were set over a connection like this one, under their plain names.
fn receive(headers: &mut HeaderMap, private: bool) {
    if !headers.contains_key(header::COOKIE) {
        return;
    }
    let lines: Vec<HeaderValue> = headers.get_all(header::COOKIE).iter().cloned().collect();
    headers.remove(header::COOKIE);
    let pairs: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .map(str::trim)
        .filter_map(|pair| match (pair.strip_prefix(PREFIX), private) {
            (Some(plain), true) => Some(plain),
            (None, false) => Some(pair),
            _ => None,
        })
        .collect();
    if let Ok(value) = HeaderValue::from_str(&pairs.join("; "))
        && !pairs.is_empty()
    {
        headers.insert(header::COOKIE, value);
    }
}

fn send(headers: &mut HeaderMap, private: bool) {
    if !headers.contains_key(header::SET_COOKIE) {
        return;
    }
    let set: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in set {
        let Ok(text) = cookie.to_str() else { continue };
        let plain: Vec<&str> =
            text.split(';').map(str::trim).filter(|part| !part.eq_ignore_ascii_case("secure")).collect();
        let plain = plain.join("; ");
        let text = if private { format!("{PREFIX}{plain}; Secure") } else { plain };
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(line: &'static str, private: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(line));
        receive(&mut headers, private);
        headers.get(header::COOKIE).map(|value| value.to_str().unwrap().to_owned())
    }

    fn sent(cookie: &'static str, private: bool) -> String {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        send(&mut headers, private);
        headers[header::SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn a_cookie_planted_in_the_clear_is_not_seen_on_a_private_connection() {
        let both = "__Host-huifa_desk=good; huifa_desk=planted; other=1";
        assert_eq!(received(both, true).as_deref(), Some("huifa_desk=good"));
        assert_eq!(received(both, false).as_deref(), Some("huifa_desk=planted; other=1"));
        assert_eq!(received("huifa_desk=planted", true), None);
    }

    #[test]
    fn cookies_are_secure_exactly_where_the_connection_is_private() {
        let plain = "huifa_desk=x; Path=/; HttpOnly; SameSite=Lax";
        let secure = "huifa_desk=x; Path=/; HttpOnly; SameSite=Lax; Secure";
        for cookie in [plain, secure] {
            assert_eq!(sent(cookie, true), format!("__Host-{secure}"));
            assert_eq!(sent(cookie, false), plain);
        }
    }
}
