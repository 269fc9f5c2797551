//! 法定继承: who inherits how much by law, and for which debts.

mod kin;

use kernel::calc::CalcRefusal;
use serde_json::{Map, Value, json};

use crate::exact::Num;
use crate::given::{Given, Person};
use crate::spec::{DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided, number};
use kin::{Kin, Order};

/// Somebody who comes in the place of a dead heir; two generations further down nothing more is asked.
const GREAT: &[Field] = &[Field::must("name", Kind::Text), Field::may("alive", Kind::Flag)];
const DESCENDANT: &[Field] = &[
    Field::must("name", Kind::Text),
    Field::may("alive", Kind::Flag),
    Field::may("represented_by", Kind::People(GREAT)),
];
const HEIR: &[Field] = &[
    Field::must("name", Kind::Text),
    Field::may("relation", Kind::Text),
    Field::may("alive", Kind::Flag),
    Field::may("renounced", Kind::Flag),
    Field::may("represented_by", Kind::People(DESCENDANT)),
];

const COUNT: Kind = Kind::Whole(0, 50);

pub(crate) const SPECS: &[Spec] = &[
    Spec {
        name: "inheritance.statutory",
        family: Family::Inheritance,
        fields: &[
            Field::may("marital_property", Kind::Money),
            Field::may("own_property", Kind::Money),
            Field::may("estate", Kind::Money),
            Field::may("debts", Kind::Money),
            Field::may("heirs", Kind::People(HEIR)),
            Field::may("first_order", Kind::People(HEIR)),
            Field::may("second_order", Kind::People(HEIR)),
            Field::may("spouse", Kind::Flag),
            Field::may("children_alive", COUNT),
            Field::may("child_predeceased_with_children", COUNT),
            Field::may("parents_alive", Kind::Whole(0, 4)),
            Field::may("siblings_alive", COUNT),
            Field::may("sibling_predeceased_with_children", COUNT),
            Field::may("grandparents", Kind::Whole(0, 4)),
            DATE,
        ],
        example: r#"{"marital_property":1200000,"heirs":["配偶","子1",{"name":"子2","alive":false,"represented_by":["孙1","孙2"]},"母"]}"#,
        run: statutory,
    },
    Spec {
        name: "inheritance.debts",
        family: Family::Inheritance,
        fields: &[
            Field::must("estate", Kind::Money),
            Field::must("debts", Kind::Money),
            Field::must("heirs_accepting", Kind::Whole(1, 50)),
            DATE,
        ],
        example: r#"{"estate":300000,"debts":450000,"heirs_accepting":2}"#,
        run: debts,
    },
];

/// One equal part, and among whom it falls.
struct Branch {
    /// Names with the part of the branch each has.
    members: Vec<(String, Num)>,
    spouse: bool,
}

fn statutory(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let marital = given.maybe("marital_property")?;
    let estate = estate(given, work, marital.as_ref())?;
    let mut first = Vec::new();
    let mut second = Vec::new();
    let mut lines: Vec<(&str, Order, Vec<&str>)> = Vec::new();
    for field in ["heirs", "first_order", "second_order"] {
        for (at, person) in given.people(field)?.unwrap_or_default().iter().enumerate() {
            if let Person::Word(word) = person
                && let Some((line, order)) = kin::in_place_of(word)
            {
                match lines.iter_mut().find(|(known, of, _)| *known == line && *of == order) {
                    Some((.., names)) => names.push(word),
                    None => lines.push((line, order, vec![word])),
                }
                continue;
            }
            let (branch, order) = branch(person, &given.named(&format!("{field}[{at}]")))?;
            let Some(branch) = branch else { continue };
            match order {
                Order::First => first.push(branch),
                Order::Second => second.push(branch),
            }
        }
    }
    for (_, order, names) in lines {
        let count = Num::whole(i64::try_from(names.len()).unwrap_or(i64::MAX));
        let part = divided(&Num::whole(1), &count, "heirs")?;
        let members = names.into_iter().map(|name| (name.to_owned(), part.clone())).collect();
        let branch = Branch { members, spouse: false };
        match order {
            Order::First => first.push(branch),
            Order::Second => second.push(branch),
        }
    }
    counted(given, &mut first, &mut second)?;
    let (order, branches) = if first.is_empty() {
        ("inheritance.second-order", second)
    } else {
        ("inheritance.first-order", first)
    };
    if branches.is_empty() {
        let reason = "nobody of the first or second order is left: the estate falls to the state (art. 1160)";
        return Err(given.refuse("missing-field", "heirs", reason));
    }
    let order = work.row(order)?;
    let parts = i64::try_from(branches.len()).unwrap_or(i64::MAX);
    work.step("parts", "", parts.to_string(), order);
    share_out(given, work, &estate, marital.as_ref(), &branches)
}

