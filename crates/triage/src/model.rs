//! What was learned: the questions with their kinds, how the members are weighed, and when it is better to ask.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use learn::folds;
use serde::{Deserialize, Serialize};

use crate::kinds::Kinds;
use crate::members::{Members, Voices};
use crate::rows::Row;
use crate::stack::Stack;
use crate::{Answer, Guess, TriageError};

/// The folder within the data folder.
pub const FOLDER: &str = "triage";

const FILE: &str = "learned.json";

/// The layout of that file.
const FORMAT: u32 = 1;

/// Seed of everything that is dealt while learning.
pub const SEED: u64 = 20_261_130;

/// Folds within the questions: weights and threshold come from texts that the members had not seen.
const INNER: usize = 5;

/// Share of questions of a kind that may be abstained from while learning; fewer than the five of a hundred that are
/// allowed, because people's questions are less alike than those learned from.
const ABSTAIN: f64 = 0.035;

/// How much nearness to known questions counts beside the chance of the best kind.
const NEARNESS: f64 = 0.5;

/// How much each word that belongs to no kind takes away.
const FOREIGN: f64 = 2.0;

/// Fewest questions worth learning from.
const FEWEST: usize = 50;

/// What is kept of learning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    format: u32,
    labels: Vec<String>,
    texts: Vec<(String, usize)>,
    stack: Stack,
    threshold: f64,
}

impl Kept {
    /// Learns from rows that have a kind.
    pub fn learn(rows: &[Row], start: &Kinds) -> Result<Self, TriageError> {
        let numbers: BTreeMap<&str, usize> =
            start.all().iter().map(|kind| kind.label.as_str()).zip(0..).collect();
        let labels: Vec<String> = start.all().iter().map(|kind| kind.label.clone()).collect();
        let mut texts = Vec::new();
        for row in rows {
            let Some(label) = row.label.as_deref().filter(|label| !label.is_empty()) else { continue };
            let Some(number) = numbers.get(label).copied() else {
                return Err(TriageError::Content(format!(
                    "`{label}` is no kind of {}: {}",
                    crate::kinds::FILE,
                    labels.join(" ")
                )));
            };
            texts.push((row.text.clone(), number));
        }
        if texts.len() < FEWEST {
            return Err(TriageError::Content(format!(
                "{} questions with a kind are too few to learn from: {FEWEST} at least",
                texts.len()
            )));
        }
        let found: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
        let kinds: Vec<usize> = texts.iter().map(|(_, kind)| *kind).collect();
        let voices = unseen(&found, &kinds, labels.len(), start);
        let stack = Stack::learn(&voices.iter().collect::<Vec<_>>(), &kinds, labels.len());
        let mut sure: Vec<f64> =
            voices.iter().map(|voices| certainty(&stack.chances(voices), voices)).collect();
        sure.sort_unstable_by(f64::total_cmp);
        let threshold =
            sure.get((sure.len() as f64 * ABSTAIN) as usize).copied().unwrap_or(f64::NEG_INFINITY);
        Ok(Self { format: FORMAT, labels, texts, stack, threshold })
    }

    /// Writes it into the data folder, whole or not at all.
    pub fn write(&self, data: &Path) -> Result<(), TriageError> {
        let folder = data.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let part = folder.join(format!("learned.{}.part", std::process::id()));
        fs::write(&part, serde_json::to_vec(self).map_err(|error| TriageError::Content(error.to_string()))?)?;
        fs::rename(part, folder.join(FILE))?;
        Ok(())
    }

    /// What was learned in this data folder, if anything was.
    pub fn read(data: &Path) -> Result<Option<Self>, TriageError> {
        let path = data.join(FOLDER).join(FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let wrong = |why: String| {
            TriageError::Content(format!("{}: {why}; run `huifa triage train` again", path.display()))
        };
        let kept: Self = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        let is_sound = kept.format == FORMAT
            && kept.stack.is_whole()
            && kept.texts.iter().all(|(_, kind)| *kind < kept.labels.len());
        if is_sound { Ok(Some(kept)) } else { Err(wrong("another layout".to_owned())) }
    }

    /// When it was last learned in this data folder.
    pub fn changed(data: &Path) -> Option<std::time::SystemTime> {
        fs::metadata(data.join(FOLDER).join(FILE)).and_then(|found| found.modified()).ok()
    }

    /// The questions it learned from, to learn from them again beside others.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.texts.iter().map(|(text, kind)| Row {
            id: serde_json::Value::Null,
            text: text.clone(),
            label: self.labels.get(*kind).cloned(),
            tier: None,
        })
    }

    /// How many questions it learned from.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether it learned from none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Whether this very text was learned from: a measurement on it would say nothing.
    pub fn knows(&self, text: &str) -> bool {
        self.texts.iter().any(|(known, _)| known == text)
    }
}

