//! Text as character n-grams: what a question and an article share when their words differ.

use std::hash::{BuildHasherDefault, Hasher};

use unicode_normalization::UnicodeNormalization as _;

/// Letters and digits of a text: half width, lower case, nothing else.
pub fn letters(text: &str) -> Vec<char> {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The n-grams of letters for n of 1 to 3, each packed into a number of its own (21 bits a character).
pub fn grams(letters: &[char], n: usize) -> impl Iterator<Item = u64> + '_ {
    letters
        .windows(n.clamp(1, 3))
        .map(|window| window.iter().fold(0_u64, |key, letter| (key << 21) | u64::from(u32::from(*letter))))
}

/// All 1-, 2- and 3-grams of letters.
pub fn up_to_three(letters: &[char]) -> Vec<u64> {
    (1..=3).flat_map(|n| grams(letters, n)).collect()
}

/// A map from n-grams; their keys are well spread after one multiplication.
pub type GramMap<V> = std::collections::HashMap<u64, V, BuildHasherDefault<Mixer>>;

/// The same without values.
pub type GramSet = std::collections::HashSet<u64, BuildHasherDefault<Mixer>>;

/// Hashes one number by multiplication.
#[derive(Debug, Default, Clone, Copy)]
pub struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, key: u64) {
        let mixed = (self.0 ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_punctuation_do_not_count() {
        assert_eq!(letters("ＡＰＰ，退款？"), letters("app退款"));
    }

    #[test]
    fn grams_of_different_length_never_share_a_key() {
        let text = letters("拖欠工资");
        let all = up_to_three(&text);
        let distinct: std::collections::HashSet<u64> = all.iter().copied().collect();
        assert_eq!((all.len(), distinct.len()), (4 + 3 + 2, 9));
        assert_eq!(grams(&text[..1], 2).count(), 0);
    }
}
