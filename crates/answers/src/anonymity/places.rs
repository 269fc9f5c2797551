//! Places: the divisions by name, and what looks like where somebody lives.

use std::collections::HashMap;

use kernel::area::{AreaCode, Level};

use super::folded::{Folded, is_han};
use super::{Sort, Span};

/// Longest name that is looked for, in characters.
const LONGEST: usize = 14;

/// Names of villages, towns and counties as people write them.
#[derive(Debug, Default)]
pub struct Gazetteer(HashMap<Box<[char]>, Sort>);

/// What a village is called by its committee.
const BODIES: [&str; 7] =
    ["村民委员会", "居民委员会", "村委会", "居委会", "街道办事处", "社区居委会", "管理委员会"];

impl Gazetteer {
    /// From divisions.
    pub fn new<'a>(places: impl IntoIterator<Item = (AreaCode, &'a str)>) -> Self {
        let mut names: HashMap<Box<[char]>, Sort> = HashMap::new();
        for (code, name) in places {
            let sort = match code.level() {
                Level::Village => Sort::Village,
                Level::Town => Sort::Town,
                Level::County => Sort::County,
                Level::Prefecture | Level::Province => continue,
            };
            for spoken in spoken(name, sort) {
                let key: Box<[char]> = spoken.chars().collect();
                if key.len() > LONGEST {
                    continue;
                }
                // A town named like a village is as much a place as the smaller one.
                names
                    .entry(key)
                    .and_modify(|known| {
                        if sort.weight() > known.weight() {
                            *known = sort;
                        }
                    })
                    .or_insert(sort);
            }
        }
        Self(names)
    }

    pub(super) fn find(&self, text: &Folded) -> Vec<Span> {
        let mut spans = Vec::new();
        if self.0.is_empty() {
            return spans;
        }
        for from in 0..text.chars.len() {
            let longest = (text.chars.len() - from).min(LONGEST);
            let found = (2..=longest).rev().find_map(|length| {
                let sort = self.0.get(&text.chars[from..from + length])?;
                Some(Span { sort: *sort, from, to: from + length })
            });
            spans.extend(found);
        }
        spans
    }
}

/// How people write a name: 牛吴村委会 is 牛吴村; what is left of short names is an ordinary word too often.
fn spoken(name: &str, sort: Sort) -> Vec<String> {
    let bare = BODIES.iter().find_map(|body| name.strip_suffix(body)).unwrap_or(name);
    let kinds = ["社区", "街道", "村", "镇", "乡", "县", "区"];
    let stem = kinds.iter().find_map(|kind| bare.strip_suffix(kind)).unwrap_or(bare);
    let length = stem.chars().count();
    if length < 2 {
        return if name.chars().count() >= 3 { vec![name.to_owned()] } else { Vec::new() };
    }
    let mut names = vec![name.to_owned()];
    match sort {
        Sort::Village => names.extend([format!("{stem}村"), format!("{stem}社区")]),
        _ => names.push(bare.to_owned()),
    }
    if length >= 3 {
        names.push(stem.to_owned());
    }
    names
}

/// What stands before 村 where no village is meant: 农村, 本村, 在村里.
const NO_VILLAGE: &str =
    "农乡本该全在同外邻我某各进回出驻到个们的是入一这那城和及或、，。与由向找跨返离下山渔行自对";

/// What stands before 小区 where none is named.
const NO_ESTATE: [&str; 14] =
    ["本", "该", "所在", "居住", "同一", "这个", "那个", "老旧", "住宅", "全", "各", "同", "的", "在"];

/// What leads to an address.
const LEADS: [&str; 8] = ["住在", "家住", "住址", "户籍地址", "地址:", "地址是", "家庭地址", "现住"];

/// House numbers, named estates and villages nobody listed.
pub(super) fn looks(text: &Folded) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in 0..text.chars.len() {
        spans.extend(house(text, at));
        spans.extend(street(text, at));
        if let Some(lead) = LEADS.iter().find(|lead| text.says(at, lead)) {
            let mut from = at + lead.chars().count();
            while text.get(from).is_some_and(|c| ":是为在 ".contains(c)) {
                from += 1;
            }
            let is_part = |c: char| is_han(c) || c.is_ascii_alphanumeric();
            let to =
                from + (from..text.chars.len()).take_while(|at| is_part(text.chars[*at])).take(20).count();
            let general = [
                "一起", "农村", "外地", "本地", "城里", "老家", "对方", "医院", "学校", "单位", "宿舍",
                "工地",
            ];
            if to >= from + 2 && !general.iter().any(|word| text.says(from, word)) {
                spans.push(Span { sort: Sort::MaybeAddress, from, to });
            }
        }
        if text.chars[at] == '村' {
            spans.extend(village(text, at));
        }
        if text.says(at, "小区") {
            spans.extend(estate(text, at));
        }
    }
    spans
}

/// 3号楼, 2单元, 501室.
fn house(text: &Folded, at: usize) -> Option<Span> {
    let is_part = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    if at > 0 && is_part(text.chars[at - 1]) || !is_part(text.chars[at]) {
        return None;
    }
    let end = at + (at..text.chars.len()).take_while(|next| is_part(text.chars[*next])).take(6).count();
    let digits = text.chars[at].is_ascii_digit();
    // 一栋房子 is no address, 3栋 is.
    let blocks = ["号楼", "单元", "号院", "栋", "幢"];
    let blocks = if digits { &blocks[..] } else { &blocks[..3] };
    let named = blocks.iter().find(|word| text.says(end, word));
    let flat = (digits && end - at >= 3 && text.get(end) == Some('室')).then_some(&"室");
    let word = named.or(flat)?;
    Some(Span { sort: Sort::Address, from: at, to: end + word.chars().count() })
}

/// 柳园路15号
fn street(text: &Folded, at: usize) -> Option<Span> {
    if !"路街道巷弄胡同".contains(text.chars[at]) {
        return None;
    }
    let from = at + 1;
    let to =
        from + (from..text.chars.len()).take_while(|next| text.chars[*next].is_ascii_digit()).take(6).count();
    if to == from || text.get(to) != Some('号') {
        return None;
    }
    let begin = (0..at).rev().take(3).take_while(|before| is_han(text.chars[*before])).last().unwrap_or(at);
    Some(Span { sort: Sort::Address, from: begin, to: to + 1 })
}

fn village(text: &Folded, at: usize) -> Option<Span> {
    let next = text.get(at + 1);
    if next.is_some_and(|c| "民委里集庄干规务镇级医小".contains(c)) {
        return None;
    }
    let last = text.get(at.checked_sub(1)?).filter(|c| is_han(*c))?;
    let first = text.get(at.checked_sub(2)?).filter(|c| is_han(*c))?;
    if NO_VILLAGE.contains(last) || NO_VILLAGE.contains(first) {
        return None;
    }
    Some(Span { sort: Sort::MaybeVillage, from: at - 2, to: at + 1 })
}

fn estate(text: &Folded, at: usize) -> Option<Span> {
    let begin = (0..at).rev().take(4).take_while(|before| is_han(text.chars[*before])).last()?;
    let before: String = text.chars[begin..at].iter().collect();
    let general = before.chars().count() < 2 || NO_ESTATE.iter().any(|word| before.ends_with(word));
    (!general).then_some(Span { sort: Sort::MaybeAddress, from: begin, to: at + 2 })
}
