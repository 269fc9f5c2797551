//! Names: those of the matter, and what looks like one.

use super::folded::{Folded, folded, is_han};
use super::{Known, Sort, Span};

/// Endings of names of companies, which nobody says.
const ENDINGS: [&str; 9] = [
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "有限公司",
    "分公司",
    "集团",
    "公司",
    "合作社",
    "经营部",
];

/// Names of people and bodies of the matter.
pub(super) fn known(text: &Folded, known: &Known) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut all = |words: &[char], sort: Sort| {
        spans.extend(text.places(words).map(|from| Span { sort, from, to: from + words.len() }));
    };
    for name in &known.people {
        let name = folded(name);
        // One character, or 张某, tells nobody.
        if name.len() < 2 || name.contains(&'某') || name.contains(&'*') {
            continue;
        }
        all(&name, Sort::Name);
        if name.len() == 3 {
            all(&name[1..], Sort::MaybeName);
        }
    }
    for name in &known.companies {
        let whole = folded(name);
        if whole.len() < 4 {
            continue;
        }
        all(&whole, Sort::Company);
        let text: String = whole.iter().collect();
        let core = ENDINGS.iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(&text);
        let core = core.rsplit(['省', '市', '县', '区']).next().unwrap_or(core);
        let core: Vec<char> = core.chars().collect();
        if core.len() >= 3 && core.len() < whole.len() {
            all(&core, Sort::MaybeCompany);
        }
    }
    spans
}

/// Surnames of one character, the hundred most borne and some more.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁\
    任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎雷龙段史贺顾毛郝邵万覃武钱戴莫孔向汤";

/// What people are called after their name.
const TITLES: [&str; 16] = [
    "先生", "女士", "小姐", "同志", "师傅", "老师", "老板", "经理", "律师", "医生", "法官", "警官", "书记",
    "队长", "主任", "校长",
];

/// Words that begin with a surname and are none.
const NO_NAMES: [&str; 14] = [
    "任何", "高级", "万一", "周边", "方便", "向有", "于是", "余下", "何时", "金牌", "许多", "程序", "白天",
    "石家",
];

/// What a name is told by.
const LEADS: [&str; 8] = ["我叫", "名叫", "姓名:", "姓名是", "联系人:", "当事人:", "申请人:", "被告:"];

/// 王建国先生, 我叫张三丰.
pub(super) fn looks(text: &Folded) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in 0..text.chars.len() {
        if TITLES.iter().any(|title| text.says(at, title)) {
            spans.extend([3, 2].into_iter().find_map(|length| before_title(text, at, length)));
        }
        if let Some(lead) = LEADS.iter().find(|lead| text.says(at, lead)) {
            let from = at + lead.chars().count();
            let length = (from..text.chars.len()).take_while(|at| is_han(text.chars[*at])).take(4).count();
            let surname = text.get(from).is_some_and(|c| SURNAMES.contains(c));
            if surname && length >= 2 && text.get(from + 1) != Some('某') {
                spans.push(Span { sort: Sort::MaybeName, from, to: from + length.min(3) });
            }
        }
    }
    spans
}

fn before_title(text: &Folded, title: usize, length: usize) -> Option<Span> {
    let from = title.checked_sub(length)?;
    let name = &text.chars[from..title];
    let fits = SURNAMES.contains(name[0])
        && name[1..].iter().all(|c| is_han(*c) && !"某的和与或是向请找由对被把给".contains(*c));
    let word: String = name.iter().take(2).collect();
    (fits && !NO_NAMES.contains(&word.as_str())).then_some(Span { sort: Sort::MaybeName, from, to: title })
}
