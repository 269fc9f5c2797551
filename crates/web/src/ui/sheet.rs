//! A document as a sheet of paper: title, number, paragraphs, and who signs when.

use maud::{Markup, html};

/// The parts of a document, read from its plain words.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet<'a> {
    /// Its first line.
    pub title: &'a str,
    /// Its number, when it has one.
    pub no: Option<&'a str>,
    /// Paragraphs in groups, as blank lines part them.
    pub body: Vec<Vec<&'a str>>,
    /// The office and the date at its foot.
    pub close: Vec<&'a str>,
}

impl<'a> Sheet<'a> {
    /// Reads the words. A text without a date at its end has no foot.
    pub fn read(text: &'a str) -> Self {
        let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let (title, mut rest) = lines.split_first().map_or(("", &lines[..]), |(title, rest)| (*title, rest));
        while let Some(("", after)) = rest.split_first().map(|(first, after)| (*first, after)) {
            rest = after;
        }
        let no = rest.first().copied().filter(|line| line.starts_with('〔') && line.ends_with('号'));
        if no.is_some() {
            rest = &rest[1..];
        }
        let mut body: Vec<Vec<&str>> = rest
            .split(|line| line.is_empty())
            .filter(|group| !group.is_empty())
            .map(<[&str]>::to_vec)
            .collect();
        let signed =
            body.last().is_some_and(|last| last.len() <= 3 && last.last().is_some_and(|line| is_date(line)));
        let close = if signed { body.pop().unwrap_or_default() } else { Vec::new() };
        Self { title, no, body, close }
    }

    /// Draws the sheet; its title is the heading of the page. The words are Chinese whatever the page speaks.
    pub fn draw(&self) -> Markup {
        html! {
            article class="hf-sheet" lang="zh-CN" {
                h1 class="hf-sheet__title" { (self.title) }
                @if let Some(no) = self.no { p class="hf-sheet__no" { (no) } }
                @for (index, group) in self.body.iter().enumerate() {
                    div class="hf-sheet__group" {
                        @for (at, line) in group.iter().enumerate() {
                            // Whom it is addressed to stands at the margin.
                            p class=[(index + at == 0 && line.ends_with('：')).then_some("hf-sheet__to")] { (line) }
                        }
                    }
                }
                @if !self.close.is_empty() {
                    div class="hf-sheet__close" { @for line in &self.close { p { (line) } } }
                }
            }
        }
    }
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
    use crate::ui::snapshot;

    const NOTICE: &str = "\n人民调解受理通知书\n\n〔2026〕人调受字第1号\n\n陈梅：\n\n您与赵刚的纠纷，本委员会已经受理。\n请等候通知。\n\n\
        古楼街道人民调解委员会\n2026年11月22日\n";

    #[test]
    fn the_parts_of_a_notice_are_found() {
        let sheet = Sheet::read(NOTICE);
        assert_eq!((sheet.title, sheet.no), ("人民调解受理通知书", Some("〔2026〕人调受字第1号")));
        assert_eq!(sheet.body, [vec!["陈梅："], vec!["您与赵刚的纠纷，本委员会已经受理。", "请等候通知。"]]);
        assert_eq!(sheet.close, ["古楼街道人民调解委员会", "2026年11月22日"]);
        snapshot::check("sheet", &sheet.draw());
    }

    #[test]
    fn a_form_without_number_or_foot_is_a_sheet_too() {
        let sheet = Sheet::read("法律援助审批表\n办件编号：1\n审批意见见后续决定。");
        assert_eq!((sheet.no, sheet.close.len()), (None, 0));
        assert_eq!(sheet.body, [vec!["办件编号：1", "审批意见见后续决定。"]]);
        assert_eq!(Sheet::read("").title, "");
    }
}
