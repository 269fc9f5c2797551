//! PDF (ISO 32000-2): what runs, starts or carries something when it is opened. Objects may lie packed in
//! streams, so these are unpacked too, a bounded part of each.

use flate2::{Decompress, FlushDecompress};

use super::{Fault, Flag};

/// Names that mean something runs. A name may be written with `#xx` for any character, which is undone first.
const NAMES: [(&[u8], Flag); 8] = [
    (b"/JavaScript", Flag::PdfScript),
    (b"/JS", Flag::PdfScript),
    (b"/Launch", Flag::PdfLaunch),
    (b"/SubmitForm", Flag::PdfLaunch),
    (b"/ImportData", Flag::PdfLaunch),
    (b"/GoToR", Flag::PdfLaunch),
    (b"/EmbeddedFile", Flag::PdfAttachment),
    (b"/RichMedia", Flag::PdfAttachment),
];

/// Unpacked bytes looked at, of each packed object stream and of all.
const MOST_OF_ONE: usize = 2 << 20;
const MOST_OF_ALL: usize = 32 << 20;

/// Looks for what runs.
pub fn look(content: &[u8]) -> Result<Vec<Flag>, Fault> {
    // Readers allow anything in front of the header; what is another kind of file there was put there to be it.
    let header = content.windows(5).take(1024).position(|window| window == b"%PDF-").unwrap_or(0);
    let front = &content[..header];
    if front.starts_with(b"MZ")
        || front.starts_with(b"PK")
        || front.contains(&b'<')
        || front.starts_with(b"GIF8")
    {
        return Err(Fault::TwoKinds);
    }
    let mut flags = Vec::new();
    find(content, &mut flags);
    let mut budget = MOST_OF_ALL;
    let mut rest = content;
    while let Some(at) = position(rest, b"stream") {
        let after = &rest[at + 6..];
        let dictionary = &rest[at.saturating_sub(400)..at];
        if !rest[..at].ends_with(b"end") && position(dictionary, b"ObjStm").is_some() && budget > 0 {
            let data = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
            let plain = unpacked(data, MOST_OF_ONE.min(budget));
            budget -= plain.len().min(budget);
            find(&plain, &mut flags);
        }
        rest = after;
    }
    flags.sort_unstable();
    flags.dedup();
    Ok(flags)
}

fn position(content: &[u8], needle: &[u8]) -> Option<usize> {
    content.windows(needle.len()).position(|window| window == needle)
}

/// As much as comes out of packed bytes, up to `most`.
fn unpacked(packed: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(most.min(64 << 10));
    let mut machine = Decompress::new(true);
    loop {
        let read = usize::try_from(machine.total_in()).unwrap_or(usize::MAX);
        let before = out.len();
        out.reserve(16 << 10);
        let done =
            machine.decompress_vec(packed.get(read..).unwrap_or_default(), &mut out, FlushDecompress::None);
        if out.len() >= most || out.len() == before || !matches!(done, Ok(flate2::Status::Ok)) {
            out.truncate(most);
            return out;
        }
    }
}

/// Adds the flags of the names that stand in a text.
fn find(text: &[u8], flags: &mut Vec<Flag>) {
    let mut at = 0;
    while let Some(next) = text[at..].iter().position(|byte| *byte == b'/') {
        at += next;
        let name = name_at(&text[at..]);
        flags.extend(NAMES.iter().filter(|(known, _)| *known == name).map(|(_, flag)| *flag));
        at += 1;
    }
}

/// The name that begins here, `#xx` undone; the longest we know has twelve characters.
fn name_at(text: &[u8]) -> Vec<u8> {
    let mut name = vec![b'/'];
    let mut at = 1;
    while name.len() < 16
        && let Some(byte) = text.get(at)
    {
        if *byte == b'#'
            && let Some(code) = text.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok())
            && let Ok(byte) = u8::from_str_radix(code, 16)
        {
            name.push(byte);
            at += 3;
        } else if byte.is_ascii_alphanumeric() {
            name.push(*byte);
            at += 1;
        } else {
            break;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    #[test]
    fn scripts_programs_and_attachments_are_flagged() {
        for (text, flags) in [
            ("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", vec![]),
            ("%PDF-1.7\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", vec![Flag::PdfScript]),
            ("%PDF-1.7\n<</S/J#61vaScript>>", vec![Flag::PdfScript]),
            ("%PDF-1.7\n<</S/Launch/F(cmd.exe)>>", vec![Flag::PdfLaunch]),
            ("%PDF-1.7\n<</Type/EmbeddedFile>>", vec![Flag::PdfAttachment]),
            ("%PDF-1.7\n<</JSON 1/Launching 2>>", vec![]),
        ] {
            assert_eq!(look(text.as_bytes()), Ok(flags), "{text}");
        }
    }

    #[test]
    fn packed_objects_are_looked_into() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(b"5 0 <</S/JavaScript/JS(x)>>").unwrap();
        let packed = encoder.finish().unwrap();
        let mut text = b"%PDF-1.7\n4 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\r\n".to_vec();
        text.extend(&packed);
        text.extend(b"\r\nendstream endobj");
        assert_eq!(look(&text), Ok(vec![Flag::PdfScript]));
    }

    #[test]
    fn a_page_or_program_in_front_of_a_document_is_refused() {
        for front in ["<html><script>1</script>", "MZ\u{1}", "GIF89a"] {
            assert_eq!(look(format!("{front}%PDF-1.7\n").as_bytes()), Err(Fault::TwoKinds), "{front}");
        }
        assert_eq!(look(b"\x1b%-12345X@PJL\r\n%PDF-1.4\n"), Ok(vec![]), "a printer's line in front");
    }
}
