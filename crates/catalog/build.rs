//! A file added to the catalogue is a change of this crate, which embeds it.

fn main() {
    println!("cargo::rerun-if-changed=../../catalog");
}
