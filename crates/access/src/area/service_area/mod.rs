//! Areas that are served together and are no division: development zones, scenic areas. They have no code of the
//! bureau and get none; an address lies in a town, and the zone is the towns it is made of.

mod model;
mod service;
mod store;

pub use model::{NewServiceArea, ServiceArea};
pub(crate) use store::{all, put};
