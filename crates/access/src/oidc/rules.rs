//! Pure decisions: where a browser may return to, which addresses are called, what a provider says of a
//! person, and whether a log-out token holds.

use jiff::SignedDuration;
use kernel::identity::{Id18, Phone};
use kernel::time::Instant;
use openidconnect::url::{Host, Url};
use serde_json::{Map, Value};

use super::model::{Claims, Side};
use crate::account::model::login_fits;

/// How far the provider's clock may be from ours.
pub const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How old an ID token may be when it comes: it was made while the person waited.
pub const OLDEST: SignedDuration = SignedDuration::from_mins(10);
/// The one event of a log-out token (OpenID Connect Back-Channel Logout 1.0, 2.4).
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Longest return address, session name or token name that is kept.
const LONGEST: usize = 512;

/// Where to go on within our site: the wish if it is a plain path of this side, else its first page.
pub fn return_to(side: Side, wish: &str) -> String {
    let plain = wish.len() <= LONGEST
        && wish.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && wish.starts_with('/')
        && !wish.starts_with("//");
    let path = wish.split(['?', '#']).next().unwrap_or_default();
    let desk = path == "/desk" || path.starts_with("/desk/");
    let door = path.ends_with("/sign-in") || path.contains("/oidc/") || path.contains("/..");
    if plain && !door && desk == (side == Side::Staff) { wish.to_owned() } else { side.home().to_owned() }
}

/// Whether an address may be called or a browser be sent there: https, or http on this machine.
pub fn may_call(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        },
        _ => false,
    }
}

/// What a provider says of a person, as far as we use it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Login, in our shape.
    pub login: Option<String>,
    /// Mobile phone the provider has proved.
    pub phone: Option<Phone>,
    /// Name the provider has proved.
    pub name: Option<String>,
    /// Identity number the provider has proved.
    pub id_number: Option<String>,
}

/// Reads the claims of a person; what is not proved or has no shape we know is left out.
pub fn told(names: &Claims, claims: &Map<String, Value>, now: Instant) -> Told {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
    let proved = names.identity_proved.as_ref().is_some_and(|(claim, values)| match claims.get(claim) {
        Some(Value::Bool(yes)) => values.iter().any(|value| *value == yes.to_string()),
        Some(Value::Number(number)) => values.iter().any(|value| *value == number.to_string()),
        Some(Value::String(word)) => values.contains(word),
        _ => false,
    });
    let phone_proved = matches!(claims.get(&names.phone_verified), Some(Value::Bool(true)));
    let phone = text(&names.phone)
        .filter(|_| phone_proved)
        .and_then(|typed| Phone::parse(typed).ok().filter(Phone::is_mobile));
    Told {
        login: text(&names.login).map(str::to_lowercase).filter(|login| login_fits(login)),
        phone,
        name: text(&names.name).filter(|name| proved && name.chars().count() <= 80).map(str::to_owned),
        id_number: text(&names.id_number)
            .filter(|_| proved)
            .and_then(|number| Id18::parse(number, now.date()).ok())
            .map(|number| number.as_str().to_owned()),
    }
}

/// What a log-out token asks to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// One session of the provider.
    pub sid: Option<String>,
    /// The person.
    pub sub: Option<String>,
    /// Name of the token.
    pub jti: String,
    /// Until when it must be remembered.
    pub expires_at: Instant,
}

/// Reads a log-out token whose signature holds (OpenID Connect Back-Channel Logout 1.0, 2.6). The fault is a
/// word for the log.
pub fn ending(
    claims: &Map<String, Value>,
    issuer: &str,
    client_id: &str,
    now: Instant,
) -> Result<Ending, &'static str> {
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty() && text.len() <= LONGEST)
            .map(str::to_owned)
    };
    let time = |name: &str| {
        let seconds = claims.get(name).and_then(Value::as_i64)?;
        jiff::Timestamp::from_second(seconds).ok().map(Instant::new)
    };
    if text("iss").as_deref() != Some(issuer) {
        return Err("issuer");
    }
    let for_us = match claims.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(all)) => all.iter().any(|one| one == client_id),
        _ => false,
    };
    if !for_us {
        return Err("audience");
    }
    let made_at = time("iat").ok_or("iat")?;
    if made_at > now.plus(SKEW) || made_at < now.plus(-OLDEST) {
        return Err("iat");
    }
    let expires = match claims.get("exp") {
        None => made_at.plus(OLDEST),
        Some(_) => time("exp").ok_or("exp")?,
    };
    if expires <= now.plus(-SKEW) {
        return Err("expired");
    }
    let event = claims.get("events").and_then(|events| events.get(LOGOUT_EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err("events");
    }
    if claims.contains_key("nonce") {
        return Err("nonce");
    }
    let (sid, sub) = (text("sid"), text("sub"));
    if sid.is_none() && sub.is_none() {
        return Err("nobody");
    }
    // A token is taken for ten minutes at most, however long it says it holds; its name as long and the skew.
    let remember = now.plus(OLDEST).plus(SKEW).plus(SKEW);
    Ok(Ending { sid, sub, jti: text("jti").ok_or("jti")?, expires_at: remember })
}

