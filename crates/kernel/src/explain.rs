//! The sentence behind a date: from when, how many of what, which days were skipped and why, by which article.

use jiff::civil::{Date, Weekday};

use crate::calendar::{Why, festival_in_english};
use crate::lang::Lang;
use crate::period::{Period, Roll, Skipped, Start, Unit};
use crate::time::Instant;

/// Everything that is said about how a date came about. Made with a [`crate::period::Due`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    start: Start,
    period: Period,
    raw: Date,
    due: Date,
    due_at: Option<Instant>,
    skipped: Vec<Skipped>,
    made_up: Vec<(Date, String)>,
    unknown_years: Vec<i16>,
    source: Option<Source>,
    suspensions: Vec<(Date, Option<Date>)>,
    extensions: Vec<(u32, Unit)>,
}

/// Where the length of a period comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Law { law: String, article: Option<String> },
    Unverified { law: String, article: Option<String> },
    Promise,
}

/// Weekends beyond this many groups are counted instead of listed.
const LISTED_GROUPS: usize = 4;

#[expect(clippy::format_push_string, reason = "a sentence is put together as it is read; no hot path")]
impl Explanation {
    pub(crate) fn of(start: Start, period: Period) -> Self {
        let day = start.date();
        Self {
            start,
            period,
            raw: day,
            due: day,
            due_at: None,
            skipped: Vec::new(),
            made_up: Vec::new(),
            unknown_years: Vec::new(),
            source: None,
            suspensions: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn ending(self, raw: Date, due: Date, due_at: Instant) -> Self {
        Self { raw, due, due_at: Some(due_at), ..self }
    }

    pub(crate) fn looked_at(
        self,
        skipped: &[Skipped],
        made_up: Vec<(Date, String)>,
        unknown_years: Vec<i16>,
    ) -> Self {
        Self { skipped: skipped.to_vec(), made_up, unknown_years, ..self }
    }

    pub(crate) fn suspended(
        self,
        suspensions: Vec<(Date, Option<Date>)>,
        extensions: Vec<(u32, Unit)>,
    ) -> Self {
        Self { suspensions, extensions, ..self }
    }

    /// Names the law and article the length comes from.
    #[must_use]
    pub fn by_law(self, law: impl Into<String>, article: Option<String>) -> Self {
        Self { source: Some(Source::Law { law: law.into(), article }), ..self }
    }

    /// Names a law whose text in force was not read: told as to be verified (待核), never as law.
    #[must_use]
    pub fn by_unverified(self, law: impl Into<String>, article: Option<String>) -> Self {
        Self { source: Some(Source::Unverified { law: law.into(), article }), ..self }
    }

    /// Says that the length is the office's own promise.
    #[must_use]
    pub fn by_promise(self) -> Self {
        Self { source: Some(Source::Promise), ..self }
    }

    /// The sentence in a language.
    pub fn sentence(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.chinese(),
            Lang::En => self.english(),
        }
    }

    fn chinese(&self) -> String {
        let mut text = match (self.period.unit(), self.start) {
            (Unit::Hour, Start::At(at)) => format!("自{}起，", moment_zh(at)),
            _ => format!("自{}的次日起算（当日不计入），", full_zh(self.start.date())),
        };
        text += &amount_zh(self.period.count(), self.period.unit());
        for (count, unit) in &self.extensions {
            text += &format!("，延长{}", amount_zh(*count, *unit));
        }
        for (from, to) in &self.suspensions {
            text += &match to {
                Some(to) => format!("，{}至{}中止不计", full_zh(*from), full_zh(*to)),
                None => format!("，{}起中止至今，恢复后续算", full_zh(*from)),
            };
        }
        let days = list_zh(&self.skipped, self.year());
        if self.period.unit() == Unit::Hour {
            let end = self.due_at.map(moment_zh).unwrap_or_default();
            text += &format!("，不因休息日中断，至{end}届满。");
        } else if self.raw == self.due {
            if !days.is_empty() {
                text += &format!("，其间{days}不计");
            }
            if !self.made_up.is_empty() {
                let list: Vec<String> =
                    self.made_up.iter().map(|(date, festival)| self.made_up_zh(*date, festival)).collect();
                text += &format!("，{}照常计入", list.join("、"));
            }
            text += &format!("，至{}24时届满。", full_zh(self.due));
        } else {
            text +=
                &format!("，至{}；{days}为休息日，顺延至{}24时届满。", full_zh(self.raw), full_zh(self.due));
        }
        if self.period.roll() == Roll::Stay && !matches!(self.period.unit(), Unit::Workday | Unit::Hour) {
            text += "末日遇休息日不顺延。";
        }
        if !self.unknown_years.is_empty() {
            let years: Vec<String> = self.unknown_years.iter().map(|year| format!("{year}年")).collect();
            text += &format!("{}放假安排尚无官方数据，暂按周末推算，公布后重算。", years.join("、"));
        }
        match &self.source {
            Some(Source::Law { law, article }) => {
                text += &format!("依据：{}{}。", title_zh(law), article_zh(article.as_deref()));
            }
            Some(Source::Unverified { law, article }) => {
                let place = format!("{}{}", title_zh(law), article_zh(article.as_deref()));
                text += &format!("期限待核：据称出自{place}，原文尚未核对，不作为法律依据。");
            }
            Some(Source::Promise) => text += "依据：本机构承诺时限。",
            None => {}
        }
        text
    }

    fn english(&self) -> String {
        let mut text = match (self.period.unit(), self.start) {
            (Unit::Hour, Start::At(at)) => format!("From {}: ", moment_en(at)),
            _ => format!("Counted from {} (that day not included): ", self.start.date()),
        };
        text += &amount_en(self.period.count(), self.period.unit());
        for (count, unit) in &self.extensions {
            text += &format!(", extended by {}", amount_en(*count, *unit));
        }
        for (from, to) in &self.suspensions {
            text += &match to {
                Some(to) => format!(", suspended from {from} to {to}"),
                None => format!(", suspended since {from} and counted on when resumed"),
            };
        }
        let days = list_en(&self.skipped);
        if self.period.unit() == Unit::Hour {
            let end = self.due_at.map(moment_en).unwrap_or_default();
            text += &format!(", running through days off, to {end}.");
        } else if self.raw == self.due {
            if !days.is_empty() {
                text += &format!(", without {days}");
            }
            if !self.made_up.is_empty() {
                let list: Vec<String> =
                    self.made_up.iter().map(|(date, _)| format!("{date} ({})", weekday_en(*date))).collect();
                text += &format!(", counting the make-up working days {}", list.join(", "));
            }
            text += &format!(", ending on {} at 24:00.", self.due);
        } else {
            text +=
                &format!(", to {}; {days} being days off, it rolls on to {} at 24:00.", self.raw, self.due);
        }
        if self.period.roll() == Roll::Stay && !matches!(self.period.unit(), Unit::Workday | Unit::Hour) {
            text += " A last day that is a day off does not roll on.";
        }
        if !self.unknown_years.is_empty() {
            let years: Vec<String> = self.unknown_years.iter().map(ToString::to_string).collect();
            text += &format!(
                " There is no official holiday data for {}: counted by weekends for now, and again when it is published.",
                years.join(", ")
            );
        }
        match &self.source {
            Some(Source::Law { law, article }) => {
                text += &format!(" Basis: {}{}.", title_zh(law), article_en(article.as_deref()));
            }
            Some(Source::Unverified { law, article }) => {
                let place = format!("{}{}", title_zh(law), article_en(article.as_deref()));
                text += &format!(
                    " To be verified: said to stand in {place}; the text was not checked, so it is not given as law."
                );
            }
            Some(Source::Promise) => text += " Basis: the office's own promise.",
            None => {}
        }
        text
    }

    fn year(&self) -> i16 {
        self.start.date().year()
    }

    fn made_up_zh(&self, date: Date, festival: &str) -> String {
        format!("{}（{}，{festival}调休上班）", short_zh(date, self.year()), weekday_zh(date))
    }
}

/// Consecutive days with the same reason, e.g. a holiday of seven days.
struct Group<'a> {
    first: Date,
    last: Date,
    why: &'a Why,
}

