//! Rights: who somebody is, what they may do, and where.
//!
//! * [`principal`] – the signed-in person with all grants, as every request carries it
//! * [`policy`] – the one table of roles, and from it both the answer in Rust and the SQL of every list
//! * [`session`], [`account`], [`code`] – signing in with password, phone code or query code
//! * [`own`] – what people do with their own account: password, second factor, devices
//! * [`admin`], [`audit`] – the three administrators, and the record of what they and all who sign in did
//! * [`absence`] – who is away, and who stands in for them
//! * [`oidc`] – signing in through an OpenID provider, and leaving with it
//! * [`area`], [`office`] – divisions with dates, organisations with duties, and routing between them
//! * [`practitioner`] – those who practise, where and for what
//! * [`import`] – registers kept elsewhere, taken in row by row
//! * [`demo`] – the city the demo shows
//!
//! Knows `kernel` and `store`; never a matter. The register asks, this room answers.

pub mod absence;
pub mod account;
pub mod admin;
pub mod area;
pub mod audit;
pub mod code;
pub mod demo;
pub mod error;
pub mod import;
pub mod office;
pub mod oidc;
pub mod own;
pub mod password;
pub mod policy;
pub mod practitioner;
pub mod principal;
pub mod random;
mod room;
pub mod rules;
pub mod sender;
pub mod session;
pub mod throttle;

pub use error::AccessError;
pub use principal::{AccountId, Grant, Kind, OrgId, Principal};
pub use room::{Access, Limits};
pub use rules::Rules;
