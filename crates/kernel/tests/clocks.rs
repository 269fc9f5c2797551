//! Clocks replayed: pauses, extensions, several limits, lights.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use jiff::civil::{Date, date};
use kernel::calendar::Calendar;
use kernel::clock::{
    ClockFault, ClockLog, ClockOp, ClockState, Light, Limit, LimitKind, Replayed, YellowShare,
};
use kernel::lang::Lang;
use kernel::period::Unit;
use kernel::time::{Instant, at_beijing, end_of_day};

fn limit(count: u32, unit: Unit, kind: LimitKind) -> Limit {
    Limit {
        id: format!("{count}-{}", unit.as_str()),
        area: None,
        count,
        unit,
        roll: None,
        kind,
        law: None,
        article: None,
        verified: true,
    }
}

fn law(count: u32, unit: Unit) -> Limit {
    limit(count, unit, LimitKind::Statutory)
}

/// Ten in the morning of a day in 2026.
fn at(month: i8, day: i8) -> Instant {
    at_beijing(date(2026, month, day).at(10, 0, 0, 0))
}

fn log(ops: &[(Instant, ClockOp)]) -> ClockLog {
    let mut log = ClockLog::default();
    for (at, op) in ops {
        log.push(*at, op.clone()).unwrap();
    }
    log
}

fn paused(start: Instant, pause: Instant, resume: Instant) -> ClockLog {
    log(&[(start, ClockOp::Start), (pause, ClockOp::Pause), (resume, ClockOp::Resume)])
}

fn replay(log: &ClockLog, limits: &[Limit]) -> Replayed {
    log.replay(limits, Calendar::official(), YellowShare::USUAL).unwrap()
}

fn due(log: &ClockLog, limit: Limit) -> Date {
    replay(log, &[limit]).due().due
}

#[test]
fn working_days_before_the_pause_are_kept() {
    // Start Mon 2 March; 3, 4, 5 March are used; paused Thu 5th, resumed Tue 17th: two left, 18th and 19th.
    assert_eq!(due(&paused(at(3, 2), at(3, 5), at(3, 17)), law(5, Unit::Workday)), date(2026, 3, 19));
    // A pause over days off only costs nothing: paused Fri 6th, resumed Sun 8th.
    let plain = due(&log(&[(at(3, 2), ClockOp::Start)]), law(7, Unit::Workday));
    assert_eq!(due(&paused(at(3, 2), at(3, 6), at(3, 8)), law(7, Unit::Workday)), plain);
}

#[test]
fn calendar_days_move_by_the_paused_days_then_roll() {
    // 7 days from 2 March end on the 9th; 12 paused days move it to Sat 21st, which rolls to Mon 23rd.
    let found = replay(&paused(at(3, 2), at(3, 5), at(3, 17)), &[law(7, Unit::Day)]);
    assert_eq!((found.due().raw, found.due().due), (date(2026, 3, 21), date(2026, 3, 23)));
    let told = found.due().explanation.sentence(Lang::Zh);
    assert!(told.contains("2026年3月5日至2026年3月17日中止不计"), "{told}");
}

#[test]
fn months_become_the_days_remaining_at_the_pause() {
    // 1 month from 31 January ends on 28 February; 8 days remain on 20 February; from 2 March they end on the 10th.
    assert_eq!(due(&paused(at(1, 31), at(2, 20), at(3, 2)), law(1, Unit::Month)), date(2026, 3, 10));
}

#[test]
fn hours_run_through_a_pause() {
    let found = replay(&paused(at(5, 1), at(5, 1), at(5, 2)), &[law(24, Unit::Hour)]);
    assert_eq!(found.red_at(), at(5, 2));
    assert_eq!(found.state(at(5, 2)), ClockState::Missed);
}

#[test]
fn a_clock_paused_on_its_last_day_ends_on_the_day_it_resumes() {
    assert_eq!(due(&paused(at(3, 2), at(3, 9), at(3, 18)), law(5, Unit::Workday)), date(2026, 3, 18));
    assert_eq!(due(&paused(at(3, 2), at(3, 9), at(3, 18)), law(7, Unit::Day)), date(2026, 3, 18));
    // Resumed on a Saturday: the next working day.
    assert_eq!(due(&paused(at(3, 2), at(3, 9), at(3, 21)), law(5, Unit::Workday)), date(2026, 3, 23));
}

