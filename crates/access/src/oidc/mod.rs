//! Signing in through an OpenID provider: the unified identity platform of an authority for staff, that of the
//! province for citizens.
//!
//! * [`model`] – what is set, and how a sign-in may fail
//! * [`rules`] – pure: return addresses, addresses we may call, what a provider says of a person, log-out tokens
//! * [`outside`] – the one way out of the house; the binary brings the HTTP client
//! * [`provider`] – discovery, keys, codes and tokens, through the `openidconnect` crate
//! * [`enter`], [`leave`] – use cases: signing in, and ending sessions from either side
//!
//! Authorization code flow with PKCE; state, nonce and verifier lie in the database for ten minutes, are used
//! once, and only by the browser that began (ADR 10).

pub mod enter;
pub mod leave;
pub mod model;
pub mod outside;
mod protocol;
pub mod provider;
pub mod rules;
mod store;
mod token;

pub use enter::Answer;
pub use model::{Arrived, Begun, Claims, OidcError, Parts, Relying, Side, Trouble};
pub use outside::{HttpRequest, HttpResponse, Outside, OutsideError};
pub(crate) use store::{forget as forgotten, sweep as swept};
