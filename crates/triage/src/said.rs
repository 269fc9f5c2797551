//! What a story says in figures: how long somebody worked, what a month paid, what is owed. Read with care, shown with
//! the words it was read from, and never taken without being shown.

use serde::Serialize;

use crate::count::{Count, counts};

/// Something a story says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What it is.
    pub fact: Fact,
    /// Its value: yuan, years, months, days, percent a year or a number, as a decimal; a day as `YYYY-MM-DD`.
    pub value: String,
    /// The words it was read from.
    pub words: String,
}

/// What a figure in a story can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What a month pays, in yuan.
    Wage,
    /// How long somebody worked, in years.
    Years,
    /// The first day of work.
    StartedOn,
    /// What is owed or claimed, in yuan.
    Amount,
    /// A day money was lent.
    LentOn,
    /// Interest, in percent a year.
    Rate,
    /// Degree of disability, 1 to 10.
    Grade,
    /// Age, in years.
    Age,
    /// Days in hospital or away from work.
    Days,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Wage,
        Self::Years,
        Self::StartedOn,
        Self::Amount,
        Self::LentOn,
        Self::Rate,
        Self::Grade,
        Self::Age,
        Self::Days,
    ];

    /// Its word on the outside.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wage => "wage",
            Self::Years => "years",
            Self::StartedOn => "started_on",
            Self::Amount => "amount",
            Self::LentOn => "lent_on",
            Self::Rate => "rate",
            Self::Grade => "grade",
            Self::Age => "age",
            Self::Days => "days",
        }
    }
}

/// Characters looked at before and after a number.
const AROUND: usize = 8;

/// Characters of a story that are read.
const LONGEST: usize = 3000;

const PAY: &[&str] =
    &["月薪", "工资", "月收入", "底薪", "薪资", "薪水", "月入", "每月", "每个月", "一个月", "收入"];
const OWED: &[&str] = &["欠", "没发", "没给", "未发", "未付", "借", "货款", "押金", "定金", "赔", "骗"];
const WORK: &[&str] =
    &["工作", "干了", "干活", "上班", "工龄", "入职", "做了", "待了", "呆了", "服务了", "工作满"];
const AWAY: &[&str] = &["住院", "误工", "休息", "病假", "请假", "住了"];

/// What a story says, each fact once, in the order it is said.
pub fn said(text: &str) -> Vec<Said> {
    let text: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
    let mut found: Vec<Said> = Vec::new();
    for count in counts(&text) {
        let Some((fact, value, end)) = meaning(&text, &count) else { continue };
        // What was said first stays; only a larger sum takes the place of a smaller one.
        if let Some(known) = found.iter_mut().find(|said| said.fact == fact) {
            if fact == Fact::Amount && larger(&value, &known.value) {
                known.value = value;
                known.words = words(&text, count.from, end);
            }
            continue;
        }
        found.push(Said { fact, value, words: words(&text, count.from, end) });
    }
    found
}

fn larger(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
    number(one) > number(other)
}

/// The words of a number with what stands before it in the same sentence.
fn words(text: &[char], from: usize, end: usize) -> String {
    let start = from.saturating_sub(AROUND);
    let before = &text[start..from];
    let cut = before.iter().rposition(|c| !c.is_alphanumeric()).map_or(0, |at| at + 1);
    text[start + cut..end.min(text.len())].iter().collect()
}

/// What a number means by the words around it, its value, and where its words end.
fn meaning(text: &[char], count: &Count) -> Option<(Fact, String, usize)> {
    let before: String = text[count.from.saturating_sub(AROUND)..count.from].iter().collect();
    let after: String = text[count.to..text.len().min(count.to + AROUND)].iter().collect();
    let has = |words: &[&str]| words.iter().any(|word| before.contains(word));
    let till = |unit: &str| count.to + unit.chars().count();
    if let Some((day, end)) = day(text, count) {
        let near: String = text[end..text.len().min(end + 6)].iter().collect();
        let is = |words: &[&str]| words.iter().any(|word| near.contains(word) || before.contains(word));
        let fact = match () {
            () if is(&["入职", "进厂", "上班", "开始工作", "来公司"]) => Fact::StartedOn,
            () if is(&["借", "转给"]) => Fact::LentOn,
            () => return None,
        };
        return Some((fact, day, end));
    }
    if let Some(rest) = after.strip_prefix('年') {
        let passed = rest.starts_with(['前', '后', '内', '底', '初', '级', '代', '来']);
        if passed || count.value > 60.0 || !(has(WORK) || rest.contains("工龄")) {
            return None;
        }
        let (more, end) = beyond_years(text, count.to + 1);
        return Some((Fact::Years, decimal(count.value + more), end));
    }
    if after.starts_with('岁') && count.value <= 120.0 {
        return Some((Fact::Age, decimal(count.value), till("岁")));
    }
    if after.starts_with('级') && (before.contains('残') || after.contains('残')) {
        return (1.0..=10.0).contains(&count.value).then(|| (Fact::Grade, decimal(count.value), till("级")));
    }
    if after.starts_with('天') {
        return has(AWAY).then(|| (Fact::Days, decimal(count.value), till("天")));
    }
    if before.contains('息')
        || before.contains("利率")
        || before.contains("年化")
        || after.starts_with("分利")
    {
        let yearly = if before.contains("月") || after.starts_with('分') { 12.0 } else { 1.0 };
        if let Some(unit) = ["%", "％", "分利", "分"].into_iter().find(|unit| after.starts_with(unit)) {
            return Some((Fact::Rate, decimal(count.value * yearly), till(unit)));
        }
    }
    sum(count, &before, &after)
}