fn groups(skipped: &[Skipped]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for Skipped { date, why } in skipped {
        match groups.last_mut() {
            Some(group) if group.last.tomorrow().is_ok_and(|next| next == *date) && alike(group.why, why) => {
                group.last = *date;
            }
            _ => groups.push(Group { first: *date, last: *date, why }),
        }
    }
    groups
}

fn alike(one: &Why, other: &Why) -> bool {
    match (one, other) {
        (Why::Weekend(_), Why::Weekend(_)) => true,
        (Why::Holiday { festival: a, .. }, Why::Holiday { festival: b, .. }) => a == b,
        _ => false,
    }
}

/// Holidays are always listed; weekends only while they are few.
fn split(skipped: &[Skipped]) -> (Vec<Group<'_>>, usize) {
    let all = groups(skipped);
    if all.len() <= LISTED_GROUPS {
        return (all, 0);
    }
    let weekend_days = skipped.iter().filter(|day| matches!(day.why, Why::Weekend(_))).count();
    (all.into_iter().filter(|group| matches!(group.why, Why::Holiday { .. })).collect(), weekend_days)
}

fn list_zh(skipped: &[Skipped], year: i16) -> String {
    let (listed, weekend_days) = split(skipped);
    let mut parts: Vec<String> = listed
        .iter()
        .map(|group| {
            let why = match group.why {
                Why::Weekend(_) if group.first != group.last => "周末".to_owned(),
                Why::Weekend(_) => weekday_zh(group.first).to_owned(),
                Why::Holiday { festival, .. } => format!("{festival}放假"),
            };
            if group.first == group.last {
                format!("{}（{why}）", short_zh(group.first, year))
            } else {
                format!("{}至{}（{why}）", short_zh(group.first, year), short_zh(group.last, year))
            }
        })
        .collect();
    if weekend_days > 0 {
        parts.push(format!("周末{weekend_days}天"));
    }
    parts.join("、")
}

