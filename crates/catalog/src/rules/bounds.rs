//! Boundary values for a rule: what its facts and parameters can be where something changes.
//!
//! The prover asks with them whether a rule can hold and can fail; tests ask whether it is sound.

use super::{Env, Known, Node, Rule};
use crate::item::Kind;
use crate::parameters::{Parameter, Parameters};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::money::Fen;
use std::collections::{BTreeMap, BTreeSet};

/// What answers a fact takes.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// In what kind the answer comes.
    pub kind: Kind,
    /// What can be chosen.
    pub choices: Vec<String>,
    /// Smallest number, or fen.
    pub min: Option<i64>,
    /// Largest number, or fen.
    pub max: Option<i64>,
}

/// Which values are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those that forms accept.
    Accepted,
    /// Also those beyond: one over the limit, the largest there is, choices that are none.
    Beyond,
}

/// Everything a rule may meet.
#[derive(Debug)]
pub(crate) struct Bounds {
    facts: Vec<(String, Vec<Known>)>,
    parameters: Vec<(String, Vec<Parameter>)>,
    days: Vec<Date>,
}

impl Bounds {
    /// Of a rule whose facts have these shapes, as of a day.
    pub(crate) fn of(
        rule: &Rule,
        shape: impl Fn(&str) -> Option<Shape>,
        parameters: &Parameters,
        today: Date,
        reach: Reach,
    ) -> Self {
        let mut constants = Constants::default();
        constants.collect(rule.node());
        let mut rows = Vec::new();
        for id in rule.parameters() {
            // That a row was not verified makes the rule unclear today, not for ever.
            let mut known: Vec<Parameter> = parameters
                .rows()
                .iter()
                .filter(|row| row.id == *id)
                .map(|row| Parameter { verified: true, ..row.clone() })
                .collect();
            // Nor that its figure is still to be found.
            if let Some(row) = known.first().filter(|_| known.iter().all(empty)).cloned() {
                known.push(Parameter {
                    fen: Some(100_000),
                    count: Some(10),
                    word: Some("?".to_owned()),
                    ..row
                });
            }
            constants.ints.extend(known.iter().filter_map(|row| row.count).map(i64::from));
            constants.fen.extend(known.iter().filter_map(|row| row.fen));
            rows.push((id.clone(), known));
        }
        let day =
            |date: &Date| [date.yesterday(), Ok(*date), date.tomorrow()].into_iter().filter_map(Result::ok);
        let mut days: Vec<Date> = vec![today];
        days.extend(constants.dates.iter().flat_map(day));
        let facts = rule
            .facts()
            .iter()
            .map(|name| {
                let known =
                    shape(name).map(|shape| constants.values(&shape, today, reach)).unwrap_or_default();
                (name.clone(), [vec![Known::Unknown], known].concat())
            })
            .collect();
        Self { facts, parameters: rows, days }
    }

    /// The cases, all of them where there are no more than `most`, else as many taken evenly.
    pub(crate) fn cases(&self, most: u64) -> impl Iterator<Item = Case<'_>> {
        let sizes: Vec<u64> = self.sizes();
        let all = sizes.iter().fold(1_u64, |product, size| product.saturating_mul(*size));
        // An odd stride near the golden ratio visits everything without keeping time with the wheels.
        let stride = if all <= most { 1 } else { (all / 1_618 * 1_000) | 1 };
        (0..all.min(most)).map(move |turn| self.case(turn.wrapping_mul(stride) % all))
    }

    fn sizes(&self) -> Vec<u64> {
        let facts = self.facts.iter().map(|(_, values)| values.len());
        let rows = self.parameters.iter().map(|(_, rows)| rows.len().max(1));
        facts.chain(rows).chain([self.days.len()]).map(|size| size as u64).collect()
    }

    fn case(&self, turn: u64) -> Case<'_> {
        let mut left = turn;
        let mut wheel = |size: usize| {
            let at = left % size as u64;
            left /= size as u64;
            usize::try_from(at).unwrap_or_default()
        };
        let facts = self.facts.iter().map(|(name, values)| (name.as_str(), &values[wheel(values.len())]));
        let facts: BTreeMap<&str, &Known> = facts.collect();
        let rows = self.parameters.iter().map(|(id, rows)| (id.as_str(), rows.get(wheel(rows.len().max(1)))));
        let rows: BTreeMap<&str, Option<&Parameter>> = rows.collect();
        let today = self.days[wheel(self.days.len())];
        Case { facts, rows, today }
    }
}

/// A row that says where a figure belongs, without the figure.
fn empty(row: &Parameter) -> bool {
    row.fen.is_none() && row.count.is_none() && row.word.is_none()
}

/// One thing a rule may meet.
#[derive(Debug, Clone)]
pub(crate) struct Case<'a> {
    facts: BTreeMap<&'a str, &'a Known>,
    rows: BTreeMap<&'a str, Option<&'a Parameter>>,
    today: Date,
}

#[cfg(test)]
impl Case<'_> {
    /// The same, not knowing one fact.
    pub(crate) fn without(&self, fact: &str) -> Self {
        let mut fewer = self.clone();
        fewer.facts.remove(fact);
        fewer
    }
}

