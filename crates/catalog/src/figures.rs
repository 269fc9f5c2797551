//! Yearly figures of places, kept in the database: average wages, minimum wages, incomes.
//!
//! They are rows of the same shape as those of `catalog/parameters/`; nodes add them to theirs when they start.

use crate::parameters::{Mark, Parameter};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::clock::LimitKind;
use kernel::refusal::{FieldError, Text};
use kernel::time::Instant;
use store::{Db, StoreError, WriteTx, sql};

/// Columns of a table of figures.
pub const COLUMNS: [&str; 9] =
    ["id", "area", "year", "number", "law", "article", "verified", "source", "note"];

/// The figures calculators ask for.
pub const IDS: [&str; 8] = [
    "figure.avg-monthly-wage",
    "figure.min-wage",
    "figure.urban-disposable-income",
    "figure.urban-consumption",
    "figure.industry-wage",
    "figure.per-diem",
    "figure.nursing-daily",
    "figure.national-urban-income",
];

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was not known.
    New,
    /// It was known otherwise.
    Changed,
    /// It is as it was.
    Known,
}

/// Whether to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only say what would become of it.
    Trial,
    /// Keep it.
    Write,
}

/// Reads a row of a table by its columns.
///
/// # Errors
/// Every field that is wrong.
pub fn read(cell: &dyn Fn(&str) -> Option<String>) -> Result<Parameter, Vec<FieldError>> {
    let text = |name: &str| cell(name).map(|text| kernel::text::normalise(&text)).unwrap_or_default();
    let mut errors = Vec::new();
    let mut wrong = |name: &str, code: &'static str, why: Text| {
        errors.push(FieldError::new(format!("/{name}"), code, why));
    };
    let id = text("id");
    if !IDS.contains(&id.as_str()) {
        wrong("id", "choice", Text::new("error-import-word").arg("words", IDS.join(", ")));
    }
    let area = text("area");
    let area = if area.is_empty() {
        None
    } else {
        let code = area.parse::<AreaCode>().ok();
        if code.is_none() {
            wrong("area", "format", "error-area".into());
        }
        code
    };
    let year = text("year").parse::<i16>().ok().filter(|year| (1990..=2200).contains(year));
    if year.is_none() {
        wrong("year", "format", "error-figure-year".into());
    }
    let number = text("number").replace([',', '，'], "");
    let digits =
        |part: &str| (1..=10).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number.as_str(), "0"));
    if !digits(whole) || !digits(part) {
        wrong("number", "format", "error-figure-number".into());
    }
    let source = text("source");
    if source.is_empty() {
        wrong("source", "required", "error-required".into());
    }
    let verified = match text("verified").as_str() {
        "" | "false" | "0" | "否" => false,
        "true" | "1" | "是" => true,
        _ => {
            wrong("verified", "format", "error-figure-verified".into());
            false
        }
    };
    let first = year.and_then(|year| Date::new(year, 1, 1).ok());
    let (Some(year), Some(first), true) = (year, first, errors.is_empty()) else { return Err(errors) };
    let said = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    Ok(Parameter {
        id,
        area,
        kind: LimitKind::Statutory,
        count: None,
        unit: None,
        roll: None,
        fen: None,
        basis: None,
        percent: None,
        household: None,
        period: None,
        number: Some(number),
        numbers: None,
        bands: None,
        year: Some(year),
        mark: Some(if verified { Mark::L } else { Mark::R }),
        word: None,
        law: said("law").or_else(|| Some("统计数据".to_owned())),
        article: said("article").or_else(|| Some("上一年度".to_owned())),
        effective_from: first,
        effective_to: None,
        verified,
        source,
        note: said("note"),
    })
}

