//! Documents as PDF, with the templates of the catalogue and the pinned fonts. Without fonts (`cargo xtask assets`)
//! these tests say so and prove only that the refusal does.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use press::{Block, Mark, NoPdf, Paper, Picture, Print, Printer, Sheet};
use typeset::Typesetter;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn templates() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("catalog/documents/sheet.typ")).unwrap();
    BTreeMap::from([("sheet.typ".to_owned(), text)])
}

/// A typesetter, unless there are no fonts.
fn typesetter() -> Option<Typesetter> {
    let fonts = root().join("assets/fonts");
    if !fonts.join("NotoSerifSC_400Regular.ttf").is_file() {
        println!("SKIP: no fonts in assets/fonts; `cargo xtask assets` takes them from the pinned package");
        return None;
    }
    Some(Typesetter::new(templates(), vec![fonts]))
}

fn print(paper: Paper, sheets: Vec<Sheet>) -> Print {
    Print {
        paper,
        title: sheets[0].title.clone(),
        office: "东昌府区法律援助中心".to_owned(),
        made_on: jiff::civil::date(2026, 11, 23),
        foot: "办件编号 3715 0226 0000 0427".to_owned(),
        sheets,
        pictures: Vec::new(),
    }
}

const GRANT: &str = "给予法律援助决定书\n〔2026〕援决字第1号\n\n陈梅：\n你申请的法律援助事项，经审查，符合法律援助条件，决定给予法律援助。\n\n\
    |材料|情况|\n|身份证明|已交|\n|经济困难状况说明表|以后补交|\n\n东昌府区法律援助中心\n2026年11月23日";

fn grant() -> Sheet {
    let mut sheet = Sheet::read(GRANT).sealed_by("东昌府区法律援助中心");
    "d1".clone_into(&mut sheet.id);
    sheet.marks.push(Mark::new(
        "http://localhost/verify/document?number=3715022600000427&doc=d1&code=0A1B-2C3D-4E5F-6G7H".to_owned(),
        vec!["核验码：0A1B-2C3D-4E5F-6G7H".to_owned()],
        true,
    ));
    sheet
}

/// What a tool says of a file; none when the tool is not on this machine.
fn asked(tool: &str, arguments: &[&str], bytes: &[u8]) -> Option<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, bytes).unwrap();
    let arguments = arguments.iter().map(|one| if *one == "FILE" { file.as_os_str() } else { one.as_ref() });
    let Ok(out) = Command::new(tool).args(arguments).output() else {
        println!("SKIP: {tool} is not on this machine");
        return None;
    };
    Some((out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned()))
}

/// Keeps the file for whoever wants to see it, and has its structure checked.
fn sound(name: &str, bytes: &[u8]) {
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).unwrap();
    if let Some((held, said)) = asked("qpdf", &["--check", "FILE"], bytes) {
        assert!(held, "{said}");
    }
}

fn words(bytes: &[u8]) -> Option<String> {
    let (held, words) = asked("pdftotext", &["FILE", "-"], bytes)?;
    assert!(held);
    Some(words.split_whitespace().collect())
}

#[test]
fn a_decision_is_set_whole_tagged_and_small() {
    let Some(typesetter) = typesetter() else { return };
    let bytes = typesetter.pdf(&print(Paper::A4, vec![grant()])).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert!(bytes.len() < 200_000, "{} bytes", bytes.len());
    sound("decision.pdf", &bytes);
    if let Some(words) = words(&bytes) {
        for wanted in [
            "给予法律援助决定书",
            "〔2026〕援决字第1号",
            "决定给予法律援助",
            "经济困难状况说明表",
            "东昌府区法律援助中心",
            "此处盖章",
            "第1页共1页",
            "0A1B-2C3D-4E5F-6G7H",
        ] {
            assert!(words.contains(wanted), "{wanted} is not in {words}");
        }
    }
    if let Some((_, told)) = asked("pdfinfo", &["FILE"], &bytes) {
        let line =
            |name: &str| told.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        assert!(line("Tagged").ends_with("yes"), "{told}");
        assert!(line("Title").contains("给予法律援助决定书"), "{told}");
        assert!(line("Page size").contains("(A4)"), "{told}");
    }
}

