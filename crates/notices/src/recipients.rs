//! What this room asks the register, wired by the binary: it never names the register itself.

use access::Principal;
use access::policy::Sight;
use kernel::number::MatterNumber;
use store::feed::Entry;
use store::seal::DataKey;
use store::{BoxFuture, StoreError};

use crate::model::Occasion;

/// Whom an event concerns, and who may see what became of a notice.
pub trait Recipients: Send + Sync + 'static {
    /// What these events give to tell, in their order. Events that concern nobody are left out; so are those of
    /// matters whose content was destroyed.
    fn of_events<'a>(&'a self, entries: &'a [Entry]) -> BoxFuture<'a, Result<Vec<Occasion>, StoreError>>;

    /// The applicant and the person at work on a matter, for a reminder of one open task.
    fn of_task<'a>(
        &'a self,
        number: MatterNumber,
        task: &'a str,
    ) -> BoxFuture<'a, Result<Option<Occasion>, StoreError>>;

    /// The key of a matter; none once it was destroyed.
    fn key_of(&self, number: MatterNumber) -> BoxFuture<'_, Result<Option<DataKey>, StoreError>>;

    /// Whose inbox hears that somebody must be called: the owner of the matter, or its office.
    fn owner_of(&self, number: MatterNumber) -> BoxFuture<'_, Result<Option<String>, StoreError>>;

    /// How much of a matter somebody sees.
    fn sight<'a>(
        &'a self,
        who: &'a Principal,
        number: MatterNumber,
    ) -> BoxFuture<'a, Result<Sight, StoreError>>;
}
