//! Divisions with dates: what stands where, and what became of it.
//!
//! * [`succession`] – what became of divisions between two snapshots of their codes
//! * [`import`] – taking rows or a whole snapshot in
//! * [`atlas`] – all of it in memory: maps of other days, and finding places
//! * [`builtin`] – the divisions the program brings along
//! * [`heirs`] – what took over a code that stands no longer, for routing
//! * [`handover`] – what hangs on a division nobody knows a successor of
//! * [`service_area`] – areas that are served together and are no division
//! * [`names`], [`sound`] – whether two names mean one place, and how people type them

pub mod atlas;
pub mod builtin;
pub mod handover;
pub mod heirs;
pub mod import;
pub mod names;
pub mod service_area;
pub mod sound;
pub(crate) mod store;
pub mod succession;

pub use atlas::{AreaBook, Atlas};
pub use store::standing;

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
