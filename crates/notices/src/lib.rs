//! Notices: telling people what happened to their matter, through channels they can be reached by safely.
//!
//! * [`follow`] – takes events from the feed and writes what is to be told, exactly once
//! * [`rules`] – which channels, when, in which words; when to try again: pure
//! * [`words`] – the texts, from message files
//! * [`worker`] – sends what waits, at least once under a stable delivery id
//! * [`sms`], [`mail`] – the two ways out; [`receipt`] – what the gateway says afterwards
//! * [`inbox`], [`trail`] – what people and offices see; [`contact`] – where else a person wants to be told
//! * [`link`] – addresses in messages, which do nothing until somebody taps
//! * [`due`] – reminders of days that come near
//!
//! Never asks the register itself: whom an event concerns is answered through [`Recipients`].

pub mod code;
pub mod contact;
pub mod due;
pub mod follow;
pub mod inbox;
pub mod link;
pub mod mail;
pub mod model;
pub mod receipt;
mod recipients;
mod room;
pub mod rules;
pub mod signature;
pub mod sms;
mod store_rows;
pub mod trail;
pub mod words;
pub mod worker;

pub use model::{Channel, Kind, Letter, Occasion, Person, State};
pub use recipients::Recipients;
pub use room::{Notices, Parts, Settings};
