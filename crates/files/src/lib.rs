//! Papers: upload, type check by content, sealed blobs, and claiming by a matter.
//!
//! * [`kind`] – what a content really is, whatever its name says
//! * [`blobs`] – sealed contents in a folder beside the database
//! * [`Files`] – taking, claiming and giving out
//!
//! Knows `kernel` and `store`; who may read a file is decided by the room that knows the matter.

pub mod blobs;
pub mod kind;
mod room;
mod store_rows;

pub use room::{FileError, Files, Limits, Stored, Upload};
