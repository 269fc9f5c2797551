//! Maps of other days, and finding places.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use kernel::area::{AreaCode, Level};

use super::*;
use crate::area::service_area::ServiceArea;
use crate::area::succession::{Census, Link, Source, Span, eight, history};

fn area(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn span(code: &str, name: &str, from: Date, to: Option<Date>) -> Span {
    Span { code: area(code), name: name.into(), valid_from: from, valid_to: to }
}

const FIRST: Date = date(2016, 7, 31);
const MOVED: Date = date(2019, 10, 31);
const MERGED: Date = date(2021, 10, 31);
const NOW: Date = date(2026, 11, 30);

fn link(from: &str, to: &str, changed_on: Date, source: Source) -> Link {
    Link { from: area(from), to: area(to), changed_on, source }
}

fn chiping() -> Atlas {
    let spans = [
        span("37", "山东省", FIRST, None),
        span("3715", "聊城市", FIRST, None),
        span("371502", "东昌府区", FIRST, None),
        span("371502001", "古楼街道", FIRST, None),
        span("371502001001", "柴市街居委会", FIRST, Some(MOVED)),
        span("371502001001", "红星社区居委会", MOVED, None),
        span("371523", "茌平县", FIRST, Some(MOVED)),
        span("371523101", "乐平铺镇", FIRST, Some(MOVED)),
        span("371523101201", "前李村委会", FIRST, Some(MOVED)),
        span("371523101202", "后李村委会", FIRST, Some(MOVED)),
        span("371523101203", "王楼村委会", FIRST, Some(MOVED)),
        span("371503", "茌平区", MOVED, None),
        span("371503101", "乐平铺镇", MOVED, None),
        span("371503101201", "前李村委会", MOVED, Some(MERGED)),
        span("371503101202", "后李村委会", MOVED, Some(MERGED)),
        span("371503101301", "李村新村村委会", MERGED, None),
    ];
    let links = [
        link("371523", "371503", MOVED, Source::Recode),
        link("371523101", "371503101", MOVED, Source::Recode),
        link("371523101201", "371503101201", MOVED, Source::Recode),
        link("371523101202", "371503101202", MOVED, Source::Recode),
        link("371503101201", "371503101301", MERGED, Source::Name),
        link("371503101202", "371503101301", MERGED, Source::Name),
    ];
    Atlas::new(1, spans, links, Vec::new())
}

#[test]
fn a_former_code_is_followed_over_several_changes_to_what_stands() {
    let atlas = chiping();
    let told =
        |code, on| atlas.as_of(area(code), None, on).map(|landing| (landing.area.to_string(), landing.how));
    for (code, on, lands, how) in [
        ("371523101201", FIRST, "371523101201", How::Same),
        ("371523101201", date(2020, 1, 1), "371503101201", How::Successor),
        ("371523101201", NOW, "371503101301", How::Successor),
        ("371523", NOW, "371503000000", How::Successor),
        // Nobody knows what became of 王楼: its town, which has a new code.
        ("371523101203", NOW, "371503101000", How::Above),
        // Never known at all.
        ("371502001777", NOW, "371502001000", How::Above),
        // Backwards: two villages became one, so before that it is told with the town as it was.
        ("371503101301", date(2020, 1, 1), "371503101000", How::Above),
        ("371503101301", date(2018, 1, 1), "371523101000", How::Above),
        ("371503", date(2018, 1, 1), "371523000000", How::Successor),
    ] {
        assert_eq!(told(code, on), Some((lands.to_owned(), how)), "{code} on {on}");
    }
    assert_eq!(told("110101", NOW), None);
}

#[test]
fn a_code_dealt_out_twice_means_what_it_meant_then() {
    let atlas = chiping();
    let code = area("371502001001");
    assert_eq!(atlas.as_of(code, None, NOW).unwrap().how, How::Same);
    let before = atlas.as_of(code, Some(date(2018, 1, 1)), NOW).unwrap();
    assert_eq!((before.area, before.how), (area("371502001"), How::Above));
    let unknown: Vec<_> = atlas.unknown(None).map(|place| &*place.name).collect();
    assert_eq!(unknown, ["柴市街居委会", "王楼村委会"]);
}

#[test]
fn what_an_official_says_counts_before_what_was_found_by_name() {
    let mut spans = vec![span("3715", "聊城市", FIRST, None), span("371502001", "古楼街道", FIRST, None)];
    spans.push(span("371502001001", "张庄村委会", FIRST, Some(MOVED)));
    spans.push(span("371502001001", "红星社区居委会", MOVED, None));
    spans.push(span("371502001002", "张庄社区居委会", MOVED, None));
    let found = link("371502001001", "371502001002", MOVED, Source::Name);
    let said = link("371502001001", "371502001001", MOVED, Source::Manual);
    let before = Some(date(2018, 1, 1));
    let atlas = Atlas::new(1, spans.clone(), [found], Vec::new());
    assert_eq!(atlas.as_of(area("371502001001"), before, NOW).unwrap().area, area("371502001002"));
    // That it is the same village under another name is a link to its own code: no loop, time goes on.
    let atlas = Atlas::new(1, spans, [found, said], Vec::new());
    assert_eq!(atlas.as_of(area("371502001001"), before, NOW).unwrap().area, area("371502001001"));
}

fn told(all: &BTreeMap<Date, Census>) -> Atlas {
    let told = history(all.iter().map(|(on, census)| (*on, census)));
    let above = [span("37", "山东省", FIRST, None), span("3715", "聊城市", FIRST, None)];
    Atlas::new(1, told.spans.into_values().chain(above), told.links, Vec::new())
}

#[test]
fn every_former_code_of_seven_years_ends_at_exactly_one_standing_town() {
    let Some(all) = eight() else { return };
    let atlas = told(&all);
    for on in all.keys().copied().chain([NOW]) {
        let mut towns = BTreeSet::new();
        let (mut rolled, mut villages) = (0, 0);
        for (since, census) in &all {
            for code in census.keys().filter(|code| code.level() >= Level::Town) {
                let landing = atlas.town_as_of(*code, Some(*since), on).unwrap();
                assert_eq!(landing.area.level(), Level::Town, "{code} of {since} on {on}");
                assert!(atlas.find(landing.area, on).unwrap().stands(on), "{code} of {since} on {on}");
                towns.insert(landing.area);
                if on == NOW && *since == FIRST && code.level() == Level::Village {
                    villages += 1;
                    rolled += usize::from(landing.how == How::Above);
                }
            }
        }
        assert_eq!(towns.len(), 136, "{on}");
        if on == NOW {
            // Of the villages of 2016 this many are told with their town today; the others have an heir.
            assert_eq!((villages, rolled), (6444, ROLLED));
        }
    }
}

/// Villages of 2016 whose successor nobody knows in 2023.
const ROLLED: usize = 4480;

#[test]
fn places_are_found_by_name_by_sound_and_by_code() {
    let atlas = chiping();
    let names = |text: &str| {
        let asked = Asked { text, within: None, near: None, deepest: Level::Village, on: NOW };
        atlas.search(&asked).places.iter().map(|place| place.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("聊城"), ["聊城市"]);
    assert_eq!(names("dongchangfu"), ["东昌府区"]);
    assert_eq!(names("dcfq"), ["东昌府区"]);
    assert_eq!(names("DCF"), ["东昌府区"]);
    assert_eq!(names("chiping"), ["茌平区"], "茌平县 stands no longer");
    assert_eq!(names("371503"), ["茌平区", "乐平铺镇", "李村新村村委会"]);
    assert_eq!(names("聊城 古楼"), ["古楼街道"]);
    assert_eq!(names("东昌府区古楼"), ["古楼街道"]);
    assert_eq!(names("李村"), ["李村新村村委会"]);
    assert_eq!(names("leping"), ["乐平铺镇"]);
    assert!(names("").is_empty() && names("北京").is_empty());
}

#[test]
fn among_equals_the_nearer_come_first_and_then_the_wider() {
    let spans = [
        span("37", "山东省", FIRST, None),
        span("3701", "济南市", FIRST, None),
        span("370102", "城关区", FIRST, None),
        span("3715", "聊城市", FIRST, None),
        span("371521", "阳谷县", FIRST, None),
        span("371521100", "城关镇", FIRST, None),
        span("371521100001", "城关社区居委会", FIRST, None),
    ];
    let atlas = Atlas::new(1, spans, [], Vec::new());
    let names = |near: Option<&str>| {
        let near = near.map(area);
        let asked = Asked { text: "城关", within: None, near, deepest: Level::Village, on: NOW };
        atlas.search(&asked).places.iter().map(|place| place.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(None), ["城关区", "城关镇", "城关社区居委会"]);
    assert_eq!(names(Some("3715")), ["城关镇", "城关社区居委会", "城关区"]);
}

#[test]
fn a_name_that_one_place_bears_means_it_and_otherwise_there_is_a_choice() {
    let atlas = chiping();
    let said = |text: &str| {
        let asked = Asked { text, within: None, near: None, deepest: Level::Village, on: NOW };
        match atlas.named(&asked) {
            Named::One(code) => vec![code.to_string()],
            Named::Several(all) => all.into_iter().map(|place| place.code.to_string()).collect(),
            Named::Nothing => Vec::new(),
        }
    };
    assert_eq!(said("371502"), ["371502000000"]);
    assert_eq!(said("山东省聊城市东昌府区"), ["371502000000"]);
    assert_eq!(said("山东省聊城市茌平区乐平铺镇"), ["371503101000"]);
    assert_eq!(said("茌平"), ["371503000000"]);
    assert_eq!(said("sds"), ["370000000000"]);
    assert_eq!(said("区"), ["371502000000", "371503000000", "371502001001"], "counties before 红星社区");
    assert_eq!(said("月亮湾"), [""; 0]);
}

#[test]
fn a_zone_is_found_as_the_divisions_it_is_made_of() {
    let zone = ServiceArea {
        id: "zone".into(),
        name: "聊城经济技术开发区".into(),
        members: vec![area("371502001")],
        offices: Vec::new(),
    };
    let spans = [
        span("37", "山东省", FIRST, None),
        span("3715", "聊城市", FIRST, None),
        span("371502", "东昌府区", FIRST, None),
        span("371502001", "东城街道", FIRST, None),
    ];
    let atlas = Atlas::new(1, spans, [], vec![zone]);
    for text in ["开发区", "聊城经济技术开发区", "kaifaqu", "lcjjjs"] {
        let asked = Asked { text, within: None, near: None, deepest: Level::Village, on: NOW };
        let found: Vec<_> = atlas.search(&asked).places.iter().map(|place| place.code).collect();
        assert_eq!(found, [area("371502001")], "{text}");
    }
    assert_eq!(atlas.label(area("371502001"), NOW), "山东省聊城市东昌府区东城街道（聊城经济技术开发区）");
    assert_eq!(atlas.label(area("371502"), NOW), "山东省聊城市东昌府区");
}

mod random {
    //! Histories nobody would make up.

    use proptest::prelude::*;

    use super::*;

    /// Up to six snapshots of one county with three towns of up to four villages; names from a handful.
    fn snapshots() -> impl Strategy<Value = Vec<Census>> {
        let names = prop::sample::select(vec![
            "张庄村委会",
            "王庄村委会",
            "前李村委会",
            "后李村委会",
            "李新村村委会",
        ]);
        let village = (0_i64..3, 1_i64..6, names).prop_map(|(town, village, name)| {
            (AreaCode::from_i64(371_502_001_000 + town * 1_000 + village).unwrap(), name.to_owned())
        });
        prop::collection::vec(prop::collection::vec(village, 0..9), 1..6).prop_map(|all| {
            all.into_iter()
                .map(|villages| {
                    let mut census: Census = villages.into_iter().collect();
                    census.insert(area("371502"), "东昌府区".into());
                    for town in 0..3 {
                        let code = AreaCode::from_i64(371_502_001_000 + town * 1_000).unwrap();
                        census.insert(
                            code,
                            format!("{}镇", ["甲", "乙", "丙"][usize::try_from(town).unwrap()]),
                        );
                    }
                    census
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn no_chain_loops_and_every_code_ends_at_one_standing_town(all in snapshots()) {
            let days: Vec<Date> = (2016..).take(all.len()).map(|year| date(year, 7, 31)).collect();
            let dated: BTreeMap<Date, Census> = days.iter().copied().zip(all).collect();
            let atlas = told(&dated);
            for (since, census) in &dated {
                for code in census.keys().filter(|code| code.level() >= Level::Town) {
                    for on in &days {
                        // That it comes back at all shows that no chain loops.
                        let town = atlas.town_as_of(*code, Some(*since), *on).unwrap();
                        prop_assert_eq!(town.area, AreaCode::from_i64(code.as_i64() / 1_000 * 1_000).unwrap());
                        prop_assert!(atlas.as_of(*code, Some(*since), *on).is_some());
                    }
                }
            }
        }

        #[test]
        fn links_made_by_hand_in_any_direction_do_not_loop_either(
            pairs in prop::collection::vec((0_i64..9, 0_i64..9, 2016_i16..2024), 0..20),
            ends in prop::collection::vec(prop::option::of(2017_i16..2024), 9),
        ) {
            let code = |at: i64| AreaCode::from_i64(371_502_001_001 + at).unwrap();
            let spans = (0..).zip(&ends).map(|(at, end)| Span {
                code: code(at),
                name: format!("{at}村"),
                valid_from: FIRST,
                valid_to: end.map(|year| date(year, 7, 31)),
            });
            let town = span("371502001", "甲镇", FIRST, None);
            let links = pairs.iter().map(|(from, to, year)| Link {
                from: code(*from),
                to: code(*to),
                changed_on: date(*year, 7, 31),
                source: Source::Manual,
            });
            let atlas = Atlas::new(1, spans.chain([town]), links, Vec::new());
            for at in 0..9 {
                let landing = atlas.as_of(code(at), None, NOW).unwrap();
                prop_assert!(atlas.find(landing.area, NOW).unwrap().stands(NOW));
            }
        }
    }
}
