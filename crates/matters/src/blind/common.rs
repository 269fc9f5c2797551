//! What two matters have in common, read from their keyed hashes alone.

use std::collections::{BTreeMap, BTreeSet};

use super::Kind;

/// Keyed hashes of one matter, and what each of them is of.
pub type Marks = BTreeMap<Vec<u8>, Vec<(Kind, Whose)>>;

/// Of whom a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The applicant.
    Own,
    /// Any other party.
    Other,
    /// The matter itself, such as the number of its case.
    Matter,
}

impl Whose {
    /// By the word in the table; companions of a party stand on no side.
    pub fn of(side: &str) -> Option<Self> {
        match side {
            "own" => Some(Self::Own),
            "other" => Some(Self::Other),
            "case" => Some(Self::Matter),
            _ => None,
        }
    }
}

/// One thing in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Common {
    /// The applicants have one paper.
    Paper,
    /// The applicants have one phone.
    Phone,
    /// The applicants have one name.
    Name,
    /// Both have the same other side.
    OtherSide,
    /// Their applicant is our other side.
    TheyAreOurs,
    /// Our applicant is their other side.
    WeAreTheirs,
    /// One case of a court or other organ.
    Case,
}

impl Common {
    const fn by(kind: Kind, ours: Whose, theirs: Whose) -> Option<Self> {
        Some(match (ours, theirs) {
            (Whose::Own, Whose::Own) => match kind {
                Kind::Paper => Self::Paper,
                Kind::Phone => Self::Phone,
                _ => Self::Name,
            },
            (Whose::Other, Whose::Other) => Self::OtherSide,
            (Whose::Other, Whose::Own) => Self::TheyAreOurs,
            (Whose::Own, Whose::Other) => Self::WeAreTheirs,
            (Whose::Matter, Whose::Matter) => Self::Case,
            _ => return None,
        })
    }
}

/// What a row of another matter has in common with the marks of this one.
pub fn with<'m>(marks: &'m Marks, side: &str, mac: &[u8]) -> impl Iterator<Item = Common> + use<'m> {
    let theirs = Whose::of(side);
    let ours = marks.get(mac).into_iter().flatten();
    ours.filter_map(move |(kind, ours)| Common::by(*kind, *ours, theirs?))
}

/// Whether two matters are named against each other: each one's applicant is the other's other side.
pub fn crosswise(common: &BTreeSet<Common>) -> bool {
    common.contains(&Common::TheyAreOurs) && common.contains(&Common::WeAreTheirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_named_by_both_is_the_other_side() {
        let own = (Kind::Name, Whose::Own);
        let other = (Kind::Name, Whose::Other);
        let marks = Marks::from([(vec![1], vec![own]), (vec![2], vec![other])]);
        let seen = |rows: &[(&str, u8)]| {
            rows.iter().flat_map(|(side, mac)| with(&marks, side, &[*mac])).collect::<BTreeSet<_>>()
        };
        assert!(crosswise(&seen(&[("other", 1), ("own", 2)])));
        assert!(!crosswise(&seen(&[("own", 2)])), "a namesake elsewhere");
        assert_eq!(seen(&[("own", 1), ("other", 2)]), BTreeSet::from([Common::Name, Common::OtherSide]));
        assert!(seen(&[("beside", 1), ("own", 3)]).is_empty(), "who stands beside a party is on no side");
    }
}