impl Env for Case<'_> {
    fn fact(&self, name: &str) -> Known {
        self.facts.get(name).map_or(Known::Unknown, |value| (*value).clone())
    }

    fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.rows.get(id).copied().flatten()
    }

    fn today(&self) -> Date {
        self.today
    }
}

/// What a rule compares with.
#[derive(Debug, Default)]
struct Constants {
    ints: BTreeSet<i64>,
    fen: BTreeSet<i64>,
    dates: BTreeSet<Date>,
    texts: BTreeSet<String>,
}

impl Constants {
    fn collect(&mut self, node: &Node) {
        match node {
            Node::Const(Known::Int(n)) => drop(self.ints.insert(*n)),
            Node::Const(Known::Money(Fen(fen))) => drop(self.fen.insert(*fen)),
            Node::Const(Known::Date(date)) => drop(self.dates.insert(*date)),
            Node::Const(Known::Text(text)) => drop(self.texts.insert(text.clone())),
            Node::Ints(list) => self.ints.extend(list),
            Node::Texts(list) => self.texts.extend(list.iter().cloned()),
            Node::Not(one) | Node::Size(one) => self.collect(one),
            Node::And(left, right)
            | Node::Or(left, right)
            | Node::Compare(_, left, right)
            | Node::Arith(_, left, right)
            | Node::In(left, right)
            | Node::DaysBetween(left, right) => {
                self.collect(left);
                self.collect(right);
            }
            Node::Const(_)
            | Node::Fact(_)
            | Node::Has(_)
            | Node::Word(_)
            | Node::Sum(_)
            | Node::Number(_)
            | Node::Today
            | Node::Unclear => {}
        }
    }

    fn values(&self, shape: &Shape, today: Date, reach: Reach) -> Vec<Known> {
        match shape.kind {
            Kind::Bool => vec![Known::Bool(false), Known::Bool(true)],
            Kind::Int => numbers(shape, &self.ints, reach).into_iter().map(Known::Int).collect(),
            Kind::Money => {
                numbers(shape, &self.fen, reach).into_iter().map(|n| Known::Money(Fen(n))).collect()
            }
            Kind::Date => self.dates_around(today, reach).into_iter().map(Known::Date).collect(),
            Kind::List => self.lists(shape),
            Kind::Choice => {
                let mut choices: Vec<Known> = shape.choices.iter().cloned().map(Known::Text).collect();
                if reach == Reach::Beyond {
                    choices.extend([Known::Text(String::new()), Known::Text("none of these".to_owned())]);
                }
                choices
            }
            _ => self.words().into_iter().map(Known::Text).collect(),
        }
    }

    fn dates_around(&self, today: Date, reach: Reach) -> BTreeSet<Date> {
        let mut days: BTreeSet<Date> = BTreeSet::from([today]);
        for start in self.dates.iter().chain([&today]) {
            // As many days before and after as the rule counts, and one more or less.
            for count in self.ints.iter().copied().filter(|n| n.abs() < 100_000).chain([0]) {
                for distance in [count - 1, count, count + 1] {
                    days.extend(start.checked_add(distance.days()));
                    days.extend(start.checked_sub(distance.days()));
                }
            }
        }
        if reach == Reach::Beyond {
            days.extend([Date::MIN, Date::MAX]);
        }
        days
    }

    fn lists(&self, shape: &Shape) -> Vec<Known> {
        let words: Vec<String> =
            if shape.choices.is_empty() { self.words().into_iter().collect() } else { shape.choices.clone() };
        let mut lists: Vec<Known> = vec![Known::List(Vec::new()), Known::List(words.clone())];
        lists.extend(words.into_iter().map(|word| Known::List(vec![word])));
        lists
    }

    /// Nothing, something else, what the rule speaks of, and texts of the lengths it measures.
    fn words(&self) -> BTreeSet<String> {
        let mut words = self.texts.clone();
        words.extend([String::new(), "别的".to_owned()]);
        for length in self.ints.iter().filter_map(|n| usize::try_from(*n).ok()).filter(|n| *n < 5_000) {
            words.extend([length, length + 1].map(|n| "字".repeat(n)));
        }
        words
    }
}

/// Numbers at every edge, within what is accepted or beyond it.
fn numbers(shape: &Shape, constants: &BTreeSet<i64>, reach: Reach) -> BTreeSet<i64> {
    let edges = constants.iter().copied().chain(shape.min).chain(shape.max).chain([0, 1]);
    let near = |n: i64| [n.saturating_sub(1), n, n.saturating_add(1)];
    let mut found: BTreeSet<i64> = edges.flat_map(near).collect();
    found.insert(constants.iter().fold(1_000_000, |large, n| large.max(n.saturating_mul(20))));
    match reach {
        Reach::Beyond => found.extend([i64::MIN, i64::MAX]),
        // What nobody limits is still no negative sum.
        Reach::Accepted if shape.kind == Kind::Money => found.retain(|n| *n >= shape.min.unwrap_or(0)),
        Reach::Accepted => found.retain(|n| shape.min.is_none_or(|min| *n >= min)),
    }
    if reach == Reach::Accepted {
        found.retain(|n| shape.max.is_none_or(|max| *n <= max));
    }
    found
}
