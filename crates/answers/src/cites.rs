//! What an answer rests on: articles as people write them, held against the statutes that are kept.

use std::collections::HashSet;

use jiff::civil::Date;
use laws::citation::{self, Citation, Standing};
use laws::numeral;
use laws::store as rows;
use store::{Reads, StoreError};

/// Longest title that is taken, in characters.
const TITLE_MAX: usize = 80;

/// Reads citations, one law a line or several parted by `；`: `劳动合同法#第四十七条`, `《劳动合同法》第四十七条、第八十七条`.
/// Gives the lines nobody can read as the error.
pub fn read(text: &str) -> Result<Vec<Citation>, Vec<String>> {
    let (mut found, mut wrong): (Vec<Citation>, Vec<String>) = (Vec::new(), Vec::new());
    let lines = text.split(['\n', '；', ';', '。']).map(str::trim).filter(|line| !line.is_empty());
    for line in lines {
        match line_of(line) {
            Some(cites) => found.extend(cites),
            None => wrong.push(line.to_owned()),
        }
    }
    let mut seen = HashSet::new();
    found.retain(|cite| seen.insert((citation::title(&cite.law), citation::number(&cite.article))));
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

fn line_of(line: &str) -> Option<Vec<Citation>> {
    let (law, articles) = if let Some((law, article)) = line.split_once('#') {
        (law, vec![article.trim().to_owned()])
    } else {
        let at = first_article(line)?;
        (&line[..at], articles(&line[at..]))
    };
    // 根据《劳动合同法》第四十七条: what stands between the brackets is the law.
    let law = law.rsplit_once('《').map_or(law, |(_, rest)| rest);
    let law = law.split_once('》').map_or(law, |(inner, _)| inner);
    let law = law.trim().trim_matches(['，', '、', ' ']);
    let fits = !law.is_empty() && law.chars().count() <= TITLE_MAX && !articles.is_empty();
    if !fits || articles.iter().any(|article| citation::number(article).is_none()) {
        return None;
    }
    Some(
        articles
            .into_iter()
            .map(|article| Citation { law: law.to_owned(), article: spelled(&article) })
            .collect(),
    )
}

/// Where the first 第…条 of a line begins.
fn first_article(line: &str) -> Option<usize> {
    line.match_indices('第').map(|(at, _)| at).find(|at| article_at(&line[*at..]).is_some())
}

/// The 第…条 (之一) a text begins with, as a length in bytes.
fn article_at(text: &str) -> Option<usize> {
    let end = text.find('条')? + '条'.len_utf8();
    numeral::article(&text[..end])?;
    let rest = text[end..].strip_prefix('之');
    let more = rest.map_or(0, |rest| {
        let digits: usize = rest
            .chars()
            .take_while(|c| "一二三四五六七八九十".contains(*c) || c.is_ascii_digit())
            .map(char::len_utf8)
            .sum();
        if digits > 0 { '之'.len_utf8() + digits } else { 0 }
    });
    Some(end + more)
}

/// Every 第…条 in a text, in order.
pub fn articles(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('第') {
        rest = &rest[at..];
        if let Some(length) = article_at(rest) {
            found.push(rest[..length].to_owned());
            rest = &rest[length..];
        } else {
            rest = &rest['第'.len_utf8()..];
        }
    }
    found
}

/// Every law named in a text between 《 and 》, with the articles that follow it up to the next one.
pub fn named(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('《') {
        let Some((law, after)) = after.split_once('》') else { break };
        let until = after.find('《').unwrap_or(after.len());
        found.push((law.to_owned(), articles(&after[..until])));
        rest = after;
    }
    found
}

/// An article in one form: 第四十七条, 第一百二十条之一; what was typed in digits keeps them.
fn spelled(article: &str) -> String {
    let article = article.trim();
    if article.starts_with('第') {
        return article[..article_at(article).unwrap_or(article.len())].to_owned();
    }
    match citation::number(article) {
        Some((number, 0)) => format!("第{number}条"),
        Some((number, inserted)) => format!("第{number}条之{inserted}"),
        None => article.to_owned(),
    }
}

/// How a citation stands on a day, for those who decide by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// The version that holds has the article.
    Good,
    /// The law is not kept: nobody can look it up here.
    NotKept,
    /// There is no such article.
    NoArticle,
    /// The law does not hold on this day.
    NotInForce,
}

impl Held {
    /// The word in JSON and message keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NotKept => "not-kept",
            Self::NoArticle => "no-article",
            Self::NotInForce => "not-in-force",
        }
    }
}

/// A citation with how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// What is cited.
    pub citation: Citation,
    /// How it stands.
    pub held: Held,
    /// The version it was held against.
    pub version: Option<String>,
    /// The day that version was made.
    pub made: Option<Date>,
}

