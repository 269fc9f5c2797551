//! Proofs of RFC 6962 (made) and RFC 9162 (checked).

use std::collections::BTreeSet;

use kernel::chain::Digest;

use super::{Place, empty_root, node_hash, split};

/// Root of the first `size` leaves; `None` when `get` lacks a whole subtree.
pub fn root(size: u64, get: &mut impl FnMut(Place) -> Option<Digest>) -> Option<Digest> {
    if size == 0 { Some(empty_root()) } else { subtree(0, size, get) }
}

/// The path from a leaf to the root of `size` leaves, lowest first.
pub fn inclusion_proof(
    index: u64,
    size: u64,
    get: &mut impl FnMut(Place) -> Option<Digest>,
) -> Option<Vec<Digest>> {
    if index >= size {
        return None;
    }
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    // From the root down; turned round at the end.
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(subtree(middle, end, get)?);
            end = middle;
        } else {
            proof.push(subtree(start, middle, get)?);
            start = middle;
        }
    }
    proof.reverse();
    Some(proof)
}

/// What shows that the tree of `size` leaves begins with the tree of `old` leaves.
pub fn consistency_proof(
    old: u64,
    size: u64,
    get: &mut impl FnMut(Place) -> Option<Digest>,
) -> Option<Vec<Digest>> {
    if old == 0 || old > size {
        return None;
    }
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    // SUBPROOF of the RFC: `known` while the old tree is exactly what we descend into.
    let mut known = true;
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            proof.push(subtree(middle, end, get)?);
            end = middle;
        } else {
            proof.push(subtree(start, middle, get)?);
            start = middle;
            known = false;
        }
    }
    if !known {
        proof.push(subtree(start, end, get)?);
    }
    proof.reverse();
    Some(proof)
}

/// The whole subtrees a computation reads, found by running it on blanks.
pub fn needed<T>(work: impl FnOnce(&mut dyn FnMut(Place) -> Option<Digest>) -> T) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    work(&mut |place| {
        places.insert(place);
        Some(Digest::ZERO)
    });
    places
}

/// Hash over the leaves from `start` up to `end`.
fn subtree(start: u64, end: u64, get: &mut impl FnMut(Place) -> Option<Digest>) -> Option<Digest> {
    let count = end - start;
    if count.is_power_of_two() && start.is_multiple_of(count) {
        return get(Place { level: count.trailing_zeros(), place: start / count });
    }
    let middle = start + split(count);
    let left = subtree(start, middle, get)?;
    let right = subtree(middle, end, get)?;
    Some(node_hash(&left, &right))
}

/// Checks that a leaf stands at `index` in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(leaf: &Digest, index: u64, size: u64, proof: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for part in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(part, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, part);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks that the tree of `size` leaves begins with that of `old` leaves (RFC 9162, 2.1.4.2).
pub fn verify_consistency(old: u64, size: u64, proof: &[Digest], old_root: &Digest, root: &Digest) -> bool {
    if old == 0 || old > size {
        return false;
    }
    if old == size {
        return proof.is_empty() && old_root == root;
    }
    // A whole old tree is not repeated in the proof.
    let mut parts = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { parts.next() };
    let Some(first) = first else { return false };
    let (mut place, mut last) = (old - 1, size - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for part in parts {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old_hash = node_hash(part, &old_hash);
            new_hash = node_hash(part, &new_hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, part);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *root
}
