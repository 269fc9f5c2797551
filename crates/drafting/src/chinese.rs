//! Numbers as Chinese papers write them: 一、二、三, and amounts nobody can add a stroke to (大写).

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const CAPITALS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// A number below ten thousand: 十二, 一百零三, 一千一百三十四.
pub fn numeral(number: u32) -> String {
    let text = group(number % 10_000, &DIGITS, ["", "十", "百", "千"]);
    match text.strip_prefix("一十") {
        Some(rest) => format!("十{rest}"),
        None if text.is_empty() => DIGITS[0].to_owned(),
        None => text,
    }
}

/// 1234 → 一千二百三十四; nothing for 0. Zeros between digits are told once.
fn group(number: u32, digits: &[&str; 10], places: [&str; 4]) -> String {
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4).rev() {
        let digit = (number / 10_u32.pow(place)) % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push_str(digits[0]);
            gap = false;
        }
        text.push_str(digits[digit as usize]);
        text.push_str(places[place as usize]);
    }
    text
}

/// An amount in yuan with up to two places: `50300.5` → 伍万零叁佰元伍角. Nothing for what is no amount below ten
/// trillion.
pub fn capital(amount: &str) -> Option<String> {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 13 || part.len() > 2 || !plain(whole) || !plain(part) {
        return None;
    }
    let yuan: u64 = whole.parse().ok()?;
    let fen: u32 = format!("{part:0<2}").parse().ok()?;
    let (jiao, fen) = (fen / 10, fen % 10);
    let mut text = String::new();
    let mut gap = false;
    for (place, unit) in [(3_u32, "万"), (2, "亿"), (1, "万"), (0, "")] {
        let part = u32::try_from((yuan / 10_000_u64.pow(place)) % 10_000).ok()?;
        if part == 0 {
            gap = !text.is_empty();
            // 壹万亿: the unit of the group above is told even where its lower half is empty.
            if place == 2 && !text.is_empty() {
                text.push('亿');
            }
            continue;
        }
        if gap || (!text.is_empty() && part < 1_000) {
            text.push('零');
        }
        gap = false;
        text.push_str(&group(part, &CAPITALS, ["", "拾", "佰", "仟"]));
        text.push_str(unit);
    }
    if yuan > 0 {
        text.push('元');
    }
    match (jiao, fen) {
        (0, 0) if yuan == 0 => text.push_str("零元整"),
        (0, 0) => text.push('整'),
        (jiao, fen) => {
            if jiao > 0 {
                text.push_str(CAPITALS[jiao as usize]);
                text.push('角');
            } else if yuan > 0 {
                text.push('零');
            }
            if fen > 0 {
                text.push_str(CAPITALS[fen as usize]);
                text.push('分');
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_spoken() {
        for (number, told) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (103, "一百零三"),
            (110, "一百一十"),
            (1_001, "一千零一"),
            (1_134, "一千一百三十四"),
        ] {
            assert_eq!(numeral(number), told);
        }
    }

    #[test]
    fn amounts_are_written_so_that_nothing_can_be_added() {
        for (amount, told) in [
            ("0", "零元整"),
            ("5", "伍元整"),
            ("10", "壹拾元整"),
            ("50000", "伍万元整"),
            ("50000.00", "伍万元整"),
            ("50300.5", "伍万零叁佰元伍角"),
            ("100000", "壹拾万元整"),
            ("1005", "壹仟零伍元整"),
            ("1010.03", "壹仟零壹拾元零叁分"),
            ("120304.56", "壹拾贰万零叁佰零肆元伍角陆分"),
            ("100000000", "壹亿元整"),
            ("100050000", "壹亿零伍万元整"),
            ("100000005", "壹亿零伍元整"),
            ("1000000000000", "壹万亿元整"),
            ("0.5", "伍角"),
            ("0.05", "伍分"),
        ] {
            assert_eq!(capital(amount).as_deref(), Some(told), "{amount}");
        }
        for wrong in ["", "-1", "1.234", "一万", "99999999999999"] {
            assert_eq!(capital(wrong), None, "{wrong}");
        }
    }
}
