//! What sets documents as PDF in this node: the typesetter, where it was built in.

use std::path::Path;
use std::sync::Arc;

use catalog::load::Files;
use press::Printer;

/// The typesetter with the templates of the catalogue and the fonts it finds.
#[cfg(feature = "pdf")]
pub fn printer(sources: &Files, data: &Path) -> Arc<dyn Printer> {
    Arc::new(typeset::Typesetter::new(templates(sources), crate::fonts::folders(data)))
}

/// The templates, by their path within `documents/`.
#[cfg(feature = "pdf")]
fn templates(sources: &Files) -> std::collections::BTreeMap<String, String> {
    const FOLDER: &str = "documents/";
    let found = sources.under(FOLDER, ".typ");
    found.map(|(path, text)| (path.trim_start_matches(FOLDER).to_owned(), text.to_owned())).collect()
}

/// Without the feature every document can still be read, printed from the page and had as DOCX.
#[cfg(not(feature = "pdf"))]
pub fn printer(_: &Files, _: &Path) -> Arc<dyn Printer> {
    Arc::new(press::WithoutPdf)
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;
    use catalog::Catalog;
    use press::{Block, Cell, Paper, Print, Sheet};

    /// Every document of every item with its places filled, every draft and every paper of the register with its example.
    fn sheets() -> Vec<Sheet> {
        let catalog = Catalog::embedded().expect("the catalogue");
        let filled = |text: &str, value: &dyn Fn(&str) -> String| {
            let mut words = String::new();
            let mut rest = text;
            while let Some((before, after)) = rest.split_once('{') {
                let (place, after) = after.split_once('}').expect("a place ends");
                words.push_str(before);
                words.push_str(&value(place));
                rest = after;
            }
            Sheet::read(&(words + rest))
        };
        let sample = |place: &str| match place {
            "no" => "〔2026〕某字第1号".to_owned(),
            "date" => "2026年11月23日".to_owned(),
            "office" => "东昌府区法律援助中心".to_owned(),
            "applicant" => "陈梅".to_owned(),
            "fact:gaps.list" => "一、身份证明；\n二、经济困难状况说明表。".to_owned(),
            other => format!("【{other}】"),
        };
        let mut sheets: Vec<Sheet> = catalog
            .items()
            .flat_map(|item| &item.documents)
            .map(|document| filled(&document.text, &sample).sealed_by("东昌府区法律援助中心"))
            .collect();
        let book = drafting::Book::from_files(&Files::embedded()).expect("the templates");
        for template in book.all() {
            for example in &template.examples {
                let ground = calculators::Ground { parameters: catalog.parameters(), today: example.on };
                let answers = drafting::Answers::read(template, &example.answers, example.on);
                sheets.push(template.fill(&answers, ground).sheet);
            }
        }
        for paper in catalog.papers().all() {
            sheets.push(filled(&paper.text, &|place| paper.example.get(place).cloned().unwrap_or_default()));
        }
        sheets
    }

    fn print(paper: Paper, sheet: &Sheet) -> Print {
        Print {
            paper,
            title: sheet.title.clone(),
            office: "东昌府区法律援助中心".to_owned(),
            made_on: jiff::civil::date(2026, 11, 23),
            foot: "办件编号 3715 0226 0000 0427".to_owned(),
            sheets: vec![sheet.clone()],
            pictures: Vec::new(),
        }
    }

    /// Every word of a sheet, without what is white.
    fn words(sheet: &Sheet) -> Vec<String> {
        let mut words = vec![sheet.title.clone()];
        words.extend(sheet.no.clone());
        for block in &sheet.body {
            match block {
                Block::Lines(lines) => words.extend(lines.iter().cloned()),
                Block::Picture { words: told, .. } => words.push(told.clone()),
                Block::Table { head, rows } => {
                    words.extend(head.iter().cloned());
                    words.extend(rows.iter().flatten().filter_map(|cell| match cell {
                        Cell::Text(text) => Some(text.clone()),
                        Cell::Page { .. } => None,
                    }));
                }
            }
        }
        words.extend(sheet.close.iter().cloned());
        words
            .into_iter()
            .map(|one| one.split_whitespace().collect::<String>())
            .filter(|one| !one.is_empty())
            .collect()
    }

    #[test]
    fn every_document_of_the_catalogue_is_a_sheet_with_a_title_and_a_docx() {
        let sheets = sheets();
        assert!(sheets.len() > 60, "{}", sheets.len());
        for sheet in &sheets {
            assert!(!sheet.title.is_empty() && sheet.title.chars().count() <= 24, "{sheet:?}");
            let bytes = press::docx::write(&print(Paper::A4, sheet)).expect("packed");
            assert!(bytes.starts_with(b"PK"));
        }
    }

    #[test]
    fn every_document_of_the_catalogue_is_set_and_gives_its_words_back() {
        let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts");
        if !fonts.join("NotoSerifSC_400Regular.ttf").is_file() {
            println!(
                "SKIP: no fonts in assets/fonts; `cargo xtask assets` takes them from the pinned package"
            );
            return;
        }
        let reads = std::process::Command::new("pdftotext").arg("-v").output().is_ok();
        if !reads {
            println!("SKIP: pdftotext is not on this machine; that the words come back is not tried");
        }
        let typesetter = typeset::Typesetter::new(templates(&Files::embedded()), vec![fonts]);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("document.pdf");
        let (mut took, mut largest, mut made) = (Vec::new(), 0, 0_usize);
        for sheet in &sheets() {
            let began = std::time::Instant::now();
            let bytes =
                typesetter.pdf(&print(Paper::A4, sheet)).unwrap_or_else(|why| panic!("{sheet:?}: {why}"));
            took.push(began.elapsed());
            largest = largest.max(bytes.len());
            made += bytes.len();
            if !reads {
                continue;
            }
            std::fs::write(&file, bytes).expect("written");
            let told = std::process::Command::new("pdftotext").arg(&file).arg("-").output().expect("read");
            let told: String = String::from_utf8_lossy(&told.stdout).split_whitespace().collect();
            for wanted in words(sheet) {
                // A cell may be broken over a line; each of its characters is there in order all the same.
                assert!(told.contains(&wanted), "{}: {wanted} is not in {told}", sheet.title);
            }
        }
        let first = took.remove(0);
        took.sort();
        println!(
            "{} documents as PDF: the first {first:?}, the others {:?} in the middle and {:?} at most; \
             {} bytes on average, {largest} at most",
            took.len() + 1,
            took[took.len() / 2],
            took[took.len() - 1],
            made / (took.len() + 1),
        );
    }
}
