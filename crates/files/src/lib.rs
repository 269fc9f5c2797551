//! Papers: upload, type check by content, sealed blobs, and claiming by a matter.
//!
//! * [`kind`] – what a content really is, whatever its name says
//! * [`inspect`] – what it hides: bombs, programs, scripts
//! * [`scan`] – what a virus scanner says of it
//! * [`name`] – its name, made harmless
//! * [`blobs`] – sealed contents in a folder beside the database
//! * [`keep`] – what a backup asks
//! * [`Files`] – taking, claiming and giving out
//!
//! Knows `kernel` and `store`; who may read a file is decided by the room that knows the matter.

pub mod blobs;
pub mod inspect;
pub mod keep;
pub mod kind;
pub mod name;
mod quarantine;
mod room;
pub mod scan;
mod store_rows;

pub use room::{FileError, Files, Limits, Stored, Upload};
