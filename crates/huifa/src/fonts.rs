//! Where the fonts of documents may lie. They are not in the program: `cargo xtask assets` takes them from the pinned
//! package, whoever installs copies that folder.

use std::path::{Path, PathBuf};

/// Names a folder of fonts, before any other place.
pub const VARIABLE: &str = "HUIFA_FONTS";

/// The folders that are looked into, in this order: the one the environment names, `fonts` in the data folder, `fonts`
/// beside the program.
pub fn folders(data: &Path) -> Vec<PathBuf> {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("fonts")));
    named.into_iter().chain([data.join("fonts")]).chain(beside).collect()
}

/// The first of them that has fonts.
pub fn found(data: &Path) -> Option<PathBuf> {
    let font = |path: PathBuf| {
        path.extension()
            .is_some_and(|end| ["ttf", "otf", "ttc"].iter().any(|known| end.eq_ignore_ascii_case(known)))
    };
    let has = |folder: &PathBuf| {
        std::fs::read_dir(folder).is_ok_and(|mut list| list.any(|one| one.is_ok_and(|one| font(one.path()))))
    };
    folders(data).into_iter().find(has)
}
