//! Rules on generated facts, against CEL's own interpreter and against the logic of three values.

use super::bounds::{Bounds, Reach, Shape};
use super::*;
use crate::Catalog;
use crate::item::Localized;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FACTS: [(&str, Kind); 8] = [
    ("b", Kind::Bool),
    ("c.d", Kind::Bool),
    ("n", Kind::Int),
    ("m", Kind::Int),
    ("t", Kind::Choice),
    ("list", Kind::List),
    ("sum", Kind::Money),
    ("day", Kind::Date),
];

struct World {
    choices: Vec<Choice>,
    facts: BTreeMap<&'static str, Known>,
    rows: Vec<Parameter>,
}

impl World {
    fn new() -> Self {
        let label = Localized::default();
        let choices = ["x", "y", "z"].map(|id| Choice { id: id.into(), label: label.clone() }).to_vec();
        Self { choices, facts: BTreeMap::new(), rows: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: Known) -> Self {
        self.facts.insert(name, value);
        self
    }

    fn row(mut self, row: Value) -> Self {
        self.rows.push(serde_json::from_value(row).unwrap());
        self
    }

    fn says(&self, rule: &str) -> Option<bool> {
        compile(rule, self).unwrap_or_else(|faults| panic!("{rule}: {faults:?}")).holds(self)
    }

    fn refuses(&self, rule: &str) -> Vec<&'static str> {
        compile(rule, self).err().unwrap_or_default().iter().map(|fault| fault.code).collect()
    }
}

impl Names for World {
    fn fact(&self, name: &str) -> Option<(Kind, &[Choice])> {
        let (_, kind) = FACTS.iter().find(|(n, _)| *n == name)?;
        Some((*kind, if *kind == Kind::Choice { &self.choices } else { &[] }))
    }

    fn parameter(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }
}

impl Env for World {
    fn fact(&self, name: &str) -> Known {
        self.facts.get(name).cloned().unwrap_or(Known::Unknown)
    }

    fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.rows.iter().find(|row| row.id == id)
    }

    fn today(&self) -> Date {
        jiff::civil::date(2026, 11, 21)
    }
}

fn fen(yuan: &str) -> Known {
    Known::Money(yuan.parse().unwrap())
}

#[test]
fn unknown_is_unclear_unless_the_other_side_decides() {
    let yes = World::new().with("b", Known::Bool(true));
    assert_eq!(yes.says("b || c.d"), Some(true));
    assert_eq!(yes.says("c.d || b"), Some(true));
    assert_eq!(yes.says("b && c.d"), None);
    assert_eq!(yes.says("!c.d"), None);
    assert_eq!(yes.says("!b && c.d"), Some(false));
    assert_eq!(yes.says("c.d && !b"), Some(false));
    assert_eq!(yes.says("n == 1 || n != 1"), None);
    assert_eq!(yes.says("t in [\"x\", \"y\"]"), None);
    assert_eq!(yes.says("has(c.d)"), Some(false));
    assert_eq!(yes.says("unclear()"), None);
    assert_eq!(yes.says("b || unclear()"), Some(true));
}

