//! The same print as DOCX: for offices that go on writing in it. It proves nothing, and says so at its foot.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, NumPages, PageMargin, PageNum, Paragraph, Pic,
    Run, RunFonts, SpecialIndentType, Style, StyleType, Table, TableCell, TableRow, WidthType,
};

use crate::{Block, Cell, Mark, Paper, Print, Sheet, mark};

/// What is at the foot of every page: edited text is no issued document.
const WORKING_COPY: &str = "可编辑的工作稿，以系统出具并可核验的文书为准";

/// Why there is no DOCX.
#[derive(Debug, thiserror::Error)]
#[error("the file cannot be packed: {0}")]
pub struct NotPacked(String);

/// Sizes of one kind of paper, lengths in twentieths of a point, letters in half points.
struct Format {
    width: u32,
    height: u32,
    margins: [i32; 4],
    title: usize,
    body: usize,
    line: i32,
    small: usize,
    indent: bool,
}

impl Format {
    const fn of(paper: Paper) -> Self {
        match paper {
            // The text block of official documents: 156 mm by 225 mm, letters of size three, 28 points a line.
            Paper::A4 => Self {
                width: 11_906,
                height: 16_838,
                margins: [2_098, 1_474, 1_984, 1_588],
                title: 44,
                body: 32,
                line: 560,
                small: 18,
                indent: true,
            },
            Paper::Roll => Self {
                width: 4_536,
                height: 11_340,
                margins: [227, 227, 227, 227],
                title: 26,
                body: 18,
                line: 300,
                small: 14,
                indent: false,
            },
        }
    }

    fn text_width(&self) -> usize {
        let width = i64::from(self.width) - i64::from(self.margins[1] + self.margins[3]);
        usize::try_from(width).unwrap_or_default()
    }
}

/// Chinese in the faces of official documents, which every office has.
fn faces(chinese: &str) -> RunFonts {
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman")
        .east_asia(chinese)
}

