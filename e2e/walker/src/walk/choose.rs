//! Which of the offered actions, and with which input.

use crate::random::Random;
use crate::views::{Item, Offer, Waiting};
use serde_json::Value;
use std::collections::HashMap;

/// Actions that end a matter early: now and then, else few matters would see their later steps.
const ENDING: &[&str] = &["withdraw", "void", "terminate"];
/// What the walker leaves alone: the first changes the code it needs, the second answers in another shape
/// and is tried on its own, the others may be done at any time and would fill the walk.
const LEFT_ALONE: &[&str] =
    &["reissue-code", "reveal", "add-helper", "end-helper", "change-contact", "change-consent"];

/// One of the offers. `hurry` asks for the shortest way to an end.
pub fn offer<'a>(
    offers: &'a [Offer],
    waiting: &Waiting,
    item: &Item,
    distances: &HashMap<String, usize>,
    hurry: bool,
    chance: &mut Random,
) -> Option<&'a Offer> {
    let open: Vec<&Offer> =
        offers.iter().filter(|offer| !LEFT_ALONE.contains(&offer.action.as_str())).collect();
    let discharging: Vec<&Offer> =
        open.iter().copied().filter(|offer| waiting.actions.contains(&offer.action)).collect();
    if hurry {
        // The shortest way may be a circle (a step left by the applicant alone looks near its end), so that now
        // and then another way is tried.
        if chance.chance(35) {
            return chance.pick(&discharging).copied();
        }
        return discharging
            .into_iter()
            .min_by_key(|offer| distances.get(&offer.to).copied().unwrap_or(usize::MAX));
    }
    let from_here = |offer: &Offer| item.steps.iter().any(|step| step.id == offer.to && !step.is_final);
    let mut urn: Vec<&Offer> = Vec::new();
    for candidate in open {
        let weight = if ENDING.contains(&candidate.action.as_str()) {
            1
        } else if !discharging.iter().any(|other| other.action == candidate.action) {
            3
        } else if from_here(candidate) {
            24
        } else {
            12
        };
        urn.extend(std::iter::repeat_n(candidate, weight));
    }
    chance.pick(&urn).copied()
}

/// The example, now and then with another of the listed choices.
pub fn input(offer: &Offer, chance: &mut Random) -> Value {
    let mut input = offer.example.clone();
    // Where one answer decides what else is asked, another choice would need other answers.
    let conditional = ["allOf", "if", "anyOf"].iter().any(|word| offer.schema.get(word).is_some());
    let Some(properties) = offer.schema["properties"].as_object().filter(|_| !conditional) else {
        return input;
    };
    for (name, schema) in properties {
        let Some(choices) = schema["oneOf"].as_array() else { continue };
        if input.get(name).is_some_and(Value::is_string)
            && chance.chance(50)
            && let Some(choice) = chance.pick(choices)
            && let Some(value) = choice.get("const")
        {
            input[name] = value.clone();
        }
    }
    input
}