#[test]
fn sums_days_and_lists() {
    let world = World::new()
        .with("sum", fen("2400.00"))
        .with("n", Known::Int(4))
        .with("day", Known::Date(jiff::civil::date(2026, 11, 28)))
        .with("list", Known::List(vec!["p".into(), "q".into()]))
        .row(json!({"id": "std", "kind": "statutory", "fen": 60000, "effective_from": "2020-01-01", "verified": true, "source": "test"}))
        .row(json!({"id": "raw", "kind": "statutory", "fen": 60000, "effective_from": "2020-01-01", "verified": false, "source": "test"}));
    assert_eq!(world.says("sum <= money(\"std\") * n"), Some(true));
    assert_eq!(world.says("sum / n < money(\"std\")"), Some(false));
    assert_eq!(world.says("sum > yuan(\"2399.99\")"), Some(true));
    // What was not read in the law decides nothing.
    assert_eq!(world.says("sum <= money(\"raw\") * n"), None);
    assert_eq!(world.says("days_between(today(), day) < 7"), Some(false));
    assert_eq!(world.says("days_between(today(), day) == 7"), Some(true));
    assert_eq!(world.says("day > date(\"2026-11-27\")"), Some(true));
    assert_eq!(world.says("\"p\" in list && size(list) == 2"), Some(true));
    // Too large, or divided by nothing: nobody knows, and nothing breaks.
    assert_eq!(world.says("n * 9223372036854775807 > 0"), None);
    assert_eq!(world.says("n / 0 == 1"), None);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    let world = World::new();
    let cases: [(&str, &[&str]); 20] = [
        ("b &&", &["rule-syntax"]),
        ("n", &["rule-kinds"]),
        ("b && n", &["rule-kinds"]),
        ("n == \"4\"", &["rule-kinds"]),
        ("sum > 100", &["rule-kinds"]),
        ("sum * sum > yuan(\"1\")", &["rule-kinds"]),
        ("t < \"x\"", &["rule-kinds"]),
        ("day == \"2026-01-01\"", &["rule-kinds"]),
        ("yuan(\"1,5\") == sum", &["rule-kinds"]),
        ("size(n) == 1", &["rule-kinds"]),
        ("e.f", &["unknown-fact"]),
        ("has(e.f)", &["unknown-fact"]),
        ("t == \"w\"", &["unknown-choice"]),
        ("t in [\"x\", \"w\"]", &["unknown-choice"]),
        ("word(\"w\") == \"x\"", &["unknown-parameter"]),
        ("list.all(p, p == \"x\")", &["rule-not-allowed"]),
        ("b ? b : c.d", &["rule-not-allowed"]),
        ("t.startsWith(\"x\")", &["rule-not-allowed"]),
        ("n in [1, \"x\"]", &["rule-not-allowed"]),
        ("n == 1.5", &["rule-not-allowed"]),
    ];
    for (rule, codes) in cases {
        assert_eq!(world.refuses(rule), codes, "{rule}");
    }
    let faults = compile("b && (n == \"4\")", &world).unwrap_err();
    assert_eq!(faults[0].offset, 8);
    assert_eq!(compile("b ||\n c.e", &world).unwrap_err()[0].offset, 7);
}

#[test]
fn a_rule_nested_too_deep_is_refused_not_followed() {
    let world = World::new();
    let deep = format!("{}b{}", "(".repeat(3000), ")".repeat(3000));
    assert!(compile(&deep, &world).is_err());
    let long = vec!["b"; 2000].join(" && ");
    // Long is not deep: either it is read, or refused, but never a crash.
    drop(compile(&long, &world));
}

fn number() -> impl Strategy<Value = String> {
    let leaf =
        prop_oneof![Just("n".to_owned()), Just("m".to_owned()), (-9i64..9).prop_map(|i| i.to_string())];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*")], inner)
            .prop_map(|(a, sign, b)| format!("({a} {sign} {b})"))
    })
}

fn rule() -> impl Strategy<Value = String> {
    let order = prop_oneof![Just("=="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")];
    let text = prop_oneof![Just("x"), Just("y"), Just("z")];
    let leaf = prop_oneof![
        Just("b".to_owned()),
        Just("c.d".to_owned()),
        Just("\"p\" in list".to_owned()),
        Just("size(list) > 1".to_owned()),
        (number(), order, number()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
        text.clone().prop_map(|t| format!("t == \"{t}\"")),
        (text.clone(), text).prop_map(|(a, b)| format!("t in [\"{a}\", \"{b}\"]")),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) || ({b})")),
        ]
    })
}

#[derive(Debug, Clone)]
struct Values {
    b: bool,
    d: bool,
    n: i64,
    m: i64,
    t: &'static str,
    list: Vec<String>,
}

fn values() -> impl Strategy<Value = Values> {
    let list = prop_oneof![Just(vec![]), Just(vec!["p"]), Just(vec!["q"]), Just(vec!["p", "q"])];
    let t = prop_oneof![Just("x"), Just("y"), Just("z")];
    (any::<bool>(), any::<bool>(), -20i64..20, -20i64..20, t, list).prop_map(|(b, d, n, m, t, list)| Values {
        b,
        d,
        n,
        m,
        t,
        list: list.into_iter().map(str::to_owned).collect(),
    })
}

impl Values {
    fn world(&self, known: u8) -> World {
        let all = [
            ("b", Known::Bool(self.b)),
            ("c.d", Known::Bool(self.d)),
            ("n", Known::Int(self.n)),
            ("m", Known::Int(self.m)),
            ("t", Known::Text(self.t.to_owned())),
            ("list", Known::List(self.list.clone())),
        ];
        all.into_iter().enumerate().fold(World::new(), |world, (i, (name, value))| {
            if known & (1 << i) == 0 { world } else { world.with(name, value) }
        })
    }

