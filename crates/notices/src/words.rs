//! The texts people read, made from message files.
//!
//! A message outside the house names no person, no service item and nothing of what it is about: a phone lies on
//! the table. What asks for care ([`Wording::Neutral`]) does not even say who writes.

use catalog::words::Words;
use jiff::civil::Date;
use kernel::contact::Wording;
use kernel::lang::Lang;
use kernel::number::MatterNumber;

use crate::model::Kind;

/// A text with the key and the arguments it was made from: gateways send approved templates, not texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Message key, which a gateway maps to its template.
    pub template: String,
    /// Arguments of the template.
    pub args: Vec<(&'static str, String)>,
    /// The whole text.
    pub text: String,
}

/// What a text may speak of.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The matter.
    pub number: MatterNumber,
    /// The day.
    pub due: Option<Date>,
    /// Address that leads to it.
    pub link: Option<&'a str>,
}

/// A day as people say it.
pub fn day(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}月{}日", date.month(), date.day()),
        Lang::En => date.to_string(),
    }
}

/// Key of the text of a kind: `-by` speaks of a day.
fn key(place: &str, kind: Kind, due: Option<Date>) -> String {
    let by = matches!(kind, Kind::Missing | Kind::Waiting | Kind::DueSoon) && due.is_some();
    format!("notice-{place}-{kind}{}", if by { "-by" } else { "" })
}

