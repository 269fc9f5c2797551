//! What took over a code that stands no longer. Pure.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::area::AreaCode;

use super::succession::{Link, Source};

/// Links by former code, for whoever has a code and no date: routing, and bodies that sit at a former code.
#[derive(Debug, Clone, Default)]
pub struct Heirs(HashMap<AreaCode, Vec<Link>>);

impl Heirs {
    /// Indexes links of codes that stand no longer.
    pub fn new(links: impl IntoIterator<Item = Link>) -> Self {
        let mut all: HashMap<AreaCode, Vec<Link>> = HashMap::new();
        for link in links.into_iter().filter(|link| link.from != link.to) {
            all.entry(link.from).or_default().push(link);
        }
        for links in all.values_mut() {
            // The last change first; of one day what an official said, then the lowest code.
            links.sort_by_key(|link| {
                (std::cmp::Reverse(link.changed_on), link.source != Source::Manual, link.to)
            });
        }
        Self(all)
    }

    /// The last division a former code went into; itself when no link is known. Each step is later than the one
    /// before, so no chain loops.
    pub fn last(&self, code: AreaCode) -> AreaCode {
        let (mut here, mut since) = (code, Date::MIN);
        while let Some(link) = self.after(here, since) {
            (here, since) = (link.to, link.changed_on);
        }
        here
    }

    fn after(&self, code: AreaCode, since: Date) -> Option<&Link> {
        self.0.get(&code)?.first().filter(|link| link.changed_on > since)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn area(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn several_changes_are_followed_and_a_ring_ends() {
        let link = |from, to, year| Link {
            from: area(from),
            to: area(to),
            changed_on: date(year, 10, 31),
            source: Source::Recode,
        };
        let heirs = Heirs::new([
            link("371523101201", "371503101201", 2019),
            link("371503101201", "371503101301", 2021),
            link("371525205", "371525112", 2020),
            link("371525112", "371525205", 2020),
        ]);
        assert_eq!(heirs.last(area("371523101201")), area("371503101301"));
        assert_eq!(heirs.last(area("371502")), area("371502"));
        assert_eq!(heirs.last(area("371525205")), area("371525112"));
    }
}
