//! What is written in any of the formats is read again, whoever wrote it.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::io::Write as _;
use std::path::Path;

use sheets::{Cell, Format, Table, rows};

const COLUMNS: [&str; 6] = ["number", "phone", "opened_on", "note", "amount", "count"];

fn line() -> Vec<Cell<'static>> {
    vec![
        "3715022600000427".into(),
        "0635".into(),
        jiff::civil::date(2026, 2, 9).into(),
        "=HYPERLINK(\"http://x\")".into(),
        Cell::Money(123_450),
        Cell::Int(7),
    ]
}

async fn all(path: &Path, format: Format) -> Vec<Result<Vec<(String, String)>, u64>> {
    let mut reading = rows(path, format, None).unwrap();
    let mut found = Vec::new();
    while let Some(row) = reading.next().await.unwrap() {
        found.push(match row {
            Ok(row) => Ok(row.cells().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()),
            Err(fault) => Err(fault.line),
        });
    }
    found
}

fn written(format: Format, ending: &str) -> tempfile::TempPath {
    let file = tempfile::Builder::new().suffix(ending).tempfile().unwrap();
    let mut table = Table::new(file.reopen().unwrap(), format, &COLUMNS).unwrap();
    table.row(&line()).unwrap();
    table.row(&[Cell::Empty, Cell::Empty, Cell::Empty, "末行".into(), Cell::Empty, Cell::Empty]).unwrap();
    let (_, summary) = table.finish().unwrap();
    assert_eq!(summary.rows, 2);
    let bytes = std::fs::read(file.path()).unwrap();
    assert_eq!(summary.sha256, hex_of(&bytes), "the hash is that of the file");
    file.into_temp_path()
}

fn hex_of(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

#[tokio::test]
async fn zeros_dates_and_formulas_survive_every_format() {
    for (format, ending) in [(Format::Csv, ".csv"), (Format::Xlsx, ".xlsx"), (Format::Jsonl, ".jsonl")] {
        let path = written(format, ending);
        let found = all(&path, format).await;
        assert_eq!(found.len(), 2, "{ending}");
        let first = found[0].as_ref().unwrap();
        let get = |name: &str| first.iter().find(|(column, _)| column == name).map(|(_, v)| v.as_str());
        assert_eq!(get("number"), Some("3715022600000427"), "{ending}");
        assert_eq!(get("phone"), Some("0635"), "{ending}");
        assert_eq!(get("opened_on"), Some("2026-02-09"), "{ending}");
        assert_eq!(get("note"), Some("=HYPERLINK(\"http://x\")"), "{ending}");
        assert!(matches!(get("amount"), Some("1234.50" | "1234.5")), "{ending}");
        assert_eq!(get("count"), Some("7"), "{ending}");
        assert_eq!(found[1], Ok(vec![("note".to_owned(), "末行".to_owned())]), "{ending}");
    }
}

fn file_of(ending: &str, bytes: &[u8]) -> tempfile::TempPath {
    let mut file = tempfile::Builder::new().suffix(ending).tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.into_temp_path()
}

#[tokio::test]
async fn a_spreadsheet_saved_in_china_is_read_as_it_is() {
    let text = "编号;姓名\r\n00１;张三\r\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(text);
    let path = file_of(".csv", &bytes);
    let found = all(&path, Format::Csv).await;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(found, [Ok(vec![pair("编号", "00１"), pair("姓名", "张三")])]);
}

#[tokio::test]
async fn a_bad_line_is_told_and_the_next_one_read() {
    let path = file_of(".csv", b"a,b\n1,2\n1,2,3\n\n4,5\n");
    let found = all(&path, Format::Csv).await;
    assert_eq!(found.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(found[1], Err(3));
    let path = file_of(".jsonl", b"{\"a\":1}\nnonsense\n{\"b\":{\"c\":true}}\n");
    let found = all(&path, Format::Jsonl).await;
    assert_eq!(found[1], Err(2));
    assert_eq!(found[2], Ok(vec![("b.c".to_owned(), "true".to_owned())]));
}

#[test]
fn a_file_that_is_no_table_is_refused() {
    let refused = |ending: &str, bytes: &[u8], format| rows(&file_of(ending, bytes), format, None).is_err();
    assert!(refused(".csv", b"", Format::Csv));
    assert!(refused(".csv", b"a,a\n1,2\n", Format::Csv));
    assert!(refused(".xlsx", b"PK no workbook", Format::Xlsx));
    assert!(refused(".jsonl", b"[1,2]\n", Format::Jsonl));
    assert!(rows(Path::new("/nowhere/x.csv"), Format::Csv, None).is_err());
}
