//! Forward migrations: one text for both databases, one transaction each.

use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};

use crate::config::Migrations;
use crate::copy::{Applied, UNFINISHED};
use crate::error::{StoreError, classify};

/// `NNNN_name.sql` and its text, in order of number.
pub(crate) const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name   TEXT   NOT NULL,
    sha256 TEXT   NOT NULL
)";

/// One migration.
struct Migration {
    number: i64,
    name: &'static str,
    text: &'static str,
    sha256: String,
}

fn all() -> Result<Vec<Migration>, StoreError> {
    let mut out: Vec<Migration> = Vec::with_capacity(EMBEDDED.len());
    for (name, text) in EMBEDDED {
        let number = name
            .split_once('_')
            .and_then(|(digits, _)| digits.parse().ok().filter(|_| digits.len() == 4))
            .ok_or_else(|| StoreError::Migration(format!("{name}: names are NNNN_name.sql")))?;
        if out.last().is_some_and(|last| last.number == number) {
            return Err(StoreError::Migration(format!("{name}: the number is taken")));
        }
        out.push(Migration { number, name, text, sha256: hex::encode(Sha256::digest(text.as_bytes())) });
    }
    Ok(out)
}

/// One value for all migrations together; names the template database of the tests.
pub(crate) fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for (name, text) in EMBEDDED {
        hash.update(name.as_bytes());
        hash.update(text.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Those not yet in `applied`; refuses when an applied one has changed or is unknown.
fn pending(applied: &[(i64, String, String)], mode: Migrations) -> Result<Vec<Migration>, StoreError> {
    let known = all()?;
    for (number, name, sha256) in applied {
        if *number == UNFINISHED.0 {
            if mode == Migrations::Restoring {
                continue;
            }
            return Err(StoreError::Migration(
                "a restore into this database did not come to its end; run `huifa restore` again".into(),
            ));
        }
        match known.iter().find(|migration| migration.number == *number) {
            None => {
                return Err(StoreError::Migration(format!(
                    "the database has {name}, which this program does not know: it is older than the database"
                )));
            }
            Some(migration) if migration.sha256 != *sha256 => {
                return Err(StoreError::Migration(format!(
                    "{} was changed after it had been applied; write a new migration instead",
                    migration.name
                )));
            }
            Some(_) => {}
        }
    }
    let pending: Vec<_> = known
        .into_iter()
        .filter(|migration| !applied.iter().any(|(number, ..)| *number == migration.number))
        .collect();
    if mode == Migrations::Require && !pending.is_empty() {
        let names: Vec<_> = pending.iter().map(|migration| migration.name).collect();
        return Err(StoreError::Migration(format!("not applied yet: {}", names.join(", "))));
    }
    Ok(pending)
}

/// Those of this program that a backup was taken under; refuses when it was another program's schema.
fn chosen(wanted: &[Applied]) -> Result<Vec<Migration>, StoreError> {
    let applied: Vec<(i64, String, String)> =
        wanted.iter().map(|one| (one.number, one.name.clone(), one.sha256.clone())).collect();
    pending(&applied, Migrations::Apply)?;
    Ok(all()?.into_iter().filter(|one| wanted.iter().any(|other| other.number == one.number)).collect())
}

/// Says why a schema is not one of this program's, past or present.
pub(crate) fn refusal(wanted: &[Applied]) -> Option<String> {
    chosen(wanted).err().map(|error| error.to_string())
}

fn failed(name: &str) -> impl Fn(sqlx::Error) -> StoreError + '_ {
    move |error| StoreError::Migration(format!("{name}: {}", classify(&error).0))
}

/// One function a driver: the text of migrations is raw, so the thin layer of `sql()` does not fit.
macro_rules! runner {
    ($name:ident, $exactly:ident, $connection:ty, $begin:expr, $lock:expr, $insert:expr) => {
        /// Applies exactly these migrations to an empty database, behind a row that marks it as unfinished.
        pub(crate) async fn $exactly(
            connection: &mut $connection,
            wanted: &[Applied],
            mark: (i64, &'static str),
        ) -> Result<(), StoreError> {
            let chosen = chosen(wanted)?;
            let mut tx = connection.begin_with($begin).await.map_err(failed("begin"))?;
            tx.execute(TABLE).await.map_err(failed("schema_migration"))?;
            tx.execute(sqlx::query($insert).bind(mark.0).bind(mark.1).bind(""))
                .await
                .map_err(failed(mark.1))?;
            for next in chosen {
                tx.execute(sqlx::raw_sql(next.text)).await.map_err(failed(next.name))?;
                tx.execute(sqlx::query($insert).bind(next.number).bind(next.name).bind(next.sha256))
                    .await
                    .map_err(failed(next.name))?;
            }
            tx.commit().await.map_err(failed("commit"))
        }

        pub(crate) async fn $name(connection: &mut $connection, mode: Migrations) -> Result<(), StoreError> {
            loop {
                let mut tx = connection.begin_with($begin).await.map_err(failed("begin"))?;
                tx.execute($lock).await.map_err(failed("lock"))?;
                tx.execute(TABLE).await.map_err(failed("schema_migration"))?;
                let rows = tx
                    .fetch_all("SELECT number, name, sha256 FROM schema_migration ORDER BY number")
                    .await
                    .map_err(failed("schema_migration"))?;
                let mut applied = Vec::with_capacity(rows.len());
                for row in rows {
                    applied.push((
                        row.try_get::<i64, _>(0).map_err(failed("schema_migration"))?,
                        row.try_get::<String, _>(1).map_err(failed("schema_migration"))?,
                        row.try_get::<String, _>(2).map_err(failed("schema_migration"))?,
                    ));
                }
                let Some(next) = pending(&applied, mode)?.into_iter().next() else {
                    return tx.commit().await.map_err(failed("commit"));
                };
                tx.execute(sqlx::raw_sql(next.text)).await.map_err(failed(next.name))?;
                tx.execute(sqlx::query($insert).bind(next.number).bind(next.name).bind(next.sha256))
                    .await
                    .map_err(failed(next.name))?;
                tx.commit().await.map_err(failed(next.name))?;
                tracing::info!(migration = next.name, "applied");
            }
        }
    };
}

// On SQLite the transaction begins with the write lock, so that two processes starting together do not
// both see a migration as missing; on PostgreSQL an advisory lock of the transaction does the same (its
// number spells "huifa").
runner!(
    sqlite,
    exactly_sqlite,
    SqliteConnection,
    "BEGIN IMMEDIATE",
    "SELECT 1",
    "INSERT INTO schema_migration (number, name, sha256) VALUES (?, ?, ?)"
);
runner!(
    postgres,
    exactly_postgres,
    PgConnection,
    "BEGIN",
    "SELECT pg_advisory_xact_lock(448646440545)",
    "INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, $3)"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(all: &[Migration]) -> Vec<(i64, String, String)> {
        all.iter().map(|one| (one.number, one.name.to_owned(), one.sha256.clone())).collect()
    }

    #[test]
    fn everything_is_pending_once() {
        let known = all().unwrap();
        assert!(known.len() >= 2);
        assert_eq!(pending(&[], Migrations::Apply).unwrap().len(), known.len());
        assert!(pending(&applied(&known), Migrations::Require).unwrap().is_empty());
    }

    #[test]
    fn a_gap_is_filled_later() {
        let known = all().unwrap();
        let mut some = applied(&known);
        let missing = some.remove(0);
        let pending = pending(&some, Migrations::Apply).unwrap();
        assert_eq!(pending.iter().map(|one| one.number).collect::<Vec<_>>(), [missing.0]);
    }

    #[test]
    fn changed_unknown_and_missing_ones_are_refused() {
        let known = all().unwrap();
        let mut changed = applied(&known);
        changed[0].2 = "0".repeat(64);
        let refusal = |applied: &[_], mode| pending(applied, mode).err().unwrap().to_string();
        assert!(refusal(&changed, Migrations::Apply).contains("was changed after"));
        let mut newer = applied(&known);
        newer.push((9999, "9999_future.sql".into(), "0".repeat(64)));
        assert!(refusal(&newer, Migrations::Apply).contains("older than the database"));
        assert!(refusal(&[], Migrations::Require).contains(known[0].name));
    }
}