/// What is inherited: half of what the couple owned, what the dead owned alone, less debts.
fn estate(given: &Given<'_>, work: &mut Work<'_>, marital: Option<&Num>) -> Result<Num, CalcRefusal> {
    let (own, said) = (given.maybe("own_property")?, given.maybe("estate")?);
    let debts = given.maybe("debts")?.unwrap_or_else(Num::zero);
    let made = marital.is_some() || own.is_some() || !debts.is_zero();
    if said.is_some() && (marital.is_some() || own.is_some()) {
        let reason = "give the estate, or what it is made of, not both";
        return Err(given.refuse("out-of-range", "estate", reason));
    }
    if said.is_none() && marital.is_none() && own.is_none() {
        let reason = "required, or marital_property and own_property";
        return Err(given.refuse("missing-field", "estate", reason));
    }
    let rule = work.row("inheritance.marital-half")?;
    let half = match marital {
        Some(marital) => marital.percent(&number(rule)?),
        None => Num::zero(),
    };
    let gross = &(&half + &own.unwrap_or_else(Num::zero)) + &said.unwrap_or_else(Num::zero);
    let estate = gross.beyond(&debts);
    if made {
        let formula = format!("{} − {}", gross.short(), debts.short());
        work.money("estate", formula, &estate, rule);
    }
    Ok(estate)
}

/// The branch of a person: themselves, or who stands in for them; `None` when nobody does.
fn branch(person: &Person<'_>, field: &str) -> Result<(Option<Branch>, Order), CalcRefusal> {
    let unknown = |word: &str| {
        let reason = format!("{word:?} is no heir by law: say 配偶 子女 父母 兄弟姐妹 祖父母 外祖父母");
        CalcRefusal::new("out-of-range", field, reason)
    };
    let row = match person {
        Person::Word(word) => {
            let kin = Kin::read(word).ok_or_else(|| unknown(word))?;
            let alone = vec![((*word).to_owned(), Num::whole(1))];
            return Ok((Some(Branch { members: alone, spouse: kin == Kin::Spouse }), kin.order()));
        }
        Person::Row(row) => row,
    };
    let name = row.maybe_text("name")?.filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| row.refuse("missing-field", "name", "required"))?;
    let word = row.maybe_text("relation")?.unwrap_or(name);
    let kin = Kin::read(word).ok_or_else(|| unknown(word))?;
    let instead = row.people("represented_by")?;
    let alive = row.maybe_flag("alive")?.unwrap_or(instead.is_none());
    if alive && instead.is_some() {
        return Err(row.refuse("out-of-range", "represented_by", "nobody stands in for who is alive"));
    }
    if row.flag("renounced")? {
        return Ok((None, kin.order()));
    }
    if alive {
        let members = vec![(name.to_owned(), Num::whole(1))];
        return Ok((Some(Branch { members, spouse: kin == Kin::Spouse }), kin.order()));
    }
    let instead = instead.unwrap_or_default();
    if !instead.is_empty() && !matches!(kin, Kin::Child | Kin::Sibling) {
        let reason = "only for a child or a sibling who died before does somebody stand in (art. 1128)";
        return Err(row.refuse("out-of-range", "represented_by", reason));
    }
    let members = stand_in(&instead, kin == Kin::Child, &row.named("represented_by"))?;
    Ok(((!members.is_empty()).then_some(Branch { members, spouse: false }), kin.order()))
}

