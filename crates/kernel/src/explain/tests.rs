//! Sentences about periods, word for word.

use jiff::civil::date;

use super::*;
use crate::calendar::Calendar;
use crate::time::Instant;

fn explain(start: impl Into<Start>, count: u32, unit: Unit) -> Explanation {
    Period::new(count, unit).unwrap().due(start, Calendar::official()).unwrap().explanation
}

#[test]
fn a_rolled_day_is_explained() {
    let told = explain(date(2026, 9, 23), 3, Unit::Day).by_law("法律援助法", Some("43".into()));
    assert_eq!(
        told.sentence(Lang::Zh),
        "自2026年9月23日的次日起算（当日不计入），3日，至2026年9月26日；9月26日至9月27日（中秋放假）为休息日，\
         顺延至2026年9月28日24时届满。依据：《法律援助法》第四十三条。"
    );
    assert_eq!(
        told.sentence(Lang::En),
        "Counted from 2026-09-23 (that day not included): 3 days, to 2026-09-26; 2026-09-26 to \
         2026-09-27 (Mid-Autumn Festival) being days off, it rolls on to 2026-09-28 at 24:00. Basis: 《法律援助法》, art. 43."
    );
}

#[test]
fn what_was_not_read_is_never_called_law() {
    let told = explain(date(2026, 9, 7), 5, Unit::Day).by_unverified("程序规定", Some("27".into()));
    assert!(
        told.sentence(Lang::Zh)
            .ends_with("期限待核：据称出自《程序规定》第二十七条，原文尚未核对，不作为法律依据。")
    );
    assert!(told.sentence(Lang::En).contains("To be verified: said to stand in 《程序规定》, art. 27"));
    assert!(!told.sentence(Lang::Zh).contains("依据："));
}

#[test]
fn working_days_name_holidays_and_make_up_days() {
    assert_eq!(
        explain(date(2026, 9, 29), 5, Unit::Workday).sentence(Lang::Zh),
        "自2026年9月29日的次日起算（当日不计入），5个工作日，其间10月1日至10月7日（国庆节放假）、10月11日（周日）不计，\
         10月10日（周六，国庆节调休上班）照常计入，至2026年10月12日24时届满。"
    );
}

#[test]
fn long_periods_count_weekends_and_years_without_data_are_named() {
    let told = explain(date(2026, 12, 1), 60, Unit::Workday).sentence(Lang::Zh);
    assert!(told.contains("周末24天不计"), "{told}");
    assert!(told.contains("2027年放假安排尚无官方数据"), "{told}");
    let told = explain(date(2026, 12, 1), 60, Unit::Workday).sentence(Lang::En);
    assert!(told.contains("24 weekend days") && told.contains("no official holiday data for 2027"), "{told}");
}

#[test]
fn articles_are_numbered_as_laws_number_them() {
    for (number, words) in [
        ("8", "八"),
        ("10", "十"),
        ("12", "十二"),
        ("43", "四十三"),
        ("100", "一百"),
        ("103", "一百零三"),
        ("110", "一百一十"),
        ("203", "二百零三"),
        ("1045", "一千零四十五"),
        ("1260", "一千二百六十"),
        ("1005", "一千零五"),
    ] {
        assert_eq!(numeral_zh(number), words);
    }
}

#[test]
fn hours_are_told_to_the_minute() {
    let at: Instant = "2026-05-01T16:30:00+08:00".parse().unwrap();
    assert_eq!(
        explain(at, 24, Unit::Hour).sentence(Lang::Zh),
        "自2026年5月1日16时30分起，24小时，不因休息日中断，至2026年5月2日16时30分届满。"
    );
}