    fn interpreter(&self, rule: &str) -> bool {
        let mut context = cel::Context::default();
        context.add_variable_from_value("b", self.b);
        context.add_variable("c", BTreeMap::from([("d", self.d)])).unwrap();
        context.add_variable_from_value("n", self.n);
        context.add_variable_from_value("m", self.m);
        context.add_variable_from_value("t", self.t);
        context.add_variable("list", self.list.clone()).unwrap();
        match cel::Program::compile(rule).unwrap().execute(&context).unwrap() {
            cel::Value::Bool(b) => b,
            other => panic!("{rule} came to {other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// With every fact known we say what CEL says.
    #[test]
    fn with_all_facts_known_it_is_plain_cel(rule in rule(), values in values()) {
        prop_assert_eq!(values.world(u8::MAX).says(&rule), Some(values.interpreter(&rule)), "{}", rule);
    }

    /// What is said while facts are missing still holds when they are told.
    #[test]
    fn more_facts_never_overturn_an_answer(rule in rule(), values in values(), known in any::<u8>()) {
        if let Some(answer) = values.world(known).says(&rule) {
            prop_assert_eq!(values.world(u8::MAX).says(&rule), Some(answer), "{}", rule);
        }
    }

    /// Nothing that can be typed into a rule breaks the reader.
    #[test]
    fn no_text_breaks_the_reader(text in "[a-z0-9.()\\[\\]\"&|!<>=+*/ ,?-]{0,60}|\\PC{0,40}") {
        let world = World::new();
        if let Ok(rule) = compile(&text, &world) {
            let _ = rule.holds(&world);
        }
    }
}

/// The shape of a fact in the dictionary.
fn shape(catalog: &Catalog, fact: &str) -> Option<Shape> {
    let def = catalog.fact(fact)?;
    let choices = def.choices.iter().map(|choice| choice.id.clone()).collect();
    Some(Shape { kind: def.kind, choices, min: def.min, max: def.max })
}

/// What an expression comes to is of the kind it must be, or not known; all the way down.
fn well_typed(node: &Node, catalog: &Catalog, env: &dyn Env) -> bool {
    let value = eval::evaluate(node, env);
    let both = |left: &Node, right: &Node| well_typed(left, catalog, env) && well_typed(right, catalog, env);
    let fits = match node {
        Node::Const(constant) => value == *constant,
        Node::Fact(name) => {
            value == Known::Unknown
                || match catalog.fact(name).unwrap().kind {
                    Kind::Bool => matches!(value, Known::Bool(_)),
                    Kind::Int => matches!(value, Known::Int(_)),
                    Kind::Money => matches!(value, Known::Money(_)),
                    Kind::Date => matches!(value, Known::Date(_)),
                    Kind::List => matches!(value, Known::List(_)),
                    _ => matches!(value, Known::Text(_)),
                }
        }
        Node::Has(_) => matches!(value, Known::Bool(_)),
        Node::Not(_) | Node::And(..) | Node::Or(..) | Node::Compare(..) | Node::In(..) => {
            matches!(value, Known::Bool(_) | Known::Unknown)
        }
        Node::Arith(..) => matches!(value, Known::Int(_) | Known::Money(_) | Known::Unknown),
        Node::Size(_) | Node::Number(_) | Node::DaysBetween(..) => {
            matches!(value, Known::Int(_) | Known::Unknown)
        }
        Node::Word(_) => matches!(value, Known::Text(_) | Known::Unknown),
        Node::Sum(_) => matches!(value, Known::Money(_) | Known::Unknown),
        Node::Texts(_) => matches!(value, Known::List(_)),
        Node::Today => matches!(value, Known::Date(_)),
        Node::Ints(_) | Node::Unclear => value == Known::Unknown,
    };
    fits && match node {
        Node::Not(one) | Node::Size(one) => well_typed(one, catalog, env),
        Node::And(left, right)
        | Node::Or(left, right)
        | Node::Compare(_, left, right)
        | Node::Arith(_, left, right)
        | Node::In(left, right)
        | Node::DaysBetween(left, right) => both(left, right),
        _ => true,
    }
}

/// Three values by the book, without any short cut: the other side decides alone, or nobody does.
fn by_the_book(node: &Node, env: &dyn Env) -> Option<bool> {
    match node {
        Node::Not(one) => by_the_book(one, env).map(|yes| !yes),
        Node::And(left, right) => match (by_the_book(left, env), by_the_book(right, env)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Node::Or(left, right) => match (by_the_book(left, env), by_the_book(right, env)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Node::Has(name) => Some(env.fact(name) != Known::Unknown),
        // Whatever compares or counts needs both its sides.
        Node::Compare(_, left, right) | Node::In(left, right)
            if matches!(**right, Node::Fact(_)) && eval::evaluate(right, env) == Known::Unknown
                || eval::evaluate(left, env) == Known::Unknown =>
        {
            None
        }
        other => eval::evaluate(other, env).truth(),
    }
}

/// The facts whose bare presence a rule asks for: told later, they may change the answer.
fn present(node: &Node, names: &mut Vec<String>) {
    match node {
        Node::Has(name) => names.push(name.clone()),
        Node::Not(one) => present(one, names),
        Node::And(left, right) | Node::Or(left, right) => {
            present(left, names);
            present(right, names);
        }
        _ => {}
    }
}

/// Every rule of every item on the boundaries of every fact it speaks of, and beyond them: it never panics,
/// what it comes to is of the right kind, and what is not known makes it unclear, never no, unless the other
/// side decides; so an answer given with a fact missing never changes when that fact is told.
#[test]
fn the_rules_of_all_items_are_sound_on_their_boundaries() {
    let catalog = Catalog::embedded().unwrap();
    let today = jiff::civil::date(2026, 11, 21);
    let mut tried = 0;
    for item in catalog.items() {
        for source in item.rules() {
            let rule = catalog.rule(source).unwrap();
            let bounds =
                Bounds::of(&rule, |fact| shape(&catalog, fact), catalog.parameters(), today, Reach::Beyond);
            let mut asked = Vec::new();
            present(rule.node(), &mut asked);
            for case in bounds.cases(5_000) {
                tried += 1;
                let answer = rule.holds(&case);
                assert!(well_typed(rule.node(), &catalog, &case), "{}: {source} with {case:?}", item.id);
                assert_eq!(answer, by_the_book(rule.node(), &case), "{}: {source} with {case:?}", item.id);
                for told in rule.facts().iter().filter(|fact| !asked.contains(fact)) {
                    let before = rule.holds(&case.without(told));
                    assert!(before.is_none() || before == answer, "{source} with {case:?} less {told}");
                }
            }
        }
    }
    assert!(tried > 500, "only {tried} cases");
}

/// The boundaries are the ones that matter: a rule off by one is found out.
#[test]
fn the_boundaries_stand_where_something_changes() {
    let world = World::new().row(json!({"id": "std", "kind": "statutory", "fen": 60000, "effective_from": "2020-01-01", "verified": false, "source": "test"}));
    let parameters = crate::parameters::Parameters::new(world.rows.clone());
    let today = jiff::civil::date(2026, 11, 21);
    let plain =
        |kind| Shape { kind, choices: vec!["x".into(), "y".into(), "z".into()], min: Some(1), max: Some(20) };
    let shape = |fact: &str| Some(plain(FACTS.iter().find(|(name, _)| *name == fact)?.1));
    for (one, other) in [
        ("n < 7", "n <= 7"),
        ("n >= 20", "n > 18"),
        ("n in [3, 9]", "n in [3]"),
        ("sum <= yuan(\"2400.00\")", "sum < yuan(\"2400.00\")"),
        ("sum <= money(\"std\") * n", "sum < money(\"std\") * n"),
        ("days_between(today(), day) < 7", "days_between(today(), day) <= 7"),
        ("day >= date(\"2027-01-01\")", "day > date(\"2027-01-01\")"),
        ("t == \"x\"", "t in [\"x\", \"z\"]"),
        ("b && c.d", "b"),
        ("size(list) > 1", "size(list) > 0"),
        ("has(c.d) || b", "b"),
    ] {
        let (one, other) = (compile(one, &world).unwrap(), compile(other, &world).unwrap());
        let reach = if one.facts().contains("sum") { Reach::Beyond } else { Reach::Accepted };
        let bounds = Bounds::of(&one, shape, &parameters, today, reach);
        let told = bounds.cases(20_000).any(|case| one.holds(&case) != other.holds(&case));
        assert!(told, "nothing tells `{}` from `{}`", one.source(), other.source());
        let answers: std::collections::BTreeSet<_> =
            bounds.cases(20_000).map(|case| one.holds(&case)).collect();
        assert!(answers.contains(&Some(true)) && answers.contains(&Some(false)), "{}", one.source());
    }
}
