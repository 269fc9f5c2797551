//! Names of divisions: what is left of one without the word for its kind, and whether two mean the same place.

use super::sound;

/// Words for what a division is, the longest first. `村村委会` and `村委会` both occur.
const BODIES: &[&str] =
    &["居民委员会", "村民委员会", "街道办事处", "居委会", "村委会", "委员会", "办事处", "管委会"];
const KINDS: &[&str] = &["社区", "新村", "街道", "村", "镇", "乡", "县", "区", "市", "旗"];

/// Characters that tell neighbouring villages apart: 东王庄 is not 西王庄.
const SIDES: &[char] = &['东', '西', '南', '北', '前', '后', '大', '小', '上', '下', '中'];

/// The name without the words for its kind: `后黄村村委会` → `后黄`, `肖庄镇` → `肖庄`. Never empty.
pub fn stem(name: &str) -> String {
    let mut rest = name;
    for words in [BODIES, KINDS] {
        let shorter = words.iter().find_map(|word| rest.strip_suffix(word)).filter(|left| !left.is_empty());
        rest = shorter.unwrap_or(rest);
    }
    rest.replace('廿', "二十")
}

/// Whether two names under one code, or at one position, mean the same place: the same stem, one within the
/// other, most characters in common, or the same sound (`孙六` and `孙溜`).
pub fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (stem(one), stem(other));
    one == other || within(&one, &other) || sound::usual(&one) == sound::usual(&other) || {
        let apart = |a: &str, b: &str| SIDES.iter().any(|side| a.contains(*side) && !b.contains(*side));
        !(apart(&one, &other) && apart(&other, &one)) && mostly(&one, &other)
    }
}

/// Whether one stem holds the other, which must be long enough to mean something.
pub fn within(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.chars().count() >= 2 && long.contains(short)
}

/// More than half of the characters in common, wherever they stand (`前杨召` and `杨召前`).
fn mostly(one: &str, other: &str) -> bool {
    let mut left: Vec<char> = other.chars().collect();
    let (first, second) = (one.chars().count(), left.len());
    let mut common = 0;
    for letter in one.chars() {
        if let Some(at) = left.iter().position(|own| *own == letter) {
            left.swap_remove(at);
            common += 1;
        }
    }
    // Dice's coefficient above one half; two characters of which one differs are two names.
    4 * common > first + second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_taken_off_and_the_name_stays() {
        for (name, left) in [
            ("后黄村村委会", "后黄"),
            ("后黄村委会", "后黄"),
            ("古城社区居委会", "古城"),
            ("东城街道办事处", "东城"),
            ("茌平县", "茌平"),
            ("县", "县"),
            ("前韩新村村民委员会", "前韩"),
        ] {
            assert_eq!(stem(name), left, "{name}");
        }
    }

    #[test]
    fn one_place_is_told_from_its_neighbour() {
        for (one, other) in [
            ("孙六村委会", "孙溜村村委会"),
            ("关庄村委会", "管庄村村委会"),
            ("舍南街村委会", "舍利寺南街村委会"),
            ("前杨召村委会", "杨召前村委会"),
            ("香江管委会", "香江光彩大市场服务中心"),
            ("新华路街道办事处", "新华路街道"),
        ] {
            assert!(alike(one, other), "{one} is {other}");
        }
        for (one, other) in [
            ("柴市街居委会", "红星社区居民委员会"),
            ("李庄村委会", "王庄村委会"),
            ("东王庄村委会", "西王庄村委会"),
            ("杜庄村委会", "五乡杜村村委会"),
        ] {
            assert!(!alike(one, other), "{one} is not {other}");
        }
    }
}
