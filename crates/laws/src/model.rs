//! What a law is: versions with their days, articles with their places.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Whether a text is law today, as far as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In force.
    InForce,
    /// Repealed.
    Repealed,
    /// Amended since.
    Amended,
    /// An earlier version.
    Historic,
    /// The source says nothing.
    #[default]
    Unknown,
}

impl Status {
    /// The word in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Repealed => "repealed",
            Self::Amended => "amended",
            Self::Historic => "historic",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the text may be shown as what holds today.
    pub fn may_hold(self) -> bool {
        matches!(self, Self::InForce | Self::Unknown)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = String;

    /// Our words, and those of the national database.
    fn from_str(word: &str) -> Result<Self, String> {
        match word.trim() {
            "in-force" | "现行有效" | "有效" => Ok(Self::InForce),
            "repealed" | "已废止" | "废止" => Ok(Self::Repealed),
            "amended" | "已被修改" | "已修改" => Ok(Self::Amended),
            "historic" | "历史版本" => Ok(Self::Historic),
            "" | "unknown" | "尚未生效" => Ok(Self::Unknown),
            other => Err(format!("`{other}` is no status: in-force, repealed, amended, historic or unknown")),
        }
    }
}

store::text_column!(Status);

/// One version of a law on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Title as it is cited.
    pub title: String,
    /// Title as it was published.
    pub full_title: String,
    /// Kind of law, as the collection files it.
    pub category: String,
    /// The day of this version (`YYYY-MM-DD`), or nothing.
    pub version: String,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// Last day in force.
    pub effective_to: Option<Date>,
    /// Whether it is law.
    pub status: Status,
    /// Who says so.
    pub status_source: String,
    /// Which collection it comes from.
    pub source: String,
    /// Articles in order.
    pub articles: Vec<Article>,
}

impl Draft {
    /// `title@version`, or the title alone.
    pub fn id(&self) -> String {
        if self.version.is_empty() { self.title.clone() } else { format!("{}@{}", self.title, self.version) }
    }
}

/// An article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// As it is called: 第四十七条.
    pub article: String,
    /// The chapter and section it stands in.
    pub heading: String,
    /// What it says.
    pub text: String,
    /// Its own id in the file, as JSON.
    pub source_id: Option<String>,
}

/// A title as people cite it: without the name of the state, brackets of books, blanks.
pub fn cited(title: &str) -> String {
    let bare: String = title.chars().filter(|c| !c.is_whitespace() && !matches!(c, '《' | '》')).collect();
    match bare.strip_prefix("中华人民共和国") {
        Some(rest) if !rest.is_empty() && !rest.starts_with(['和', '与', '主']) => rest.to_owned(),
        _ => bare,
    }
}

/// The first day of a version, where a source tells one. Sources often tell when the law first came into force, long
/// before this version was made: that is not when this text did.
pub fn first_day(version: Option<Date>, told: Option<Date>) -> Option<Date> {
    told.filter(|day| version.is_none_or(|made| made <= *day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cited_without_the_state() {
        assert_eq!(cited("中华人民共和国民法典"), "民法典");
        assert_eq!(cited("《工伤保险条例》"), "工伤保险条例");
        assert_eq!(cited("中华人民共和国"), "中华人民共和国");
    }

    #[test]
    fn a_text_is_not_in_force_before_it_was_made() {
        let day = |text: &str| text.parse::<Date>().ok();
        assert_eq!(first_day(day("2018-12-29"), day("2003-03-01")), None);
        assert_eq!(first_day(day("2018-12-29"), day("2019-01-01")), day("2019-01-01"));
        assert_eq!(first_day(None, day("2003-03-01")), day("2003-03-01"));
    }

    #[test]
    fn statuses_are_read_in_both_languages() {
        for status in [Status::InForce, Status::Repealed, Status::Amended, Status::Historic, Status::Unknown]
        {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        assert_eq!("已废止".parse(), Ok(Status::Repealed));
        assert!("maybe".parse::<Status>().is_err());
    }
}
