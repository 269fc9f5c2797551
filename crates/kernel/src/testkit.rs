//! What tests of several rooms need.

use std::path::{Path, PathBuf};

/// A file of outside cases, in the folder named by `HUIFA_SHARED` or in a folder `shared` beside any folder above this
/// one. None where there is no such file: whoever asks says so and skips.
pub fn outside(path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("HUIFA_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|above| above.join("shared"));
    named.into_iter().chain(beside).map(|shared| shared.join(path)).find(|file| file.is_file())
}
