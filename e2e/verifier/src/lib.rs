//! A second verifier, for people who want to read every line of what they rely on. It shares no code with the server:
//! SHA-256, Ed25519, base64 and JSON come from libraries, everything else is in this file.
//!
//! What it checks of an export: every event's hash over the text as it stands, every matter's chain, the order, the
//! Merkle tree (RFC 6962), and every signed head (C2SP tlog-checkpoint) at its size. Of a receipt: the event's hash,
//! its path to the root, the signature. Lines signed with SM2 are passed over: the Ed25519 line beside them signs the
//! same text. Time stamps are not looked at.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

type Hash = [u8; 32];

/// The one way events are hashed: SHA-256 over a zero byte and the canonical JSON.
const ALGORITHM: &str = "sha256-jcs-1";

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

fn leaf(event: &str) -> Hash {
    sha256(&[&[0], event.as_bytes()])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

fn unhex(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}

/// An Ed25519 key of a log under its name.
struct Key {
    name: String,
    id: [u8; 4],
    public: VerifyingKey,
}

/// `name+id+base64`; none for what is no Ed25519 key or whose id is not that of its bytes.
fn key(text: &str) -> Option<Key> {
    let mut parts = text.trim().splitn(3, '+');
    let (name, id, coded) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = STANDARD.decode(coded).ok()?;
    let made = sha256(&[name.as_bytes(), b"\n", &bytes]);
    let public = bytes.strip_prefix(&[1])?.try_into().ok()?;
    if hex::encode(&made[..4]) != id {
        return None;
    }
    let public = VerifyingKey::from_bytes(public).ok()?;
    Some(Key { name: name.to_owned(), id: [made[0], made[1], made[2], made[3]], public })
}

/// Keys given, or those of the file when none were; at least one must be an Ed25519 key.
fn keys<'a>(given: &'a [String], inside: impl Iterator<Item = &'a str>) -> Result<Vec<Key>, String> {
    let found: Vec<Key> = match given {
        [] => inside.filter_map(key).collect(),
        given => {
            let all = given.iter().map(|text| key(text).ok_or_else(|| format!("{text} is no Ed25519 key")));
            all.collect::<Result<_, _>>()?
        }
    };
    if found.is_empty() { Err("there is no key to check with".to_owned()) } else { Ok(found) }
}

/// What was signed.
struct Head {
    size: u64,
    root: Hash,
}

/// Reads a note and believes it only when a line by one of the keys fits and none by them does not.
fn head(note: &str, keys: &[Key]) -> Result<Head, String> {
    let (text, lines) = note.rsplit_once("\n\n").ok_or("it is no signed note")?;
    let text = format!("{text}\n");
    let mut good = false;
    for line in lines.trim_end_matches('\n').split('\n') {
        let (name, coded) = line
            .strip_prefix("\u{2014} ")
            .and_then(|line| line.split_once(' '))
            .ok_or("no signature line")?;
        let bytes = STANDARD.decode(coded).map_err(|_| "a signature is no base64")?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or("a signature is too short")?;
        let Some(key) = keys.iter().find(|key| key.name == name && key.id == *id) else { continue };
        let fits = Signature::from_slice(signature)
            .is_ok_and(|signature| key.public.verify_strict(text.as_bytes(), &signature).is_ok());
        if !fits {
            return Err(format!("the signature by {name} does not fit"));
        }
        good |= text.lines().next() == Some(name);
    }
    if !good {
        return Err("it is not signed by a key of this log that we know".to_owned());
    }
    let lines: Vec<&str> = text.lines().collect();
    let [_, size, root] = lines[..] else { return Err("it is not origin, size and root".to_owned()) };
    let root =
        STANDARD.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or("its root is no hash")?;
    let size = size.parse().map_err(|_| "its size is no number")?;
    Ok(Head { size, root })
}

/// A tree as the roots of its whole subtrees, largest first; their sizes are the bits of `size`.
#[derive(Default)]
struct Tree {
    size: u64,
    peaks: Vec<Hash>,
}

impl Tree {
    fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().unwrap_or_default();
            hash = node(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return sha256(&[]) };
        peaks.fold(last, |right, left| node(&left, &right))
    }
}

/// Whether the path leads from the leaf at `index` to the root of `size` leaves (RFC 9162, 2.1.3.2).
fn leads(leaf: Hash, index: u64, head: &Head, path: &[Hash]) -> bool {
    if index >= head.size {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, head.size - 1, leaf);
    for part in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node(part, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, part);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == head.root
}

/// What an event says about its place in its matter.
#[derive(Deserialize)]
struct Event {
    number: String,
    seq: u64,
    prev: String,
}

#[derive(Deserialize)]
struct Line<'a> {
    alg: String,
    #[serde(borrow)]
    event: &'a RawValue,
    hash: String,
    pos: u64,
}

#[derive(Deserialize)]
struct HeadLine {
    seq: u64,
    note: String,
}

#[derive(Deserialize)]
struct LogHead {
    size: u64,
    root: String,
}

#[derive(Deserialize)]
struct Bundle {
    format: String,
    number: String,
    seq: u64,
    alg: String,
    event: String,
    hash: String,
    index: Option<u64>,
    path: Vec<String>,
    checkpoint: Option<String>,
    keys: Vec<String>,
}

fn read(folder: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"))
}

