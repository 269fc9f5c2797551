//! What a content is, told from its bytes. Names and declared types are not believed.

use crate::inspect;

/// A media type we take, with the ending a download gets when the name has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// IANA media type.
    pub media: &'static str,
    /// Usual ending without the dot.
    pub ending: &'static str,
}

const JPEG: Kind = Kind { media: "image/jpeg", ending: "jpg" };
const PNG: Kind = Kind { media: "image/png", ending: "png" };
const WEBP: Kind = Kind { media: "image/webp", ending: "webp" };
const HEIC: Kind = Kind { media: "image/heic", ending: "heic" };
const PDF: Kind = Kind { media: "application/pdf", ending: "pdf" };
const DOCX: Kind =
    Kind { media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ending: "docx" };
const XLSX: Kind =
    Kind { media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ending: "xlsx" };
const TEXT: Kind = Kind { media: "text/plain", ending: "txt" };

/// Everything we take, for guides and refusals.
pub const TAKEN: [Kind; 8] = [JPEG, PNG, WEBP, HEIC, PDF, DOCX, XLSX, TEXT];

/// The kind of a content; `None` when it is nothing we take.
pub fn of(content: &[u8]) -> Option<Kind> {
    match content {
        [0xff, 0xd8, 0xff, ..] => Some(JPEG),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(PNG),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(WEBP),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => heic(brand),
        // Some scanners write a few bytes before the header; readers allow it within the first 1,024.
        _ if find(&content[..content.len().min(1024)], b"%PDF-").is_some() => Some(PDF),
        [b'P', b'K', 3, 4, ..] => office(content),
        _ if is_text(content) => Some(TEXT),
        _ => None,
    }
}

fn heic(brand: &[u8]) -> Option<Kind> {
    let brand = brand.get(..4)?;
    [b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"].iter().any(|known| brand == *known).then_some(HEIC)
}

/// Word and Excel files are zip archives; the names of their parts stand unpacked in the central directory.
fn office(content: &[u8]) -> Option<Kind> {
    let names: Vec<&[u8]> = inspect::zip::parts(content)?.into_iter().map(|part| part.name).collect();
    let has = |name: &[u8]| names.contains(&name);
    // Files with macros are another media type; they are not taken.
    if !has(b"[Content_Types].xml") || names.iter().any(|name| name.ends_with(b"vbaProject.bin")) {
        return None;
    }
    if has(b"word/document.xml") {
        Some(DOCX)
    } else if has(b"xl/workbook.xml") {
        Some(XLSX)
    } else {
        None
    }
}

/// Text without control characters, in UTF-8 or GB 18030 (what older Windows programs write here).
fn is_text(content: &[u8]) -> bool {
    let quiet = |byte: &u8| *byte >= 0x20 && *byte != 0x7f || b"\t\r\n\x0c".contains(byte);
    if content.is_empty() || !content.iter().all(quiet) {
        return false;
    }
    std::str::from_utf8(content).is_ok() || is_gb18030(content)
}

/// GB 18030-2022, 4: one byte below 80, two bytes 81-FE 40-FE without 7F, or four 81-FE 30-39 81-FE 30-39.
fn is_gb18030(content: &[u8]) -> bool {
    let mut rest = content;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (0..=0x7f, _) => after,
            (
                0x81..=0xfe,
                [0x40..=0x7e | 0x80..=0xfe, after @ ..] | [0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, after @ ..],
            ) => after,
            _ => return false,
        };
    }
    true
}

fn find(content: &[u8], needle: &[u8]) -> Option<usize> {
    content.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zip archive of empty stored parts with these names.
    fn zip(names: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for name in names {
            let at = u32::try_from(out.len()).unwrap();
            let length = u16::try_from(name.len()).unwrap();
            out.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
            out.extend([0; 12]);
            out.extend(length.to_le_bytes());
            out.extend([0; 2]);
            out.extend(name.as_bytes());
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
            directory.extend([0; 12]);
            directory.extend(length.to_le_bytes());
            directory.extend([0; 12]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (at, size) = (out.len(), directory.len());
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        let count = u16::try_from(names.len()).unwrap();
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(u32::try_from(size).unwrap().to_le_bytes());
        out.extend(u32::try_from(at).unwrap().to_le_bytes());
        out.extend([0; 2]);
        out
    }

    fn media(content: &[u8]) -> Option<&'static str> {
        of(content).map(|kind| kind.ending)
    }

    #[test]
    fn contents_are_known_by_their_bytes() {
        assert_eq!(media(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some("jpg"));
        assert_eq!(media(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("png"));
        assert_eq!(media(b"RIFF\x24\0\0\0WEBPVP8 "), Some("webp"));
        assert_eq!(media(b"\0\0\0\x18ftypheic\0\0\0\0"), Some("heic"));
        assert_eq!(media(b"%PDF-1.7\n%\xe2\xe3"), Some("pdf"));
        assert_eq!(media(&zip(&["[Content_Types].xml", "word/document.xml"])), Some("docx"));
        assert_eq!(media(&zip(&["[Content_Types].xml", "xl/workbook.xml"])), Some("xlsx"));
        assert_eq!(media("欠条：今欠张某工资".as_bytes()), Some("txt"));
        // 欠条 in GB 18030.
        assert_eq!(media(b"\xc7\xb7\xcc\xf5\r\n"), Some("txt"));
    }

    #[test]
    fn programs_archives_and_damaged_files_are_not_taken() {
        assert_eq!(media(b""), None);
        assert_eq!(media(b"MZ\x90\0\x03"), None);
        assert_eq!(media(b"\x7fELF\x02\x01\x01\0"), None);
        assert_eq!(media(&zip(&["setup.exe"])), None);
        assert_eq!(
            media(&zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"])),
            None,
            "macros"
        );
        assert_eq!(media(b"\0\0\0\x18ftypisom"), None);
        assert_eq!(media(b"half a character \xc7"), None);
        let whole = zip(&["[Content_Types].xml", "word/document.xml"]);
        for cut in 0..whole.len() {
            assert_eq!(media(&whole[..cut]).filter(|ending| *ending != "txt"), None, "cut at {cut}");
        }
    }
}