#[test]
fn stopping_a_clock_after_its_time_gives_none_back() {
    let late = paused(at(3, 2), at(3, 12), at(3, 20));
    for limit in [law(5, Unit::Workday), law(7, Unit::Day)] {
        let found = replay(&late, &[limit]);
        assert_eq!(found.due().due, date(2026, 3, 9));
        assert_eq!((found.state(at(3, 12)), found.paused_since()), (ClockState::Missed, None));
    }
}

#[test]
fn extensions_add_to_the_count_or_follow_it() {
    let extend =
        |count, unit, only: Option<&str>| ClockOp::Extend { count, unit, limit: only.map(Into::into) };
    let with = |op| log(&[(at(3, 2), ClockOp::Start), (at(3, 4), op)]);
    assert_eq!(due(&with(extend(3, Unit::Workday, None)), law(5, Unit::Workday)), date(2026, 3, 12));
    assert_eq!(due(&with(extend(30, Unit::Day, None)), law(60, Unit::Day)), date(2026, 6, 1));
    // 2 + 1 months from 31 December are 3 months, not 28 February plus one.
    let months = log(&[(at(1, 31), ClockOp::Start), (at(2, 1), extend(1, Unit::Month, None))]);
    assert_eq!(replay(&months, &[law(1, Unit::Month)]).due().raw, date(2026, 3, 31));
    // Five working days end on the 9th; two calendar days more on the 11th.
    assert_eq!(due(&with(extend(2, Unit::Day, None)), law(5, Unit::Workday)), date(2026, 3, 11));
    // Only the named limit moves.
    let named = with(extend(10, Unit::Workday, Some("5-workday")));
    assert_eq!(due(&named, law(5, Unit::Workday)), date(2026, 3, 23));
    assert_eq!(due(&named, law(6, Unit::Workday)), date(2026, 3, 10));
    let wrong = with(extend(1, Unit::Hour, None));
    let fault = wrong.replay(&[law(5, Unit::Workday)], Calendar::official(), YellowShare::USUAL).unwrap_err();
    assert_eq!(fault, ClockFault::Units { limit: "workday", extension: "hour" });
}

#[test]
fn a_limit_that_was_not_read_binds_but_is_not_called_law() {
    let recalled = Limit { law: Some("规定".into()), verified: false, ..law(3, Unit::Day) };
    let found = replay(&log(&[(at(9, 7), ClockOp::Start)]), &[recalled, law(7, Unit::Day)]);
    assert_eq!(found.due().due, date(2026, 9, 10));
    assert_eq!(found.statutory().unwrap().due.due, date(2026, 9, 14));
    assert!(found.due().explanation.sentence(Lang::Zh).contains("期限待核"));
}

#[test]
fn the_earliest_limit_binds_and_a_promise_never_hides_the_law() {
    let limits = [law(7, Unit::Day), law(5, Unit::Workday), limit(3, Unit::Workday, LimitKind::Promise)];
    let started = log(&[(at(9, 23), ClockOp::Start)]);
    let found = replay(&started, &limits);
    // Over mid-autumn the 7 calendar days (30 September) end before the 5 working days (8 October, less 25-27 September).
    assert_eq!(found.due().due, date(2026, 9, 29));
    assert_eq!(found.binding().limit.kind, LimitKind::Promise);
    assert_eq!(found.statutory().unwrap().limit.id, "7-day");
    assert_eq!(found.statutory().unwrap().due.due, date(2026, 9, 30));
    // In a plain week the working days end first.
    let plain = replay(&log(&[(at(3, 1), ClockOp::Start)]), &limits[..2]);
    assert_eq!(plain.binding().limit.id, "5-workday");
    assert_eq!(started.replay(&[], Calendar::official(), YellowShare::USUAL), Err(ClockFault::NoLimit));
}

#[test]
fn lights_follow_the_share_of_the_limit() {
    let found = replay(&log(&[(at(3, 1), ClockOp::Start)]), &[law(10, Unit::Day)]);
    // Ten days are 2 to 11 March; seven are used at the end of the 8th.
    assert_eq!(found.yellow_at(), end_of_day(date(2026, 3, 8)));
    assert_eq!(found.red_at(), end_of_day(date(2026, 3, 11)));
    assert_eq!(found.light(at(3, 8)), Light::Green);
    assert_eq!(found.light(at(3, 9)), Light::Yellow);
    assert_eq!(found.light(end_of_day(date(2026, 3, 11))), Light::Red);
    // Working days: a long holiday uses nothing up. 5 from 29 September: 30, then 8, 9, 10, 12 October.
    let holiday = replay(&log(&[(at(9, 29), ClockOp::Start)]), &[law(5, Unit::Workday)]);
    assert_eq!(holiday.yellow_at(), at_beijing(date(2026, 10, 10).at(12, 0, 0, 0)));
    let hours = replay(&log(&[(at(5, 1), ClockOp::Start)]), &[law(10, Unit::Hour)]);
    assert_eq!(hours.yellow_at(), at_beijing(date(2026, 5, 1).at(17, 0, 0, 0)));
    let half = YellowShare::percent(100).unwrap();
    let all =
        log(&[(at(3, 1), ClockOp::Start)]).replay(&[law(10, Unit::Day)], Calendar::official(), half).unwrap();
    assert_eq!(all.yellow_at(), all.red_at());
    assert_eq!((YellowShare::percent(0), YellowShare::percent(101)), (None, None));
}

