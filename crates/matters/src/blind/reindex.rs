//! Making the hashes of matters anew after a change of the key, in small batches.

use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use store::seal::rotate::{self, Class};
use store::{Changes, StoreError, sql};

use crate::register::{Register, broken, fault};
use crate::store as table;
use crate::view::facts::{SealedFacts, open_party};

/// Version, wrapped key and sealed facts of a matter.
type Row = (i64, Option<Vec<u8>>, Option<Vec<u8>>);

/// Name of the place in `key_work`.
const PLACE: &str = "blind.mac";

impl Register {
    /// Makes the hashes of one batch of matters anew by the key in use. Gives how many matters were seen; 0 when
    /// there is nothing to do. What a command changes meanwhile is left to the next round.
    pub async fn reindex_some(&self, batch: i64) -> Result<usize, Refusal> {
        let failed = |error: StoreError| broken("reindex", &error);
        let id = self.keyring().index_key_id();
        let work = rotate::work(self.db(), Class::Index, id, PLACE).await.map_err(failed)?;
        if work.finished {
            return Ok(0);
        }
        let after = work.after.parse::<i64>().unwrap_or(0);
        let mut reader = self.db().reader().await.map_err(failed)?;
        let found: Vec<(MatterNumber,)> =
            sql("SELECT DISTINCT number FROM blind WHERE key_id < ? AND number > ? ORDER BY number LIMIT ?")
                .bind(i64::from(id))
                .bind(after)
                .bind(batch)
                .all(&mut reader)
                .await
                .map_err(failed)?;
        drop(reader);
        let mut moved = 0;
        for (number,) in &found {
            match self.reindex(*number).await? {
                Ok(()) => moved += 1,
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        let last = found.last().map_or(work.after.clone(), |(number,)| number.as_i64().to_string());
        let end = i64::try_from(found.len()).unwrap_or(i64::MAX) < batch;
        let mut changes = Changes::new();
        changes.push(work.reached(&last, moved, end));
        self.db().apply("reindex", changes).await.map_err(failed)?;
        Ok(found.len().max(1))
    }

    /// One matter: its rows go and come in one transaction, unless a command came between.
    async fn reindex(&self, number: MatterNumber) -> Result<Result<(), StoreError>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row: Option<Row> = sql("SELECT version, data_key, facts FROM matter WHERE number = ?")
            .bind(number)
            .optional(&mut reader)
            .await
            .map_err(|error| broken("reindex", &error))?;
        let parties = table::parties(&mut reader, number).await.map_err(|error| broken("parties", &error))?;
        drop(reader);
        let Some((version, data_key, facts)) = row else { return Ok(Ok(())) };
        let mut changes = Changes::new();
        changes.expect_one(
            sql("UPDATE matter SET version = version WHERE number = ? AND version = ?")
                .bind(number)
                .bind(version),
            "matter version",
        );
        changes.push(sql("DELETE FROM blind WHERE number = ?").bind(number));
        // A matter whose key was destroyed has nobody to be found by.
        if let Some(wrapped) = data_key {
            let key = self.keyring().unwrap(&wrapped).map_err(|error| fault("unwrap data key", &error))?;
            let mut people = Vec::with_capacity(parties.len());
            for row in parties {
                people.push(open_party(&key, &number.to_string(), row.pos, &row.sealed)?);
            }
            self.remember(&mut changes, number, 0, &people)?;
            let facts = SealedFacts::open(facts.as_deref(), &key, number)?;
            for facts in [&facts.form, &facts.kept] {
                self.remember_case(&mut changes, number, facts)?;
            }
        }
        Ok(self.db().apply("reindex matter", changes).await)
    }
}
