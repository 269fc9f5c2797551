//! What became of a division by a day. Pure.

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use serde::Serialize;

use super::model::{Atlas, Place};
use crate::area::names::alike;
use crate::area::succession::{Link, Source};

/// How a former division is told on a map of another day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It stands under this code.
    Same,
    /// What took it over, or what it came from, stands.
    Successor,
    /// Nobody knows: it is told with its town, or what is above that.
    Above,
}

/// Where a division lies on the map of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Landing {
    /// A division that stands on that day.
    pub area: AreaCode,
    /// How it was found.
    pub how: How,
}

impl Atlas {
    /// The division as the map was on a day: itself, what took it over (or what it came from, for an earlier day),
    /// else its town as of then. `since` is a day on which the code meant what is asked for, for codes that were
    /// dealt out twice; without it the code is taken as it last stood by that day.
    ///
    /// None when neither the code nor anything above it is known on that day.
    pub fn as_of(&self, code: AreaCode, since: Option<Date>, on: Date) -> Option<Landing> {
        let mut how = How::Same;
        let mut here = match self.meant(code, since.unwrap_or(on)) {
            Some(place) => place,
            None => self.above(code, since.unwrap_or(on), &mut how)?,
        };
        // Each turn goes on in time or up the tree, and both end.
        loop {
            let forward = here.valid_to.filter(|end| *end <= on);
            let next = match forward {
                Some(end) => self.heir(here, end),
                None if here.valid_from > on => self.origin(here),
                None => return Some(Landing { area: here.code, how }),
            };
            if let Some(next) = next {
                if next.code != here.code && how == How::Same {
                    how = How::Successor;
                }
                here = next;
            } else {
                // The day before it ended, or the day it began: both times what is above stood.
                let then = forward.unwrap_or(here.valid_from);
                here = self.above(here.code, then, &mut how)?;
            }
        }
    }

    /// The same at the level of towns, which all snapshots have in equal number.
    pub fn town_as_of(&self, code: AreaCode, since: Option<Date>, on: Date) -> Option<Landing> {
        let landing = self.as_of(code, since, on)?;
        match landing.area.parent().filter(|_| landing.area.level() == Level::Village) {
            Some(town) => {
                self.as_of(town, Some(on), on).map(|town| Landing { area: town.area, how: landing.how })
            }
            None => Some(landing),
        }
    }

    /// Divisions that ended without a known successor, within one (everywhere, without one), as they last stood.
    pub fn unknown(&self, within: Option<AreaCode>) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| {
            within.is_none_or(|within| within.contains(place.code))
                && place.valid_to.is_some_and(|end| self.heir(place, end).is_none())
        })
    }

    /// The row of a code that a day means: the one standing, else the last before, else the first.
    fn meant(&self, code: AreaCode, on: Date) -> Option<&Place> {
        self.find(code, on).or_else(|| self.rows(code).first())
    }

    fn above(&self, code: AreaCode, on: Date, how: &mut How) -> Option<&Place> {
        *how = How::Above;
        code.upwards().skip(1).find_map(|above| self.meant(above, on))
    }

    /// What a row goes on as on the day it ended.
    fn heir(&self, ended: &Place, end: Date) -> Option<&Place> {
        let links = self.onward.get(&ended.code).map(Vec::as_slice).unwrap_or_default();
        let linked = links
            .iter()
            // A link leads to the same level or up, so that no chain comes down again.
            .filter(|link| link.changed_on == end && link.to.level() <= ended.code.level())
            .min_by_key(|link| (link.source != Source::Manual, link.to))
            .and_then(|link| self.beginning(link.to, end));
        linked.or_else(|| {
            let next = self.rows(ended.code).iter().find(|next| next.valid_from >= end)?;
            goes_on(ended, next).then_some(next)
        })
    }

    /// The row of a successor that stands on the day, or begins next.
    fn beginning(&self, code: AreaCode, on: Date) -> Option<&Place> {
        self.rows(code).iter().find(|place| place.valid_to.is_none_or(|end| end > on))
    }

    /// What a row came from, when that was one division and no more.
    fn origin(&self, begun: &Place) -> Option<&Place> {
        let own = self.rows(begun.code).iter().rev().find(|past| past.valid_to == Some(begun.valid_from));
        if let Some(past) = own.filter(|past| goes_on(past, begun)) {
            return Some(past);
        }
        let links = self.backward.get(&begun.code).map(Vec::as_slice).unwrap_or_default();
        let mut from = links.iter().filter(|link| link.changed_on == begun.valid_from);
        let only: &Link = from.next().filter(|_| from.next().is_none())?;
        self.rows(only.from).iter().find(|past| past.valid_to == Some(only.changed_on))
    }
}

/// Whether two rows of one code, one after the other, are one division under two names.
fn goes_on(past: &Place, next: &Place) -> bool {
    past.code == next.code
        && past.valid_to == Some(next.valid_from)
        && (past.code.level() < Level::Village || alike(&past.name, &next.name))
}
