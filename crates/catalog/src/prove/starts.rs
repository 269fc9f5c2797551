//! How clocks start, are extended and begin anew.

use super::work::actions;
use super::{Finding, Subject, clocks, papers};
use crate::item::{Clock, ClockStart, Kind};

/// A clock that counts from a date of the matter: the date is known by then.
pub(super) fn facts(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for clock in &subject.item.clocks {
        let at = format!("clocks/{}", clock.id);
        match (clock.starts, &clock.fact) {
            (ClockStart::Fact, None) => out.push(subject.finding(
                &format!("{at}/starts"),
                "clock-fact",
                format!("clock `{}` counts from a date but does not say which", clock.id),
                "add `fact = …`, a date from the dictionary",
            )),
            (ClockStart::Fact, Some(fact)) => {
                if let Some(why) = unknown(subject, clock, fact) {
                    out.push(subject.finding(
                        &format!("{at}/fact"),
                        "clock-fact",
                        format!("clock `{}` counts from `{fact}`, {why}", clock.id),
                        "ask for the date in the form or in every action that leads into `runs_in`, or `keep` it where it is asked before",
                    ));
                }
            }
            (_, Some(_)) => out.push(dead(subject, clock, "fact")),
            (_, None) => {}
        }
        if clock.starts != ClockStart::Served && clock.document.is_some() {
            out.push(dead(subject, clock, "document"));
        }
    }
}

fn dead(subject: &Subject<'_>, clock: &Clock, key: &str) -> Finding {
    let start = if key == "fact" { "fact" } else { "served" };
    subject.finding(
        &format!("clocks/{}/{key}", clock.id),
        "dead-key",
        format!("clock `{}` has `{key}` but does not start from it", clock.id),
        &format!("write `starts = \"{start}\"`, or remove `{key}`"),
    )
}

fn unknown(subject: &Subject<'_>, clock: &Clock, fact: &str) -> Option<&'static str> {
    let kind = subject.loaded.facts.get(fact).map(|def| def.kind);
    if kind != Some(Kind::Date) {
        return Some("which is no date of the dictionary");
    }
    if subject.item.question(fact).is_some() || papers::kept(subject).contains(fact) {
        return None;
    }
    let inside = |id: &str| clock.runs_in.iter().any(|step| step == id);
    let mut entering = actions(subject)
        .filter(|(step, action)| !inside(&step.id) && inside(action.to.from(&step.id)))
        .map(|(_, action)| action)
        .peekable();
    let asked = entering.peek().is_some()
        && !inside(&subject.item.first_step().id)
        && entering.all(|action| action.input.iter().any(|question| question.fact == fact));
    (!asked).then_some("which nothing gives before it runs")
}

/// Actions move clocks that are there; what is extended can be extended, and what can be is.
pub(super) fn moved(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    for (step, action) in actions(subject) {
        let at = format!("steps/{}/actions/{}", step.id, action.id);
        let named = action.extends.iter().map(|id| ("extends", id));
        for (key, id) in named.chain(action.restarts.iter().map(|id| ("restarts", id))) {
            let Some(clock) = item.clock(id) else {
                out.push(subject.finding(
                    &format!("{at}/{key}"),
                    "unknown-clock",
                    format!("`{key}` of action `{}` names clock `{id}`, which is not defined", action.id),
                    "name a clock of this item or of an included fragment",
                ));
                continue;
            };
            if key == "restarts" {
                continue;
            }
            if clock.extension.is_none() {
                out.push(subject.finding(
                    &format!("{at}/extends"),
                    "extension-missing",
                    format!("action `{}` extends clock `{id}`, which does not say by how much", action.id),
                    "give the clock `extension = { rule = …, times = … }`, or remove `extends`",
                ));
            }
            if !clock.runs_in.contains(&step.id) && !clock.paused_in.contains(&step.id) {
                out.push(subject.finding(
                    &format!("{at}/extends"),
                    "extends-elsewhere",
                    format!(
                        "action `{}` extends clock `{id}`, which is over or not begun in step `{}`",
                        action.id, step.id
                    ),
                    "offer the action in a step of the clock's `runs_in` or `paused_in`",
                ));
            }
        }
    }
    for clock in &item.clocks {
        let Some(extension) = &clock.extension else { continue };
        let at = format!("clocks/{}/extension", clock.id);
        clocks::limit(subject, &at, &format!("the extension of clock `{}`", clock.id), &extension.rule, out);
        let used = actions(subject).any(|(_, action)| action.extends.as_ref() == Some(&clock.id));
        if !used || extension.times == 0 {
            out.push(subject.finding(
                &at,
                "unused-extension",
                format!("clock `{}` may be extended, but no action can do it", clock.id),
                "give an action `extends = …` and `times` of at least 1, or remove `extension`",
            ));
        }
    }
}
