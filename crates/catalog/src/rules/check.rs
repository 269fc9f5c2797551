//! Reading a rule: CEL's grammar, our subset, our kinds.

use super::{Known, Names, Node, Order, Rule, RuleFault, Sign};
use crate::item::{Choice, Kind};
use cel::common::ast::operators as op;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo};
use cel::parser::Parser;
use kernel::money::Fen;
use std::collections::BTreeSet;

/// Deepest nesting of a rule; officials never come near it.
const DEPTH: u16 = 64;

/// The kinds an expression can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Bool,
    Int,
    Money,
    Date,
    Text,
    TextList,
    IntList,
}

impl Sort {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bool,
            Kind::Int => Self::Int,
            Kind::Money => Self::Money,
            Kind::Date => Self::Date,
            Kind::List => Self::TextList,
            Kind::Text
            | Kind::Choice
            | Kind::Area
            | Kind::CnId
            | Kind::CnPhone
            | Kind::Uscc
            | Kind::Organisation
            | Kind::Account
            | Kind::Pick
            | Kind::File => Self::Text,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Bool => "yes/no",
            Self::Int => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Text => "text",
            Self::TextList => "list",
            Self::IntList => "list of numbers",
        }
    }
}

/// Reads a rule that must come to yes or no.
///
/// # Errors
/// Everything wrong with it.
pub fn compile(source: &str, names: &dyn Names) -> Result<Rule, Vec<RuleFault>> {
    let (expr, info) =
        Parser::new().max_recursion_depth(DEPTH).parse_with_source_info(source).map_err(|e| {
            e.errors
                .iter()
                .map(|e| RuleFault {
                    code: "rule-syntax",
                    offset: offset_of(source, e.pos),
                    message: format!("the rule cannot be read: {}", e.msg.trim()),
                    remedy: "compare with the rules in docs/catalogue.md".into(),
                })
                .collect::<Vec<_>>()
        })?;
    let mut checker = Checker {
        names,
        info: &info,
        faults: Vec::new(),
        facts: BTreeSet::new(),
        parameters: BTreeSet::new(),
    };
    let typed = checker.expr(&expr);
    if let Some((sort, _)) = &typed
        && *sort != Sort::Bool
    {
        let message = format!("a rule must come to yes or no, this comes to a {}", sort.word());
        checker.fault(expr.id, "rule-kinds", message, "compare it with something");
    }
    match typed {
        Some((_, node)) if checker.faults.is_empty() => {
            Ok(Rule { source: source.to_owned(), node, facts: checker.facts, parameters: checker.parameters })
        }
        _ => Err(checker.faults),
    }
}

fn offset_of(source: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1) - 1;
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    (before + usize::try_from(column).unwrap_or(0)).min(source.len())
}

struct Checker<'a> {
    names: &'a dyn Names,
    info: &'a SourceInfo,
    faults: Vec<RuleFault>,
    facts: BTreeSet<String>,
    parameters: BTreeSet<String>,
}

type Typed = Option<(Sort, Node)>;

