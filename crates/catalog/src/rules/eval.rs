//! Evaluation in three values.

use super::{Env, Known, Node, Order, Sign};
use crate::parameters::Parameter;
use kernel::money::Fen;
use std::cmp::Ordering;

/// What an expression comes to, as far as the facts allow.
pub(super) fn evaluate(node: &Node, env: &dyn Env) -> Known {
    match node {
        Node::Const(value) => value.clone(),
        Node::Texts(list) => Known::List(list.clone()),
        Node::Ints(_) | Node::Unclear => Known::Unknown,
        Node::Fact(name) => env.fact(name),
        Node::Has(name) => Known::Bool(env.fact(name) != Known::Unknown),
        Node::Not(inner) => truth(evaluate(inner, env).truth().map(|b| !b)),
        Node::And(left, right) => truth(and(evaluate(left, env).truth(), || evaluate(right, env).truth())),
        Node::Or(left, right) => truth(or(evaluate(left, env).truth(), || evaluate(right, env).truth())),
        Node::Compare(order, left, right) => {
            truth(compare(*order, &evaluate(left, env), &evaluate(right, env)))
        }
        Node::Arith(sign, left, right) => arith(*sign, &evaluate(left, env), &evaluate(right, env)),
        Node::In(needle, list) => truth(contains(&evaluate(needle, env), list, env)),
        Node::Size(inner) => size(&evaluate(inner, env)),
        Node::Word(id) => row(env, id).and_then(|row| row.word.clone()).map_or(Known::Unknown, Known::Text),
        Node::Sum(id) => env
            .parameter(id)
            .and_then(|row| row.monthly(|basis| env.parameter(basis)))
            .map_or(Known::Unknown, Known::Money),
        Node::Number(id) => {
            row(env, id).and_then(|row| row.count).map_or(Known::Unknown, |count| Known::Int(count.into()))
        }
        Node::Today => Known::Date(env.today()),
        Node::DaysBetween(from, to) => match (evaluate(from, env), evaluate(to, env)) {
            (Known::Date(from), Known::Date(to)) => {
                from.until(to).map_or(Known::Unknown, |span| Known::Int(span.get_days().into()))
            }
            _ => Known::Unknown,
        },
    }
}

/// The row that governs, when its text was read: law that is not verified decides nothing.
fn row<'a>(env: &'a dyn Env, id: &str) -> Option<&'a Parameter> {
    env.parameter(id).filter(|row| row.decides())
}

fn truth(value: Option<bool>) -> Known {
    value.map_or(Known::Unknown, Known::Bool)
}

fn and(left: Option<bool>, right: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match left {
        Some(false) => Some(false),
        Some(true) => right(),
        None => right().filter(|r| !r),
    }
}

fn or(left: Option<bool>, right: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match left {
        Some(true) => Some(true),
        Some(false) => right(),
        None => right().filter(|r| *r),
    }
}

fn compare(order: Order, left: &Known, right: &Known) -> Option<bool> {
    let ordering = match (left, right) {
        (Known::Int(a), Known::Int(b)) => a.cmp(b),
        (Known::Money(a), Known::Money(b)) => a.cmp(b),
        (Known::Date(a), Known::Date(b)) => a.cmp(b),
        (Known::Bool(a), Known::Bool(b)) => a.cmp(b),
        (Known::Text(a), Known::Text(b)) => a.cmp(b),
        (Known::List(a), Known::List(b)) => a.cmp(b),
        // Not known, or not to be compared.
        _ => return None,
    };
    Some(match order {
        Order::Equal => ordering == Ordering::Equal,
        Order::NotEqual => ordering != Ordering::Equal,
        Order::Less => ordering == Ordering::Less,
        Order::LessOrEqual => ordering != Ordering::Greater,
        Order::Greater => ordering == Ordering::Greater,
        Order::GreaterOrEqual => ordering != Ordering::Less,
    })
}

/// Too large, or divided by nothing: not known.
fn arith(sign: Sign, left: &Known, right: &Known) -> Known {
    let of = |a: i64, b: i64| match sign {
        Sign::Plus => a.checked_add(b),
        Sign::Minus => a.checked_sub(b),
        Sign::Times => a.checked_mul(b),
        Sign::Divide => a.checked_div(b),
    };
    match (left, right) {
        (Known::Int(a), Known::Int(b)) => of(*a, *b).map_or(Known::Unknown, Known::Int),
        (Known::Money(Fen(a)), Known::Money(Fen(b)) | Known::Int(b))
        | (Known::Int(a), Known::Money(Fen(b))) => {
            of(*a, *b).map_or(Known::Unknown, |fen| Known::Money(Fen(fen)))
        }
        _ => Known::Unknown,
    }
}

fn contains(needle: &Known, list: &Node, env: &dyn Env) -> Option<bool> {
    match (needle, list) {
        (Known::Int(n), Node::Ints(list)) => Some(list.contains(n)),
        (Known::Text(t), list) => match evaluate(list, env) {
            Known::List(list) => Some(list.contains(t)),
            _ => None,
        },
        _ => None,
    }
}

fn size(value: &Known) -> Known {
    match value {
        Known::Text(t) => i64::try_from(t.chars().count()).map_or(Known::Unknown, Known::Int),
        Known::List(l) => i64::try_from(l.len()).map_or(Known::Unknown, Known::Int),
        _ => Known::Unknown,
    }
}
