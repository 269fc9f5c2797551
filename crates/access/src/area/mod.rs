//! Divisions with dates: what stands where, and what became of it.

pub mod model;
pub mod store;

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
