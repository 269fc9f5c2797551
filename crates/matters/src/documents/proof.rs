//! The verification code of a document (核验码): whoever holds the paper can ask whether it is on record.

use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use kernel::text;
use serde_json::{Value, json};

use super::store::DocumentRow;
use crate::engine::state::Paper;
use crate::register::{Register, broken};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code: eighty bits, which nobody guesses.
const LENGTH: usize = 16;

impl Register {
    /// The code of a document: keyed, over its matter, its place in it and the hash of the event that made it. Sixteen
    /// characters, in fours.
    pub(super) fn document_code(
        &self,
        number: MatterNumber,
        doc: &str,
        hash: &[u8],
    ) -> Result<String, Refusal> {
        let over = format!("{number}\n{doc}\n{}", hex::encode(hash));
        let tag = self
            .keyring()
            .mac("document-code", over.as_bytes())
            .map_err(|error| broken("document code", &error))?;
        let bits = tag.iter().take(10).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let letters: Vec<char> = (0..LENGTH)
            .rev()
            .map(|place| char::from(ALPHABET[usize::try_from(bits >> (5 * place) & 31).unwrap_or_default()]))
            .collect();
        Ok(letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
    }

    /// What is on record of a document, for anybody who holds its code: `{name, no, office, made_at, seq, hash}`.
    /// Nothing of what it says. Wrong numbers and wrong codes are answered alike.
    pub async fn document_on_record(
        &self,
        number: MatterNumber,
        doc: &str,
        code: &str,
    ) -> Result<Option<Value>, Refusal> {
        let matter = match self.load_any(number).await {
            Ok(matter) => matter,
            Err(refusal) if refusal.code == Code::NotFound => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let Some(paper) = matter.state.papers.iter().find(|paper| paper.id == doc) else { return Ok(None) };
        let Some(hash) = self.hash_of(number, paper).await? else { return Ok(None) };
        let right = self.document_code(number, doc, &hash)?;
        if letters(code) != letters(&right) {
            return Ok(None);
        }
        let rows = self.document_rows(number).await?;
        let row = rows.iter().find(|row| row.doc == doc);
        let item = self.item_at(&matter, paper.seq);
        Ok(Some(json!({
            "name": item.document(&paper.kind).map_or(paper.kind.as_str(), |known| known.name.zh.as_str()),
            "no": row.and_then(DocumentRow::no),
            "office": self.issuer(&matter, row).await?,
            "made_at": paper.at,
            "seq": paper.seq,
            "hash": hex::encode(hash),
        })))
    }

    /// The hash of the event that made a document.
    pub(super) async fn hash_of(
        &self,
        number: MatterNumber,
        paper: &Paper,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let rows = self.event_rows(number, paper.seq - 1, 1).await?;
        Ok(rows.into_iter().next().map(|row| row.hash))
    }
}

/// A code as typed, in the form it is compared in.
fn letters(typed: &str) -> String {
    text::compact(typed)
        .chars()
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(letters(" 0a1b-2c3d-4e5f-6g7h "), "0A1B2C3D4E5F6G7H");
        assert_eq!(letters("oAiB"), letters("0A1B"));
    }
}
