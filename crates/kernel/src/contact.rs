//! 联系须知: how a person may be reached without harm. Pure: values, hours and what may be said.
//!
//! Some people are in danger when the wrong one picks up the phone or reads a message over their shoulder. What
//! they asked for binds every room that calls or writes to them; where nothing was asked, nothing is narrowed.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::identity::Phone;
use crate::refusal::{FieldError, Text};
use crate::text::normalise;
use crate::time::{Instant, at_beijing};

/// Longest note, in characters.
pub const NOTE_MAX: usize = 200;

/// What a message may say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wording {
    /// No message at all, through any channel that somebody else may see.
    None,
    /// Neither the matter nor who writes: nothing a bystander could learn from.
    Neutral,
    /// The usual words.
    #[default]
    Normal,
}

impl Wording {
    /// All of them, the most careful first.
    pub const ALL: [Self; 3] = [Self::None, Self::Neutral, Self::Normal];

    /// Its word in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Normal => "normal",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wording| wording.as_str() == word)
    }
}

/// Hours of the day in Beijing, from the first minute to before the last; past midnight when `from` is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// First minute.
    pub from: Time,
    /// The minute after the last.
    pub to: Time,
}

impl Hours {
    /// Reads `09:00` and `17:30`; `None` when they are no times, or the same.
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let (from, to) = (clock(from)?, clock(to)?);
        (from != to).then_some(Self { from, to })
    }

    /// Whether this moment lies in them.
    pub fn hold(self, at: Instant) -> bool {
        let time = at.civil().time();
        if self.from < self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }

    /// This moment, or when they begin next.
    pub fn next(self, at: Instant) -> Instant {
        if self.hold(at) {
            return at;
        }
        let today = at_beijing(at.civil().date().to_datetime(self.from));
        if today > at { today } else { today.plus(jiff::SignedDuration::from_hours(24)) }
    }

    /// `09:00` and `17:30`.
    pub fn words(self) -> [String; 2] {
        [self.from, self.to].map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
    }
}

/// A time of day as people type it: `9:00`, `09:00`, `９：００`.
fn clock(text: &str) -> Option<Time> {
    let text = normalise(text);
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(hour, 2) || !digits(minute, 2) || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

impl Serialize for Hours {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.words().serialize(out)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let [from, to] = <[String; 2]>::deserialize(from)?;
        Self::parse(&from, &to).ok_or_else(|| serde::de::Error::custom("hours are two times of day"))
    }
}

/// How one person asked to be reached. Personal: stored sealed, shown masked.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactRules {
    /// The safe number, where it is not the one given for the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When they may be called or written to; at any hour when none are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// What a message, and whoever calls, may say.
    pub message: Wording,
    /// Who must not know, what to say when somebody else answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl std::fmt::Debug for ContactRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactRules").field("message", &self.message).finish_non_exhaustive()
    }
}

impl ContactRules {
    /// Reads `{phone?, hours?: [from, to], message?, note?}`, naming every fault under the pointer `at`.
    pub fn parse(value: &Value, at: &str, errors: &mut Vec<FieldError>) -> Self {
        let Some(object) = value.as_object() else {
            errors.push(FieldError::new(at, "format", "error-object-expected"));
            return Self::default();
        };
        for key in object.keys().filter(|key| !["phone", "hours", "message", "note"].contains(&key.as_str()))
        {
            let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            errors.push(FieldError::new(pointer, "unknown-field", "error-unknown-field"));
        }
        let mut fault = |key: &str, code: &'static str, text: Text| {
            errors.push(FieldError::new(format!("{at}/{key}"), code, text));
        };
        let phone = match word(object, "phone").map(|text| text.map(|text| Phone::parse(&text))) {
            Ok(None) => None,
            Ok(Some(Ok(phone))) => Some(phone.as_str().to_owned()),
            Ok(Some(Err(_))) => {
                fault("phone", "format", Text::new("error-phone"));
                None
            }
            Err(()) => {
                fault("phone", "format", Text::new("error-text-expected"));
                None
            }
        };
        let hours = match object.get("hours") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let hours = value.as_array().and_then(|pair| match pair.as_slice() {
                    [Value::String(from), Value::String(to)] => Hours::parse(from, to),
                    _ => None,
                });
                if hours.is_none() {
                    fault("hours", "format", Text::new("error-hours"));
                }
                hours
            }
        };
        let message = match word(object, "message") {
            Ok(None) => Wording::default(),
            Ok(Some(word)) => Wording::parse(&word).unwrap_or_else(|| {
                fault("message", "choice", Text::new("error-contact-message"));
                Wording::None
            }),
            Err(()) => {
                fault("message", "format", Text::new("error-text-expected"));
                Wording::None
            }
        };
        let note = match word(object, "note") {
            Ok(Some(text)) if text.chars().count() > NOTE_MAX => {
                fault("note", "too-long", Text::new("error-too-long").arg("max", NOTE_MAX));
                None
            }
            Ok(text) => text,
            Err(()) => {
                fault("note", "format", Text::new("error-text-expected"));
                None
            }
        };
        Self { phone, hours, message, note }
    }

    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The number to use, given the one that stands with the person.
    pub fn number<'a>(&'a self, given: Option<&'a str>) -> Option<&'a str> {
        self.phone.as_deref().or(given)
    }

    /// Whether a message may be sent at all.
    pub fn may_write(&self) -> bool {
        self.message != Wording::None
    }

    /// Whether this is an hour at which they may be reached.
    pub fn may_reach(&self, at: Instant) -> bool {
        self.hours.is_none_or(|hours| hours.hold(at))
    }

    /// From when on they may be reached, this moment at the earliest.
    pub fn next(&self, at: Instant) -> Instant {
        self.hours.map_or(at, |hours| hours.next(at))
    }

    /// What screens show: the number masked; the note, which says who must not know, only told to exist.
    pub fn masked(&self) -> Value {
        let mut shown = Map::new();
        if let Some(phone) = &self.phone {
            let masked = Phone::parse(phone).map_or_else(|_| "****".to_owned(), |phone| phone.mask());
            shown.insert("phone".to_owned(), Value::from(masked));
        }
        if let Some(hours) = self.hours {
            shown.insert("hours".to_owned(), Value::from(hours.words().to_vec()));
        }
        shown.insert("message".to_owned(), Value::from(self.message.as_str()));
        if self.note.is_some() {
            shown.insert("note".to_owned(), Value::from("***"));
        }
        Value::Object(shown)
    }
}

