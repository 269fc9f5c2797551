//! A document as a sheet of paper: title, number, paragraphs, tables, and who signs when.

use serde::Serialize;

use crate::Mark;

/// The parts of a document, read from its plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// What other sheets of the same print call it.
    pub id: String,
    /// Its first line.
    pub title: String,
    /// Its number, when it has one.
    pub no: Option<String>,
    /// What it says, as blank lines part it.
    pub body: Vec<Block>,
    /// The office and the date at its foot.
    pub close: Vec<String>,
    /// Whether the office puts its seal at the foot.
    pub seal: bool,
    /// What can be scanned.
    pub marks: Vec<Mark>,
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// Paragraphs that belong together.
    Lines(Vec<String>),
    /// A table.
    Table {
        /// Heads of its columns.
        head: Vec<String>,
        /// Its rows.
        rows: Vec<Vec<Cell>>,
    },
    /// A picture of the print.
    Picture {
        /// Its name there.
        name: String,
        /// What it is, for those who do not see it.
        words: String,
    },
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Words.
    Text(String),
    /// The page on which a sheet of the same print begins.
    Page {
        /// `id` of that sheet.
        page: String,
    },
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        match text.strip_prefix('@') {
            Some(page) => Self::Page { page: page.to_owned() },
            None => Self::Text(text.to_owned()),
        }
    }
}

impl Sheet {
    /// Reads the words. A text without a date at its end has no foot. Lines between bars (`|甲|乙|`) make a table,
    /// the first of them its head.
    pub fn read(text: &str) -> Self {
        let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let (title, mut rest) = lines.split_first().map_or(("", &lines[..]), |(title, rest)| (*title, rest));
        while let Some(("", after)) = rest.split_first().map(|(first, after)| (*first, after)) {
            rest = after;
        }
        let no = rest.first().copied().filter(|line| line.starts_with('〔') && line.ends_with('号'));
        if no.is_some() {
            rest = &rest[1..];
        }
        let mut groups: Vec<&[&str]> =
            rest.split(|line| line.is_empty()).filter(|group| !group.is_empty()).collect();
        // Lines to sign on stand with the body; below them who issued it, and when.
        let last = groups.last().copied().unwrap_or_default();
        let foot = last.iter().rposition(|line| line.ends_with('：')).map_or(last, |at| &last[at + 1..]);
        let signed = foot.len() <= 3 && foot.last().is_some_and(|line| is_date(line));
        let close = if signed { foot } else { &[] };
        if signed {
            groups.pop();
            groups.extend(Some(&last[..last.len() - foot.len()]).filter(|group| !group.is_empty()));
        }
        Self {
            title: title.to_owned(),
            no: no.map(str::to_owned),
            body: groups.into_iter().flat_map(blocks).collect(),
            close: close.iter().map(|line| (*line).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// The same sheet under the seal of an office, when that office signs at its foot.
    #[must_use]
    pub fn sealed_by(mut self, office: &str) -> Self {
        self.seal = !office.is_empty() && self.close.iter().any(|line| line.starts_with(office));
        self
    }
}

/// Parts a group into runs of paragraphs and of table rows.
fn blocks(group: &[&str]) -> Vec<Block> {
    group
        .chunk_by(|one, other| cells(one).is_some() == cells(other).is_some())
        .map(|run| {
            let mut rows = run.iter().filter_map(|line| cells(line));
            let Some(head) = rows.next() else {
                return Block::Lines(run.iter().map(|line| (*line).to_owned()).collect());
            };
            Block::Table {
                head: head.into_iter().map(str::to_owned).collect(),
                rows: rows.map(|row| row.into_iter().map(Cell::from).collect()).collect(),
            }
        })
        .collect()
}

/// The cells of a row between bars; `@d1` is the page on which the sheet `d1` begins.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

/// `2026年11月22日`.
fn is_date(line: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let parts = line
        .split_once('年')
        .and_then(|(year, rest)| Some((year, rest.strip_suffix('日')?.split_once('月')?)));
    parts.is_some_and(|(year, (month, day))| digits(year) && digits(month) && digits(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "\n人民调解受理通知书\n\n〔2026〕人调受字第1号\n\n陈梅：\n\n您与赵刚的纠纷，本委员会已经受理。\n请等候通知。\n\n\
        古楼街道人民调解委员会\n2026年11月22日\n";

    fn lines(lines: &[&str]) -> Block {
        Block::Lines(lines.iter().map(|line| (*line).to_owned()).collect())
    }

    #[test]
    fn the_parts_of_a_notice_are_found() {
        let sheet = Sheet::read(NOTICE).sealed_by("古楼街道人民调解委员会");
        assert_eq!(
            (sheet.title.as_str(), sheet.no.as_deref()),
            ("人民调解受理通知书", Some("〔2026〕人调受字第1号"))
        );
        assert_eq!(
            sheet.body,
            [lines(&["陈梅："]), lines(&["您与赵刚的纠纷，本委员会已经受理。", "请等候通知。"])]
        );
        assert_eq!(sheet.close, ["古楼街道人民调解委员会", "2026年11月22日"]);
        assert!(sheet.seal);
        let signed = Sheet::read("甲\n\n申请人（签名）：\n2026年1月2日").sealed_by("古楼街道");
        assert_eq!(
            (signed.body, signed.close),
            (vec![lines(&["申请人（签名）："])], vec!["2026年1月2日".to_owned()])
        );
        assert!(!signed.seal);
    }

    #[test]
    fn a_form_without_number_or_foot_is_a_sheet_too() {
        let sheet = Sheet::read("法律援助审批表\n办件编号：1\n审批意见见后续决定。");
        assert_eq!((sheet.no, sheet.close.len()), (None, 0));
        assert_eq!(sheet.body, [lines(&["办件编号：1", "审批意见见后续决定。"])]);
        assert_eq!(Sheet::read("").title, "");
    }

    #[test]
    fn lines_between_bars_are_a_table() {
        let sheet =
            Sheet::read("送达回证\n\n送达情况：\n|受送达人|收到日期|\n|陈梅|2026年1月2日|\n|赵刚||\n备注：");
        let table = Block::Table {
            head: vec!["受送达人".into(), "收到日期".into()],
            rows: vec![vec!["陈梅".into(), "2026年1月2日".into()], vec!["赵刚".into(), "".into()]],
        };
        assert_eq!(sheet.body, [lines(&["送达情况："]), table, lines(&["备注："])]);
    }
}
