//! The text of a signed head.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::chain::Digest;

use crate::note::{Note, NoteFault, VerifierKey};

/// What a log promises: that it had these leaves at this size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// Why a note is no checkpoint one may rely on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointFault {
    /// The note itself.
    #[error(transparent)]
    Note(#[from] NoteFault),
    /// The signed text is not origin, size and root.
    #[error("the signed text is no head of a log")]
    Form,
    /// Signed by a key of another log.
    #[error("the key {0} belongs to another log")]
    Foreign(String),
}

impl Checkpoint {
    /// Reads the text of a note. Extension lines are not ours and refused: nobody could audit them.
    pub fn parse(text: &str) -> Result<Self, CheckpointFault> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointFault::Form)?.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointFault::Form);
        };
        let number: u64 = size.parse().map_err(|_| CheckpointFault::Form)?;
        let root = STANDARD.decode(root).ok().and_then(|root| Digest::from_slice(&root).ok());
        let (Some(root), false) = (root, origin.is_empty() || number.to_string() != size) else {
            return Err(CheckpointFault::Form);
        };
        Ok(Self { origin: origin.to_owned(), size: number, root })
    }

    /// The head a note holds, when it is signed by at least one of these keys and each by the log itself.
    pub fn from_note(note: &Note, known: &[VerifierKey]) -> Result<Self, CheckpointFault> {
        let good = note.verify(known)?;
        let head = Self::parse(&note.text)?;
        match good.iter().find(|key| key.name != head.origin) {
            Some(foreign) => Err(CheckpointFault::Foreign(foreign.to_string())),
            None => Ok(head),
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_read_and_nothing_near_it() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let head = Checkpoint::parse(text).unwrap();
        assert_eq!((head.size, head.to_string().as_str()), (20_852_163, text));
        for bad in [
            text.replace("20852163", "020852163"),
            text.replace("20852163", "-1"),
            text.replace("20852163", "+20852163"),
            text.replace("CsUY", "CsU"),
            text.replace("example.com/behind-the-sofa", ""),
            format!("{text}more\n"),
            text.trim_end().to_owned(),
        ] {
            assert_eq!(Checkpoint::parse(&bad), Err(CheckpointFault::Form), "{bad}");
        }
    }
}
