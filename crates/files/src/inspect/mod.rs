//! What a content hides: looked at before it is taken, without ever unpacking it whole.
//!
//! * [`zip`] – archives inside office files: bombs, overlaps, archives in archives
//! * [`image`] – pictures too large to be shown
//! * [`pdf`] – documents that run something when they are opened

pub mod image;
pub mod pdf;
pub mod zip;

use crate::kind::Kind;

/// Why a content of a known kind is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It would unpack to far more than it is.
    Bomb,
    /// Archives within archives.
    Nested,
    /// A program lies in it.
    Program,
    /// It is two kinds of file at once.
    TwoKinds,
    /// It is locked with a password, so nobody can look inside.
    Locked,
    /// Its inner order is broken.
    Damaged,
    /// A picture of absurd size.
    Dimensions,
}

impl Fault {
    /// The message that says so.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Bomb => "files-bomb",
            Self::Nested => "files-nested",
            Self::Program => "files-program",
            Self::TwoKinds => "files-two-kinds",
            Self::Locked => "files-locked",
            Self::Damaged => "files-damaged",
            Self::Dimensions => "files-dimensions",
        }
    }
}

/// Something to warn the reader of; the file is taken, for it may be just what somebody was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// A PDF with JavaScript.
    PdfScript,
    /// A PDF that starts a program or opens an address.
    PdfLaunch,
    /// A PDF with files inside.
    PdfAttachment,
    /// An office file that loads something from elsewhere.
    OfficeExternal,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Self; 4] = [Self::PdfScript, Self::PdfLaunch, Self::PdfAttachment, Self::OfficeExternal];

    /// The word it is stored as; its message is `files-flag-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PdfScript => "pdf-script",
            Self::PdfLaunch => "pdf-launch",
            Self::PdfAttachment => "pdf-attachment",
            Self::OfficeExternal => "office-external",
        }
    }

    /// Flags stored as words with blanks between.
    pub fn read(words: &str) -> Vec<Self> {
        let known = |word: &str| Self::ALL.into_iter().find(|flag| flag.as_str() == word);
        words.split_whitespace().filter_map(known).collect()
    }

    /// Flags as they are stored.
    pub fn write(flags: &[Self]) -> String {
        flags.iter().map(|flag| flag.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Looks into a content of this kind.
pub fn look(kind: Kind, content: &[u8]) -> Result<Vec<Flag>, Fault> {
    let is_office = matches!(kind.ending, "docx" | "xlsx");
    if !is_office && kind.ending != "txt" && zip::ends_as_archive(content) {
        return Err(Fault::TwoKinds);
    }
    match kind.ending {
        "docx" | "xlsx" => zip::look(content),
        "jpg" | "png" | "webp" => image::look(kind.ending, content).map(|()| Vec::new()),
        "pdf" => pdf::look(content),
        _ => Ok(Vec::new()),
    }
}