/// A sum of money, when it is one.
fn sum(count: &Count, before: &str, after: &str) -> Option<(Fact, String, usize)> {
    let unit = ["元", "块钱", "块", "人民币"].into_iter().find(|unit| after.starts_with(unit));
    let end = count.to + unit.map_or(0, |unit| unit.chars().count());
    let other = [
        "个", "年", "月", "天", "日", "号", "次", "人", "级", "岁", "点", "条", "平", "楼", "栋", "层",
        "小时", "分", "%",
    ];
    if unit.is_none() && other.iter().any(|word| after.starts_with(word)) {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| before.contains(word));
    if has(PAY) && !has(OWED) {
        return (100.0..=500_000.0).contains(&count.value).then(|| (Fact::Wage, decimal(count.value), end));
    }
    let is_money = unit.is_some() || (count.has_unit && has(OWED));
    (is_money && count.value >= 1.0 && count.value < 1e10).then(|| (Fact::Amount, decimal(count.value), end))
}

/// 半, or 零三个月, after a number of years; and where that ends.
fn beyond_years(text: &[char], from: usize) -> (f64, usize) {
    if text.get(from) == Some(&'半') {
        return (0.5, from + 1);
    }
    let start = if matches!(text.get(from), Some('零' | '又' | '多')) { from + 1 } else { from };
    let months =
        counts(&text[start..text.len().min(start + 6)]).into_iter().next().filter(|count| count.from == 0);
    if let Some(months) = months.filter(|count| count.value < 12.0) {
        let after: String = text[start + months.to..text.len().min(start + months.to + 2)].iter().collect();
        if after.starts_with("个月") {
            return (months.value / 12.0, start + months.to + 2);
        }
    }
    (0.0, from)
}

/// `2023年5月6日` or `2023年5月`, which is its first day; and where it ends.
fn day(text: &[char], year: &Count) -> Option<(String, usize)> {
    if !(1950.0..=2200.0).contains(&year.value) || year.has_unit || text.get(year.to) != Some(&'年') {
        return None;
    }
    let next = |from: usize, unit: char| {
        let window = &text[from.min(text.len())..text.len().min(from + 5)];
        let count = counts(window).into_iter().next().filter(|count| count.from == 0)?;
        (window.get(count.to) == Some(&unit)).then_some((count.value, from + count.to + 1))
    };
    let (month, end) = next(year.to + 1, '月')?;
    let (day, end) = next(end, '日').or_else(|| next(end, '号')).unwrap_or((1.0, end));
    let sound = (1.0..=12.0).contains(&month) && (1.0..=31.0).contains(&day);
    sound.then(|| (format!("{:04}-{month:02}-{day:02}", year.value), end))
}

/// A number without zeros nobody said.
fn decimal(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(Fact, String)> {
        said(text).into_iter().map(|said| (said.fact, said.value)).collect()
    }

    fn one(fact: Fact, value: &str) -> (Fact, String) {
        (fact, value.to_owned())
    }

    #[test]
    fn a_dismissal_says_how_long_and_what_a_month_paid() {
        let found = said("被公司辞退没有给补偿，工作了六年半，月薪八千");
        assert_eq!(found[0], Said { fact: Fact::Years, value: "6.5".into(), words: "工作了六年半".into() });
        assert_eq!(found[1], Said { fact: Fact::Wage, value: "8000".into(), words: "月薪八千".into() });
        assert_eq!(found.len(), 2);
        assert_eq!(
            told("我在厂里干了3年零6个月，每月工资5500元"),
            [one(Fact::Years, "3.5"), one(Fact::Wage, "5500")]
        );
        assert_eq!(
            told("2020年3月15日入职，月薪1.2万"),
            [one(Fact::StartedOn, "2020-03-15"), one(Fact::Wage, "12000")]
        );
        assert_eq!(told("上班十年了，工资8k"), [one(Fact::Years, "10"), one(Fact::Wage, "8000")]);
    }

    #[test]
    fn what_is_owed_is_not_what_a_month_pays() {
        assert_eq!(told("拖欠我三个月工资共两万元"), [one(Fact::Amount, "20000")]);
        assert_eq!(
            told("朋友2024年5月借了我五万块不还，月息两分"),
            [one(Fact::LentOn, "2024-05-01"), one(Fact::Amount, "50000"), one(Fact::Rate, "24"),]
        );
        assert_eq!(told("房东不退押金1500元"), [one(Fact::Amount, "1500")]);
        assert_eq!(told("欠我3万，还了5000元"), [one(Fact::Amount, "30000")]);
    }

    #[test]
    fn injuries_say_degree_age_and_days() {
        assert_eq!(
            told("今年45岁，住院20天，鉴定为九级伤残"),
            [one(Fact::Age, "45"), one(Fact::Days, "20"), one(Fact::Grade, "9"),]
        );
        assert_eq!(told("伤残十级"), [one(Fact::Grade, "10")]);
    }

    #[test]
    fn numbers_that_mean_something_else_are_left_alone() {
        for text in [
            "三年前的事",
            "2023年的案子",
            "打12348",
            "住在3栋2单元",
            "第四十七条",
            "我有两个孩子",
            "一年后还钱",
            "9月1号",
            "十几个人",
            "一直不还",
            "千万不要",
            "百般刁难",
            "半夜吵",
            "",
            "年薪",
            "万一",
            "工资年年涨",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn any_text_is_borne() {
        for text in [
            "九九九九九九九九九九九九亿亿亿亿元",
            "....元",
            "1,,,2元",
            "2024年99月99日入职",
            "工作了年",
            "半年半年半",
        ] {
            let _ = said(text);
        }
        assert_eq!(told("2024年99月99日入职"), []);
    }
}