fn list_en(skipped: &[Skipped]) -> String {
    let (listed, weekend_days) = split(skipped);
    let mut parts: Vec<String> = listed
        .iter()
        .map(|group| {
            let why = match group.why {
                Why::Weekend(_) if group.first != group.last => "weekend",
                Why::Weekend(_) => weekday_en(group.first),
                Why::Holiday { festival, .. } => festival_in_english(festival),
            };
            if group.first == group.last {
                format!("{} ({why})", group.first)
            } else {
                format!("{} to {} ({why})", group.first, group.last)
            }
        })
        .collect();
    if weekend_days > 0 {
        parts.push(format!("{weekend_days} weekend days"));
    }
    parts.join(", ")
}

fn full_zh(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn short_zh(date: Date, year: i16) -> String {
    if date.year() == year { format!("{}月{}日", date.month(), date.day()) } else { full_zh(date) }
}

fn moment_zh(at: Instant) -> String {
    let wall = at.civil();
    format!("{}{}时{:02}分", full_zh(wall.date()), wall.hour(), wall.minute())
}

fn moment_en(at: Instant) -> String {
    let wall = at.civil();
    format!("{} {:02}:{:02}", wall.date(), wall.hour(), wall.minute())
}

pub(crate) fn amount_zh(count: u32, unit: Unit) -> String {
    match unit {
        Unit::Day => format!("{count}日"),
        Unit::Workday => format!("{count}个工作日"),
        Unit::Month => format!("{count}个月"),
        Unit::Year => format!("{count}年"),
        Unit::Hour => format!("{count}小时"),
    }
}

pub(crate) fn amount_en(count: u32, unit: Unit) -> String {
    let word = match unit {
        Unit::Workday => "working day",
        other => other.as_str(),
    };
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn weekday_zh(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

fn weekday_en(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn title_zh(law: &str) -> String {
    if law.contains('《') { law.to_owned() } else { format!("《{law}》") }
}

/// Articles may be kept as a number or in the words of the text.
fn article_zh(article: Option<&str>) -> String {
    match article {
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("第{}条", numeral_zh(number))
        }
        Some(words) => words.to_owned(),
        None => String::new(),
    }
}

/// 43 → 四十三, as laws number their articles; beyond 9999 the digits stay.
fn numeral_zh(number: &str) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let value: usize = number.parse().unwrap_or(usize::MAX);
    if value == 0 || value > 9_999 {
        return number.to_owned();
    }
    let mut text = String::new();
    for (unit, word) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / unit % 10;
        if digit > 0 {
            text += DIGITS[digit];
            text += word;
        } else if !text.is_empty() && !value.is_multiple_of(unit) && !text.ends_with('零') {
            text += DIGITS[0];
        }
    }
    // 十二, not 一十二; but 一百一十二.
    text.strip_prefix("一十").map_or(text.clone(), |rest| format!("十{rest}"))
}

fn article_en(article: Option<&str>) -> String {
    match article {
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => format!(", art. {number}"),
        Some(words) => format!(" {words}"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