#[test]
fn a_receipt_fits_a_roll() {
    let Some(typesetter) = typesetter() else { return };
    let bytes = typesetter.pdf(&print(Paper::Roll, vec![grant()])).unwrap();
    sound("roll.pdf", &bytes);
    if let Some((_, told)) = asked("pdfinfo", &["FILE"], &bytes) {
        assert!(told.contains("226.77"), "80 mm wide: {told}");
        assert!(told.contains("Pages:           1"), "one strip: {told}");
    }
}

#[test]
fn a_case_file_tells_the_page_of_each_paper() {
    let Some(typesetter) = typesetter() else { return };
    let long = format!("人民调解记录\n\n{}", "双方各自陈述，调解员依法劝解。\n".repeat(60));
    let mut record = Sheet::read(&long);
    record.id = "d2".to_owned();
    let mut last = grant();
    last.id = "d3".to_owned();
    let contents =
        Sheet::read("卷内目录\n\n|序号|文书名称|页号|\n|1|人民调解记录|@d2|\n|2|决定书|@d3|\n|3|没有的|@d9|");
    let bytes = typesetter.pdf(&print(Paper::A4, vec![contents, record, last])).unwrap();
    sound("case-file.pdf", &bytes);
    if let Some((_, words)) = asked("pdftotext", &["-layout", "FILE", "-"], &bytes) {
        let row =
            |name: &str| words.lines().find(|line| line.contains(name)).unwrap_or_default().trim().to_owned();
        assert!(row("人民调解记录").ends_with('2'), "{words}");
        assert!(row("决定书").ends_with('5') || row("决定书").ends_with('4'), "{words}");
        assert!(row("没有的").ends_with("没有的"), "{words}");
    }
}

#[test]
fn a_picture_is_bound_in_and_a_broken_one_is_left_out() {
    let Some(typesetter) = typesetter() else { return };
    let mut sheet = Sheet::read("人民调解证据材料\n\n|材料|情况|\n|照片|已交|");
    sheet.body.push(Block::Picture { name: "picture-1.png".to_owned(), words: "过道.png".to_owned() });
    let mut paper = print(Paper::A4, vec![sheet]);
    // One white point.
    let point: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\xb18\xf6\x14\x00\x00\x00\x00IEND\xaeB`\x82";
    paper.pictures.push(Picture { name: "picture-1.png".to_owned(), bytes: point.to_vec() });
    let bytes = typesetter.pdf(&paper).unwrap();
    sound("picture.pdf", &bytes);
    paper.pictures[0].bytes.truncate(40);
    assert!(matches!(typesetter.pdf(&paper), Err(NoPdf::Template(_))));
    let bytes = typesetter.pdf(&paper.without_pictures()).unwrap();
    if let Some(words) = words(&bytes) {
        assert!(words.contains("过道.png"), "{words}");
    }
}

#[test]
fn words_are_never_markup() {
    let Some(typesetter) = typesetter() else { return };
    let sheet = Sheet::read(
        "#panic(\"题\") *重*\n\n#read(\"/etc/passwd\") $x^2$ <label> @ref \\ _斜_\n|#image(\"x\")|*b*|\n|#1|`c`|",
    );
    let bytes = typesetter.pdf(&print(Paper::A4, vec![sheet])).unwrap();
    if let Some(words) = words(&bytes) {
        assert!(words.contains("#read(\"/etc/passwd\")$x^2$<label>@ref\\_斜_"), "{words}");
    }
}

#[test]
fn without_fonts_the_refusal_names_where_they_were_sought() {
    let empty = tempfile::tempdir().unwrap();
    let typesetter = Typesetter::new(templates(), vec![empty.path().to_owned()]);
    let refused = typesetter.pdf(&print(Paper::A4, vec![grant()])).unwrap_err();
    assert_eq!(refused, NoPdf::NoFonts(empty.path().display().to_string()));
}

#[test]
fn a_template_that_does_not_compile_says_why() {
    let Some(_) = typesetter() else { return };
    let broken = BTreeMap::from([("sheet.typ".to_owned(), "#nothing()".to_owned())]);
    let typesetter = Typesetter::new(broken, vec![root().join("assets/fonts")]);
    let refused = typesetter.pdf(&print(Paper::A4, vec![grant()])).unwrap_err();
    assert!(matches!(&refused, NoPdf::Template(why) if why.contains("nothing")), "{refused}");
}