impl Checker<'_> {
    fn fault(&mut self, id: u64, code: &'static str, message: String, remedy: &str) {
        let offset = self.info.offset_for(id).map_or(0, |(start, _)| start as usize);
        self.faults.push(RuleFault { code, offset, message, remedy: remedy.to_owned() });
    }

    fn refuse(&mut self, id: u64, what: &str) -> Typed {
        self.fault(
            id,
            "rule-not-allowed",
            format!("{what} is not allowed in rules"),
            "use comparison, logic, arithmetic, in, size, has and the functions in docs/catalogue.md",
        );
        None
    }

    fn expr(&mut self, expr: &IdedExpr) -> Typed {
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr.id, literal),
            Expr::Select(select) if select.test => {
                let Some(root) = name_of(&select.operand) else { return self.refuse(expr.id, "this `has`") };
                let name = format!("{root}.{}", select.field);
                self.known_fact(expr.id, &name)?;
                Some((Sort::Bool, Node::Has(name)))
            }
            Expr::Ident(_) | Expr::Select(_) => self.fact(expr),
            Expr::List(list) => self.list(expr.id, &list.elements),
            Expr::Call(call) => self.call(expr.id, call),
            Expr::Comprehension(_) => self.refuse(expr.id, "a loop over a list"),
            Expr::Map(_) | Expr::Struct(_) => self.refuse(expr.id, "a map"),
            Expr::Unspecified => self.refuse(expr.id, "an empty expression"),
        }
    }

    fn literal(&mut self, id: u64, literal: &LiteralValue) -> Typed {
        match literal {
            LiteralValue::Boolean(b) => Some((Sort::Bool, Node::Const(Known::Bool(*b.inner())))),
            LiteralValue::Int(i) => Some((Sort::Int, Node::Const(Known::Int(*i.inner())))),
            LiteralValue::String(s) => Some((Sort::Text, Node::Const(Known::Text(s.inner().to_owned())))),
            LiteralValue::Double(_) => {
                self.refuse(id, "a number with a fraction (write yuan(\"1.50\") for money)")
            }
            LiteralValue::Bytes(_) | LiteralValue::Null | LiteralValue::UInt(_) => {
                self.refuse(id, "this value")
            }
        }
    }

    fn fact(&mut self, expr: &IdedExpr) -> Typed {
        let Some(name) = name_of(expr) else { return self.refuse(expr.id, "this selection") };
        let kind = self.known_fact(expr.id, &name)?;
        Some((Sort::of(kind), Node::Fact(name)))
    }

    fn known_fact(&mut self, id: u64, name: &str) -> Option<Kind> {
        let Some((kind, _)) = self.names.fact(name) else {
            self.fault(
                id,
                "unknown-fact",
                format!("there is no fact `{name}` to speak of here"),
                "add it to catalog/facts.toml, or correct the name",
            );
            return None;
        };
        self.facts.insert(name.to_owned());
        Some(kind)
    }

    fn list(&mut self, id: u64, elements: &[IdedExpr]) -> Typed {
        let mut texts = Vec::new();
        let mut ints = Vec::new();
        for element in elements {
            match self.expr(element)? {
                (Sort::Text, Node::Const(Known::Text(t))) => texts.push(t),
                (Sort::Int, Node::Const(Known::Int(i))) => ints.push(i),
                _ => return self.refuse(element.id, "a list of anything but plain texts or numbers"),
            }
        }
        match (texts.is_empty(), ints.is_empty()) {
            (false, true) => Some((Sort::TextList, Node::Texts(texts))),
            (true, false) => Some((Sort::IntList, Node::Ints(ints))),
            (true, true) => self.refuse(id, "an empty list"),
            (false, false) => self.refuse(id, "a list of mixed kinds"),
        }
    }

    fn call(&mut self, id: u64, call: &CallExpr) -> Typed {
        if let Some(target) = &call.target {
            return self.refuse(target.id, &format!("the method `{}`", call.func_name));
        }
        let args: &[IdedExpr] = &call.args;
        match (call.func_name.as_str(), args) {
            (op::LOGICAL_AND, [left, right]) => self.logic(Node::And, left, right),
            (op::LOGICAL_OR, [left, right]) => self.logic(Node::Or, left, right),
            (op::LOGICAL_NOT, [inner]) => {
                let node = self.wanted(inner, Sort::Bool)?;
                Some((Sort::Bool, Node::Not(Box::new(node))))
            }
            (op::EQUALS, [left, right]) => self.compare(id, Order::Equal, left, right),
            (op::NOT_EQUALS, [left, right]) => self.compare(id, Order::NotEqual, left, right),
            (op::LESS, [left, right]) => self.compare(id, Order::Less, left, right),
            (op::LESS_EQUALS, [left, right]) => self.compare(id, Order::LessOrEqual, left, right),
            (op::GREATER, [left, right]) => self.compare(id, Order::Greater, left, right),
            (op::GREATER_EQUALS, [left, right]) => self.compare(id, Order::GreaterOrEqual, left, right),
            (op::ADD, [left, right]) => self.arith(id, Sign::Plus, left, right),
            (op::SUBSTRACT, [left, right]) => self.arith(id, Sign::Minus, left, right),
            (op::MULTIPLY, [left, right]) => self.arith(id, Sign::Times, left, right),
            (op::DIVIDE, [left, right]) => self.arith(id, Sign::Divide, left, right),
            (op::NEGATE, [inner]) => match self.expr(inner)? {
                (Sort::Int, Node::Const(Known::Int(i))) => match i.checked_neg() {
                    Some(i) => Some((Sort::Int, Node::Const(Known::Int(i)))),
                    None => self.refuse(id, "so large a number"),
                },
                _ => self.refuse(id, "a minus before anything but a plain number"),
            },
            (op::IN, [needle, list]) => self.within(id, needle, list),
            ("size", [inner]) => match self.expr(inner)? {
                (Sort::Text | Sort::TextList, node) => Some((Sort::Int, Node::Size(Box::new(node)))),
                (sort, _) => self.unlike(id, &format!("size of a {}", sort.word())),
            },
            ("word", [arg]) => self.parameter(arg).map(|p| (Sort::Text, Node::Word(p))),
            ("money", [arg]) => self.parameter(arg).map(|p| (Sort::Money, Node::Sum(p))),
            ("number", [arg]) => self.parameter(arg).map(|p| (Sort::Int, Node::Number(p))),
            ("yuan", [arg]) => self
                .constant(arg, "yuan(\"1234.50\")", |text| text.parse::<Fen>().ok().map(Known::Money))
                .map(|k| (Sort::Money, k)),
            ("date", [arg]) => self
                .constant(arg, "date(\"2026-01-31\")", |text| text.parse().ok().map(Known::Date))
                .map(|k| (Sort::Date, k)),
            ("today", []) => Some((Sort::Date, Node::Today)),
            ("days_between", [from, to]) => {
                let (from, to) = (self.wanted(from, Sort::Date), self.wanted(to, Sort::Date));
                Some((Sort::Int, Node::DaysBetween(Box::new(from?), Box::new(to?))))
            }
            ("unclear", []) => Some((Sort::Bool, Node::Unclear)),
            (name, _) => self.refuse(id, &format!("`{name}`")),
        }
    }

    fn wanted(&mut self, expr: &IdedExpr, sort: Sort) -> Option<Node> {
        let (is, node) = self.expr(expr)?;
        if is == sort {
            return Some(node);
        }
        self.fault(
            expr.id,
            "rule-kinds",
            format!("a {} is needed here, this is a {}", sort.word(), is.word()),
            "compare facts of the same kind; kinds stand in catalog/facts.toml",
        );
        None
    }

    fn unlike(&mut self, id: u64, what: &str) -> Typed {
        self.fault(
            id,
            "rule-kinds",
            format!("{what} makes no sense"),
            "compare facts of the same kind; kinds stand in catalog/facts.toml",
        );
        None
    }

    fn logic(&mut self, make: fn(Box<Node>, Box<Node>) -> Node, left: &IdedExpr, right: &IdedExpr) -> Typed {
        let (l, r) = (self.wanted(left, Sort::Bool), self.wanted(right, Sort::Bool));
        Some((Sort::Bool, make(Box::new(l?), Box::new(r?))))
    }

    fn compare(&mut self, id: u64, order: Order, left: &IdedExpr, right: &IdedExpr) -> Typed {
        let (l, r) = (self.expr(left), self.expr(right));
        let ((ls, ln), (rs, rn)) = (l?, r?);
        if ls != rs {
            return self.unlike(id, &format!("comparing a {} with a {}", ls.word(), rs.word()));
        }
        let ordered = matches!(ls, Sort::Int | Sort::Money | Sort::Date);
        if !ordered && !matches!(order, Order::Equal | Order::NotEqual) {
            return self.unlike(id, &format!("ordering a {}", ls.word()));
        }
        self.choices(id, &ln, &rn);
        self.choices(id, &rn, &ln);
        Some((Sort::Bool, Node::Compare(order, Box::new(ln), Box::new(rn))))
    }

    fn arith(&mut self, id: u64, sign: Sign, left: &IdedExpr, right: &IdedExpr) -> Typed {
        let (l, r) = (self.expr(left), self.expr(right));
        let ((ls, ln), (rs, rn)) = (l?, r?);
        let sort = match (ls, sign, rs) {
            (Sort::Int, _, Sort::Int) => Sort::Int,
            (Sort::Money, Sign::Plus | Sign::Minus, Sort::Money)
            | (Sort::Money, Sign::Times | Sign::Divide, Sort::Int)
            | (Sort::Int, Sign::Times, Sort::Money) => Sort::Money,
            _ => return self.unlike(id, &format!("calculating with a {} and a {}", ls.word(), rs.word())),
        };
        Some((sort, Node::Arith(sign, Box::new(ln), Box::new(rn))))
    }

    fn within(&mut self, id: u64, needle: &IdedExpr, list: &IdedExpr) -> Typed {
        let (n, l) = (self.expr(needle), self.expr(list));
        let ((ns, nn), (ls, ln)) = (n?, l?);
        match (ns, ls) {
            (Sort::Text, Sort::TextList) | (Sort::Int, Sort::IntList) => {
                self.choices(id, &nn, &ln);
                self.choices(id, &ln, &nn);
                Some((Sort::Bool, Node::In(Box::new(nn), Box::new(ln))))
            }
            _ => self.unlike(id, &format!("looking for a {} in a {}", ns.word(), ls.word())),
        }
    }

    /// A choice compared with something that is none of its choices would never hold.
    fn choices(&mut self, id: u64, fact: &Node, with: &Node) {
        let Node::Fact(name) = fact else { return };
        let Some((Kind::Choice | Kind::List, choices)) = self.names.fact(name) else { return };
        let known = |t: &str, choices: &[Choice]| choices.is_empty() || choices.iter().any(|c| c.id == t);
        let wrong: Vec<String> = match with {
            Node::Const(Known::Text(t)) if !known(t, choices) => vec![t.clone()],
            Node::Texts(list) => list.iter().filter(|t| !known(t, choices)).cloned().collect(),
            _ => Vec::new(),
        };
        for text in wrong {
            self.fault(
                id,
                "unknown-choice",
                format!("fact `{name}` has no choice `{text}`"),
                "use a choice of the fact in catalog/facts.toml",
            );
        }
    }

    fn parameter(&mut self, arg: &IdedExpr) -> Option<String> {
        let Expr::Literal(LiteralValue::String(id)) = &arg.expr else {
            self.refuse(arg.id, "a parameter that is not written out");
            return None;
        };
        let name = id.inner().to_owned();
        if !self.names.parameter(&name) {
            self.fault(
                arg.id,
                "unknown-parameter",
                format!("there is no parameter `{name}`"),
                "add a row in catalog/parameters, or correct the name",
            );
            return None;
        }
        self.parameters.insert(name.clone());
        Some(name)
    }

    fn constant(&mut self, arg: &IdedExpr, like: &str, read: impl Fn(&str) -> Option<Known>) -> Option<Node> {
        let value = match &arg.expr {
            Expr::Literal(LiteralValue::String(text)) => read(text.inner()),
            _ => None,
        };
        if value.is_none() {
            self.fault(
                arg.id,
                "rule-kinds",
                "this value cannot be read".into(),
                &format!("write it like {like}"),
            );
        }
        value.map(Node::Const)
    }
}

/// `income.monthly` from a chain of selections.
fn name_of(expr: &IdedExpr) -> Option<String> {
    match &expr.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", name_of(&select.operand)?, select.field))
        }
        _ => None,
    }
}
