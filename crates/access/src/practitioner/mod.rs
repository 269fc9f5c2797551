//! Those who practise: whom people may turn to, where, for what and in which languages.

pub mod model;
pub mod store;

pub use model::{Practitioner, PractitionerQuery};

use ::store::StoreError;

use crate::room::Access;

impl Access {
    /// Practitioners, by id from after the cursor on, and how many there are in all.
    pub async fn practitioners(
        &self,
        query: &PractitionerQuery,
    ) -> Result<(Vec<Practitioner>, u64), StoreError> {
        store::search(&mut self.db.reader().await?, query).await
    }
}