/// Who stands in, with equal parts a generation. For a child all descendants may, for a sibling only children.
fn stand_in(people: &[Person<'_>], deeper: bool, field: &str) -> Result<Vec<(String, Num)>, CalcRefusal> {
    let mut lines: Vec<Vec<(String, Num)>> = Vec::new();
    for person in people {
        match person {
            Person::Word(word) => lines.push(vec![((*word).to_owned(), Num::whole(1))]),
            Person::Row(row) => {
                let name = row.maybe_text("name")?.filter(|name| !name.trim().is_empty());
                let name = name.ok_or_else(|| row.refuse("missing-field", "name", "required"))?;
                let below =
                    if row.field("represented_by").is_some() { row.people("represented_by")? } else { None };
                let alive = row.maybe_flag("alive")?.unwrap_or(below.is_none());
                if alive {
                    lines.push(vec![(name.to_owned(), Num::whole(1))]);
                } else if deeper {
                    let below = below.unwrap_or_default();
                    let members = stand_in(&below, true, &row.named("represented_by"))?;
                    if !members.is_empty() {
                        lines.push(members);
                    }
                }
            }
        }
    }
    let count = Num::whole(i64::try_from(lines.len()).unwrap_or(i64::MAX));
    let mut members = Vec::new();
    for (name, part) in lines.into_iter().flatten() {
        members.push((name, divided(&part, &count, field)?));
    }
    Ok(members)
}

/// People given by number alone get the usual words.
fn counted(given: &Given<'_>, first: &mut Vec<Branch>, second: &mut Vec<Branch>) -> Outcome {
    let add = |branches: &mut Vec<Branch>, field: &str, words: &[&str], more: &str| -> Outcome {
        for at in 0..given.maybe_whole(field)?.unwrap_or(0) {
            let at = usize::try_from(at).unwrap_or_default();
            let word = words.get(at).map_or_else(|| format!("{more}{}", at + 1), |word| (*word).to_owned());
            branches.push(Branch { members: vec![(word, Num::whole(1))], spouse: false });
        }
        Ok(())
    };
    if given.flag("spouse")? {
        first.push(Branch { members: vec![("配偶".to_owned(), Num::whole(1))], spouse: true });
    }
    add(first, "children_alive", &[], "子")?;
    add(first, "child_predeceased_with_children", &["孙(代位)"], "孙(代位)")?;
    add(first, "parents_alive", &["父", "母", "继父", "继母"], "父母")?;
    add(second, "siblings_alive", &["兄", "妹", "弟", "姐"], "兄弟姐妹")?;
    add(second, "sibling_predeceased_with_children", &["侄(代位)"], "侄(代位)")?;
    add(second, "grandparents", &["祖母", "祖父", "外祖母", "外祖父"], "祖父母")
}

fn share_out(
    given: &Given<'_>,
    work: &mut Work<'_>,
    estate: &Num,
    marital: Option<&Num>,
    branches: &[Branch],
) -> Outcome {
    let rule = work.row("inheritance.equal-shares")?;
    let parts = Num::whole(i64::try_from(branches.len()).unwrap_or(i64::MAX));
    let mut shares = Map::new();
    let mut spouse_share = None;
    for branch in branches {
        for (name, of_branch) in &branch.members {
            let share = divided(of_branch, &parts, "heirs")?;
            let amount = estate * &share;
            let formula = format!("{} × {}", estate.short(), share.fraction());
            work.step("share", format!("{name}: {formula}"), amount.money(), rule);
            if branch.spouse {
                spouse_share = Some(amount);
            }
            if shares.insert(name.clone(), json!(share.fraction())).is_some() {
                let reason = format!("two people are called {name:?}: give each a name of their own");
                return Err(given.refuse("out-of-range", "heirs", reason));
            }
        }
        if branch.members.len() > 1 || branch.members.iter().any(|(_, part)| !part.is_whole()) {
            work.row("inheritance.representation")?;
        }
    }
    work.put("shares", Value::Object(shares));
    let each = divided(estate, &parts, "heirs")?;
    work.money("each", format!("{} ÷ {}", estate.short(), parts.short()), &each, rule);
    if let (Some(marital), Some(share)) = (marital, spouse_share) {
        let rule = work.row("inheritance.marital-half")?;
        let half = marital.percent(&number(rule)?);
        let kept = marital.beyond(&half);
        let formula = format!("{} + {}", kept.short(), share.short());
        work.money("spouse_total", formula, &(&kept + &share), rule);
    }
    work.note("calc-note-succession");
    Ok(())
}

fn debts(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let (estate, debts) = (given.number("estate")?, given.number("debts")?);
    let heirs = Num::whole(given.whole("heirs_accepting")?);
    let rule = work.row("inheritance.debts")?;
    let liable = debts.least(&estate);
    let formula = format!("min({}, {})", debts.short(), estate.short());
    work.money("liability_total", formula, &liable, rule);
    let formula = format!("{} ÷ {}", liable.short(), heirs.short());
    work.money("each", formula, &divided(&liable, &heirs, "heirs_accepting")?, rule);
    Ok(())
}
