//! A draft put together from what is kept, without anybody's writing: the articles that speak to the question, an answer
//! given before, calculators, next doors. It works without a model and without a network.

use catalog::words::Words;
use kernel::lang::Lang;
use laws::citation::Citation;
use matters::Register;

use super::Given;
use crate::cites;
use crate::model::Published;

/// Articles that are named.
const ARTICLES: usize = 3;
/// Longest part of an article, in characters.
const PART: usize = 160;
/// Longest draft: the form of a consultation takes a little more.
const LONGEST: usize = 4500;

/// What it is made of.
pub(super) struct Found<'a> {
    pub(super) articles: &'a [Given],
    pub(super) alike: &'a [Published],
    pub(super) doors: Doors<'a>,
}

/// Where to go on.
#[derive(Debug, Default)]
pub(super) struct Doors<'a> {
    /// Calculators.
    pub(super) calculators: Vec<&'a str>,
    /// Service items.
    pub(super) items: Vec<&'a str>,
}

/// The text, and what it rests on.
pub(super) fn compose(register: &Register, found: &Found<'_>) -> (String, Vec<Citation>) {
    let words = register.words();
    let say = |key: &str| words.get(Lang::Zh, key, &[]);
    let mut parts: Vec<String> = Vec::new();
    let mut cites: Vec<Citation> = Vec::new();
    if let Some(best) = found.alike.first() {
        parts.push(best.answer.clone());
        if !best.cites.is_empty() {
            let rests = cites::spoken(&best.cites).replace('\n', "；");
            parts.push(format!("{}{rests}", say("drafting-rests-on")));
        }
        cites.extend(best.cites.clone());
    }
    let articles: Vec<&Given> = found.articles.iter().take(ARTICLES).collect();
    if !articles.is_empty() {
        let mut lines = vec![say("drafting-articles")];
        for one in articles {
            lines.push(format!("《{}》{}：{}", one.law, one.article, part(&one.text)));
            let citation = Citation { law: one.law.clone(), article: one.article.clone() };
            if !cites.contains(&citation) {
                cites.push(citation);
            }
        }
        parts.push(lines.join("\n"));
    }
    parts.extend(doors(register, words, &found.doors));
    parts.push(say("drafting-next"));
    let text: String = parts.join("\n\n").chars().take(LONGEST).collect();
    (text, cites)
}

fn doors(register: &Register, words: &Words, doors: &Doors<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let name = |calculator: &&str| {
        words.get(Lang::Zh, &format!("calc-name-{}", calculator.replace(['.', '_'], "-")), &[])
    };
    if !doors.calculators.is_empty() {
        let names: Vec<String> = doors.calculators.iter().map(name).collect();
        let names = names.join("、");
        lines.push(words.get(Lang::Zh, "drafting-calculators", &[("names", names.as_str())]));
    }
    let items: Vec<&str> =
        doors.items.iter().filter_map(|id| Some(register.catalog().item(id)?.name.get(Lang::Zh))).collect();
    if !items.is_empty() {
        let names = items.join("、");
        lines.push(words.get(Lang::Zh, "drafting-items", &[("names", names.as_str())]));
    }
    lines
}

/// The beginning of an article, cut where a sentence ends when one does.
fn part(text: &str) -> String {
    let line = text.replace('\n', "");
    if line.chars().count() <= PART {
        return line;
    }
    let cut: String = line.chars().take(PART).collect();
    match cut.rfind('。') {
        Some(end) => cut[..end + '。'.len_utf8()].to_owned(),
        None => format!("{cut}……"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_cut_at_the_end_of_a_sentence() {
        assert_eq!(part("一句。\n两句。"), "一句。两句。");
        let long = format!("{}。{}", "甲".repeat(100), "乙".repeat(100));
        assert_eq!(part(&long), format!("{}。", "甲".repeat(100)));
        assert!(part(&"丙".repeat(400)).ends_with("……"));
    }
}