/// Packs the print.
pub fn write(print: &Print) -> Result<Vec<u8>, NotPacked> {
    let format = Format::of(print.paper);
    let [top, right, bottom, left] = format.margins;
    let heading = Style::new("Heading1", StyleType::Paragraph)
        .name("heading 1")
        .q_format(true)
        .align(AlignmentType::Center)
        .outline_lvl(0)
        .size(format.title)
        .bold()
        .fonts(faces("宋体"));
    let mut docx = Docx::new()
        .page_size(format.width, format.height)
        .page_margin(PageMargin::new().top(top).right(right).bottom(bottom).left(left).footer(bottom / 2))
        .default_fonts(faces("仿宋"))
        .default_size(format.body)
        .default_line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(format.line))
        .add_style(heading)
        .footer(footer(print, &format));
    for (index, sheet) in print.sheets.iter().enumerate() {
        docx = add(docx, sheet, index > 0, &format);
    }
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).map_err(|error| NotPacked(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn footer(print: &Print, format: &Format) -> Footer {
    let small = |text: &str| Run::new().add_text(text).size(format.small);
    let pages = Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(small("第 "))
        .add_page_num(PageNum::new())
        .add_run(small(" 页 共 "))
        .add_num_pages(NumPages::new())
        .add_run(small(" 页"));
    let copy = Paragraph::new().align(AlignmentType::Center).add_run(small(WORKING_COPY));
    let footer = Footer::new().add_paragraph(pages);
    // What nobody issued is not the copy of anything.
    let footer = if print.office.is_empty() { footer } else { footer.add_paragraph(copy) };
    if print.foot.is_empty() {
        return footer;
    }
    footer.add_paragraph(Paragraph::new().align(AlignmentType::Center).add_run(small(&print.foot)))
}

fn add(mut docx: Docx, sheet: &Sheet, new_page: bool, format: &Format) -> Docx {
    let title = Paragraph::new().style("Heading1").align(AlignmentType::Center).page_break_before(new_page);
    docx = docx.add_paragraph(title.add_run(Run::new().add_text(&sheet.title)));
    if let Some(no) = &sheet.no {
        docx = docx
            .add_paragraph(Paragraph::new().align(AlignmentType::Center).add_run(Run::new().add_text(no)));
    }
    for (index, block) in sheet.body.iter().enumerate() {
        docx = docx.add_paragraph(Paragraph::new());
        docx = match block {
            Block::Lines(lines) => lines.iter().enumerate().fold(docx, |docx, (at, line)| {
                let to = index + at == 0 && line.ends_with('：');
                let paragraph = Paragraph::new().add_run(Run::new().add_text(line));
                // Two characters, as Chinese paragraphs begin; whom it is addressed to stands at the margin.
                docx.add_paragraph(if to || !format.indent { paragraph } else { indented(paragraph, format) })
            }),
            Block::Table { head, rows } => docx.add_table(table(head, rows, format)),
            // What was handed in lies with the matter; nobody writes on it.
            Block::Picture { words, .. } => {
                docx.add_paragraph(Paragraph::new().add_run(Run::new().add_text(words)))
            }
        };
    }
    if !sheet.close.is_empty() {
        docx = docx.add_paragraph(Paragraph::new()).add_paragraph(Paragraph::new());
        for line in &sheet.close {
            let paragraph = Paragraph::new().align(AlignmentType::Right).keep_next(true);
            docx = docx.add_paragraph(paragraph.add_run(Run::new().add_text(line)));
        }
        if sheet.seal {
            let place = Run::new().add_text("（此处盖章）").size(format.small);
            docx = docx.add_paragraph(Paragraph::new().align(AlignmentType::Right).add_run(place));
        }
    }
    sheet.marks.iter().filter(|mark| !mark.proves).fold(docx, |docx, mark| scanned(docx, mark, format))
}

fn indented(paragraph: Paragraph, format: &Format) -> Paragraph {
    let two = i32::try_from(format.body * 20).unwrap_or_default();
    paragraph.indent(None, Some(SpecialIndentType::FirstLine(two)), None, None).first_line_chars(200)
}

fn table(head: &[String], rows: &[Vec<Cell>], format: &Format) -> Table {
    let columns = head.len().max(1);
    let width = format.text_width() / columns;
    let size = format.body.min(24);
    let cell = |text: &str, bold: bool| {
        let run = Run::new().add_text(text).size(size);
        let paragraph = Paragraph::new().add_run(if bold { run.bold() } else { run });
        TableCell::new().width(width, WidthType::Dxa).add_paragraph(paragraph)
    };
    let heads = TableRow::new(head.iter().map(|text| cell(text, true)).collect()).cant_split();
    let rows = rows.iter().map(|row| {
        let cells = row.iter().map(|one| match one {
            Cell::Text(text) => cell(text, false),
            // Whoever edits the file moves its pages: they are counted when it is printed.
            Cell::Page { .. } => cell("", false),
        });
        TableRow::new(cells.collect()).cant_split()
    });
    Table::new(std::iter::once(heads).chain(rows).collect())
        .width(format.text_width(), WidthType::Dxa)
        .set_grid(vec![width; columns])
}

fn scanned(mut docx: Docx, mark: &Mark, format: &Format) -> Docx {
    if let Some((bytes, side)) = mark::png(&mark.address) {
        const SIDE: u32 = 30 * 36_000;
        let picture = Pic::new_with_dimensions(bytes, side, side).size(SIDE, SIDE);
        // A picture needs a line as high as itself.
        let paragraph = Paragraph::new()
            .align(AlignmentType::Center)
            .line_spacing(LineSpacing::new().line_rule(LineSpacingType::Auto).line(240));
        docx = docx.add_paragraph(paragraph.add_run(Run::new().add_image(picture)));
    }
    for line in &mark.lines {
        let paragraph = Paragraph::new().align(AlignmentType::Center);
        docx = docx.add_paragraph(paragraph.add_run(Run::new().add_text(line).size(format.small)));
    }
    docx
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(paper: Paper) -> Print {
        let mut sheet = Sheet::read(
            "人民调解协议书\n〔2026〕人调字第1号\n\n陈梅：\n双方自愿达成协议。\n\n|材料|情况|\n|身份证明|已交|\n\n古楼街道人民调解委员会\n2026年11月23日",
        )
        .sealed_by("古楼街道人民调解委员会");
        let proof = vec!["核验码：0A1B-2C3D-4E5F-6G7H".to_owned()];
        sheet.marks.push(Mark::new("http://localhost/verify".to_owned(), proof, true));
        let follow = vec!["扫码查询进度".to_owned()];
        sheet.marks.push(Mark::new("http://localhost/progress".to_owned(), follow, false));
        Print {
            paper,
            title: sheet.title.clone(),
            office: "古楼街道人民调解委员会".to_owned(),
            made_on: jiff::civil::date(2026, 11, 23),
            foot: "办件编号 3715 0226 0000 0427".to_owned(),
            sheets: vec![sheet],
            pictures: Vec::new(),
        }
    }

    #[test]
    fn a_document_is_read_back_with_its_faces_and_without_its_code() {
        for paper in [Paper::A4, Paper::Roll] {
            let bytes = write(&print(paper)).unwrap();
            assert!(bytes.starts_with(b"PK") && bytes.len() < 100_000, "{} bytes", bytes.len());
            let told = docx_rs::read_docx(&bytes).unwrap().json();
            for wanted in
                ["人民调解协议书", "双方自愿达成协议。", "身份证明", "仿宋", "（此处盖章）", "扫码查询进度"]
            {
                assert!(told.contains(wanted), "{wanted} is missing");
            }
            assert!(!told.contains("0A1B"), "what can be edited proves nothing");
        }
    }

    #[test]
    #[ignore = "starts LibreOffice; `cargo xtask test --full` runs it"]
    fn libreoffice_opens_it_and_sets_every_word() {
        use std::process::Command;
        if Command::new("soffice").arg("--version").output().is_err() {
            println!("SKIP: LibreOffice (soffice) is not on this machine");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("document.docx");
        std::fs::write(&file, write(&print(Paper::A4)).unwrap()).unwrap();
        let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
        let made = Command::new("soffice")
            .args([profile.as_str(), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir"])
            .arg(folder.path())
            .arg(&file)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let words = std::fs::read_to_string(folder.path().join("document.txt")).unwrap();
        for wanted in
            ["人民调解协议书", "〔2026〕人调字第1号", "双方自愿达成协议。", "身份证明", "2026年11月23日"]
        {
            assert!(words.contains(wanted), "{wanted} is not in {words}");
        }
    }
}
