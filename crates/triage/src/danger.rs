//! Signs of danger in what somebody says: violence, self-harm, a child, a deadline about to pass, detention.

use serde::{Deserialize, Serialize};

use crate::TriageError;
use crate::kinds::Both;

/// The file within the catalogue.
pub const FILE: &str = "triage/danger.toml";

/// What to look for, and whom to call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dangers {
    danger: Vec<Danger>,
    number: Vec<Number>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Danger {
    id: String,
    numbers: Vec<String>,
    words: Vec<String>,
    unless: Vec<String>,
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// As it is dialled.
    pub tel: String,
    /// Who answers.
    pub name: Both,
    /// Whether somebody has checked it.
    pub verified: bool,
    /// Where it comes from.
    pub source: String,
}

/// A danger that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sign {
    /// `violence self-harm child deadline detention`.
    pub danger: String,
    /// The words that show it.
    pub words: Vec<String>,
    /// Whom to call.
    pub numbers: Vec<Number>,
}

impl Dangers {
    /// Reads the file and refuses what cannot be meant.
    pub fn parse(text: &str) -> Result<Self, TriageError> {
        let wrong = |why: String| TriageError::Content(format!("{FILE}: {why}"));
        let dangers: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        for danger in &dangers.danger {
            for tel in &danger.numbers {
                if !dangers.number.iter().any(|number| number.tel == *tel) {
                    return Err(wrong(format!("{}: nobody says whose number {tel} is", danger.id)));
                }
            }
            if danger.words.is_empty() || danger.numbers.is_empty() {
                return Err(wrong(format!("{}: it needs words and a number", danger.id)));
            }
        }
        Ok(dangers)
    }

    /// The dangers a text speaks of, in the order of the file.
    pub fn find(&self, text: &str) -> Vec<Sign> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut signs = Vec::new();
        for danger in &self.danger {
            let mut rest = text.clone();
            for harmless in &danger.unless {
                rest = rest.replace(harmless.as_str(), "。");
            }
            let words: Vec<String> =
                danger.words.iter().filter(|word| rest.contains(word.as_str())).cloned().collect();
            if words.is_empty() {
                continue;
            }
            let numbers =
                danger.numbers.iter().filter_map(|tel| self.number.iter().find(|number| number.tel == *tel));
            signs.push(Sign { danger: danger.id.clone(), words, numbers: numbers.cloned().collect() });
        }
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../catalog/triage/danger.toml");

    fn found(text: &str) -> Vec<String> {
        Dangers::parse(TEXT).unwrap().find(text).into_iter().map(|sign| sign.danger).collect()
    }

    #[test]
    fn what_is_dangerous_is_found() {
        for (text, danger) in [
            ("老公喝了酒就打我，我不敢回家", "violence"),
            ("他拿刀威胁我", "violence"),
            ("前男友跟踪我还扬言报复", "violence"),
            ("我被逼债，活不下去了", "self-harm"),
            ("我老婆说要自 杀", "self-harm"),
            ("继父猥亵我女儿", "child"),
            ("孩子在学校被校园霸凌", "child"),
            ("上诉期还有两天，怎么办", "deadline"),
            ("明天开庭，我没有律师", "deadline"),
            ("劳动仲裁时效马上过了，最后一天", "deadline"),
            ("我弟弟昨天被刑拘了", "detention"),
            ("公司把我关起来不让我走", "detention"),
        ] {
            assert!(found(text).contains(&danger.to_owned()), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn what_only_sounds_like_it_is_left_alone() {
        for text in [
            "房东不接电话，让中介打我电话",
            "我想打官司，要多少钱",
            "老板说月底把钱打我卡里",
            "商场跳楼价买的衣服能退吗",
            "保险合同里的自杀条款怎么理解",
            "合同快到期了，公司不续签有补偿吗",
            "食品快过期了还在卖，能赔吗",
            "身份证快到期了去哪里换",
            "鉴定结果出不来怎么办",
            "我曾被拘留，影响找工作吗",
            "离婚后想争抢孩子抚养权",
            "电话打得通但是没人接",
            "被公司辞退没有给补偿，工作了六年半，月薪八千",
            "邻居装修噪音太大",
            "借款合同逾期利息怎么算",
            "交通事故对方全责，赔多少",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn every_danger_says_whom_to_call() {
        let signs = Dangers::parse(TEXT).unwrap().find("他打我，我不想活了");
        let tels: Vec<&str> = signs[0].numbers.iter().map(|number| number.tel.as_str()).collect();
        assert_eq!(tels, ["110", "120", "12338"]);
        assert_eq!(signs[1].danger, "self-harm");
        assert!(Dangers::parse(&TEXT.replace("tel = \"12338\"", "tel = \"1\"")).is_err());
    }
}