fn say(words: &Words, lang: Lang, template: String, args: Vec<(&'static str, String)>) -> Said {
    let given: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = words.get(lang, &template, &given);
    Said { template, args, text }
}

/// A short message, without signature.
pub fn short(words: &Words, lang: Lang, kind: Kind, wording: Wording, about: &About<'_>) -> Said {
    if wording != Wording::Normal {
        return say(words, lang, "notice-sms-neutral".to_owned(), Vec::new());
    }
    let template = key("sms", kind, about.due);
    let mut args = vec![("number", about.number.grouped())];
    if let Some(due) = about.due.filter(|_| template.ends_with("-by")) {
        args.push(("due", day(lang, due)));
    }
    let mut said = say(words, lang, template, args);
    if let Some(link) = about.link {
        let tail = words.get(lang, "notice-sms-link", &[("link", link)]);
        said.text = format!("{} {tail}", said.text);
        said.args.push(("link", link.to_owned()));
    }
    said
}

/// Subject and text of a mail: the words of the short message, and how to reach a person.
pub fn mail(words: &Words, lang: Lang, kind: Kind, wording: Wording, about: &About<'_>) -> (String, String) {
    let text = short(words, lang, kind, wording, about).text;
    if wording != Wording::Normal {
        return (words.get(lang, "notice-mail-subject-neutral", &[]), text);
    }
    let foot = words.get(lang, "notice-mail-foot", &[]);
    (words.get(lang, "notice-mail-subject", &[]), format!("{text}\n\n{foot}"))
}

/// What stands in an inbox: for the person, or for those who serve.
pub fn inside(words: &Words, lang: Lang, kind: Kind, staff: bool, due: Option<Date>) -> String {
    let place = if staff { "staff" } else { "inbox" };
    let template = key(place, kind, due.filter(|_| !staff || kind == Kind::DueSoon));
    let due = due.map(|due| day(lang, due)).unwrap_or_default();
    words.get(lang, &template, &[("due", &due)])
}

/// Text as a small page: paragraphs, nothing else. Everything that could be markup is escaped.
pub fn as_html(lang: Lang, text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraphs = escaped.split("\n\n").collect::<Vec<_>>().join("</p><p>");
    format!("<!doctype html><html lang=\"{lang}\"><body><p>{paragraphs}</p></body></html>")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a bystander must not read in any message that leaves the house.
    const NEVER: &[&str] = &[
        "法律援助",
        "援助",
        "家暴",
        "家庭暴力",
        "离婚",
        "律师",
        "调解",
        "矫正",
        "强制",
        "刑",
        "犯罪",
        "投诉",
        "拖欠",
        "legal aid",
        "violence",
        "divorce",
        "lawyer",
        "mediation",
        "criminal",
        "complaint",
        "wage",
    ];
    /// And, where somebody asked for care, not even from whom it comes or what it is.
    const NOT_IN_NEUTRAL: &[&str] =
        &["法", "司", "办件", "12348", "惠", "http", "law", "legal", "justice", "case", "matter", "Huifa"];

    fn number() -> MatterNumber {
        MatterNumber::new("371502".parse().unwrap(), 2026, 42).unwrap()
    }

    fn due() -> Date {
        "2026-12-05".parse().unwrap()
    }

    #[test]
    fn no_message_outside_says_what_the_matter_is_about_or_names_an_item_or_a_person() {
        let words = Words::embedded().unwrap();
        let catalog = catalog::Catalog::embedded().unwrap();
        let names: Vec<String> = catalog
            .items()
            .flat_map(|item| [item.name.zh.clone(), item.name.en.clone()])
            .filter(|name| !name.is_empty())
            .collect();
        assert!(names.len() > 10);
        for lang in Lang::ALL {
            for kind in Kind::ALL.iter().filter(|kind| kind.goes_out()) {
                for due in [None, Some(due())] {
                    let link = "https://example.cn/n/abcdefghijklmnopqrstuv";
                    let about = About { number: number(), due, link: Some(link) };
                    let said = short(&words, *lang, *kind, Wording::Normal, &about);
                    let (subject, body) = mail(&words, *lang, *kind, Wording::Normal, &about);
                    for text in [&said.text, &subject, &body] {
                        assert!(!text.contains('[') && !text.contains('{'), "{text}");
                        let low = text.to_lowercase();
                        for word in NEVER.iter().copied().chain(names.iter().map(String::as_str)) {
                            assert!(!low.contains(&word.to_lowercase()), "{kind} says {word}: {text}");
                        }
                        for name in words.needs(&said.template) {
                            assert!(["number", "due"].contains(&name.as_str()), "{kind} speaks of {name}");
                        }
                    }
                    // Two parts of a long short message at most.
                    let most = if *lang == Lang::Zh { 134 } else { 300 };
                    assert!(said.text.chars().count() <= most, "{}", said.text);
                }
            }
        }
    }

    #[test]
    fn a_neutral_message_tells_a_bystander_nothing() {
        let words = Words::embedded().unwrap();
        for lang in Lang::ALL {
            for kind in Kind::ALL.iter().filter(|kind| kind.goes_out()) {
                let about = About { number: number(), due: Some(due()), link: None };
                let said = short(&words, *lang, *kind, Wording::Neutral, &about).text;
                let (subject, body) = mail(&words, *lang, *kind, Wording::Neutral, &about);
                for text in [said, subject, body] {
                    assert!(!text.is_empty() && !text.contains('['), "{text}");
                    let low = text.to_lowercase();
                    for word in NEVER.iter().chain(NOT_IN_NEUTRAL) {
                        assert!(!low.contains(&word.to_lowercase()), "neutral says {word}: {text}");
                    }
                    assert!(!text.chars().any(|letter| letter.is_ascii_digit()), "{text}");
                }
            }
        }
    }

    #[test]
    fn everything_told_inside_has_its_words() {
        let words = Words::embedded().unwrap();
        for lang in Lang::ALL {
            for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Call) {
                for due in [None, Some(due())] {
                    let text = inside(&words, *lang, *kind, false, due);
                    assert!(!text.contains('[') && !text.contains('{'), "{text}");
                }
            }
            for kind in [Kind::Assigned, Kind::DueSoon, Kind::Call] {
                for due in [None, Some(due())] {
                    let text = inside(&words, *lang, kind, true, due);
                    assert!(!text.contains('[') && !text.contains('{'), "{text}");
                }
            }
        }
    }

    #[test]
    fn nothing_in_a_mail_becomes_markup() {
        let html = as_html(Lang::Zh, "a <b> & \"c\"\n\nd");
        assert!(html.contains("<p>a &lt;b&gt; &amp; &quot;c&quot;</p><p>d</p>"), "{html}");
    }
}
