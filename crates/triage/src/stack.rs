//! How much each member is listened to, and how sure the whole is: learned on texts no member had seen.

use serde::{Deserialize, Serialize};

use crate::members::{MEMBERS, Voices};
use crate::shares;

/// The weight of each member. No kind has a weight of its own: how often kinds were asked about where the questions
/// come from says little of who will ask here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stack {
    members: Vec<f64>,
}

/// Steps of descent.
const STEPS: usize = 600;

/// How far a step goes.
const RATE: f64 = 0.1;

/// How much of a step goes on in the next.
const MOMENTUM: f64 = 0.9;

impl Stack {
    /// Learns by descent on the logarithmic loss; rare kinds count by the root of how rare they are.
    pub fn learn(voices: &[&Voices], kinds: &[usize], count: usize) -> Self {
        let mut often = vec![0.0_f64; count];
        for kind in kinds {
            often[*kind] += 1.0;
        }
        let weights: Vec<f64> = kinds.iter().map(|kind| 1.0 / often[*kind].sqrt()).collect();
        let all = weights.iter().sum::<f64>().max(1e-9);
        let mut stack = Self { members: vec![1.0; MEMBERS] };
        let mut speed = vec![0.0; MEMBERS];
        for _ in 0..STEPS {
            let mut slopes = vec![0.0; MEMBERS];
            for ((voice, kind), weight) in voices.iter().zip(kinds).zip(&weights) {
                for (at, chance) in stack.chances(voice).iter().enumerate() {
                    let error = (chance - f64::from(u8::from(at == *kind))) * weight / all;
                    for (slope, says) in slopes.iter_mut().zip(&voice.by_member) {
                        *slope += error * says[at];
                    }
                }
            }
            for ((member, speed), slope) in stack.members.iter_mut().zip(&mut speed).zip(slopes) {
                *speed = MOMENTUM * *speed - RATE * slope;
                // A member may be silenced, never turned round.
                *member = (*member + *speed).max(0.0);
            }
        }
        stack
    }

    /// How likely each kind is.
    pub fn chances(&self, voices: &Voices) -> Vec<f64> {
        let mut sums = vec![0.0; voices.by_member[0].len()];
        for (weight, says) in self.members.iter().zip(&voices.by_member) {
            for (sum, says) in sums.iter_mut().zip(says) {
                *sum += weight * says;
            }
        }
        shares(&sums)
    }

    /// Whether it is whole; a damaged file is not.
    pub fn is_whole(&self) -> bool {
        self.members.len() == MEMBERS
    }
}
