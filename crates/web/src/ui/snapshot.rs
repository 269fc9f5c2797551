//! Snapshots of components: the HTML of each sample, kept in `snapshots/` and compared to the letter.
//!
//! After a wanted change run the tests once with `UPDATE_SNAPSHOTS=1` and read the difference.

use std::path::Path;

use maud::Markup;

/// Compares a sample with its stored HTML.
pub fn check(name: &str, sample: &Markup) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/ui/snapshots/{name}.html"));
    let html = format!("{}\n", sample.0.replace("><", ">\n<"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &html).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, html, "snapshot {name} differs; UPDATE_SNAPSHOTS=1 writes the new one");
}
