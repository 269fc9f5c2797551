//! The decision between two snapshots.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::area::{AreaCode, Level};

use super::model::{Census, Gone, Source, Step};
use crate::area::names::{alike, stem, within};

/// What happened between two snapshots of one subtree.
pub fn step(before: &Census, after: &Census) -> Step {
    let mut found = Step::default();
    let mut gone: BTreeSet<AreaCode> = BTreeSet::new();
    let mut new: BTreeSet<AreaCode> =
        after.keys().copied().filter(|code| !before.contains_key(code)).collect();
    for (code, old) in before {
        match after.get(code) {
            None => {
                gone.insert(*code);
            }
            Some(name) if name == old => {}
            // Numbers of villages are dealt out anew within their town, those of towns never.
            Some(name) if code.level() < Level::Village || alike(old, name) => found.renamed.push(*code),
            Some(_) => {
                gone.insert(*code);
                new.insert(*code);
            }
        }
    }
    let heirs = Matching::new(before, after, &gone, &new).heirs();
    found.gone = gone.iter().map(|code| Gone { code: *code, successor: heirs.get(code).copied() }).collect();
    found.new = new.into_iter().collect();
    found
}

type Heirs = BTreeMap<AreaCode, (AreaCode, Source)>;

struct Matching<'a> {
    before: &'a Census,
    after: &'a Census,
    gone: &'a BTreeSet<AreaCode>,
    new: &'a BTreeSet<AreaCode>,
    /// Villages of each town afterwards, with their stems.
    villages: HashMap<AreaCode, Vec<(AreaCode, String)>>,
}

impl<'a> Matching<'a> {
    fn new(
        before: &'a Census,
        after: &'a Census,
        gone: &'a BTreeSet<AreaCode>,
        new: &'a BTreeSet<AreaCode>,
    ) -> Self {
        let mut villages: HashMap<AreaCode, Vec<(AreaCode, String)>> = HashMap::new();
        for (code, name) in after.iter().filter(|(code, _)| code.level() == Level::Village) {
            if let Some(town) = code.parent() {
                villages.entry(town).or_default().push((*code, stem(name)));
            }
        }
        Self { before, after, gone, new, villages }
    }

    fn heirs(&self) -> Heirs {
        let mut heirs = Heirs::new();
        for level in [Level::Prefecture, Level::County, Level::Town] {
            for code in self.gone.iter().filter(|code| code.level() == level) {
                if let Some(heir) = self.unit(*code, &heirs) {
                    heirs.insert(*code, (heir, Source::Recode));
                }
            }
        }
        let mut towns: BTreeMap<AreaCode, Vec<AreaCode>> = BTreeMap::new();
        for code in self.gone.iter().filter(|code| code.level() == Level::Village) {
            towns.entry(code.parent().unwrap_or(*code)).or_default().push(*code);
        }
        for (town, villages) in towns {
            match heirs.get(&town).copied() {
                Some((heir, _)) => self.moved(town, heir, &villages, &mut heirs),
                None if self.after.contains_key(&town) => self.merged(town, &villages, &mut heirs),
                None => {}
            }
        }
        heirs
    }

    fn name(&self, code: AreaCode) -> &str {
        self.before.get(&code).map(String::as_str).unwrap_or_default()
    }

    /// The new code of a county or a town: under what its parent became, with the same name; at the same position
    /// with a similar one; else wherever most of its villages are.
    fn unit(&self, code: AreaCode, heirs: &Heirs) -> Option<AreaCode> {
        let parent = code.parent()?;
        let parent = heirs.get(&parent).map_or(parent, |(heir, _)| *heir);
        let own = stem(self.name(code));
        let fresh = || self.new.iter().copied().filter(|new| new.level() == code.level());
        let beside = || fresh().filter(|new| new.parent() == Some(parent));
        let named = |new: &AreaCode| self.after.get(new).is_some_and(|name| stem(name) == own);
        let placed = at(code, parent).filter(|new| {
            self.new.contains(new) && self.after.get(new).is_some_and(|name| alike(name, self.name(code)))
        });
        only(beside().filter(named)).or(placed).or_else(|| {
            (code.level() == Level::Town).then(|| fresh().find(|new| self.carries_on(code, *new))).flatten()
        })
    }

    /// Whether most villages of a former town are found by name in a new one, and few elsewhere could be meant.
    fn carries_on(&self, town: AreaCode, new: AreaCode) -> bool {
        let Some(there) = self.villages.get(&new) else { return false };
        let (low, high) = town.range();
        let own = self
            .before
            .iter()
            .filter(|(code, _)| code.level() == Level::Village && (low..=high).contains(&code.as_i64()));
        let (mut all, mut kept) = (0_usize, 0_usize);
        for (_, name) in own {
            all += 1;
            let name = stem(name);
            kept += usize::from(there.iter().any(|(_, other)| *other == name));
        }
        kept * 2 > all
    }

    /// Villages of a town that was re-coded: at the same position with a similar name, else by name; where most
    /// stand at their position, the rest is taken to do so as well.
    fn moved(&self, town: AreaCode, heir: AreaCode, villages: &[AreaCode], heirs: &mut Heirs) {
        let mut left = Vec::new();
        for code in villages {
            let there = at(*code, heir).filter(|there| self.after.contains_key(there));
            let similar =
                there.filter(|there| self.after.get(there).is_some_and(|name| alike(name, self.name(*code))));
            match similar.or_else(|| self.by_name(*code, heir)) {
                Some(found) => {
                    heirs.insert(*code, (found, Source::Recode));
                }
                None => left.extend(there.map(|there| (*code, there))),
            }
        }
        let taken: BTreeSet<AreaCode> =
            villages.iter().filter_map(|code| heirs.get(code)).map(|(heir, _)| *heir).collect();
        let in_place = villages
            .iter()
            .filter(|code| heirs.get(code).is_some_and(|(found, _)| at(**code, heir) == Some(*found)))
            .count();
        let all = self.before.range(town..).take_while(|(code, _)| town.contains(**code)).count() - 1;
        if in_place * 2 > all {
            for (code, there) in left.into_iter().filter(|(_, there)| !taken.contains(there)) {
                heirs.insert(code, (there, Source::Recode));
            }
        }
    }

    /// Villages that ended while their town stands.
    fn merged(&self, town: AreaCode, villages: &[AreaCode], heirs: &mut Heirs) {
        for code in villages {
            let found = self.by_name(*code, town).or_else(|| {
                let own = stem(self.name(*code));
                let there = self.villages.get(&town)?.iter();
                only(
                    there
                        .filter(|(new, name)| self.new.contains(new) && within(&own, name))
                        .map(|(new, _)| *new),
                )
            });
            if let Some(found) = found.filter(|found| found != code) {
                heirs.insert(*code, (found, Source::Name));
            }
        }
    }

    /// The one village of a town with the name of a former one.
    fn by_name(&self, code: AreaCode, town: AreaCode) -> Option<AreaCode> {
        let own = stem(self.name(code));
        only(self.villages.get(&town)?.iter().filter(|(_, name)| *name == own).map(|(code, _)| *code))
    }
}

/// The code at the same position under another parent.
fn at(code: AreaCode, parent: AreaCode) -> Option<AreaCode> {
    let (first, _) = code.parent()?.range();
    AreaCode::from_i64(parent.as_i64() + (code.as_i64() - first)).ok()
}

/// The only one there is.
fn only(mut all: impl Iterator<Item = AreaCode>) -> Option<AreaCode> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
