//! Archives (PKWARE APPNOTE 6.3.10), which is what office files are. What the directory says is held against
//! what really comes out, a piece at a time and never more than was said; nothing is written anywhere.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Fault, Flag};

/// Parts of an archive and of those in it; a document has dozens.
const MOST_PARTS: usize = 10_000;
/// What may come out of an archive and those in it, in bytes.
const MOST_BYTES: u64 = 200 << 20;
/// How many times its size an archive may unpack to, once it unpacks to more than [`FREE`].
const MOST_RATIO: u64 = 100;
/// Below this no ratio is absurd, in bytes.
const FREE: u64 = 10 << 20;
/// Archives in archives: a table inside a letter is one.
const MOST_DEPTH: u32 = 1;
/// Largest archive inside another that is looked into, in bytes.
const MOST_INNER: usize = 32 << 20;

/// One part as the central directory tells it.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a [u8],
    method: usize,
    locked: bool,
    packed: usize,
    unpacked: usize,
    header: usize,
}

/// The parts of an archive; none when it is no whole one.
pub fn parts(content: &[u8]) -> Option<Vec<Part<'_>>> {
    let end = end_of_directory(content)?;
    let number = |at: usize, length: usize| number(content, at, length);
    let count = number(end + 10, 2)?;
    let mut at = number(end + 16, 4)?;
    let mut found = Vec::new();
    for _ in 0..count {
        if content.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) = (number(at + 28, 2)?, number(at + 30, 2)?, number(at + 32, 2)?);
        found.push(Part {
            name: content.get(at + 46..at + 46 + name)?,
            method: number(at + 10, 2)?,
            locked: number(at + 8, 2)? & 1 == 1,
            packed: number(at + 20, 4)?,
            unpacked: number(at + 24, 4)?,
            header: number(at + 42, 4)?,
        });
        at += 46 + name + extra + comment;
    }
    Some(found)
}

