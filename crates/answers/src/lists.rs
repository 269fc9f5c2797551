//! What somebody has to do with answers: lists of the desk, each with its number.

use std::collections::HashMap;

use access::Principal;
use jiff::civil::Date;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use laws::citation::Citation;

use crate::cites::{Cited, Held};
use crate::library::Library;
use crate::model::{State, Version};
use crate::rules;
use crate::store_rows as rows;
use crate::{broken, not_found};

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What I wrote.
    Mine,
    /// What waits for me to decide.
    Review,
    /// What offices published.
    Published,
    /// What must be looked through again: its day has come, or the law changed.
    Due,
}

impl View {
    /// All of them, in the order they stand.
    pub const ALL: [Self; 4] = [Self::Mine, Self::Review, Self::Published, Self::Due];

    /// Its word in addresses and message keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Review => "review",
            Self::Published => "published",
            Self::Due => "due",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == word)
    }
}

/// Why a published answer must be looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Its day has come.
    Day,
    /// A law it cites was made anew since.
    LawNewer,
    /// An article it cites does not hold any more.
    LawGone,
}

impl Why {
    /// Its word in message keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::LawNewer => "law-newer",
            Self::LawGone => "law-gone",
        }
    }
}

/// A row of a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// The version.
    pub version: Version,
    /// Why it must be looked through; empty when it need not.
    pub why: Vec<Why>,
}

/// Everything somebody has to do with, by list. Read once for all numbers and rows of a page.
#[derive(Debug, Default)]
pub struct Lists(HashMap<&'static str, Vec<Line>>);

impl Lists {
    /// Rows of a list.
    pub fn of(&self, view: View) -> &[Line] {
        self.0.get(view.as_str()).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Library {
    /// The lists of somebody who answers questions.
    pub async fn lists(&self, who: &Principal, now: Instant) -> Result<Lists, Refusal> {
        let account = who.account.as_ref().filter(|_| rules::consults(who)).ok_or_else(not_found)?;
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let mine = rows::of_owner(&mut reads, account.as_str()).await.map_err(|error| broken(&error))?;
        let proposed = rows::in_state(&mut reads, State::Proposed).await.map_err(|error| broken(&error))?;
        let published = rows::in_state(&mut reads, State::Published).await.map_err(|error| broken(&error))?;
        drop(reads);
        let mut lists = Lists::default();
        let mut keep = |view: View, found: Vec<Line>| lists.0.insert(view.as_str(), found);
        let line = |version: Version| Line { version, why: Vec::new() };
        keep(View::Mine, self.all_opened(mine).await?.into_iter().map(line).collect());
        let waits = |version: &Version| {
            rules::decides(who, &version.office, version.area) && !rules::owns(who, version)
        };
        let proposed = self.all_opened(proposed).await?;
        keep(View::Review, proposed.into_iter().filter(waits).map(line).collect());
        let published = self.all_opened(published).await?;
        let cites: Vec<Citation> = published.iter().flat_map(|one| one.cites.clone()).collect();
        let checked = self.cited(&distinct(cites), now.date()).await?;
        let lines: Vec<Line> = published
            .into_iter()
            .map(|version| {
                let why = why(&version, &checked, now.date());
                Line { version, why }
            })
            .collect();
        let due = lines.iter().filter(|line| !line.why.is_empty() && rules::may_open(who, &line.version));
        keep(View::Due, due.cloned().collect());
        let mut newest = lines;
        newest.reverse();
        keep(View::Published, newest);
        Ok(lists)
    }

    async fn all_opened(&self, rows: Vec<rows::Row>) -> Result<Vec<Version>, Refusal> {
        let mut opened = Vec::with_capacity(rows.len());
        for row in rows {
            opened.push(self.opened(row).await?);
        }
        Ok(opened)
    }
}

fn distinct(mut cites: Vec<Citation>) -> Vec<Citation> {
    cites.sort();
    cites.dedup();
    cites
}

/// Why a published version must be looked through on a day.
fn why(version: &Version, checked: &[Cited], on: Date) -> Vec<Why> {
    let mut why = Vec::new();
    if version.due_on.is_some_and(|due| due <= on) {
        why.push(Why::Day);
    }
    let own = || checked.iter().filter(|one| version.cites.contains(&one.citation));
    if own().any(|one| matches!(one.held, Held::NoArticle | Held::NotInForce)) {
        why.push(Why::LawGone);
    }
    let newer = |one: &Cited| one.made.zip(version.reviewed_on).is_some_and(|(made, seen)| made > seen);
    if own().any(newer) {
        why.push(Why::LawNewer);
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_lists_read_back() {
        for view in View::ALL {
            assert_eq!(View::parse(view.as_str()), Some(view));
        }
        assert_eq!(View::parse("all"), None);
    }
}
