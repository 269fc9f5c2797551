//! What must hold for every date, count, pause and number.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kernel::area::AreaCode;
use kernel::calendar::Calendar;
use kernel::clock::{ClockLog, ClockOp, Limit, LimitKind, YellowShare};
use kernel::identity::{Id18, Uscc, org_check_digit, resident_check_digit, uscc_check_digit};
use kernel::money::Fen;
use kernel::number::MatterNumber;
use kernel::period::{Period, Unit};
use kernel::time::{Instant, at_beijing};
use proptest::prelude::*;

/// The official days once more, read and counted in the plainest way: a list of dates and day-by-day steps.
mod slow {
    use super::*;

    pub struct Slow {
        off: Vec<String>,
        work: Vec<String>,
    }

    impl Slow {
        pub fn read() -> Self {
            let lines = include_str!("../data/calendar_cn.csv").lines();
            let (mut off, mut work) = (Vec::new(), Vec::new());
            for line in lines.filter(|line| line.starts_with("20")) {
                let list = if line.contains("makeup") { &mut work } else { &mut off };
                list.push(line[..10].to_owned());
            }
            Self { off, work }
        }

        pub fn works(&self, day: Date) -> bool {
            let name = day.to_string();
            if self.off.contains(&name) {
                return false;
            }
            // Zeller's congruence instead of the library's weekday: 0 is Saturday, 1 is Sunday.
            let (mut y, mut m, d) = (i32::from(day.year()), i32::from(day.month()), i32::from(day.day()));
            if m < 3 {
                m += 12;
                y -= 1;
            }
            let weekday = (d + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400).rem_euclid(7);
            weekday > 1 || self.work.contains(&name)
        }

        fn next(day: Date) -> Date {
            let (y, m, d) = (day.year(), day.month(), day.day());
            if d < Self::last(y, m) {
                date(y, m, d + 1)
            } else if m < 12 {
                date(y, m + 1, 1)
            } else {
                date(y + 1, 1, 1)
            }
        }

        fn last(year: i16, month: i8) -> i8 {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
                [usize::try_from(month - 1).unwrap()]
        }

        /// (raw, due)
        pub fn due(&self, start: Date, count: u32, unit: Unit) -> (Date, Date) {
            let mut raw = start;
            match unit {
                Unit::Day => (0..count).for_each(|_| raw = Self::next(raw)),
                Unit::Workday => {
                    let mut left = count;
                    while left > 0 {
                        raw = Self::next(raw);
                        if self.works(raw) {
                            left -= 1;
                        }
                    }
                    return (raw, raw);
                }
                Unit::Month | Unit::Year => {
                    let months = i32::try_from(if unit == Unit::Year { count * 12 } else { count }).unwrap();
                    let index = i32::from(start.year()) * 12 + i32::from(start.month()) - 1 + months;
                    let (year, month) =
                        (i16::try_from(index / 12).unwrap(), i8::try_from(index % 12 + 1).unwrap());
                    raw = date(year, month, start.day().min(Self::last(year, month)));
                }
                Unit::Hour => unreachable!("hours are no days"),
            }
            let mut due = raw;
            while !self.works(due) {
                due = Self::next(due);
            }
            (raw, due)
        }
    }
}

fn day() -> impl Strategy<Value = Date> {
    (0_i64..3287).prop_map(|offset| date(2018, 1, 1) + offset.days())
}

fn unit() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Day), Just(Unit::Workday), Just(Unit::Month), Just(Unit::Year)]
}

fn due(start: Date, count: u32, unit: Unit) -> Date {
    Period::new(count, unit).unwrap().due(start, Calendar::official()).unwrap().due
}

fn limit(count: u32, unit: Unit) -> Limit {
    let id = "test".to_owned();
    Limit {
        id,
        area: None,
        count,
        unit,
        roll: None,
        kind: LimitKind::Statutory,
        law: None,
        article: None,
        verified: true,
    }
}

