//! What belongs to the person who asks: their matters, and the code of one.

use access::{Kind, Principal};
use kernel::actor::Role;
use kernel::number::{MatterNumber, QueryCode};
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::sql;

use crate::command::authorise;
use crate::register::{Register, broken, not_found};

/// Most matters one page of "my matters" shows.
const MOST: i64 = 50;

impl Register {
    /// The matters a signed-in citizen has to do with, newest first.
    pub async fn mine(&self, who: &Principal) -> Result<Vec<MatterNumber>, Refusal> {
        let found = self.of_citizen(who, true).await?;
        Ok(found.into_iter().map(|(number, _)| number).collect())
    }

    /// Those that still run and that they may hand something in for, with their items, the newest first.
    pub async fn running(&self, who: &Principal) -> Result<Vec<(MatterNumber, String)>, Refusal> {
        self.of_citizen(who, false).await
    }

    /// All that a citizen may see, or only what runs and is theirs, or that of somebody they help.
    async fn of_citizen(&self, who: &Principal, all: bool) -> Result<Vec<(MatterNumber, String)>, Refusal> {
        let Some(account) = who.account.as_ref().filter(|_| who.kind == Kind::Citizen) else {
            return Ok(Vec::new());
        };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        sql("SELECT DISTINCT m.number, m.item, m.opened_at FROM access a JOIN matter m ON m.number = a.number \
             WHERE a.principal = ? AND a.reason IN ('applicant', 'party', 'helper', 'helper-reads') \
             AND (a.until IS NULL OR a.until > ?) \
             AND (? = ? OR (a.reason IN ('applicant', 'helper') AND m.final = ?)) \
             ORDER BY m.opened_at DESC, m.number DESC LIMIT ?")
        .bind(account.as_str())
        .bind(self.now())
        .bind(i64::from(all))
        .bind(1_i64)
        .bind(false)
        .bind(MOST)
        .all::<(MatterNumber, String, Instant)>(&mut reader)
        .await
        .map(|rows| rows.into_iter().map(|(number, item, _)| (number, item)).collect())
        .map_err(|error| broken("matters of a citizen", &error))
    }

    /// The query code that is good now, for the applicant only.
    pub async fn code_of(&self, who: &Principal, number: MatterNumber) -> Result<QueryCode, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now)
            .map_err(|_| not_found())?;
        Ok(self.query_code(number, seen.matter.issue))
    }
}