/// Holds citations against the statutes on a day, in their order. Beyond what [`citation::check`] asks, the version
/// must have begun and not ended on that day.
pub async fn check(
    reads: &mut impl Reads,
    citations: &[Citation],
    on: Date,
) -> Result<Vec<Cited>, StoreError> {
    let checked = citation::check(reads, citations.iter().cloned(), on).await?;
    let mut found = Vec::with_capacity(citations.len());
    for citation in citations {
        let Some(one) = checked.iter().find(|one| one.citation == *citation) else { continue };
        let held = match (one.standing, &one.version) {
            (Standing::Found, Some(version)) => {
                let law = rows::law(reads, version).await?;
                let holds = law.is_some_and(|law| {
                    law.effective_from.is_none_or(|from| from <= on)
                        && law.effective_to.is_none_or(|to| on <= to)
                });
                if holds { Held::Good } else { Held::NotInForce }
            }
            (Standing::Found, None) | (Standing::NotKept, _) => Held::NotKept,
            (Standing::NoArticle | Standing::NoNumber, _) => Held::NoArticle,
            (Standing::NotInForce, _) => Held::NotInForce,
        };
        found.push(Cited {
            citation: citation.clone(),
            held,
            version: one.version.clone(),
            made: one.made.as_deref().and_then(|made| made.parse().ok()),
        });
    }
    Ok(found)
}

/// The text of an article in the version that holds on a day.
pub async fn text_of(
    reads: &mut impl Reads,
    citation: &Citation,
    on: Date,
) -> Result<Option<String>, StoreError> {
    let Some((law, _)) = rows::holding(reads, &citation::title(&citation.law), on).await? else {
        return Ok(None);
    };
    let number = citation::number(&citation.article);
    let articles = rows::articles(reads, &law.id).await?;
    Ok(articles
        .into_iter()
        .find(|row| number.is_some() && numeral::article(&row.article) == number)
        .map(|row| row.text))
}

/// Citations as a person reads them, a law a line: 《劳动合同法》第四十六条、第四十七条.
pub fn spoken(citations: &[Citation]) -> String {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for one in citations {
        let title = citation::title(&one.law);
        match lines.iter_mut().find(|(law, _)| *law == title) {
            Some((_, articles)) => articles.push(&one.article),
            None => lines.push((title, vec![&one.article])),
        }
    }
    let lines = lines.into_iter().map(|(law, articles)| format!("《{law}》{}", articles.join("、")));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(text).unwrap_or_default().into_iter().map(|cite| (cite.law, cite.article)).collect()
    }

    fn cited(law: &str, articles: &[&str]) -> Vec<(String, String)> {
        articles.iter().map(|article| (law.to_owned(), (*article).to_owned())).collect()
    }

    #[test]
    fn citations_are_read_as_people_write_them() {
        assert_eq!(pairs("劳动合同法#第四十七条"), cited("劳动合同法", &["第四十七条"]));
        assert_eq!(pairs("劳动合同法#47"), cited("劳动合同法", &["第47条"]));
        assert_eq!(
            pairs("《劳动合同法》第四十六条、第四十七条和第八十七条第一款"),
            cited("劳动合同法", &["第四十六条", "第四十七条", "第八十七条"])
        );
        assert_eq!(pairs("法律援助法第三十一条"), cited("法律援助法", &["第三十一条"]));
        assert_eq!(pairs("刑法第一百二十条之一"), cited("刑法", &["第一百二十条之一"]));
        assert_eq!(
            pairs("民法典#第188条\n《民法典》第一百八十八条"),
            cited("民法典", &["第188条"]),
            "told once"
        );
        assert_eq!(pairs(""), Vec::new());
    }

    #[test]
    fn what_names_no_article_is_told() {
        for wrong in ["劳动合同法", "第四十七条", "#47", "劳动合同法#", "劳动合同法#abc", "我认为应当赔偿"]
        {
            assert_eq!(read(wrong), Err(vec![wrong.to_owned()]), "{wrong}");
        }
    }

    #[test]
    fn laws_named_in_a_text_are_found_with_their_articles() {
        let text =
            "依据《劳动法》第五十条，《劳动合同法》第三十条、第八十五条，可以投诉；《民法典》也有规定。";
        let found: Vec<(String, usize)> =
            named(text).into_iter().map(|(law, articles)| (law, articles.len())).collect();
        assert_eq!(found, [("劳动法".to_owned(), 1), ("劳动合同法".to_owned(), 2), ("民法典".to_owned(), 0)]);
    }

    #[test]
    fn citations_are_told_a_law_a_line() {
        let cites = read("劳动法#第五十条\n劳动合同法#第三十条\n劳动合同法#第八十五条").unwrap_or_default();
        assert_eq!(spoken(&cites), "《劳动法》第五十条\n《劳动合同法》第三十条、第八十五条");
    }
}
