//! The digits of Chinese numbers, as laws and people write them.

/// The value of one digit: 零〇○ and 一 to 九, 两 beside 二.
pub fn digit(c: char) -> Option<u32> {
    let value = match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some(value)
}
