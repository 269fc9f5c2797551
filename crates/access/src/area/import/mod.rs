//! Taking divisions in: rows with dates, or a whole snapshot that is compared with what stands.

mod model;
mod rules;
mod service;
mod store;

pub(crate) use store::{link, put, spans};

pub use model::{AreaRow, ImportReport, RowFault, Snapshot, SnapshotReport};
