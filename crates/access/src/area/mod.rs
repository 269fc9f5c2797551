//! Divisions with dates: what stands where, and what became of it.
//!
//! * [`succession`] – what became of divisions between two snapshots of their codes
//! * [`import`] – taking rows or a whole snapshot in
//! * [`names`], [`sound`] – whether two names mean one place, and how people type them

pub mod import;
pub mod model;
pub mod names;
pub mod sound;
pub mod store;
pub mod succession;

pub use model::{Area, AreaQuery};
pub use store::{find, search, standing, successors};

use ::store::StoreError;
use jiff::civil::Date;
use kernel::area::AreaCode;

use crate::room::Access;

impl Access {
    /// Codes of the towns within a division that stand on a day.
    pub async fn towns(&self, within: AreaCode, on: Date) -> Result<Vec<AreaCode>, StoreError> {
        store::towns(&mut self.db.reader().await?, within, on).await
    }
}