/// A text without blanks around it; none when it is absent or empty.
fn word(object: &Map<String, Value>, key: &str) -> Result<Option<String>, ()> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(normalise(text)).filter(|text| !text.is_empty())),
        Some(_) => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (ContactRules, Vec<String>) {
        let mut errors = Vec::new();
        let rules = ContactRules::parse(value, "/applicant/contact", &mut errors);
        (rules, errors.into_iter().map(|error| format!("{} {}", error.pointer, error.code)).collect())
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_asked_for_is_kept_and_comes_back_as_it_was() {
        let asked = json!({
            "phone": "139 0013-9000", "hours": ["9:00", "17:30"], "message": "neutral", "note": " 别让家里人知道 ",
        });
        let (rules, faults) = read(&asked);
        assert_eq!(faults, Vec::<String>::new());
        let stored = serde_json::to_value(&rules).unwrap();
        assert_eq!(
            stored,
            json!({ "phone": "13900139000", "hours": ["09:00", "17:30"], "message": "neutral", "note": "别让家里人知道" })
        );
        assert_eq!(serde_json::from_value::<ContactRules>(stored).unwrap(), rules);
    }

    #[test]
    fn nothing_asked_narrows_nothing() {
        let (rules, faults) = read(&json!({}));
        assert!(faults.is_empty() && rules.is_empty() && rules.may_write());
        assert_eq!(rules.number(Some("13800138000")), Some("13800138000"));
        let night = at("2026-11-28T03:00:00+08:00");
        assert!(rules.may_reach(night));
        assert_eq!(rules.next(night), night);
    }

    #[test]
    fn the_safe_number_stands_before_the_one_given() {
        let (rules, _) = read(&json!({ "phone": "13900139000" }));
        assert_eq!(rules.number(Some("13800138000")), Some("13900139000"));
    }

    #[test]
    fn every_fault_is_named_where_it_is() {
        let (_, faults) = read(&json!({
            "phone": "12", "hours": ["9:00"], "message": "loud", "note": "长".repeat(NOTE_MAX + 1), "a/b": 1,
        }));
        let at = "/applicant/contact";
        assert_eq!(
            faults,
            [
                format!("{at}/a~1b unknown-field"),
                format!("{at}/phone format"),
                format!("{at}/hours format"),
                format!("{at}/message choice"),
                format!("{at}/note too-long"),
            ]
        );
        for wrong in
            [json!(["25:00", "9:00"]), json!(["9:00", "9:00"]), json!(["9", "10"]), json!(["9:5", "10:00"])]
        {
            let (_, faults) = read(&json!({ "hours": wrong }));
            assert_eq!(faults, [format!("{at}/hours format")], "{wrong}");
        }
        assert_eq!(read(&json!("quiet")).1, [format!("{at} format")]);
        assert_eq!(read(&json!({ "message": 3 })).1, [format!("{at}/message format")]);
    }

    #[test]
    fn a_word_nobody_understands_is_never_taken_for_leave_to_write() {
        let (rules, faults) = read(&json!({ "message": "NORMAL" }));
        assert!(!faults.is_empty() && !rules.may_write());
    }

    #[test]
    fn hours_are_those_of_beijing_and_may_pass_midnight() {
        let (day, _) = read(&json!({ "hours": ["09:00", "17:30"] }));
        let (night, _) = read(&json!({ "hours": ["22:00", "06:00"] }));
        for (moment, by_day, by_night) in [
            ("2026-11-28T09:00:00+08:00", true, false),
            ("2026-11-28T17:29:59+08:00", true, false),
            ("2026-11-28T17:30:00+08:00", false, false),
            ("2026-11-28T23:00:00+08:00", false, true),
            ("2026-11-28T05:59:00+08:00", false, true),
            ("2026-11-28T01:00:00Z", true, false),
        ] {
            assert_eq!(
                (day.may_reach(at(moment)), night.may_reach(at(moment))),
                (by_day, by_night),
                "{moment}"
            );
        }
        assert_eq!(day.next(at("2026-11-28T08:00:00+08:00")), at("2026-11-28T09:00:00+08:00"));
        assert_eq!(day.next(at("2026-11-28T17:30:00+08:00")), at("2026-11-29T09:00:00+08:00"));
        assert_eq!(night.next(at("2026-11-28T12:00:00+08:00")), at("2026-11-28T22:00:00+08:00"));
    }

    #[test]
    fn screens_and_logs_show_no_number_and_no_note() {
        let (rules, _) = read(&json!({ "phone": "13900139000", "message": "none", "note": "丈夫看手机" }));
        assert_eq!(rules.masked(), json!({ "phone": "139****9000", "message": "none", "note": "***" }));
        let printed = format!("{rules:?}");
        assert!(!printed.contains("9000") && !printed.contains("丈夫"), "{printed}");
    }
}
