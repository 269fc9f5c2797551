//! What stands before every door, pages and API alike: who is really calling, over what, within which bounds,
//! and the headers every answer carries.
//!
//! * [`peer`] – the caller's address, and whether the way to them is private
//! * [`cookies`] – names that a neighbour or an eavesdropper cannot plant
//! * [`headers`] – what a browser is told about every answer
//! * [`bounds`] – addresses, headers and bodies that are too long or too slow

pub mod bounds;
pub mod cookies;
pub mod headers;
pub mod peer;

pub use peer::{Network, Peer};

/// Settings of `[server]` that the site itself needs.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Proxies whose word about the caller is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether callers who come past those proxies are turned away. False on loopback, and where the settings
    /// say aloud that plain HTTP is meant.
    pub private_only: bool,
    /// Longest address (path and query), in bytes.
    pub url_bytes: usize,
    /// All header fields of a request together, in bytes.
    pub header_bytes: usize,
    /// How slowly a body may arrive.
    pub pace: bounds::Pace,
    /// Token that opens `/metrics` to a caller who is not on this machine.
    pub metrics_token: Option<String>,
    /// Free space of the data folder under which the node says that it is not ready, in bytes.
    pub least_disk_bytes: u64,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            private_only: false,
            url_bytes: 8 << 10,
            header_bytes: 24 << 10,
            pace: bounds::Pace::default(),
            metrics_token: None,
            least_disk_bytes: 256 << 20,
        }
    }
}
