//! Fonts of a folder.

use std::path::Path;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Fonts with their book.
pub struct Fonts {
    /// What there is.
    pub book: LazyHash<FontBook>,
    /// The fonts, in the order of the book.
    pub fonts: Vec<Font>,
}

impl Fonts {
    /// Every font file of a folder, in name order; none when it has none.
    pub fn read(folder: &Path) -> Option<Self> {
        let entries = std::fs::read_dir(folder).ok()?;
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.extension().is_some_and(|end| {
                    ["ttf", "otf", "ttc", "otc"].iter().any(|known| end.eq_ignore_ascii_case(known))
                })
            })
            .collect();
        paths.sort();
        let mut fonts = Vec::new();
        for path in paths {
            match std::fs::read(&path) {
                Ok(bytes) => fonts.extend(Font::iter(Bytes::new(bytes))),
                Err(error) => tracing::warn!(path = %path.display(), %error, "a font cannot be read"),
            }
        }
        if fonts.is_empty() {
            return None;
        }
        Some(Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }
}
