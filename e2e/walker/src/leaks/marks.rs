//! Things nobody else says: names, numbers, phones and words, each told apart, and how to find one in bytes.

use std::collections::BTreeMap;

const HAN: [&str; 10] = ["瓞", "鬻", "彳", "亍", "魃", "魈", "餮", "饕", "龘", "靐"];

/// What was planted, by what it is.
#[derive(Debug, Default)]
pub struct Marks {
    planted: BTreeMap<String, String>,
    turn: usize,
}

impl Marks {
    fn keep(&mut self, what: &str, value: String) -> String {
        self.planted.insert(value.clone(), what.to_owned());
        value
    }

    fn next(&mut self) -> usize {
        self.turn += 1;
        self.turn
    }

    /// A person's name.
    pub fn name(&mut self, what: &str) -> String {
        let n = self.next();
        let letters = [HAN[n / 100 % 10], HAN[n / 10 % 10], HAN[n % 10]].concat();
        self.keep(what, format!("夔{letters}骉"))
    }

    /// An identity number that is right by its check digit.
    pub fn identity(&mut self, what: &str) -> String {
        let n = self.next();
        let stem =
            format!("37150219{:02}{:02}{:02}{:03}", 50 + n / 300 % 40, 1 + n % 12, 1 + n % 28, n % 1000);
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: usize =
            stem.bytes().zip(weights).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
        let check = b"10X98765432"[sum % 11];
        self.keep(what, format!("{stem}{}", char::from(check)))
    }

    /// A mobile phone.
    pub fn phone(&mut self, what: &str) -> String {
        let n = self.next();
        self.keep(what, format!("1398765{n:04}"))
    }

    /// Words.
    pub fn words(&mut self, what: &str) -> String {
        let n = self.next();
        self.keep(what, format!("鸑鷟{}字条{n:04}", HAN[n % 10]))
    }

    /// Something that must be found nowhere though the server made it: a session, a query code.
    pub fn secret(&mut self, what: &str, value: &str) {
        self.planted.insert(value.to_owned(), what.to_owned());
    }

    /// Everything planted: value and what it is.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.planted.iter().map(|(value, what)| (value.as_str(), what.as_str()))
    }
}

/// Finds planted things in bytes, however they were written down.
#[derive(Debug)]
pub struct Search {
    needles: Vec<(Vec<u8>, String)>,
    by_start: Vec<Vec<usize>>,
}

impl Search {
    /// A search for these things: value and what it is.
    pub fn new<'a>(wanted: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut needles = Vec::new();
        for (value, what) in wanted {
            for (form, bytes) in forms(value) {
                needles.push((bytes, format!("{what} {value:?} as {form}")));
            }
        }
        let mut by_start = vec![Vec::new(); 1 << 16];
        for (index, (bytes, _)) in needles.iter().enumerate() {
            by_start[start(bytes)].push(index);
        }
        Self { needles, by_start }
    }

    /// How many forms are looked for.
    pub fn len(&self) -> usize {
        self.needles.len()
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// What of it stands in these bytes, each once.
    pub fn within(&self, bytes: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for place in 0..bytes.len().saturating_sub(1) {
            for &index in &self.by_start[start(&bytes[place..])] {
                let (needle, what) = &self.needles[index];
                if bytes[place..].starts_with(needle) && !found.contains(&what.as_str()) {
                    found.push(what.as_str());
                }
            }
        }
        found
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// How a text may lie on a disk: plain, in two bytes a letter, as JSON and as addresses escape it.
fn forms(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide: Vec<u16> = value.encode_utf16().collect();
    let mut forms = vec![
        ("UTF-8", value.as_bytes().to_vec()),
        ("UTF-16LE", wide.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16BE", wide.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
    ];
    if !value.is_ascii() {
        let plain = |unit: u16| char::from_u32(u32::from(unit)).filter(char::is_ascii);
        let json = |unit: &u16| plain(*unit).map_or_else(|| format!("\\u{unit:04x}"), String::from);
        forms.push(("JSON escapes", wide.iter().map(json).collect::<String>().into_bytes()));
        let percent: String = value
            .bytes()
            .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        forms.push(("percent escapes", percent.to_ascii_lowercase().into_bytes()));
        forms.push(("percent escapes", percent.into_bytes()));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_found_however_it_was_written_down() {
        let mut marks = Marks::default();
        let name = marks.name("applicant");
        let phone = marks.phone("applicant");
        let search = Search::new(marks.all());
        assert!(search.within(b"nothing of the kind").is_empty());
        for (_, bytes) in forms(&name).into_iter().chain(forms(&phone)) {
            let page = [b"xx".as_slice(), &bytes, b"\0\0"].concat();
            assert!(!search.within(&page).is_empty(), "{}", String::from_utf8_lossy(&page));
        }
        assert!(search.within(&phone.as_bytes()[..10]).is_empty(), "half a phone is none");
    }

    #[test]
    fn identity_numbers_are_right_and_told_apart() {
        let mut marks = Marks::default();
        let all: std::collections::BTreeSet<String> = (0..500).map(|_| marks.identity("someone")).collect();
        assert_eq!(all.len(), 500);
        assert!(all.iter().all(|number| number.len() == 18));
    }
}