fn morning(day: Date) -> Instant {
    at_beijing(day.at(9, 30, 0, 0))
}

fn clock_due(log: &ClockLog, count: u32, unit: Unit) -> (Date, Instant) {
    let found = log.replay(&[limit(count, unit)], Calendar::official(), YellowShare::USUAL).unwrap();
    assert!(found.started <= found.yellow_at() && found.yellow_at() <= found.red_at());
    (found.due().due, found.yellow_at())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_thousand_dates_agree_with_the_slow_way(start in day(), count in 1_u32..70, unit in unit()) {
        let count = if unit == Unit::Year { count % 9 + 1 } else { count };
        let found = Period::new(count, unit).unwrap().due(start, Calendar::official()).unwrap();
        prop_assert_eq!((found.raw, found.due), slow::Slow::read().due(start, count, unit));
    }

    #[test]
    fn a_longer_period_never_ends_earlier(start in day(), count in 1_u32..200, unit in unit()) {
        let count = if unit == Unit::Year { count % 50 + 1 } else { count };
        prop_assert!(due(start, count, unit) <= due(start, count + 1, unit));
        prop_assert!(due(start, count, unit) <= due(start + 1.day(), count, unit));
        prop_assert!(start < due(start, count, unit));
    }

    #[test]
    fn every_period_ends_on_a_working_day(start in day(), count in 1_u32..200, unit in unit()) {
        let count = if unit == Unit::Year { count % 50 + 1 } else { count };
        prop_assert!(Calendar::official().is_working(due(start, count, unit)));
    }

    #[test]
    fn a_working_period_spans_exactly_its_working_days(start in day(), count in 1_u32..300) {
        let end = due(start, count, Unit::Workday);
        prop_assert_eq!(Calendar::official().count_workdays(start + 1.day(), end), count);
    }

    #[test]
    fn a_clock_without_pauses_is_its_period(start in day(), count in 1_u32..100, unit in unit()) {
        let count = if unit == Unit::Year { count % 9 + 1 } else { count };
        prop_assert_eq!(clock_due(&ClockLog::started(morning(start)), count, unit).0, due(start, count, unit));
    }

    #[test]
    fn a_pause_never_makes_it_earlier(
        start in day(), count in 1_u32..60, unit in unit(), stops in proptest::collection::vec((0_i64..20, 0_i64..20), 1..4),
    ) {
        let count = if unit == Unit::Year { count % 3 + 1 } else { count };
        let mut log = ClockLog::started(morning(start));
        let mut before = clock_due(&log, count, unit);
        let mut day = start;
        for (run, stand) in stops {
            day += run.days();
            log.push(morning(day), ClockOp::Pause).unwrap();
            prop_assert_eq!(clock_due(&log, count, unit).0, before.0, "a pause alone moves nothing");
            day += stand.days();
            log.push(morning(day), ClockOp::Resume).unwrap();
            let after = clock_due(&log, count, unit);
            prop_assert!(after.0 >= before.0, "{} then {}", before.0, after.0);
            if stand == 0 {
                prop_assert_eq!(after.0, before.0, "a pause of no day costs no day");
            }
            before = after;
        }
    }

    #[test]
    fn an_extension_never_makes_it_earlier(start in day(), count in 1_u32..60, unit in unit(), more in 1_u32..30, with in unit()) {
        let (count, more) = (count % 20 + 1, if with == Unit::Year { 1 } else { more });
        let mut log = ClockLog::started(morning(start));
        let before = clock_due(&log, count, unit).0;
        log.push(morning(start), ClockOp::Extend { count: more, unit: with, limit: None }).unwrap();
        prop_assert!(clock_due(&log, count, unit).0 >= before);
    }

    #[test]
    fn money_reads_back(fen in any::<i32>()) {
        let fen = Fen(i64::from(fen));
        prop_assert_eq!(fen.to_string().parse(), Ok(fen));
    }

    #[test]
    fn a_matter_number_catches_every_wrong_digit(seq in 0_u32..10_000_000, year in 2020_i16..2099, place in 0_usize..16, by in 1_u8..10) {
        let number = MatterNumber::new("371502".parse().unwrap(), year, seq).unwrap();
        let mut digits = number.to_string().into_bytes();
        digits[place] = (digits[place] - b'0' + by) % 10 + b'0';
        prop_assert!(String::from_utf8(digits).unwrap().parse::<MatterNumber>().is_err());
    }

    #[test]
    fn an_identity_number_catches_every_wrong_digit_and_swap(seq in 0_u32..1000, place in 0_usize..17, by in 1_u8..10) {
        let body = format!("37150219900101{seq:03}");
        let check = resident_check_digit(&body).unwrap();
        let mut wrong = body.clone().into_bytes();
        wrong[place] = (wrong[place] - b'0' + by) % 10 + b'0';
        prop_assert_ne!(resident_check_digit(&String::from_utf8(wrong).unwrap()), Some(check));
        let mut swapped = body.clone().into_bytes();
        if place < 16 && swapped[place] != swapped[place + 1] {
            swapped.swap(place, place + 1);
            prop_assert_ne!(resident_check_digit(&String::from_utf8(swapped).unwrap()), Some(check));
        }
        let today = date(2026, 11, 21);
        let whole = format!("{body}{check}");
        prop_assert!(Id18::parse(&whole, today).is_ok());
    }

    #[test]
    fn a_credit_code_catches_every_wrong_character(body in "9137150[0-9][0-9A-HJ-NPQRTUWXY]{9}", place in 8_usize..17, other in "[0-9A-HJ-NPQRTUWXY]") {
        let check = uscc_check_digit(&body).unwrap();
        let whole = format!("{body}{check}");
        prop_assert!(Uscc::parse(&whole).is_ok());
        let mut wrong = body.clone();
        wrong.replace_range(place..=place, &other);
        prop_assert_eq!(uscc_check_digit(&wrong) == Some(check), wrong == body);
    }

    #[test]
    fn texts_never_panic(text in "\\PC{0,24}") {
        let today = date(2026, 11, 21);
        let _ = (Id18::parse(&text, today), Uscc::parse(&text), org_check_digit(&text), text.parse::<MatterNumber>());
        let _ = (text.parse::<AreaCode>(), text.parse::<Fen>(), text.parse::<Instant>(), kernel::number::QueryCode::normalise(&text));
        let _ = (kernel::identity::Phone::parse(&text), kernel::identity::OrgCode::parse(&text), kernel::identity::Id15::parse(&text));
    }

    #[test]
    fn an_area_lies_in_every_area_above_it(county in 0_i64..99, town in 0_i64..999, village in 0_i64..999) {
        let code = 371_500_000_000 + county * 1_000_000 + town * 1_000 + village;
        if let Ok(area) = AreaCode::from_i64(code) {
            for above in area.upwards() {
                prop_assert!(above.contains(area));
                prop_assert_eq!(above.to_string().parse(), Ok(above));
            }
            prop_assert_eq!(area.upwards().last(), Some("37".parse().unwrap()));
        }
    }
}

#[test]
fn swapped_neighbours_in_a_matter_number_are_nearly_always_caught() {
    // ISO 7064 MOD 11,10 is a hybrid system: it misses a few swaps; people are told to read in fours.
    let (mut tried, mut missed) = (0_u32, 0_u32);
    for seq in (0..10_000_000).step_by(997) {
        let digits =
            MatterNumber::new("371502".parse().unwrap(), 2026, seq).unwrap().to_string().into_bytes();
        for place in 0..15 {
            let mut swapped = digits.clone();
            if swapped[place] != swapped[place + 1] {
                swapped.swap(place, place + 1);
                tried += 1;
                missed += u32::from(String::from_utf8(swapped).unwrap().parse::<MatterNumber>().is_ok());
            }
        }
    }
    assert!(tried > 100_000 && missed * 100 < tried * 3, "{missed} of {tried} missed");
}
