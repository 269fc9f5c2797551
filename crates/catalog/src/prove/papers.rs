//! Documents: they exist, somebody makes them, their places can be filled, and who must receive them does.

use super::work::actions;
use super::{Finding, Subject};
use crate::item::{ActionDef, ClockStart, Document, Effect, MatterList};
use std::collections::BTreeSet;

/// Places every document may have; the register fills them itself.
const PLACES: [&str; 7] = ["no", "matter", "date", "office", "item", "applicant", "opponents"];

/// Actions and clocks name documents that are there, and every document is made by some action.
pub(super) fn made(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    for (step, action) in actions(subject) {
        for id in action.documents.iter().filter(|id| item.document(id).is_none()) {
            out.push(subject.finding(
                &format!("steps/{}/actions/{}/documents/{id}", step.id, action.id),
                "unknown-document",
                format!("action `{}` makes document `{id}`, which is not defined", action.id),
                "add a [[documents]] table with this id, or correct the name",
            ));
        }
    }
    for clock in &item.clocks {
        if let Some(id) = clock.document.as_ref().filter(|id| item.document(id).is_none()) {
            out.push(subject.finding(
                &format!("clocks/{}/document", clock.id),
                "unknown-document",
                format!("clock `{}` starts with document `{id}`, which is not defined", clock.id),
                "add a [[documents]] table with this id, or correct the name",
            ));
        }
    }
    for document in &item.documents {
        if makers(subject, document).next().is_none() {
            out.push(subject.finding(
                &format!("documents/{}", document.id),
                "document-never-made",
                format!("no action makes document `{}`", document.id),
                "name it in `documents` of the action that issues it, or remove it",
            ));
        }
    }
}

/// What stands in braces can be filled when the document is made.
pub(super) fn places(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let kept = kept(subject);
    let asked: BTreeSet<&str> = subject.item.questions().map(|q| q.fact.as_str()).collect();
    for document in &subject.item.documents {
        let own: BTreeSet<&str> =
            makers(subject, document).flat_map(|action| &action.input).map(|q| q.fact.as_str()).collect();
        // Without any maker the document has a finding of its own.
        let unmade = makers(subject, document).next().is_none();
        let known = |fact: &str| unmade || asked.contains(fact) || kept.contains(fact) || own.contains(fact);
        let mut wrong: Vec<(String, &str)> = Vec::new();
        if document.text.matches('{').count() != document.text.matches('}').count() {
            wrong.push(("a brace is not closed".to_owned(), "write each place as {word}"));
        }
        for place in document.places() {
            let fact = if place == "reason" { Some("reason") } else { place.strip_prefix("fact:") };
            match fact {
                Some(fact) if !known(fact) => wrong.push((
                    format!("`{{{place}}}`: `{fact}` is not known when the document is made"),
                    "ask for it in the form or in the action that makes the document, or `keep` it where it is asked before",
                )),
                None if place == "no" && document.series.is_none() => wrong.push((
                    "`{no}`: the document bears no number".to_owned(),
                    "give it a `series`, or take the place out",
                )),
                None if !PLACES.contains(&place) => wrong.push((
                    format!("`{{{place}}}` is no place that can be filled"),
                    "use {no} {matter} {date} {office} {item} {applicant} {opponents} {reason} or {fact:<name>}",
                )),
                _ => {}
            }
        }
        for (why, remedy) in wrong {
            let message = format!("document `{}`: {why}", document.id);
            out.push(subject.finding(
                &format!("documents/{}/text", document.id),
                "document-place",
                message,
                remedy,
            ));
        }
    }
}

/// Periods run from receipt: what must be received can be served, and a clock that waits for it can begin.
pub(super) fn served(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    let serves = actions(subject).any(|(_, action)| action.effect == Some(Effect::Serve));
    let mut waiting = BTreeSet::new();
    for clock in item.clocks.iter().filter(|clock| clock.starts == ClockStart::Served) {
        let (why, remedy) = match clock.document.as_deref().map(|id| (id, item.document(id))) {
            None => ("does not say with which document's service it starts".to_owned(), "add `document = …`"),
            Some((id, Some(document))) if document.served_on.is_empty() => (
                format!("starts when `{id}` is served, but nobody must receive it"),
                "say in `served_on` of the document who must receive it",
            ),
            Some((id, Some(_))) if !serves => {
                waiting.insert(id);
                (
                    format!("starts when `{id}` is served, but no action records service"),
                    "include the fragment `service`",
                )
            }
            // A document that is not there is a finding of its own.
            Some(_) => continue,
        };
        out.push(subject.finding(
            &format!("clocks/{}/starts", clock.id),
            "unserved-clock",
            format!("clock `{}` {why}: it would never start", clock.id),
            remedy,
        ));
    }
    for document in item.documents.iter().filter(|document| !document.served_on.is_empty() && !serves) {
        // Told at the clock, where one waits for it.
        if !waiting.contains(document.id.as_str()) {
            out.push(subject.finding(
                &format!("documents/{}/served_on", document.id),
                "nobody-serves",
                format!("document `{}` must be received, but no action records service", document.id),
                "include the fragment `service`, or leave `served_on` out when it stays in the file",
            ));
        }
    }
}

/// What an effect reads is asked under its fixed names, and chosen from the right list of the matter.
pub(super) fn effects(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (step, action) in actions(subject) {
        let Some((names, list)) = action.effect.and_then(reads) else { continue };
        for name in names {
            let question = action.input.iter().find(|question| question.fact == *name);
            let why = match question {
                None => format!("does not ask for `{name}`, which its effect reads"),
                // What is chosen from the matter stands first.
                Some(question) if *name == names[0] => {
                    let from = question.register.as_ref().and_then(|register| register.matter);
                    if from.is_none() || from == Some(list) {
                        continue;
                    }
                    format!("chooses `{name}` from the wrong list of the matter")
                }
                Some(_) => continue,
            };
            out.push(subject.finding(
                &format!("steps/{}/actions/{}/effect", step.id, action.id),
                "effect-without-input",
                format!("action `{}` {why}", action.id),
                "copy the inputs from the fragment that has this effect (service, deferred), or drop `effect`",
            ));
        }
    }
}

/// The inputs an effect reads, the one chosen from the matter first, and from which list.
fn reads(effect: Effect) -> Option<(&'static [&'static str], MatterList)> {
    Some(match effect {
        Effect::Serve => (
            &["service.document", "service.method", "service.result", "service.received_on"],
            MatterList::Unserved,
        ),
        Effect::Acknowledge => (&["service.document"], MatterList::Unserved),
        Effect::Sign => (&["sign.party", "sign.way"], MatterList::Unsigned),
        Effect::HandIn => (&["hand_in.material", "hand_in.file"], MatterList::Awaited),
        Effect::MoveOffice | Effect::Void => return None,
    })
}

fn makers<'a>(subject: &'a Subject<'_>, document: &'a Document) -> impl Iterator<Item = &'a ActionDef> {
    actions(subject).map(|(_, action)| action).filter(|action| action.documents.contains(&document.id))
}

/// The inputs of actions that become facts of the matter.
pub(super) fn kept<'a>(subject: &'a Subject<'_>) -> BTreeSet<&'a str> {
    actions(subject)
        .flat_map(|(_, action)| &action.input)
        .filter(|question| question.keep)
        .map(|question| question.fact.as_str())
        .collect()
}
