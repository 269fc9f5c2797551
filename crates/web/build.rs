//! Makes sure the folder of built assets exists, so that a clean checkout compiles with cargo alone.
//!
//! An empty folder is a valid state: pages then answer 503 "assets not built". npm is never run here.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/dist");
    // A read-only source tree is fine too: the embedding macro allows the folder to be missing.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", dist.display());
}
