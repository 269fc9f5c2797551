//! Opening hours in words, read: `工作日 8:30-12:00 13:30-17:30`, `每天 9:00-17:00`, `周一至周六 9:00-17:00`.

use jiff::civil::{Date, Time, time};
use kernel::calendar::Calendar;
use kernel::time::Instant;

/// Whether an office with these hours is open at this moment; nothing where the words cannot be read.
pub fn is_open(hours: &str, at: Instant, calendar: &Calendar) -> Option<bool> {
    let mut parts = hours.split([' ', '　', '，', ',', '、']).filter(|part| !part.is_empty());
    let is_day = works(parts.next()?, at.date(), calendar)?;
    let spans: Vec<(Time, Time)> = parts.map(span).collect::<Option<_>>()?;
    let now = at.civil().time();
    (!spans.is_empty()).then(|| is_day && spans.iter().any(|(from, to)| (*from..*to).contains(&now)))
}

/// Whether a day is one of those named.
fn works(days: &str, day: Date, calendar: &Calendar) -> Option<bool> {
    match days {
        "工作日" => return Some(calendar.is_working(day)),
        "每天" | "每日" | "全年" => return Some(true),
        _ => {}
    }
    let (first, last) = days.split_once(['至', '到'])?;
    let place = |word: &str| {
        let name = word.strip_prefix('周').or_else(|| word.strip_prefix("星期"))?;
        "一二三四五六日"
            .find(name)
            .filter(|_| name.chars().count() == 1)
            .and_then(|at| i8::try_from(at / 3).ok())
    };
    let today = day.weekday().to_monday_zero_offset();
    Some((place(first)?..=place(last)?).contains(&today))
}

fn span(text: &str) -> Option<(Time, Time)> {
    let (from, to) = text.split_once(['-', '–', '—', '~', '至'])?;
    let moment = |text: &str| {
        let (hour, minute) = text.split_once([':', '：'])?;
        let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then(|| time(hour, minute, 0, 0))
    };
    Some((moment(from)?, moment(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        kernel::time::at_beijing(text.parse().unwrap())
    }

    fn open(hours: &str, moment: &str) -> Option<bool> {
        is_open(hours, at(moment), Calendar::official())
    }

    #[test]
    fn working_days_follow_the_official_calendar() {
        let hours = "工作日 8:30-12:00 13:30-17:30";
        assert_eq!(open(hours, "2026-11-30T09:00:00"), Some(true));
        assert_eq!(open(hours, "2026-11-30T12:30:00"), Some(false));
        assert_eq!(open(hours, "2026-11-30T17:30:00"), Some(false));
        assert_eq!(open(hours, "2026-11-29T09:00:00"), Some(false), "a Sunday");
        assert_eq!(open(hours, "2026-10-01T09:00:00"), Some(false), "National Day");
    }

    #[test]
    fn other_words_are_read_and_unknown_ones_are_not_guessed() {
        assert_eq!(open("每天 9:00-17:00", "2026-11-29T09:00:00"), Some(true));
        assert_eq!(open("周一至周六 9:00-17:00", "2026-11-29T09:00:00"), Some(false));
        assert_eq!(open("周一至周六 9:00-17:00", "2026-11-28T09:00:00"), Some(true));
        for hours in
            ["", "以公告为准", "工作日", "工作日 上午", "周一至周八 9:00-10:00", "工作日 25:00-26:00"]
        {
            assert_eq!(open(hours, "2026-11-30T09:00:00"), None, "{hours}");
        }
    }
}