/// The address at the provider where a person leaves there too.
pub fn leave_url(endpoint: &str, id_token: &str, client_id: &str, back: &str) -> Option<String> {
    let mut url = Url::parse(endpoint).ok().filter(|url| may_call(url.as_str()))?;
    url.query_pairs_mut()
        .append_pair("id_token_hint", id_token)
        .append_pair("client_id", client_id)
        .append_pair("post_logout_redirect_uri", back);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> Instant {
        "2026-11-28T09:00:00+08:00".parse().unwrap()
    }

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_browser_returns_only_to_a_page_of_ours_on_the_same_side() {
        for (side, wish, to) in [
            (Side::Staff, "/desk/matters/3715022600000427?tab=a", "/desk/matters/3715022600000427?tab=a"),
            (Side::Staff, "/my", "/desk"),
            (Side::Staff, "/desk/sign-in", "/desk"),
            (Side::Staff, "/desk/oidc/start", "/desk"),
            (Side::Staff, "/desk/../my", "/desk"),
            (Side::Staff, "/desktop", "/desk"),
            (Side::Citizen, "/apply/legal-aid.civil", "/apply/legal-aid.civil"),
            (Side::Citizen, "/desk", "/my"),
            (Side::Citizen, "//evil.example", "/my"),
            (Side::Citizen, "/\\evil.example", "/my"),
            (Side::Citizen, "https://evil.example", "/my"),
            (Side::Citizen, "/a\r\nSet-Cookie: x", "/my"),
            (Side::Citizen, "", "/my"),
        ] {
            assert_eq!(return_to(side, wish), to, "{wish}");
        }
        assert_eq!(return_to(Side::Citizen, &format!("/{}", "a".repeat(600))), "/my");
    }

    #[test]
    fn only_https_is_called_and_http_on_this_machine() {
        for good in ["https://id.example/", "http://127.0.0.1:4000/x", "http://[::1]/", "http://localhost/"] {
            assert!(may_call(good), "{good}");
        }
        for bad in ["http://id.example/", "http://10.0.0.1/", "http://localhost.evil/", "ftp://x/", "x", ""] {
            assert!(!may_call(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_not_proved_is_not_taken() {
        let names =
            Claims { identity_proved: Some(("real_name".into(), vec!["true".into()])), ..Claims::default() };
        let all = json!({
            "preferred_username": " Aid.Officer.1 ", "phone_number": "+86 13800138000", "phone_number_verified": true,
            "name": "王晓明", "id_number": "11010519491231002x", "real_name": true,
        });
        let whole = told(&names, &map(&all), now());
        assert_eq!(whole.login.as_deref(), Some("aid.officer.1"));
        assert_eq!(whole.phone.as_ref().map(Phone::as_str), Some("13800138000"));
        assert_eq!(whole.name.as_deref(), Some("王晓明"));
        assert_eq!(whole.id_number.as_deref(), Some("11010519491231002X"));

        for (claim, value) in
            [("phone_number_verified", json!(false)), ("phone_number", json!("0635-8280000"))]
        {
            let mut claims = map(&all);
            claims.insert(claim.into(), value);
            assert_eq!(told(&names, &claims, now()).phone, None, "{claim}");
        }
        for value in [json!(false), json!("yes"), Value::Null] {
            let mut claims = map(&all);
            claims.insert("real_name".into(), value);
            let part = told(&names, &claims, now());
            assert_eq!((part.name, part.id_number), (None, None));
        }
        let mut claims = map(&all);
        claims.insert("id_number".into(), json!("110105194912310021"));
        assert_eq!(told(&names, &claims, now()).id_number, None, "a wrong check digit");
        let silent = told(&Claims::default(), &map(&all), now());
        assert_eq!((silent.name, silent.id_number), (None, None), "nothing says what was proved");
    }

    #[test]
    fn a_log_out_token_is_read_to_the_letter() {
        let issued = now().timestamp().as_second();
        let good = json!({
            "iss": "https://id.example", "aud": ["huifa"], "iat": issued, "exp": issued + 120, "jti": "j1",
            "sid": "s1", "sub": "p1", "events": {LOGOUT_EVENT: {}},
        });
        let read = |claims: &Map<String, Value>| ending(claims, "https://id.example", "huifa", now());
        let whole = read(&map(&good)).unwrap();
        assert_eq!((whole.sid.as_deref(), whole.sub.as_deref()), (Some("s1"), Some("p1")));
        for (claim, value, fault) in [
            ("iss", json!("https://evil.example"), "issuer"),
            ("aud", json!("another"), "audience"),
            ("aud", Value::Null, "audience"),
            ("iat", json!(issued + 600), "iat"),
            ("iat", json!(issued - 3600), "iat"),
            ("exp", json!(issued - 120), "expired"),
            ("exp", json!("soon"), "exp"),
            ("events", json!({}), "events"),
            ("events", json!({LOGOUT_EVENT: "yes"}), "events"),
            ("nonce", json!("n"), "nonce"),
            ("jti", json!(""), "jti"),
        ] {
            let mut claims = map(&good);
            claims.insert(claim.into(), value);
            assert_eq!(read(&claims), Err(fault), "{claim}");
        }
        let mut nobody = map(&good);
        nobody.remove("sid");
        assert!(read(&nobody).is_ok());
        nobody.remove("sub");
        assert_eq!(read(&nobody), Err("nobody"));
    }

    #[test]
    fn leaving_names_the_token_and_the_way_back() {
        let url = leave_url("https://id.example/end?x=1", "a.b.c", "huifa", "https://hf.example/oidc/left")
            .unwrap();
        assert_eq!(
            url,
            "https://id.example/end?x=1&id_token_hint=a.b.c&client_id=huifa&post_logout_redirect_uri=https%3A%2F%2Fhf.example%2Foidc%2Fleft"
        );
        assert_eq!(leave_url("http://id.example/end", "t", "c", "b"), None);
    }
}
