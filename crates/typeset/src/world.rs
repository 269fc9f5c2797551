//! What a template can see: the other templates, the data and the pictures of one print.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use press::Picture;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::Fonts;

/// Where it begins.
pub const MAIN: &str = "sheet.typ";
const DATA: &str = "data.json";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// One print being set.
pub struct Room {
    fonts: Arc<Fonts>,
    main: FileId,
    sources: Vec<Source>,
    files: Vec<(FileId, Bytes)>,
}

fn id(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

impl Room {
    /// None when the main template is missing.
    pub fn new(
        templates: &BTreeMap<String, String>,
        fonts: Arc<Fonts>,
        data: Vec<u8>,
        pictures: &[Picture],
    ) -> Option<Self> {
        let main = id(MAIN)?;
        let source = |(path, text): (&String, &String)| Some(Source::new(id(path)?, text.clone()));
        let sources: Vec<Source> = templates.iter().filter_map(source).collect();
        sources.iter().any(|source| source.id() == main).then_some(())?;
        let mut files = vec![(id(DATA)?, Bytes::new(data))];
        let picture = |one: &Picture| Some((id(&one.name)?, Bytes::new(one.bytes.clone())));
        files.extend(pictures.iter().filter_map(picture));
        Some(Self { fonts, main, sources, files })
    }
}

impl World for Room {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.iter().find(|source| source.id() == id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if let Some((_, bytes)) = self.files.iter().find(|(known, _)| *known == id) {
            return Ok(bytes.clone());
        }
        self.source(id).map(|source| Bytes::from_string(source.text().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.get().vpath().get_without_slash()))
}
