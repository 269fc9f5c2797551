//! `[server]`: who may reach the listener, over what, and how long they may take.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use web::guard::bounds::Pace;
use web::listen::Connections;
use web::{Guard, Network};

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[server]
# This program speaks plain HTTP. On loopback that is safe; on any other address say which of the two is meant:
# addresses or networks of the proxies that do TLS in front (only they are believed about the caller's address
# and HTTPS, and whoever comes past them is turned away), or aloud that nothing protects what people send.
#trusted_proxies = [\"10.0.0.5\", \"fd00::/8\"]
#insecure_http = false
# Seconds for the head of a request, also how long a connection may lie idle.
#head_seconds = 15
# Seconds any body has, and the pace in bytes a second it must hold after that.
#body_seconds = 20
#body_bytes_per_second = 2048
# Connections at once.
#connections = 4096
# Longest address and largest header fields of a request, in bytes.
#url_bytes = 8192
#header_bytes = 24576
# Seconds requests under way have to finish when the server is asked to end.
#stop_seconds = 10
# MiB that must be free on the disk of the data folder; with less /readyz answers 503.
#least_disk_mib = 256
# Token that opens /metrics (Authorization: Bearer) to others than this machine itself.
#metrics_token = \"at least 32 characters that nobody guesses\"
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    trusted_proxies: Vec<String>,
    insecure_http: bool,
    head_seconds: Option<u32>,
    body_seconds: Option<u32>,
    body_bytes_per_second: Option<u32>,
    connections: Option<usize>,
    url_bytes: Option<usize>,
    header_bytes: Option<usize>,
    stop_seconds: Option<u32>,
    least_disk_mib: Option<u64>,
    metrics_token: Option<String>,
}

/// What the section means.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// What stands before every door.
    pub guard: Guard,
    /// Limits of connections.
    pub connections: Connections,
}

impl Section {
    /// The settings meant; refuses to listen in the clear without saying so.
    pub fn read(&self, listen: Option<SocketAddr>) -> Result<Server, Failure> {
        let fault = |text: String| Failure::Environment(format!("huifa.toml, [server]: {text}"));
        let trusted = self.trusted_proxies.iter().map(|text| text.parse::<Network>());
        let trusted_proxies = trusted.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let outside = listen.filter(|address| !address.ip().is_loopback());
        if let Some(address) = outside
            && trusted_proxies.is_empty()
            && !self.insecure_http
        {
            return Err(Failure::Environment(in_the_clear(address)));
        }
        let metrics_token = self.metrics_token.clone().filter(|token| !token.is_empty());
        if metrics_token.as_ref().is_some_and(|token| token.chars().count() < 32) {
            return Err(fault("metrics_token: at least 32 characters".to_owned()));
        }
        let seconds = |set: Option<u32>, usual: Duration| match set {
            None => Ok(usual),
            Some(0) => Err(fault("seconds begin at 1".to_owned())),
            Some(seconds) => Ok(Duration::from_secs(seconds.into())),
        };
        let (guard, connections) = (Guard::default(), Connections::default());
        Ok(Server {
            guard: Guard {
                private_only: outside.is_some() && !self.insecure_http,
                trusted_proxies,
                url_bytes: self.url_bytes.unwrap_or(guard.url_bytes),
                header_bytes: self.header_bytes.unwrap_or(guard.header_bytes),
                pace: Pace {
                    grace: seconds(self.body_seconds, guard.pace.grace)?,
                    bytes_per_second: self.body_bytes_per_second.unwrap_or(guard.pace.bytes_per_second),
                },
                metrics_token,
                least_disk_bytes: self
                    .least_disk_mib
                    .map_or(guard.least_disk_bytes, |mib| mib.saturating_mul(1 << 20)),
            },
            connections: Connections {
                head: seconds(self.head_seconds, connections.head)?,
                most: self.connections.unwrap_or(connections.most).clamp(1, 1 << 20),
                stop: seconds(self.stop_seconds, connections.stop)?,
            },
        })
    }
}

fn in_the_clear(address: SocketAddr) -> String {
    format!(
        "{address} can be reached from other machines, and this program speaks plain HTTP: passwords and \
         people's affairs would travel in the clear. Listen on 127.0.0.1, or set in huifa.toml of the data \
         folder one of these ([server]):\n  \
         trusted_proxies = [\"ADDRESS\"]   when a proxy with TLS stands in front\n  \
         insecure_http = true             when nothing does, and you mean it"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, listen: &str) -> Result<Server, String> {
        let section: Section = toml::from_str(text).map_err(|error| error.to_string())?;
        section.read(Some(listen.parse().map_err(|_| "address")?)).map_err(|failure| match failure {
            Failure::Environment(text) => text,
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn plain_http_is_served_outside_loopback_only_when_said() {
        for listen in ["127.0.0.1:8080", "[::1]:8080", "127.8.8.8:1"] {
            let server = read("", listen).unwrap();
            assert!(!server.guard.private_only, "{listen}");
        }
        for listen in ["0.0.0.0:8080", "[::]:8080", "192.168.1.5:8080"] {
            let refused = read("", listen).unwrap_err();
            assert!(refused.contains("trusted_proxies") && refused.contains("insecure_http"), "{refused}");
            assert!(!read("insecure_http = true", listen).unwrap().guard.private_only);
            assert!(read("trusted_proxies = ['10.0.0.5']", listen).unwrap().guard.private_only);
        }
    }

    #[test]
    fn settings_that_make_no_sense_are_named() {
        for (text, word) in [
            ("trusted_proxies = ['proxy.example']", "proxy.example"),
            ("metrics_token = 'short'", "metrics_token"),
            ("head_seconds = 0", "seconds"),
        ] {
            assert!(read(text, "127.0.0.1:1").unwrap_err().contains(word), "{text}");
        }
    }
}