/// What the members say of each text when they have not seen it, nor its near-duplicates.
fn unseen(texts: &[&str], kinds: &[usize], count: usize, start: &Kinds) -> Vec<Voices> {
    let folds = folds::deal(&folds::groups(texts), INNER, SEED ^ 1);
    let mut voices: Vec<Option<Voices>> = vec![None; texts.len()];
    for fold in 0..INNER {
        let (outside, inside) = folds::split(&folds, fold);
        let others: Vec<&str> = outside.iter().map(|at| texts[*at]).collect();
        let their: Vec<usize> = outside.iter().map(|at| kinds[*at]).collect();
        let members = Members::learn(&others, &their, count);
        for at in inside {
            voices[at] = Some(members.hear(texts[at], start));
        }
    }
    voices.into_iter().flatten().collect()
}

/// How sure one may be: by the best kind's chance, by how near known questions are, by words of no kind.
fn certainty(chances: &[f64], voices: &Voices) -> f64 {
    let best = chances.iter().copied().fold(0.0, f64::max);
    (best + 1e-9).ln() + NEARNESS * (voices.nearest + 0.02).ln() - FOREIGN * voices.foreign
}

/// Answers: as it was learned, or from the hand-written start.
#[derive(Debug)]
pub struct Triage {
    start: Kinds,
    learned: Option<Learned>,
}

#[derive(Debug)]
struct Learned {
    labels: Vec<String>,
    members: Members,
    stack: Stack,
    threshold: f64,
}

impl Triage {
    /// From the kinds of the catalogue and what was learned, if anything.
    pub fn new(start: Kinds, kept: Option<Kept>) -> Self {
        let learned = kept.map(|kept| {
            let texts: Vec<&str> = kept.texts.iter().map(|(text, _)| text.as_str()).collect();
            let kinds: Vec<usize> = kept.texts.iter().map(|(_, kind)| *kind).collect();
            let members = Members::learn(&texts, &kinds, kept.labels.len());
            Learned { members, labels: kept.labels, stack: kept.stack, threshold: kept.threshold }
        });
        Self { start, learned }
    }

    /// Whether it has learned; else it answers from the start, and says so.
    pub fn has_learned(&self) -> bool {
        self.learned.is_some()
    }

    /// The kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.start
    }

    /// The likeliest kinds of a text.
    pub fn answer(&self, text: &str, most: usize) -> Answer {
        let Some(learned) = &self.learned else { return self.start.answer(text, most) };
        // A story of ten pages is judged by its first.
        let text: String = text.chars().take(2000).collect();
        let voices = learned.members.hear(&text, &self.start);
        let chances = learned.stack.chances(&voices);
        let sure = certainty(&chances, &voices);
        let mut order: Vec<usize> = (0..chances.len()).collect();
        order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]).then(a.cmp(b)));
        let guess = |at: &usize| Guess { label: learned.labels[*at].clone(), p: chances[*at] };
        Answer { labels: order.iter().take(most).map(guess).collect(), abstain: sure < learned.threshold }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let texts = [
            ("劳动争议", ["老板拖欠工资怎么办", "公司辞退我没有补偿", "上班受伤算工伤吗", "加班费怎么算"]),
            ("婚姻家庭", ["老公出轨我要离婚", "离婚孩子归谁", "彩礼能要回来吗", "夫妻共同财产怎么分"]),
            ("债权债务", ["朋友借钱不还", "借条没写日期", "网贷逾期怎么办", "担保人要还钱吗"]),
        ];
        let mut rows = Vec::new();
        for (label, texts) in texts {
            for (place, ending) in ["", "，急", "，请问", "谢谢", "求助"].into_iter().enumerate() {
                for text in texts {
                    rows.push(Row {
                        id: place.into(),
                        text: format!("{text}{ending}"),
                        label: Some(label.to_owned()),
                        tier: None,
                    });
                }
            }
        }
        rows
    }

    fn start() -> Kinds {
        Kinds::parse(crate::kinds::tests::TEXT).unwrap()
    }

    #[test]
    fn it_learns_keeps_and_answers_the_same_after_reading() {
        let kept = Kept::learn(&rows(), &start()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert!(Kept::read(folder.path()).unwrap().is_none());
        kept.write(folder.path()).unwrap();
        let (now, later) =
            (Triage::new(start(), Some(kept)), Triage::new(start(), Kept::read(folder.path()).unwrap()));
        let answer = now.answer("公司拖欠我三个月工资", 3);
        assert_eq!(answer, later.answer("公司拖欠我三个月工资", 3));
        assert_eq!(answer.labels[0].label, "劳动争议");
        assert!(answer.labels.windows(2).all(|pair| pair[0].p >= pair[1].p));
    }

    #[test]
    fn too_little_and_unknown_kinds_are_refused() {
        assert!(Kept::learn(&rows()[..10], &start()).is_err());
        let mut odd = rows();
        odd[0].label = Some("天气".to_owned());
        assert!(Kept::learn(&odd, &start()).is_err());
    }

    #[test]
    fn a_damaged_file_is_told_and_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        fs::write(folder.path().join(FOLDER).join(FILE), "{}").unwrap();
        assert!(Kept::read(folder.path()).is_err());
    }
}
