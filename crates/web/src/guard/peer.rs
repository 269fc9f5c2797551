//! Who is calling, and over what. A proxy in front of us says so in `X-Forwarded-For` and `X-Forwarded-Proto`;
//! anybody can write these, so they are believed from the proxies of the settings only and taken away from
//! everybody else's requests.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::refusal::{Code, Next as Step, Refusal, Text};

use crate::app::App;
use crate::problem::Refused;

/// What proxies write about a caller.
const FORWARDED: [&str; 6] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-real-ip",
];

/// One address, or all that share its first bits: `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| format!("{text}: not an address"))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits
                .trim()
                .parse()
                .ok()
                .filter(|bits| *bits <= most)
                .ok_or_else(|| format!("{text}: at most /{most}"))?,
        };
        Ok(Self { address, bits })
    }
}

impl Network {
    /// Whether an address lies in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        let same = |ours: u128, theirs: u128, width: u32| {
            self.bits == 0 || (ours ^ theirs) >> (width - self.bits) == 0
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same(u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => same(ours.to_bits(), theirs.to_bits(), 128),
            _ => false,
        }
    }
}

/// The caller of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Where the request comes from, behind our own proxies.
    pub address: IpAddr,
    /// Whether the caller's side is HTTPS, by the word of a trusted proxy.
    pub https: bool,
    /// Whether nobody stands between: no trusted proxy, and no header a proxy would write.
    pub direct: bool,
    /// Whether a browser treats the connection as private: HTTPS, or loopback under a loopback name. (Chromium
    /// takes `Secure` cookies from `http://127.0.0.1` and `http://localhost`.)
    pub private: bool,
}

impl Peer {
    /// The caller, from the socket's other end and what was written on the request.
    pub fn of(socket: Option<IpAddr>, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let socket = socket.map(|address| address.to_canonical());
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
        let told = FORWARDED.iter().any(|name| headers.contains_key(*name));
        let by_proxy = socket.is_some_and(is_trusted);
        let mut address = socket.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let mut https = false;
        if by_proxy {
            // The nearest proxy writes last; the first address from the right that is not ours is the caller.
            let chain = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
            let chain: Vec<&str> = chain.flat_map(|line| line.split(',')).map(str::trim).collect();
            for step in chain.into_iter().rev() {
                let Ok(step) = step.parse::<IpAddr>() else { break };
                address = step.to_canonical();
                if !is_trusted(address) {
                    break;
                }
            }
            let proto = headers.get_all("x-forwarded-proto").iter().next_back();
            https = proto.is_some_and(|proto| proto == "https");
        }
        let direct = !by_proxy && !told;
        let at_home =
            direct && socket.is_some_and(|address| address.is_loopback()) && is_loopback_name(headers);
        Self { address, https, direct, private: https || at_home }
    }

    /// Whether the caller sits on this machine itself.
    pub fn is_local(&self) -> bool {
        self.direct && self.address.is_loopback()
    }
}

/// Whether the browser reached us under a name it takes for its own machine.
fn is_loopback_name(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Finds out who calls and leaves on the request only what is true.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let guard = &app.config().guard;
    let socket = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = Peer::of(socket, request.headers(), &guard.trusted_proxies);
    let headers = request.headers_mut();
    for name in FORWARDED {
        headers.remove(name);
    }
    if peer.https {
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
    }
    request.extensions_mut().insert(peer);
    next.run(request).await
}

/// Turns away whoever came past the proxy in clear text. Watchers on the machine itself ask without it.
pub async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let guard = &app.config().guard;
    let Some(peer) = request.extensions().get::<Peer>() else { return next.run(request).await };
    if guard.private_only && !peer.https && !peer.is_local() {
        return Refused::from(
            Refusal::new(Code::Forbidden, Text::new("refused-plain-http")).next(Step::say("next-use-https")),
        )
        .into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_hold_what_shares_their_bits() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.200.3.4", "11.0.0.1"),
            ("192.168.1.7", "192.168.1.7", "192.168.1.8"),
            ("fd00::/8", "fd12::1", "fe80::1"),
            ("0.0.0.0/0", "1.2.3.4", "::1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.holds(ip(inside)), "{network:?} {inside}");
            assert!(!network.holds(ip(outside)), "{network:?} {outside}");
        }
        assert!(Network::from_str("10.0.0.0/8").unwrap().holds(ip("::ffff:10.1.1.1")), "IPv4 inside IPv6");
        for wrong in ["", "10.0.0", "10.0.0.0/33", "::1/129", "proxy.example", "10.0.0.0/x"] {
            assert!(Network::from_str(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let said =
            headers(&[("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.3"), ("x-forwarded-proto", "https")]);
        let by_proxy = Peer::of(Some(ip("10.0.0.2")), &said, &trusted);
        // 6.6.6.6 is what the caller wrote; the proxies saw 203.0.113.9.
        assert_eq!(by_proxy, Peer { address: ip("203.0.113.9"), https: true, direct: false, private: true });
        let by_stranger = Peer::of(Some(ip("203.0.113.9")), &said, &trusted);
        assert_eq!(
            by_stranger,
            Peer { address: ip("203.0.113.9"), https: false, direct: false, private: false }
        );
        let plain = headers(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "http")]);
        assert!(!Peer::of(Some(ip("10.0.0.2")), &plain, &trusted).private);
        let nonsense = headers(&[("x-forwarded-for", "203.0.113.9, unknown")]);
        assert_eq!(Peer::of(Some(ip("10.0.0.2")), &nonsense, &trusted).address, ip("10.0.0.2"));
    }

    #[test]
    fn loopback_is_private_only_by_its_own_name_and_without_a_proxy() {
        for (host, private) in [
            ("127.0.0.1:8080", true),
            ("localhost:8080", true),
            ("[::1]:8080", true),
            ("localhost", true),
            ("huifa.example", false),
            ("localhost.example:80", false),
            ("192.168.1.5:8080", false),
        ] {
            let said = headers(&[("host", host)]);
            assert_eq!(Peer::of(Some(ip("127.0.0.1")), &said, &[]).private, private, "{host}");
            assert!(!Peer::of(Some(ip("192.168.1.5")), &said, &[]).private, "{host}, from outside");
            assert!(!Peer::of(None, &said, &[]).private, "{host}, from nowhere");
        }
        let forwarded = headers(&[("host", "127.0.0.1:8080"), ("x-forwarded-for", "203.0.113.9")]);
        let peer = Peer::of(Some(ip("127.0.0.1")), &forwarded, &[]);
        assert!(!peer.private && !peer.is_local(), "a proxy nobody told us of");
    }
}