fn number(content: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = content.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

/// Where the end record of the central directory stands: with its comment it ends the content.
fn end_of_directory(content: &[u8]) -> Option<usize> {
    let tail = content.len().saturating_sub(65_535 + 22);
    let end = tail + content[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let comment = number(content, end + 20, 2)?;
    (end + 22 + comment == content.len()).then_some(end)
}

/// Whether unpackers would take this content for an archive, whatever it begins with. They find the directory
/// from the end and allow for anything in front.
pub fn ends_as_archive(content: &[u8]) -> bool {
    let Some(end) = end_of_directory(content) else { return false };
    let Some(size) = number(content, end + 12, 4) else { return false };
    end.checked_sub(size).and_then(|start| content.get(start..start + 4)) == Some(b"PK\x01\x02")
}

/// Looks into an office file.
pub fn look(content: &[u8]) -> Result<Vec<Flag>, Fault> {
    let mut sum = Sum { parts: 0, bytes: 0, outer: content.len() as u64, external: false };
    sum.archive(content, 0)?;
    Ok(if sum.external { vec![Flag::OfficeExternal] } else { Vec::new() })
}

/// What has come out so far, of the archive and of those in it.
struct Sum {
    parts: usize,
    bytes: u64,
    outer: u64,
    external: bool,
}

impl Sum {
    fn archive(&mut self, content: &[u8], depth: u32) -> Result<(), Fault> {
        let mut found = parts(content).ok_or(Fault::Damaged)?;
        self.parts += found.len();
        let told: u64 = found.iter().map(|part| part.unpacked as u64).sum();
        if self.parts > MOST_PARTS || self.is_absurd(self.bytes.saturating_add(told)) {
            return Err(Fault::Bomb);
        }
        // Parts that share bytes unpack to many times what is there.
        found.sort_by_key(|part| part.header);
        let mut free_from = 0;
        for part in &found {
            if part.header < free_from {
                return Err(Fault::Bomb);
            }
            let packed = packed(content, part).ok_or(Fault::Damaged)?;
            free_from = part.header + 30 + packed.1;
            self.part(part, packed.0, depth)?;
        }
        Ok(())
    }

    fn is_absurd(&self, bytes: u64) -> bool {
        bytes > MOST_BYTES || (bytes > FREE && bytes / self.outer.max(1) > MOST_RATIO)
    }

    fn part(&mut self, part: &Part<'_>, packed: &[u8], depth: u32) -> Result<(), Fault> {
        if part.locked {
            return Err(Fault::Locked);
        }
        let mut head = Vec::new();
        let is_link = part.name.ends_with(b".rels");
        // Archives are kept whole to be looked into, lists of links to be read; of all else its first bytes.
        let keeps = |head: &[u8]| head.starts_with(b"PK\x03\x04") || is_link || head.len() < 4;
        let most = part.unpacked;
        let mut out = 0_usize;
        let mut take = |piece: &[u8]| {
            out += piece.len();
            if keeps(&head) && head.len() < MOST_INNER {
                head.extend_from_slice(piece);
            }
            if out > most { Err(Fault::Bomb) } else { Ok(()) }
        };
        match part.method {
            0 => take(packed)?,
            8 => inflate(packed, &mut take)?,
            _ => return Err(Fault::Damaged),
        }
        if out != part.unpacked {
            return Err(Fault::Damaged);
        }
        self.bytes += out as u64;
        if head.starts_with(b"MZ") || head.starts_with(b"\x7fELF") {
            return Err(Fault::Program);
        }
        if is_link && loads_from_elsewhere(&head) {
            self.external = true;
        }
        if head.starts_with(b"PK\x03\x04") {
            if depth >= MOST_DEPTH {
                return Err(Fault::Nested);
            }
            if head.len() != out {
                return Err(Fault::Bomb);
            }
            self.archive(&head, depth + 1)?;
        }
        Ok(())
    }
}

/// The packed bytes of a part behind its local header, and how long all behind its first 30 bytes is.
fn packed<'a>(content: &'a [u8], part: &Part<'_>) -> Option<(&'a [u8], usize)> {
    if content.get(part.header..part.header.checked_add(4)?)? != b"PK\x03\x04" {
        return None;
    }
    let names = number(content, part.header + 26, 2)? + number(content, part.header + 28, 2)?;
    let start = part.header + 30 + names;
    Some((content.get(start..start.checked_add(part.packed)?)?, names + part.packed))
}

/// Unpacks piece by piece; `take` says when it is enough.
fn inflate(packed: &[u8], take: &mut impl FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut machine = Decompress::new(false);
    let mut piece = [0_u8; 16 << 10];
    loop {
        let read = usize::try_from(machine.total_in()).unwrap_or(usize::MAX);
        let before = machine.total_out();
        let rest = packed.get(read..).unwrap_or_default();
        let status =
            machine.decompress(rest, &mut piece, FlushDecompress::None).map_err(|_| Fault::Damaged)?;
        let came = usize::try_from(machine.total_out() - before).unwrap_or(0);
        take(&piece[..came.min(piece.len())])?;
        match status {
            Status::StreamEnd => return Ok(()),
            // Nothing read, nothing came: it is cut off.
            _ if came == 0 && usize::try_from(machine.total_in()).is_ok_and(|now| now == read) => {
                return Err(Fault::Damaged);
            }
            _ => {}
        }
    }
}

/// A list of links that has a document load a template, frame or object from another place when it is opened.
/// Plain hyperlinks load nothing.
fn loads_from_elsewhere(rels: &[u8]) -> bool {
    let text = String::from_utf8_lossy(rels);
    text.split("<Relationship ").skip(1).any(|link| {
        let link = link.split('>').next().unwrap_or_default();
        link.contains("TargetMode=\"External\"")
            && ["attachedTemplate", "/frame\"", "/oleObject", "/externalLink", "/subDocument"]
                .iter()
                .any(|kind| link.contains(kind))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    /// An archive of these parts, packed; `tell` changes what its directory says a part unpacks to.
    fn zip(files: &[(&str, Vec<u8>)], tell: impl Fn(usize) -> usize) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in files {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(content).unwrap();
            let packed = encoder.finish().unwrap();
            let at = u32::try_from(out.len()).unwrap();
            let mut sizes = vec![0; 4];
            sizes.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
            sizes.extend(u32::try_from(tell(content.len())).unwrap().to_le_bytes());
            sizes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            sizes.extend([0; 2]);
            out.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0");
            out.extend(&sizes);
            out.extend(name.as_bytes());
            out.extend(&packed);
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
            directory.extend(&sizes);
            directory.extend([0; 10]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (at, size) = (u32::try_from(out.len()).unwrap(), u32::try_from(directory.len()).unwrap());
        let count = u16::try_from(files.len()).unwrap().to_le_bytes();
        out.extend(directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count);
        out.extend(count);
        out.extend(size.to_le_bytes());
        out.extend(at.to_le_bytes());
        out.extend([0; 2]);
        out
    }

    fn plain(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
        zip(files, |size| size)
    }

    fn letter() -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            ("word/document.xml", "<w>欠条</w>".repeat(50).into_bytes()),
        ]
    }

    #[test]
    fn a_letter_is_sound_and_so_is_a_table_inside_it() {
        assert_eq!(look(&plain(&letter())), Ok(vec![]));
        let mut with_table = letter();
        with_table.push(("word/embeddings/table.xlsx", plain(&letter())));
        assert_eq!(look(&plain(&with_table)), Ok(vec![]));
    }

    #[test]
    fn bombs_are_known_by_ratio_by_lies_and_by_overlap() {
        let zeros = vec![0; 60 << 20];
        let bomb = plain(&[("word/document.xml", zeros)]);
        assert!(bomb.len() < 100 << 10);
        assert_eq!(look(&bomb), Err(Fault::Bomb), "by ratio");
        let lies = zip(&[("word/document.xml", vec![0; 1 << 20])], |_| 1000);
        assert_eq!(look(&lies), Err(Fault::Bomb), "it says a thousand bytes");
        let modest = zip(&letter(), |size| size + 1);
        assert_eq!(look(&modest), Err(Fault::Damaged), "it says more than there is");
        // Two entries of the directory that point at the same bytes.
        let mut overlap = plain(&letter());
        let directory = overlap.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
        overlap[directory + 42..directory + 46].copy_from_slice(&0_u32.to_le_bytes());
        assert!(look(&overlap).is_err(), "overlap");
        let many: Vec<(String, Vec<u8>)> = (0..10_001).map(|n| (format!("{n}"), vec![])).collect();
        let many: Vec<(&str, Vec<u8>)> =
            many.iter().map(|(name, content)| (name.as_str(), content.clone())).collect();
        assert_eq!(look(&plain(&many)), Err(Fault::Bomb), "by number");
    }

    #[test]
    fn archives_in_archives_in_archives_and_programs_are_not_taken() {
        let mut deep = letter();
        deep.push(("a.zip", plain(&[("b.zip", plain(&letter()))])));
        assert_eq!(look(&plain(&deep)), Err(Fault::Nested));
        let mut inner_bomb = letter();
        inner_bomb.push(("a.zip", plain(&[("x", vec![0; 60 << 20])])));
        assert_eq!(look(&plain(&inner_bomb)), Err(Fault::Bomb));
        let mut program = letter();
        program.push(("word/media/image1.png", b"MZ\x90\0\x03 and so on".to_vec()));
        assert_eq!(look(&plain(&program)), Err(Fault::Program));
    }

    #[test]
    fn what_loads_from_elsewhere_is_flagged_and_a_hyperlink_is_not() {
        let link = |kind: &str| {
            format!("<Relationships><Relationship Id=\"r\" Type=\"http://x/relationships/{kind}\" Target=\"http://evil/t\" TargetMode=\"External\"/></Relationships>").into_bytes()
        };
        let with = |kind: &str| {
            let mut files = letter();
            files.push(("word/_rels/settings.xml.rels", link(kind)));
            look(&plain(&files)).unwrap()
        };
        assert_eq!(with("attachedTemplate"), [Flag::OfficeExternal]);
        assert_eq!(with("hyperlink"), []);
    }

    #[test]
    fn damage_is_a_fault_and_never_a_panic() {
        let whole = plain(&letter());
        for at in 0..whole.len() {
            for odd in [0, 0xff, whole[at] ^ 0x55] {
                let mut bent = whole.clone();
                bent[at] = odd;
                let _ = look(&bent);
            }
            let _ = look(&whole[..at]);
            assert!(!ends_as_archive(&whole[..at]), "cut at {at}");
        }
        assert!(ends_as_archive(&[b"\xff\xd8\xff".as_slice(), &whole].concat()), "a picture in front");
    }
}
