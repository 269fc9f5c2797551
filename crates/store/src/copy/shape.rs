//! The tables of a database as the database itself tells them, parents before children.

use super::side::Side;
use super::{Applied, Column, Holds, MIGRATIONS, Table, UNFINISHED};
use crate::error::StoreError;
use crate::value::Arg;

/// Columns: table, name, declared type, place in the primary key from 1 (0: none).
const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m \
    JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)::text, \
    coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) \
      WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0)::int8 \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 \
    AND NOT a.attisdropped ORDER BY c.relname, a.attnum";

/// References: table, table it refers to.
const SQLITE_REFERENCES: &str = "SELECT DISTINCT m.name, f.\"table\" FROM sqlite_master m \
    JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2";
const POSTGRES_REFERENCES: &str = "SELECT DISTINCT c.relname::text, r.relname::text FROM pg_constraint k \
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid \
    WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2";

/// All tables but the list of migrations, parents before children, else by name.
pub(super) async fn tables(side: &mut Side) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = match side {
        Side::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Side::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let mut found: Vec<(Table, Vec<(i64, String)>)> = Vec::new();
    side.rows(columns.to_owned(), Vec::new(), |row| {
        let (of, name): (String, String) = (row.get(0)?, row.get(1)?);
        let holds = holds(&row.get::<String>(2)?)
            .ok_or_else(|| StoreError::column(format!("{of}.{name}"), "a type a backup does not know"))?;
        if found.last().is_none_or(|(last, _)| last.name != of) {
            let table = Table { name: of, columns: Vec::new(), key: Vec::new(), refers_to: Vec::new() };
            found.push((table, Vec::new()));
        }
        if let Some((table, key)) = found.last_mut() {
            let place: i64 = row.get(3)?;
            if place > 0 {
                key.push((place, name.clone()));
            }
            table.columns.push(Column { name, holds });
        }
        Ok(())
    })
    .await?;
    let mut tables = Vec::new();
    for (mut table, mut key) in found.into_iter().filter(|(table, _)| table.name != MIGRATIONS) {
        if key.is_empty() {
            return Err(StoreError::column(&table.name, "a table without a primary key has no order"));
        }
        key.sort();
        table.key = key.into_iter().map(|(_, name)| name).collect();
        tables.push(table);
    }
    side.rows(references.to_owned(), Vec::new(), |row| {
        let (of, to): (String, String) = (row.get(0)?, row.get(1)?);
        if let Some(table) = tables.iter_mut().find(|table| table.name == of && of != to) {
            table.refers_to.push(to);
        }
        Ok(())
    })
    .await?;
    parents_first(tables)
}

fn parents_first(mut waiting: Vec<Table>) -> Result<Vec<Table>, StoreError> {
    let mut placed: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = |table: &Table| {
            table.refers_to.iter().all(|parent| placed.iter().any(|done| done.name == *parent))
        };
        let Some(next) = waiting.iter().position(ready) else {
            return Err(StoreError::Migration("tables refer to each other in a circle".into()));
        };
        placed.push(waiting.remove(next));
    }
    Ok(placed)
}

/// The declared types of migrations, as each database writes them.
fn holds(declared: &str) -> Option<Holds> {
    Some(match declared.to_ascii_lowercase().as_str() {
        "bigint" => Holds::Int,
        "text" => Holds::Text,
        "boolean" => Holds::Bool,
        "double precision" => Holds::Real,
        "bytea" => Holds::Bytes,
        "jsonb" => Holds::Json,
        "timestamptz" | "timestamp with time zone" => Holds::Instant,
        _ => return None,
    })
}

/// The migrations that were applied, the mark of an unfinished restore left out.
pub(super) async fn migrations(side: &mut Side) -> Result<Vec<Applied>, StoreError> {
    let mut found = Vec::new();
    let text = "SELECT number, name, sha256 FROM schema_migration WHERE number <> ? ORDER BY number";
    side.rows(text.to_owned(), vec![Arg::Int(Some(UNFINISHED.0))], |row| {
        found.push(Applied { number: row.get(0)?, name: row.get(1)?, sha256: row.get(2)? });
        Ok(())
    })
    .await?;
    Ok(found)
}
