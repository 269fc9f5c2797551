//! Messages: readable, in both languages, with the same arguments, and without loose ends.

use super::Finding;
use super::place::line_and_column;
use crate::load::Files;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use kernel::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Message {
    file: String,
    line: usize,
    arguments: BTreeSet<String>,
    mentions: BTreeSet<String>,
}

/// Compares the languages, file by file and key by key.
pub(super) fn prove(files: &Files, out: &mut Vec<Finding>) {
    let mut by_language = Vec::new();
    for lang in Lang::ALL {
        by_language.push((lang.as_str(), read(files, lang.as_str(), out)));
    }
    for (tag, messages) in &by_language {
        for (key, message) in messages {
            for mention in message.mentions.iter().filter(|mention| !messages.contains_key(*mention)) {
                out.push(finding(
                    message,
                    "unknown-message",
                    format!("`{key}` uses the message `{mention}`, which {tag} does not have"),
                    "write the message, or correct its name",
                ));
            }
            for (other_tag, others) in by_language.iter().filter(|(other, _)| other != tag) {
                match others.get(key) {
                    None => out.push(finding(
                        message,
                        "message-one-language",
                        format!("`{key}` is not there in {other_tag}"),
                        "write it in both languages",
                    )),
                    // Told once, at the language that says more.
                    Some(other) if !message.arguments.is_subset(&other.arguments) => out.push(finding(
                        message,
                        "message-arguments-differ",
                        format!("`{key}` uses arguments that it does not use in {other_tag}"),
                        "use the same arguments in both languages",
                    )),
                    Some(_) => {}
                }
            }
        }
    }
}

fn finding(message: &Message, code: &'static str, text: String, remedy: &str) -> Finding {
    Finding {
        file: message.file.clone(),
        line: message.line,
        column: 1,
        code,
        message: text,
        remedy: remedy.to_owned(),
    }
}

fn read(files: &Files, tag: &str, out: &mut Vec<Finding>) -> BTreeMap<String, Message> {
    let folder = format!("messages/{tag}/");
    let mut messages: BTreeMap<String, Message> = BTreeMap::new();
    for (path, text) in files.under(&folder, ".ftl") {
        let resource = match parser::parse(text) {
            Ok(resource) => resource,
            Err((resource, faults)) => {
                for fault in faults {
                    let (line, column) = line_and_column(text, fault.pos.start);
                    out.push(Finding {
                        file: path.to_owned(),
                        line,
                        column,
                        code: "message-unreadable",
                        message: fault.to_string(),
                        remedy: "write `key = text`; further lines of a text begin with spaces".to_owned(),
                    });
                }
                resource
            }
        };
        for entry in &resource.body {
            let (key, patterns): (String, Vec<&Pattern<&str>>) = match entry {
                Entry::Message(message) => (
                    message.id.name.to_owned(),
                    message.value.iter().chain(message.attributes.iter().map(|a| &a.value)).collect(),
                ),
                Entry::Term(term) => (format!("-{}", term.id.name), vec![&term.value]),
                _ => continue,
            };
            let line = text.lines().position(|line| begins(line, &key)).map_or(1, |at| at + 1);
            let mut message = Message { file: path.to_owned(), line, ..Message::default() };
            for pattern in patterns {
                parts(pattern, &mut message);
            }
            if messages.contains_key(&key) {
                let remedy = "keep one of the two";
                out.push(finding(
                    &message,
                    "message-twice",
                    format!("`{key}` is written twice in {tag}"),
                    remedy,
                ));
            }
            messages.insert(key, message);
        }
    }
    messages
}

fn begins(line: &str, key: &str) -> bool {
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
}

fn parts(pattern: &Pattern<&str>, message: &mut Message) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            expressions(expression, message);
        }
    }
}

fn expressions(expression: &Expression<&str>, message: &mut Message) {
    match expression {
        Expression::Inline(inline) => mention(inline, message),
        Expression::Select { selector, variants } => {
            mention(selector, message);
            for variant in variants {
                parts(&variant.value, message);
            }
        }
    }
}

fn mention(inline: &InlineExpression<&str>, message: &mut Message) {
    match inline {
        // A text of an item is given in both languages, as `$why` and `$why_en`: one argument.
        InlineExpression::VariableReference { id } => {
            message.arguments.insert(id.name.strip_suffix("_en").unwrap_or(id.name).to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            message.mentions.insert(id.name.to_owned());
        }
        InlineExpression::TermReference { id, .. } => {
            message.mentions.insert(format!("-{}", id.name));
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                mention(argument, message);
            }
        }
        InlineExpression::Placeable { expression } => expressions(expression, message),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}
