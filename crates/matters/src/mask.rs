//! How values are shown to whoever need not see them in full.

use kernel::identity::Phone;

/// Hides a name but for its family name, whatever its length.
pub fn mask_name(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    let rest = letters.count();
    // Two stars at most: the length of a name tells too much in a village.
    format!("{first}{}", "*".repeat(rest.clamp(1, 2)))
}

/// Hides the middle of a paper's number.
pub fn mask_paper(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    if letters.len() < 8 {
        return "*".repeat(letters.len().max(4));
    }
    let (keep_front, keep_back) = if letters.len() == 18 { (6, 4) } else { (2, 2) };
    let hidden = letters.len() - keep_front - keep_back;
    letters[..keep_front].iter().collect::<String>()
        + &"*".repeat(hidden)
        + &letters[letters.len() - keep_back..].iter().collect::<String>()
}

/// Hides a phone number but for its ends.
pub fn mask_phone(number: &str) -> String {
    Phone::parse(number).map_or_else(|_| mask_paper(number), |phone| phone.mask())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_hide_what_they_must() {
        assert_eq!(mask_name("张三丰"), "张**");
        assert_eq!(mask_name("欧阳震华锋"), "欧**");
        assert_eq!(mask_name("李"), "李*");
        assert_eq!(mask_paper("11010519491231002X"), "110105********002X");
        assert_eq!(mask_paper("E12345678"), "E1*****78");
        assert_eq!(mask_paper("123"), "****");
    }
}