#[test]
fn states_follow_the_log() {
    let mut clock = log(&[(at(3, 2), ClockOp::Start)]);
    let limits = [law(5, Unit::Workday)];
    assert_eq!(replay(&clock, &limits).state(at(3, 3)), ClockState::Running);
    clock.push(at(3, 4), ClockOp::Pause).unwrap();
    let standing = replay(&clock, &limits);
    assert_eq!((standing.state(at(4, 30)), standing.light(at(4, 30))), (ClockState::Paused, Light::Paused));
    assert_eq!(standing.due().due, date(2026, 3, 9), "never told later than it can be");
    assert!(standing.due().explanation.sentence(Lang::Zh).contains("3月4日起中止至今"));
    clock.push(at(3, 10), ClockOp::Resume).unwrap();
    let mut late = clock.clone();
    clock.push(at(3, 13), ClockOp::Meet).unwrap();
    assert_eq!(replay(&clock, &limits).state(at(12, 31)), ClockState::Met);
    assert_eq!(replay(&clock, &limits).light(at(12, 31)), Light::None);
    late.push(at(3, 20), ClockOp::Meet).unwrap();
    assert_eq!(replay(&late, &limits).state(at(12, 31)), ClockState::Missed);
}

#[test]
fn a_log_only_takes_what_may_follow() {
    let mut clock = log(&[(at(3, 2), ClockOp::Start)]);
    assert_eq!(clock.push(at(3, 1), ClockOp::Meet), Err(ClockFault::Backwards));
    assert!(clock.push(at(3, 2), ClockOp::Start).is_err());
    assert!(clock.push(at(3, 2), ClockOp::Resume).is_err());
    clock.push(at(3, 3), ClockOp::Meet).unwrap();
    let after = clock.push(at(3, 4), ClockOp::Pause).unwrap_err();
    assert_eq!(after.to_string(), "a clock that is met cannot pause");
    let empty = ClockLog::default();
    assert_eq!(
        empty.replay(&[law(1, Unit::Day)], Calendar::official(), YellowShare::USUAL),
        Err(ClockFault::NotStarted)
    );
}

#[test]
fn a_log_reads_back_from_its_json() {
    let clock = log(&[
        (at(3, 2), ClockOp::Start),
        (at(3, 3), ClockOp::Extend { count: 2, unit: Unit::Day, limit: None }),
        (at(3, 4), ClockOp::Pause),
    ]);
    let text = serde_json::to_string(&clock).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"[{"at":"2026-03-02T10:00:00+08:00","op":"start"},"#,
            r#"{"at":"2026-03-03T10:00:00+08:00","op":"extend","count":2,"unit":"day"},"#,
            r#"{"at":"2026-03-04T10:00:00+08:00","op":"pause"}]"#
        )
    );
    let read: ClockLog = serde_json::from_str(&text).unwrap();
    assert_eq!(read, clock);
    assert_eq!(ClockLog::from_entries(read.entries().to_vec()), Ok(clock));
}

#[test]
fn any_limit_into_a_year_without_a_notice_is_provisional() {
    let found = replay(&log(&[(at(12, 25), ClockOp::Start)]), &[law(7, Unit::Day)]);
    assert!(found.provisional());
    let text = format!("{}# years: 2027-2027\n2027-01-01,holiday,元旦,0\n", kernel::calendar::OFFICIAL);
    let loaded = Calendar::parse(&text).unwrap();
    let again = log(&[(at(12, 25), ClockOp::Start)])
        .replay(&[law(7, Unit::Day)], &loaded, YellowShare::USUAL)
        .unwrap();
    assert!(!again.provisional());
    assert_eq!((found.due().due, again.due().due), (date(2027, 1, 1), date(2027, 1, 4)));
}
