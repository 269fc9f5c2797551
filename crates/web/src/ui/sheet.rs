//! A document as a sheet of paper on a page.

use maud::{Markup, PreEscaped, html};
use press::{Block, Cell, Mark, Paper, Print, Sheet};

/// Draws the sheet; its title is the heading of the page. The words are Chinese whatever the page speaks.
pub fn draw(sheet: &Sheet) -> Markup {
    part(sheet, true, Paper::A4)
}

/// Draws a print, its sheets below each other: the first has the heading of the page.
pub fn draw_all(print: &Print) -> Markup {
    html! { @for (index, sheet) in print.sheets.iter().enumerate() { (part(sheet, index == 0, print.paper)) } }
}

/// Draws a sheet on a page that has a heading of its own.
pub fn draw_beside(sheet: &Sheet) -> Markup {
    part(sheet, false, Paper::A4)
}

fn part(sheet: &Sheet, first: bool, paper: Paper) -> Markup {
    let class = if paper == Paper::Roll { "hf-sheet hf-sheet--roll" } else { "hf-sheet" };
    html! {
        article class=(class) lang="zh-CN" {
            @if first { h1 class="hf-sheet__title" { (sheet.title) } } @else { h2 class="hf-sheet__title" { (sheet.title) } }
            @if let Some(no) = &sheet.no { p class="hf-sheet__no" { (no) } }
            @for (index, block) in sheet.body.iter().enumerate() {
                @match block {
                    Block::Lines(lines) => div class="hf-sheet__group" {
                        @for (at, line) in lines.iter().enumerate() {
                            // Whom it is addressed to stands at the margin.
                            p class=[(index + at == 0 && line.ends_with('：')).then_some("hf-sheet__to")] { (line) }
                        }
                    },
                    Block::Table { head, rows } => (table(head, rows)),
                    // Papers that were handed in are opened from the matter, one by one and on record.
                    Block::Picture { words, .. } => p { (words) },
                }
            }
            @if !sheet.close.is_empty() {
                div class="hf-sheet__close" { @for line in &sheet.close { p { (line) } } }
            }
            @for mark in &sheet.marks { (scanned(mark)) }
        }
    }
}

/// What a reader can scan, with the words beside it.
fn scanned(mark: &Mark) -> Markup {
    html! {
        div class="hf-sheet__mark" {
            @if !mark.svg.is_empty() {
                div class="hf-receipt__qr" role="img" aria-label=(mark.lines.join("；")) { (PreEscaped(&mark.svg)) }
            }
            div { @for line in &mark.lines { p { (line) } } }
        }
    }
}

/// Pages are counted on paper only: on a page the last column of a list of contents leads to the sheet.
fn table(head: &[String], rows: &[Vec<Cell>]) -> Markup {
    let paged = rows.iter().flatten().any(|cell| matches!(cell, Cell::Page { .. }));
    let columns = head.len() - usize::from(paged && !head.is_empty());
    html! {
        table class="hf-sheet__table" {
            thead { tr { @for one in &head[..columns] { th scope="col" { (one) } } } }
            tbody {
                @for row in rows {
                    tr { @for cell in row { @if let Cell::Text(text) = cell { td { (text) } } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    const NOTICE: &str = "\n人民调解受理通知书\n\n〔2026〕人调受字第1号\n\n陈梅：\n\n您与赵刚的纠纷，本委员会已经受理。\n请等候通知。\n\n\
        古楼街道人民调解委员会\n2026年11月22日\n";

    #[test]
    fn a_notice_looks_as_it_did() {
        snapshot::check("sheet", &draw(&Sheet::read(NOTICE)));
    }

    #[test]
    fn a_list_of_contents_has_no_pages_here() {
        let html =
            draw(&Sheet::read("卷内目录\n\n|序号|文书名称|页号|\n|1|申请书|@application|")).into_string();
        assert!(
            html.contains("申请书") && !html.contains("页号") && !html.contains("@application"),
            "{html}"
        );
    }
}
