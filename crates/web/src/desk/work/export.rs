//! A list as a table to take out: exactly what is filtered, all of it, masked as on the page, and on record.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use futures_util::StreamExt as _;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use matters::WorklistQuery;
use serde::Deserialize;
use serde_json::Value;
use sheets::{Cell, Format, SheetError, Table};
use tokio::sync::mpsc;

use super::lines::{Column, item_name, step_name};
use super::wanted::Wanted;
use crate::app::App;
use crate::desk::frame::{Staff, task_name};
use crate::download;
use crate::portal::fault::{Fault, nothing, text};
use crate::t;
use crate::ui::Visit;

/// Rows read at once.
const PAGE: i64 = 100;

/// Pieces of the file on their way to the caller.
const AHEAD: usize = 4;

/// In which format.
#[derive(Debug, Deserialize)]
pub struct As {
    format: String,
}

/// `GET /desk/export?view=&…&format=csv|xlsx`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(wanted): Query<Wanted>,
    Query(as_what): Query<As>,
) -> Result<Response, Fault> {
    let format: Format = as_what.format.parse().map_err(|_| nothing())?;
    let (extension, media) = match format {
        Format::Csv => ("csv", "text/csv; charset=utf-8"),
        Format::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Format::Jsonl => return Err(nothing()),
    };
    let view = t!(visit.lang, &format!("desk-view-{}", wanted.view().as_str()));
    let name = format!("{view}-{}.{extension}", visit.now.date());
    let (send, receive) = mpsc::channel(AHEAD);
    let query = WorklistQuery { limit: PAGE, cursor: None, ..wanted.query() };
    tokio::spawn(async move {
        if let Err(error) = write(&app, &visit, &query, format, &send).await {
            tracing::warn!(%error, "a list was not taken out to its end");
            // The caller sees a file that breaks off, not one that looks whole.
            let _ = send.send(Err(std::io::Error::other(error))).await;
        }
    });
    let pieces = futures_util::stream::unfold(receive, async |mut receive| {
        receive.recv().await.map(|piece| (piece, receive))
    })
    // Whoever compresses it asks once more after the end.
    .fuse();
    Ok(download::as_attachment(Body::from_stream(pieces).into_response(), &name, media))
}

async fn write(
    app: &App,
    visit: &Visit,
    query: &WorklistQuery,
    format: Format,
    out: &mpsc::Sender<Result<Bytes, std::io::Error>>,
) -> Result<(), String> {
    let lang = visit.lang;
    let said = |error: SheetError| error.to_string();
    let mut heads = vec![t!(lang, "desk-number")];
    heads.extend(Column::ALL.iter().map(|column| column.head(lang)));
    heads.push(t!(lang, "work-since"));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let pieces = Pieces::default();
    let mut table = Table::new(pieces.clone(), format, &heads).map_err(said)?;
    let mut asked = query.clone();
    loop {
        let page = app.register().worklist_rows(&visit.principal, &asked).await;
        let (rows, next) = page.map_err(|refusal| refusal.to_string())?;
        for row in &rows {
            table.row(&cells(app, lang, row)).map_err(said)?;
        }
        if let Some(piece) = pieces.take()
            && out.send(Ok(piece)).await.is_err()
        {
            return Ok(());
        }
        match next {
            Some(next) => asked.cursor = Some(next),
            None => break,
        }
    }
    let (_, summary) = table.finish().map_err(said)?;
    let kept =
        app.register().record_list_export(&visit.principal, query, summary.rows, &summary.sha256).await;
    kept.map_err(|refusal| refusal.to_string())?;
    if let Some(piece) = pieces.take() {
        let _ = out.send(Ok(piece)).await;
    }
    Ok(())
}

fn cells<'a>(app: &App, lang: Lang, row: &'a Value) -> Vec<Cell<'a>> {
    let number = text(row, "number");
    let number = number.parse::<MatterNumber>().map_or_else(|_| number.to_owned(), MatterNumber::grouped);
    let step = row["asks"].as_str().map_or_else(|| step_name(app, lang, row), |asks| task_name(lang, asks));
    let day = row["due"].as_str().and_then(|day| day.parse().ok());
    let since = row["since"].as_str().and_then(|at| at.parse().ok());
    vec![
        Cell::text(number),
        Cell::text(item_name(app, lang, row)),
        Cell::text(step),
        Cell::text(text(row, "applicant_masked")),
        day.map_or(Cell::Empty, Cell::Date),
        Cell::text(t!(lang, &format!("ui-light-{}", text(row, "light")))),
        Cell::text(text(&row["owner"], "name")),
        since.map_or(Cell::Empty, Cell::At),
    ]
}

/// What the table has written and nobody has sent yet.
#[derive(Clone, Default)]
struct Pieces(Arc<Mutex<Vec<u8>>>);

impl Pieces {
    fn take(&self) -> Option<Bytes> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!held.is_empty()).then(|| Bytes::from(std::mem::take(&mut *held)))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
