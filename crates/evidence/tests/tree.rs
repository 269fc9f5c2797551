//! The tree against the published vectors, against another implementation and against itself.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::BTreeMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use evidence::tree::{
    self, Node, Peaks, Place, consistency_proof, inclusion_proof, leaf_hash, verify_consistency,
    verify_inclusion,
};
use kernel::chain::Digest;
use sha2::Sha256;

/// Leaves and roots of the reference implementation of Certificate Transparency (`merkletree` tests).
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// A tree with all its whole subtrees kept.
#[derive(Default)]
struct Kept {
    peaks: Peaks,
    nodes: BTreeMap<Place, Digest>,
    roots: Vec<Digest>,
}

impl Kept {
    fn of(count: u64) -> Self {
        let mut kept = Self { roots: vec![tree::empty_root()], ..Self::default() };
        (0..count).for_each(|leaf| kept.append(leaf_hash(&leaf.to_be_bytes())));
        kept
    }

    fn append(&mut self, leaf: Digest) {
        self.nodes.insert(Place { level: 0, place: self.peaks.size() }, leaf);
        for Node { at, hash } in self.peaks.append(leaf) {
            assert!(self.nodes.insert(at, hash).is_none(), "a node is made once");
        }
        self.roots.push(self.peaks.root());
    }

    fn get(&self) -> impl FnMut(Place) -> Option<Digest> {
        |place| self.nodes.get(&place).copied()
    }
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    let mut peaks = Peaks::default();
    assert_eq!(peaks.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        peaks.append(leaf_hash(&hex::decode(leaf).unwrap()));
        assert_eq!(peaks.root().to_string(), root, "{} leaves", peaks.size());
        assert_eq!(Peaks::from_bytes(peaks.size(), &peaks.to_bytes()), Ok(peaks.clone()));
    }
    assert!(Peaks::from_bytes(8, &[0; 64]).is_err());
}

#[test]
fn another_implementation_agrees() {
    let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let kept = Kept::of(300);
    for leaf in 0..300_u64 {
        other.push(leaf.to_be_bytes().to_vec());
        let theirs = other.root();
        assert_eq!(
            theirs.as_bytes()[..],
            kept.roots[usize::try_from(leaf).unwrap() + 1].as_bytes()[..],
            "{leaf}"
        );
    }
    for leaf in [0, 1, 127, 128, 255, 256, 299] {
        let theirs = other.prove_inclusion(usize::try_from(leaf).unwrap());
        let ours: Vec<u8> = inclusion_proof(leaf, 300, &mut kept.get())
            .unwrap()
            .iter()
            .flat_map(|part| *part.as_bytes())
            .collect();
        assert_eq!(theirs.as_bytes(), ours);
    }
}

#[test]
fn every_leaf_of_every_tree_is_proved_and_no_other() {
    let kept = Kept::of(70);
    for size in 1..=70 {
        let root = kept.roots[usize::try_from(size).unwrap()];
        assert_eq!(tree::root(size, &mut kept.get()), Some(root));
        for index in 0..size {
            let leaf = leaf_hash(&index.to_be_bytes());
            let proof = inclusion_proof(index, size, &mut kept.get()).unwrap();
            assert!(verify_inclusion(&leaf, index, size, &proof, &root), "{index} of {size}");
            assert!(!verify_inclusion(&leaf, (index + 1) % size, size, &proof, &root) || size == 1);
            assert!(!verify_inclusion(&leaf_hash(b"other"), index, size, &proof, &root));
            assert!(!verify_inclusion(&leaf, index, size, &proof, &Digest::ZERO));
            let mut longer = proof.clone();
            longer.push(root);
            assert!(!verify_inclusion(&leaf, index, size, &longer, &root));
            if !proof.is_empty() {
                assert!(!verify_inclusion(&leaf, index, size, &proof[1..], &root));
            }
            let needed = tree::needed(|get| inclusion_proof(index, size, &mut |place| get(place)));
            assert!(
                needed.iter().all(|place| kept.nodes.contains_key(place)),
                "only whole subtrees are read"
            );
        }
        assert_eq!(inclusion_proof(size, size, &mut kept.get()), None);
    }
}

#[test]
fn a_tree_is_shown_to_begin_with_an_older_one() {
    let kept = Kept::of(40);
    let root = |size: u64| kept.roots[usize::try_from(size).unwrap()];
    for size in 1..=40 {
        for old in 1..=size {
            let proof = consistency_proof(old, size, &mut kept.get()).unwrap();
            assert!(verify_consistency(old, size, &proof, &root(old), &root(size)), "{old} in {size}");
            assert!(!verify_consistency(old, size, &proof, &Digest::ZERO, &root(size)));
            assert!(!verify_consistency(old, size, &proof, &root(old), &Digest::ZERO));
            if old > 1 {
                assert!(!verify_consistency(old, size, &proof, &root(old - 1), &root(size)));
            }
        }
        assert_eq!(consistency_proof(0, size, &mut kept.get()), None);
        assert_eq!(consistency_proof(size + 1, size, &mut kept.get()), None);
    }
}

#[test]
fn a_missing_node_gives_no_proof() {
    let mut kept = Kept::of(9);
    kept.nodes.remove(&Place { level: 2, place: 1 });
    assert_eq!(inclusion_proof(0, 9, &mut kept.get()), None);
    assert!(inclusion_proof(0, 4, &mut kept.get()).is_some());
}
