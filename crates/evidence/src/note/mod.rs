//! Signed notes (C2SP signed-note v1): a text, a blank line, and a line for each signature. Pure.

mod key;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use key::{KeyFault, SigningKey, Suite, VerifierKey};

/// Most signature lines a note may have: the specification asks readers to take sixteen at least.
const MOST_LINES: usize = 64;

/// A note as read; nothing about it is believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is signed, with its last newline.
    pub text: String,
    /// The signature lines, in order.
    pub lines: Vec<Line>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; 4],
    /// The signature itself.
    pub signature: Vec<u8>,
}

/// Why a text is no note, or is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// It has not the form of a signed note.
    #[error("this is no signed note")]
    Form,
    /// No line is by a key that is known here.
    #[error("no signature is by a known key")]
    Unknown,
    /// A line by a known key does not fit the text.
    #[error("the signature by {0} does not fit")]
    Wrong(String),
}

impl Note {
    /// A text signed by these keys, in their order.
    pub fn sign(text: String, keys: &[SigningKey]) -> Self {
        let lines = keys.iter().map(|key| {
            let VerifierKey { name, .. } = key.verifier();
            Line { name: name.clone(), id: key.verifier().id(), signature: key.sign(text.as_bytes()) }
        });
        let lines = lines.collect();
        Self { text, lines }
    }

    /// Reads a note.
    pub fn parse(text: &str) -> Result<Self, NoteFault> {
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteFault::Form);
        }
        let end = text.rfind("\n\n").ok_or(NoteFault::Form)?;
        let (signed, rest) = text.split_at(end + 1);
        let rest = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n')).ok_or(NoteFault::Form)?;
        let lines: Vec<Line> = rest.split('\n').map(line).collect::<Option<_>>().ok_or(NoteFault::Form)?;
        if lines.is_empty() || lines.len() > MOST_LINES {
            return Err(NoteFault::Form);
        }
        Ok(Self { text: signed.to_owned(), lines })
    }

    /// The keys, of those known, whose signature fits. A line by a key that is not known is passed over; one by a
    /// known key that does not fit spoils the whole note; without any that fits nothing is believed.
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteFault> {
        let mut good = Vec::new();
        for line in &self.lines {
            let named = known.iter().find(|key| key.name == line.name && key.id() == line.id);
            let Some(key) = named else { continue };
            if !key.verifies(self.text.as_bytes(), &line.signature) {
                return Err(NoteFault::Wrong(key.to_string()));
            }
            good.push(key);
        }
        if good.is_empty() { Err(NoteFault::Unknown) } else { Ok(good) }
    }
}

fn line(text: &str) -> Option<Line> {
    let (name, coded) = text.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(coded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    if !key::is_name(name) || signature.is_empty() {
        return None;
    }
    Some(Line { name: name.to_owned(), id: *id, signature: signature.to_vec() })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str("\n")?;
        for line in &self.lines {
            let mut bytes = line.id.to_vec();
            bytes.extend(&line.signature);
            writeln!(f, "\u{2014} {} {}", line.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Vec<SigningKey> {
        [Suite::Ed25519, Suite::Sm2Sm3]
            .into_iter()
            .map(|suite| SigningKey::from_secret("huifa.example/log", suite, &[7; 32]).unwrap())
            .collect()
    }

    fn public(keys: &[SigningKey]) -> Vec<VerifierKey> {
        keys.iter().map(|key| key.verifier().clone()).collect()
    }

    #[test]
    fn the_note_of_the_specification_is_read() {
        // The example of C2SP signed-note and its key, as golang.org/x/mod/sumdb/note prints such a key.
        let text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
                    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
        let note = Note::parse(text).unwrap();
        assert!(note.text.ends_with("sera.\n") && note.text.contains("\n\n"), "the last blank line divides");
        assert_eq!(
            (note.lines[0].name.as_str(), note.lines[0].signature.len()),
            ("quasimodo.example/salvatore", 64)
        );
        assert_eq!(note.to_string(), text);
        assert_eq!(note.verify(&public(&keys())), Err(NoteFault::Unknown));
    }

    #[test]
    fn a_key_of_another_house_checks_the_same() {
        // PeterNeumann of golang.org/x/mod/sumdb/note: its test vector, made by Go.
        let key: VerifierKey =
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
        let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        assert_eq!(Note::parse(text).unwrap().verify(std::slice::from_ref(&key)).unwrap(), [&key]);
        let changed = text.replace("the answer", "an answer");
        assert!(matches!(Note::parse(&changed).unwrap().verify(&[key]), Err(NoteFault::Wrong(_))));
    }

    #[test]
    fn both_suites_sign_and_neither_takes_another_text() {
        let keys = keys();
        let known = public(&keys);
        let note = Note::sign("huifa.example/log\n1\nAAAA\n".to_owned(), &keys);
        let again = Note::parse(&note.to_string()).unwrap();
        assert_eq!(again, note);
        assert_eq!(again.verify(&known).unwrap().len(), 2);
        for lost in 0..2 {
            let mut one = again.clone();
            one.lines.remove(lost);
            assert_eq!(one.verify(&known).unwrap(), [&known[1 - lost]]);
            let mut changed = again.clone();
            changed.lines[lost].signature[9] ^= 1;
            assert!(matches!(changed.verify(&known), Err(NoteFault::Wrong(_))), "line {lost}");
        }
        let other = Note { text: again.text.replace('1', "2"), ..again };
        assert!(matches!(other.verify(&known), Err(NoteFault::Wrong(_))));
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let good = Note::sign("a\n".to_owned(), &keys()).to_string();
        for bad in [
            String::new(),
            "a\n".to_owned(),
            "a\n\n".to_owned(),
            good.replace('a', "a\t"),
            good.trim_end().to_owned(),
            good.replace("\u{2014} ", "- "),
            good.replace("log ", "log  "),
            format!("{good}more\n"),
        ] {
            assert_eq!(Note::parse(&bad), Err(NoteFault::Form), "{bad:?}");
        }
    }
}
