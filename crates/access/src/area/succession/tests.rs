//! Each rule by a case made by hand.

use jiff::civil::{Date, date};
use kernel::area::AreaCode;

use super::*;

pub(super) fn area(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn census(rows: &[(&str, &str)]) -> Census {
    rows.iter().map(|(code, name)| (area(code), (*name).to_owned())).collect()
}

fn heir(step: &Step, code: &str) -> Option<(AreaCode, Source)> {
    step.gone.iter().find(|gone| gone.code == area(code)).unwrap().successor
}

const DAY: Date = date(2019, 10, 31);

#[test]
fn the_same_code_with_a_similar_name_is_a_rename_and_with_another_name_another_village() {
    let before = census(&[
        ("371502001", "古楼街道办事处"),
        ("371502001201", "孙六村委会"),
        ("371502001202", "柴市街居委会"),
    ]);
    let after = census(&[
        ("371502001", "古楼街道"),
        ("371502001201", "孙溜村村委会"),
        ("371502001202", "红星社区居委会"),
    ]);
    let step = step(&before, &after);
    assert_eq!(step.renamed, [area("371502001"), area("371502001201")]);
    assert_eq!(step.new, [area("371502001202")]);
    assert_eq!(heir(&step, "371502001202"), None);
    assert_eq!(step.unknown(), 1);
}

#[test]
fn a_county_with_a_new_code_takes_its_towns_and_villages_along() {
    let before = census(&[
        ("371523", "茌平县"),
        ("371523108", "肖庄镇"),
        ("371523108201", "前李村委会"),
        ("371523108202", "后李村委会"),
        ("371523108203", "王楼村委会"),
    ]);
    let after = census(&[
        ("371503", "茌平区"),
        ("371503108", "肖家庄镇"),
        ("371503108201", "前李村村委会"),
        ("371503108202", "后李村村委会"),
        ("371503108203", "阳光社区居委会"),
    ]);
    let step = step(&before, &after);
    for (old, new) in [
        ("371523", "371503"),
        ("371523108", "371503108"),
        ("371523108201", "371503108201"),
        ("371523108202", "371503108202"),
        // Two of three stand at their position: the third does so too.
        ("371523108203", "371503108203"),
    ] {
        assert_eq!(heir(&step, old), Some((area(new), Source::Recode)), "{old}");
    }
    assert_eq!((step.unknown(), step.renamed.len()), (0, 0));
}

#[test]
fn a_town_is_known_again_by_its_villages_and_these_by_name_where_they_moved() {
    let before = census(&[
        ("371502007", "凤凰街道办事处"),
        ("371502007201", "李海务村委会"),
        ("371502007202", "谭庄村委会"),
        ("371502007203", "郝路口村委会"),
    ]);
    let after = census(&[
        ("371502011", "李海务街道办事处"),
        ("371502011201", "谭庄村委会"),
        ("371502011202", "李海务村委会"),
        ("371502012", "别处街道"),
    ]);
    let step = step(&before, &after);
    assert_eq!(heir(&step, "371502007"), Some((area("371502011"), Source::Recode)));
    assert_eq!(heir(&step, "371502007201"), Some((area("371502011202"), Source::Recode)));
    assert_eq!(heir(&step, "371502007202"), Some((area("371502011201"), Source::Recode)));
    assert_eq!(heir(&step, "371502007203"), None, "nobody knows: it rolls up to 李海务街道");
}

#[test]
fn merged_villages_are_found_by_name_in_their_town_and_only_when_one_is_meant() {
    let before = census(&[
        ("371525101", "贾镇"),
        ("371525101201", "田茉莉营村委会"),
        ("371525101202", "宁茉莉营村委会"),
        ("371525101203", "贾镇街村委会"),
        ("371525101204", "张庄村委会"),
        ("371525101205", "小王庄村委会"),
        ("371525102", "桑阿镇"),
    ]);
    let after = census(&[
        ("371525101", "贾镇"),
        ("371525101252", "茉莉营新村村委会"),
        ("371525101253", "东王庄村委会"),
        ("371525101254", "王庄村委会"),
        ("371525101255", "小王新村村委会"),
        ("371525102", "桑阿镇"),
        ("371525102201", "张庄村委会"),
    ]);
    let step = step(&before, &after);
    let merged = Some((area("371525101252"), Source::Name));
    assert_eq!((heir(&step, "371525101201"), heir(&step, "371525101202")), (merged, merged));
    assert_eq!(heir(&step, "371525101203"), None);
    assert_eq!(heir(&step, "371525101204"), None, "the name in another town is another village");
    assert_eq!(heir(&step, "371525101205"), None, "two could be meant");
}

#[test]
fn a_story_closes_rows_opens_rows_and_links_them() {
    let (first, second, third) = (date(2018, 10, 31), DAY, date(2020, 6, 30));
    let one = census(&[("371523", "茌平县")]);
    let two = census(&[("371503", "茌平区")]);
    let told = history([(first, &one), (second, &two), (third, &two)]);
    let rows: Vec<_> = told.spans.values().map(|span| (span.code, span.valid_from, span.valid_to)).collect();
    assert_eq!(rows, [(area("371503"), second, None), (area("371523"), first, Some(second))]);
    let link = Link { from: area("371523"), to: area("371503"), changed_on: second, source: Source::Recode };
    assert_eq!(told.links, [link]);
    assert_eq!(told.steps.len(), 2);
    assert_eq!(told.steps[1].1, Step::default(), "the same snapshot again changes nothing");
}