/// Checks a folder made by `huifa evidence export`. `given` are the keys of the log you trust; without any those in
/// the folder are taken, which shows changes but not who signed. Answers in words, or with all that is wrong.
pub fn export(folder: &Path, given: &[String]) -> Result<String, Vec<String>> {
    let one = |fault: String| vec![fault];
    let inside = read(folder, "keys.txt").map_err(one)?;
    let keys = keys(given, inside.lines()).map_err(one)?;
    let mut faults = Vec::new();
    let mut heads: BTreeMap<u64, Vec<(u64, Hash)>> = BTreeMap::new();
    let (mut count, mut before, mut newest) = (0, 0, String::new());
    for line in read(folder, "checkpoints.jsonl").map_err(one)?.lines() {
        count += 1;
        let Ok(HeadLine { seq, note }) = serde_json::from_str(line) else {
            faults.push(format!("line {count} of checkpoints.jsonl cannot be read"));
            continue;
        };
        if seq != count {
            faults.push(format!("checkpoint {count} is missing"));
        }
        // With keys from outside, a head from before or after their time says nothing; the newest must be signed.
        match head(&note, &keys) {
            Ok(head) if head.size < before => {
                faults.push(format!("checkpoint {seq} is smaller than one before"));
            }
            Ok(head) => {
                before = head.size;
                heads.entry(head.size).or_default().push((seq, head.root));
            }
            Err(_) if !given.is_empty() => {}
            Err(why) => faults.push(format!("checkpoint {seq}: {why}")),
        }
        newest = note;
    }
    if read(folder, "checkpoint").map_err(one)? != newest {
        faults.push("the newest checkpoint is not the last of the list".to_owned());
    }
    if let Err(why) = head(&newest, &keys) {
        faults.push(format!("the newest checkpoint: {why}"));
    }

    let mut tree = Tree::default();
    let mut chains: HashMap<String, (u64, String)> = HashMap::new();
    for text in read(folder, "events.jsonl").map_err(one)?.lines() {
        let pos = tree.size + 1;
        match event(text, pos, &mut chains) {
            Ok(hash) => tree.append(hash),
            Err(why) => {
                faults.push(format!("event {pos}: {why}"));
                tree.append(Hash::default());
            }
        }
        for (seq, root) in heads.remove(&tree.size).unwrap_or_default() {
            if root != tree.root() {
                faults.push(format!("checkpoint {seq}: the first {} events are not those signed", tree.size));
            }
        }
    }
    for (size, left) in heads.into_iter().filter(|(size, _)| *size > 0) {
        faults.extend(
            left.iter().map(|(seq, _)| format!("checkpoint {seq}: {size} events were signed, some are gone")),
        );
    }
    let log: Option<LogHead> =
        read(folder, "head.json").ok().and_then(|text| serde_json::from_str(&text).ok());
    if !log.is_some_and(|log| log.size == tree.size && unhex(&log.root) == Some(tree.root())) {
        faults.push("head.json does not fit the events".to_owned());
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let matters = chains.len();
    Ok(format!("{} events of {matters} matters hold, under {count} signed heads", tree.size))
}

/// Checks one line: its hash, its place, its chain. Gives the hash.
fn event(text: &str, pos: u64, chains: &mut HashMap<String, (u64, String)>) -> Result<Hash, String> {
    let line: Line<'_> = serde_json::from_str(text).map_err(|_| "the line cannot be read")?;
    let event: Event = serde_json::from_str(line.event.get()).map_err(|_| "it names no matter")?;
    if line.alg != ALGORITHM {
        return Err(format!("{} is not known", line.alg));
    }
    let hash = leaf(line.event.get());
    if unhex(&line.hash) != Some(hash) {
        return Err("its hash does not fit what it says".to_owned());
    }
    if line.pos != pos {
        return Err(format!("it says it stands at {}", line.pos));
    }
    let (last, prev) = chains.get(&event.number).cloned().unwrap_or_else(|| (0, "0".repeat(64)));
    if event.seq != last + 1 || event.prev != prev {
        return Err(format!("it does not continue event {last} of matter {}", event.number));
    }
    chains.insert(event.number, (event.seq, line.hash));
    Ok(hash)
}

/// Checks the bundle of a receipt; keys as for [`export`].
pub fn receipt(file: &Path, given: &[String]) -> Result<String, Vec<String>> {
    let told = |fault: String| vec![fault];
    let text = fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
    let bundle: Bundle = serde_json::from_str(&text).map_err(|error| told(error.to_string()))?;
    let mut faults = Vec::new();
    if bundle.format != "huifa-receipt-1" || bundle.alg != ALGORITHM {
        faults.push("another form of receipt".to_owned());
    }
    let hash = leaf(&bundle.event);
    if unhex(&bundle.hash) != Some(hash) {
        faults.push("the hash does not fit what the event says".to_owned());
    }
    let event = serde_json::from_str::<Event>(&bundle.event);
    if !event.is_ok_and(|event| (event.number, event.seq) == (bundle.number.clone(), bundle.seq)) {
        faults.push("the event is that of another matter or place".to_owned());
    }
    let Some(note) = &bundle.checkpoint else {
        faults.push("no signed head covers it yet".to_owned());
        return Err(faults);
    };
    let signed = keys(given, bundle.keys.iter().map(String::as_str)).and_then(|keys| head(note, &keys));
    match signed {
        Err(why) => faults.push(why),
        Ok(head) => {
            let path: Option<Vec<Hash>> = bundle.path.iter().map(|part| unhex(part)).collect();
            let leads = path.is_some_and(|path| leads(hash, bundle.index.unwrap_or(u64::MAX), &head, &path));
            if !leads {
                faults.push("the path does not lead to the root that was signed".to_owned());
            }
        }
    }
    if faults.is_empty() {
        Ok(format!("event {} of matter {} holds: it stands in the signed log", bundle.seq, bundle.number))
    } else {
        Err(faults)
    }
}
