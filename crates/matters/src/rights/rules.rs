//! How long something is kept, and whether it may go now. Pure.

use catalog::parameters::{Parameter, Parameters};
use jiff::Span;
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::period::Unit;

use super::model::{Kept, Wait};

/// The class of an item and the row that governs it at a place on a day: the longest beginning of the item's id
/// that has a row, else `general`.
pub fn class_rule<'a>(
    parameters: &'a Parameters,
    item: &str,
    area: AreaCode,
    day: Date,
) -> Option<(String, &'a Parameter)> {
    let mut class = item;
    loop {
        let row = parameters.governing(&format!("retention.{class}"), Some(area), day);
        if let Some(row) = row.filter(|row| row.count.is_some() && row.unit.is_some()) {
            return Some((class.to_owned(), row));
        }
        class = match class.rsplit_once('.') {
            Some((wider, _)) => wider,
            None if class != "general" => "general",
            None => return None,
        };
    }
}

/// The last day something that ended on a day must be kept by a row; the end of time when that lies beyond.
pub fn kept_until(ended: Date, row: &Parameter) -> Date {
    let count = i64::from(row.count.unwrap_or(u32::MAX));
    let span = match row.unit {
        Some(Unit::Year) => Span::new().try_years(count),
        Some(Unit::Month) => Span::new().try_months(count),
        Some(Unit::Day) => Span::new().try_days(count),
        // Keeping is told in days, months and years; whatever else stands there keeps for ever.
        _ => return Date::MAX,
    };
    span.and_then(|span| ended.checked_add(span)).unwrap_or(Date::MAX)
}

/// How long a matter of an item that ended on a day is kept, by the rows of today.
pub fn kept(parameters: &Parameters, item: &str, area: AreaCode, ended: Date, today: Date) -> Option<Kept> {
    let (class, row) = class_rule(parameters, item, area, today)?;
    Some(Kept { class, rule: row.id.clone(), until: kept_until(ended, row) })
}

/// The earliest day that lines of the access log of today may go: by the office's row, never before the law's.
pub fn least_kept(parameters: &Parameters, today: Date) -> Option<Date> {
    let back = |id: &str| {
        let row = parameters.governing(id, None, today)?;
        let count = -i64::from(row.count?);
        let span = match row.unit? {
            Unit::Year => Span::new().try_years(count),
            Unit::Month => Span::new().try_months(count),
            Unit::Day => Span::new().try_days(count),
            Unit::Workday | Unit::Hour => return None,
        };
        span.and_then(|span| today.checked_add(span)).ok()
    };
    // Without the law's row nothing goes: a catalogue that lost it must not shorten anything.
    Some(back("retention.access-log")?.min(back("retention.log-least")?))
}

/// What stands against erasing now; the first that does.
pub fn waits(
    ended: bool,
    open_work: bool,
    held_until: Option<Date>,
    kept: Option<&Kept>,
    today: Date,
) -> Option<Wait> {
    if !ended {
        return Some(Wait::Open);
    }
    if open_work {
        return Some(Wait::Work);
    }
    if let Some(day) = held_until.filter(|day| *day >= today) {
        return Some(Wait::Held(day));
    }
    match kept {
        None => Some(Wait::NoRule),
        Some(kept) if kept.until >= today => Some(Wait::Kept(kept.until)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::parameters::ParametersFile;
    use jiff::civil::date;

    const ROWS: &str = r#"
        [[parameter]]
        id = "retention.general"
        kind = "promise"
        count = 5
        unit = "year"
        effective_from = "2022-01-01"
        verified = false
        source = "test"
        [[parameter]]
        id = "retention.legal-aid"
        kind = "promise"
        count = 10
        unit = "year"
        effective_from = "2022-01-01"
        verified = false
        source = "test"
        [[parameter]]
        id = "retention.legal-aid"
        area = "371500000000"
        kind = "promise"
        count = 30
        unit = "year"
        effective_from = "2025-01-01"
        verified = false
        source = "test"
        [[parameter]]
        id = "retention.access-log"
        kind = "promise"
        count = 1
        unit = "month"
        effective_from = "2022-01-01"
        verified = false
        source = "test"
        [[parameter]]
        id = "retention.log-least"
        kind = "statutory"
        count = 6
        unit = "month"
        law = "网络安全法"
        article = "第二十三条"
        effective_from = "2017-06-01"
        verified = true
        source = "test"
    "#;

    fn rows() -> Parameters {
        Parameters::new(toml::from_str::<ParametersFile>(ROWS).unwrap().parameter)
    }

    #[test]
    fn the_class_is_the_longest_beginning_of_the_item_and_the_nearest_place_says_how_long() {
        let rows = rows();
        let (here, elsewhere) = ("371502".parse().unwrap(), "110101".parse().unwrap());
        for (item, area, day, class, count) in [
            ("legal-aid.civil", elsewhere, date(2026, 1, 1), "legal-aid", 10),
            ("legal-aid.civil", here, date(2026, 1, 1), "legal-aid", 30),
            ("legal-aid.civil", here, date(2024, 1, 1), "legal-aid", 10),
            ("consultation.text", here, date(2026, 1, 1), "general", 5),
        ] {
            let (found, row) = class_rule(&rows, item, area, day).unwrap();
            assert_eq!((found.as_str(), row.count), (class, Some(count)), "{item} {day}");
        }
        assert!(class_rule(&rows, "legal-aid.civil", here, date(2020, 1, 1)).is_none());
    }

    #[test]
    fn years_end_on_the_corresponding_day_and_a_leap_day_on_the_last_of_february() {
        let rows = rows();
        let general = rows.governing("retention.general", None, date(2026, 1, 1)).unwrap();
        assert_eq!(kept_until(date(2026, 11, 20), general), date(2031, 11, 20));
        assert_eq!(kept_until(date(2024, 2, 29), general), date(2029, 2, 28));
        assert_eq!(kept_until(date(9998, 1, 1), general), Date::MAX);
    }

    #[test]
    fn what_stands_against_erasing_is_told_in_order() {
        let today = date(2026, 11, 20);
        let kept = |until| Kept { class: "general".into(), rule: "retention.general".into(), until };
        let (up, not_up) = (kept(date(2026, 11, 19)), kept(today));
        for (ended, work, held, kept, expected) in [
            (false, true, Some(today), Some(&up), Some(Wait::Open)),
            (true, true, Some(today), Some(&up), Some(Wait::Work)),
            (true, false, Some(today), Some(&not_up), Some(Wait::Held(today))),
            (true, false, Some(date(2026, 11, 19)), Some(&not_up), Some(Wait::Kept(today))),
            (true, false, None, None, Some(Wait::NoRule)),
            (true, false, None, Some(&up), None),
        ] {
            assert_eq!(waits(ended, work, held, kept, today), expected);
        }
    }

    #[test]
    fn a_log_is_never_shorter_than_the_law_says() {
        assert_eq!(least_kept(&rows(), date(2026, 11, 20)), Some(date(2026, 5, 20)));
        assert_eq!(least_kept(&Parameters::default(), date(2026, 11, 20)), None);
    }
}
