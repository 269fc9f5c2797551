//! Citations `law#article`, held against the statutes that are kept.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Reads, StoreError};

use crate::model::cited;
use crate::numeral;
use crate::store as rows;

/// An article somebody cites.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Citation {
    /// The law, as it is written there.
    pub law: String,
    /// The article: `31`, `14(3)`, `第二十三条`.
    pub article: String,
}

/// How a citation stands to what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The version that holds has the article.
    Found,
    /// The law is kept, and no version that holds has the article.
    NoArticle,
    /// The version that would hold is repealed or superseded.
    NotInForce,
    /// The law is not kept.
    NotKept,
    /// No article is named that could be looked for.
    NoNumber,
}

/// A citation with how it stands, and the version it was held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What is cited.
    #[serde(flatten)]
    pub citation: Citation,
    /// How it stands.
    pub standing: Standing,
    /// The version it was held against.
    pub version: Option<String>,
    /// When that version was made later than the day somebody last looked, the citation is due for review; the day of
    /// the version tells.
    pub made: Option<String>,
}

/// The number in an article as it is cited.
pub fn number(article: &str) -> Option<(u32, u32)> {
    let article = article.trim();
    if article.starts_with('第') {
        let end = article.find('条')? + '条'.len_utf8();
        // 第一百二十条之一 is an article of its own; 第一款 behind one is not.
        let inserted = article[end..].strip_prefix('之').map_or(0, |rest| {
            let digits =
                rest.chars().take_while(|c| "一二三四五六七八九十".contains(*c) || c.is_ascii_digit());
            let digits: usize = digits.map(char::len_utf8).sum();
            if digits > 0 { '之'.len_utf8() + digits } else { 0 }
        });
        return numeral::article(&article[..end + inserted]);
    }
    let digits: String = article.chars().take_while(char::is_ascii_digit).collect();
    let rest = &article[digits.len()..];
    let inserted: String =
        rest.strip_prefix('-').unwrap_or("").chars().take_while(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, inserted.parse().unwrap_or(0)))
}

/// A title as it is kept: without the name of the state and without what stands in brackets behind it.
pub fn title(law: &str) -> String {
    let bare = law.split(['（', '(']).next().unwrap_or(law);
    cited(bare)
}

/// Holds citations against what is kept on a day.
pub async fn check(
    reads: &mut impl Reads,
    citations: impl IntoIterator<Item = Citation>,
    on: Date,
) -> Result<Vec<Checked>, StoreError> {
    let mut by_title: BTreeMap<String, Vec<Citation>> = BTreeMap::new();
    let distinct: HashSet<Citation> = citations.into_iter().collect();
    for citation in distinct {
        by_title.entry(title(&citation.law)).or_default().push(citation);
    }
    let mut checked = Vec::new();
    for (title, mut citations) in by_title {
        citations.sort();
        let held = rows::holding(reads, &title, on).await?;
        let numbers: HashSet<(u32, u32)> = match &held {
            Some((law, _)) => rows::articles(reads, &law.id)
                .await?
                .iter()
                .filter_map(|row| numeral::article(&row.article))
                .collect(),
            None => HashSet::new(),
        };
        for citation in citations {
            let standing = match (&held, number(&citation.article)) {
                (None, _) => Standing::NotKept,
                (Some(_), None) => Standing::NoNumber,
                (Some((law, _)), Some(_)) if !law.status.may_hold() => Standing::NotInForce,
                (Some(_), Some(number)) if numbers.contains(&number) => Standing::Found,
                (Some(_), Some(_)) => Standing::NoArticle,
            };
            checked.push(Checked {
                citation,
                standing,
                version: held.as_ref().map(|(law, _)| law.id.clone()),
                made: held.as_ref().map(|(law, _)| law.version.clone()).filter(|made| !made.is_empty()),
            });
        }
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_cited_in_several_ways() {
        for (article, found) in [
            ("31", Some((31, 0))),
            ("14(3)", Some((14, 0))),
            ("120-1", Some((120, 1))),
            ("第二十三条", Some((23, 0))),
            ("第二十三条第一款", Some((23, 0))),
            ("第一百二十条之一", Some((120, 1))),
            ("第一百二十条之一第二款", Some((120, 1))),
            ("第三条之规定", Some((3, 0))),
            ("条次待核", None),
        ] {
            assert_eq!(number(article), found, "{article}");
        }
        assert_eq!(title("办理法律援助案件程序规定（司法部令第148号）"), "办理法律援助案件程序规定");
        assert_eq!(title("中华人民共和国网络安全法"), "网络安全法");
    }
}