/// Keeps figures; a row for the same place and year replaces the one before.
///
/// # Errors
/// The database.
pub async fn keep(db: &Db, rows: &[Parameter], mode: Mode, now: Instant) -> Result<Vec<Kept>, StoreError> {
    let mut lines = Vec::new();
    for row in rows {
        let area = row.area.map_or_else(|| "all".to_owned(), |area| area.to_string());
        let body = serde_json::to_string(row).map_err(|fault| StoreError::Refused(fault.to_string()))?;
        lines.push((row.id.clone(), area, i64::from(row.year.unwrap_or_default()), body));
    }
    db.write("keep figures", move |tx| {
        let lines = lines.clone();
        Box::pin(async move {
            let mut kept = Vec::new();
            for line in &lines {
                kept.push(one(tx, line, mode, now).await?);
            }
            Ok(kept)
        })
    })
    .await
}

async fn one(
    tx: &mut WriteTx,
    (id, area, year, body): &(String, String, i64, String),
    mode: Mode,
    now: Instant,
) -> Result<Kept, StoreError> {
    let known: Vec<(String,)> = sql("SELECT body FROM figure WHERE id = ? AND area = ? AND year = ?")
        .bind(id)
        .bind(area)
        .bind(*year)
        .all(tx)
        .await?;
    let kept = match known.first() {
        Some((before,)) if before == body => return Ok(Kept::Known),
        Some(_) => Kept::Changed,
        None => Kept::New,
    };
    if mode == Mode::Write {
        sql("INSERT INTO figure (id, area, year, body, taken_at) VALUES (?, ?, ?, ?, ?) ")
            .bind(id)
            .bind(area)
            .bind(*year)
            .bind(body)
            .bind(now)
            .then("ON CONFLICT (id, area, year) DO UPDATE SET body = excluded.body, taken_at = excluded.taken_at")
            .execute(tx)
            .await?;
    }
    Ok(kept)
}

/// All figures that were entered.
///
/// # Errors
/// The database, or a row that this release cannot read.
pub async fn load(db: &Db) -> Result<Vec<Parameter>, StoreError> {
    let rows: Vec<(String,)> =
        sql("SELECT body FROM figure ORDER BY id, area, year").all(&mut db.reader().await?).await?;
    rows.iter()
        .map(|(body,)| serde_json::from_str(body).map_err(|fault| StoreError::Refused(fault.to_string())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::testkit::for_each_db;

    fn row(number: &str, area: &str) -> Result<Parameter, Vec<FieldError>> {
        let cells = [
            ("id", "figure.min-wage"),
            ("area", area),
            ("year", "2026"),
            ("number", number),
            ("source", "人社部门公布"),
        ];
        read(&|name| cells.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_row_is_whole_or_every_wrong_field_is_named() {
        let good = row("2,200.50", "371502").unwrap();
        assert_eq!((good.number.as_deref(), good.year, good.verified), (Some("2200.50"), Some(2026), false));
        let wrong = row("many", "99").unwrap_err();
        let named: Vec<&str> = wrong.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(named, ["/area", "/number"]);
        assert_eq!(read(&|_| None).unwrap_err().len(), 4);
    }

    #[tokio::test]
    async fn a_figure_is_kept_once_and_replaced_by_a_newer_one() {
        for_each_db(async |db| {
            let now: Instant = "2026-11-21T09:00:00+08:00".parse().unwrap();
            let first = [row("2200", "371502").unwrap()];
            assert_eq!(keep(&db, &first, Mode::Trial, now).await.unwrap(), [Kept::New]);
            assert_eq!(load(&db).await.unwrap(), []);
            assert_eq!(keep(&db, &first, Mode::Write, now).await.unwrap(), [Kept::New]);
            assert_eq!(keep(&db, &first, Mode::Write, now).await.unwrap(), [Kept::Known]);
            let second = [row("2300", "371502").unwrap()];
            assert_eq!(keep(&db, &second, Mode::Write, now).await.unwrap(), [Kept::Changed]);
            assert_eq!(load(&db).await.unwrap(), second);
        })
        .await;
    }
}
