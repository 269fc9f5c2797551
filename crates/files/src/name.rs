//! Names of files: what a person called it, made harmless for whoever saves it.

use crate::kind::Kind;

/// Names are kept to this length.
const MOST: usize = 120;

/// Endings under which a content of each kind is opened as what it is.
fn endings(kind: Kind) -> &'static [&'static str] {
    match kind.ending {
        "jpg" => &["jpg", "jpeg", "jfif"],
        "heic" => &["heic", "heif"],
        "txt" => &["txt", "text", "log", "md"],
        "png" => &["png"],
        "webp" => &["webp"],
        "pdf" => &["pdf"],
        "docx" => &["docx"],
        _ => &["xlsx"],
    }
}

/// The name as a person gave it, without folders, without characters that steer a terminal, a path or the
/// direction of writing, and with an ending that fits the content: nothing saved under it runs when it is opened.
pub fn plain(name: &str, kind: Kind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String =
        last.chars().filter(|c| !is_hidden(*c)).map(|c| if is_odd(c) { '_' } else { c }).collect();
    let edge = |c: char| c == '.' || c.is_whitespace();
    let kept = kept.trim_matches(edge);
    let fits = |stem: &str, ending: &str| {
        !stem.is_empty() && endings(kind).iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if fits(stem, ending) => (stem, ending),
        _ if kept.is_empty() => ("file", kind.ending),
        _ => (kept, kind.ending),
    };
    // Names of devices on Windows, whatever their ending.
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = first.len() == 4 && first.ends_with(|c: char| c.is_ascii_digit());
    let device = matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (numbered && (first.starts_with("COM") || first.starts_with("LPT")));
    let stem = format!("{}{stem}", if device { "_" } else { "" });
    let stem: String = stem.chars().take(MOST - ending.len() - 1).collect();
    format!("{}.{ending}", stem.trim_end())
}

/// Controls, and marks that change the direction or are not seen: `\u{202e}fdp.exe` reads `exe.pdf`.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Characters file systems and shells do not take as a name.
fn is_odd(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '`' | '$' | '%' | ';' | '&')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: Kind = crate::kind::TAKEN[4];
    const TXT: Kind = crate::kind::TAKEN[7];

    #[test]
    fn a_name_keeps_what_a_person_meant_and_opens_as_what_it_is() {
        for (given, kind, kept) in [
            ("劳动合同 (1).pdf", PDF, "劳动合同 (1).pdf"),
            ("合同.PDF", PDF, "合同.PDF"),
            ("欠条.txt", TXT, "欠条.txt"),
            ("欠条.html", TXT, "欠条.html.txt"),
            ("cells.csv", TXT, "cells.csv.txt"),
            ("run.exe", PDF, "run.exe.pdf"),
            ("..\\..\\etc/passwd", TXT, "passwd.txt"),
            ("\u{202e}fdp.exe", PDF, "fdp.exe.pdf"),
            ("", PDF, "file.pdf"),
            (".pdf", PDF, "pdf.pdf"),
            ("con.pdf", PDF, "_con.pdf"),
            ("a\r\nset-cookie: x.pdf", PDF, "aset-cookie_ x.pdf"),
        ] {
            assert_eq!(plain(given, kind), kept, "{given:?}");
        }
    }

    /// Ten thousand hostile names, made of the pieces that break things.
    #[test]
    fn no_name_gets_out_of_its_folder_its_line_or_its_kind() {
        let pieces = [
            "..", "/", "\\", "\0", "\r\n", "\u{202e}", "\u{200b}", "%2e%2e", ".exe", ".html", ".pdf", "CON",
            "nul", "\"", "'", ";", "$(id)", "`id`", "|", "<script>", "张三", "😀", " ", ".", "-rf", "~",
            "\u{7f}", "\u{feff}", "COM1", ":", "a", "\u{ffff}", "=1+1", "%00", "\t",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |most: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % most as u64).unwrap()
        };
        for _ in 0..10_000 {
            let length = next(60);
            let given: String = (0..length).map(|_| pieces[next(pieces.len())]).collect();
            let kind = crate::kind::TAKEN[next(crate::kind::TAKEN.len())];
            let kept = plain(&given, kind);
            assert!(
                !kept.contains(['/', '\\', '<', '>', ':', '"', '|', '?', '*', '`', '$', ';']),
                "{given:?} -> {kept:?}"
            );
            assert!(!kept.chars().any(is_hidden), "{given:?} -> {kept:?}");
            assert!(!kept.starts_with('.') && kept.chars().count() <= MOST, "{given:?} -> {kept:?}");
            let ending = kept.rsplit_once('.').unwrap().1.to_ascii_lowercase();
            assert!(endings(kind).contains(&ending.as_str()), "{given:?} -> {kept:?}");
            assert_eq!(plain(&kept, kind), kept, "a name once made harmless stays: {given:?}");
        }
    }
}
