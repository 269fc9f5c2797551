//! Boosted regression trees over a few dozen features: puts candidates in order.

use serde::{Deserialize, Serialize};

/// Rows of features of one width, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Table {
    width: usize,
    values: Vec<f32>,
}

impl Table {
    /// An empty table of so many features.
    pub fn new(width: usize) -> Self {
        Self { width, values: Vec::new() }
    }

    /// Adds a row; what is missing counts as nothing, what is too much is left out.
    pub fn push(&mut self, row: &[f32]) {
        self.values.extend(row.iter().copied().chain(std::iter::repeat(0.0)).take(self.width));
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A row.
    pub fn row(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    /// How many trees.
    pub trees: usize,
    /// Most leaves of a tree.
    pub leaves: usize,
    /// How much of each tree is believed.
    pub rate: f32,
    /// Least rows of a leaf.
    pub least: usize,
    /// How strongly leaves are held back.
    pub ridge: f64,
}

/// Trees that have learned.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    trees: Vec<Tree>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Node {
    Leaf(f32),
    /// Rows with at most this value go to the first child, others to the second.
    Fork(u16, f32, u32, u32),
}

impl Tree {
    fn value(&self, row: &[f32]) -> f32 {
        let mut at = 0;
        // A fork only ever names nodes behind itself, so this ends; a damaged file ends it too.
        while let Some(node) = self.nodes.get(at) {
            match node {
                Node::Leaf(value) => return *value,
                Node::Fork(feature, cut, low, high) => {
                    let value = row.get(usize::from(*feature)).copied().unwrap_or(0.0);
                    let next = if value <= *cut { *low } else { *high } as usize;
                    if next <= at {
                        return 0.0;
                    }
                    at = next;
                }
            }
        }
        0.0
    }
}

impl Forest {
    /// The score of a row.
    pub fn score(&self, row: &[f32]) -> f32 {
        self.trees.iter().map(|tree| tree.value(row)).sum()
    }

    /// Both together: a row's score is the sum of what each says.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.trees.extend(other.trees);
        self
    }

    /// Learns from rows: `slopes` gives for the present scores the first and second derivative of the loss. The
    /// scores begin at `begin`, which is no part of what is learned: it moves no row before another.
    pub fn learn(
        table: &Table,
        growth: Growth,
        begin: f32,
        slopes: impl Fn(&[f32], &mut [f32], &mut [f32]),
    ) -> Self {
        let binned = Binned::of(table);
        let rows = table.len();
        let (mut scores, mut first, mut second) = (vec![begin; rows], vec![0.0; rows], vec![0.0; rows]);
        let mut trees = Vec::with_capacity(growth.trees);
        for _ in 0..growth.trees {
            slopes(&scores, &mut first, &mut second);
            let tree = binned.grow(growth, &first, &second, &mut scores);
            trees.push(tree);
        }
        Self { trees }
    }
}

/// Most different values of a feature that are told apart.
const BINS: usize = 255;

/// Features as numbers of bins, column by column.
struct Binned {
    cuts: Vec<Vec<f32>>,
    columns: Vec<Vec<u8>>,
    rows: usize,
}

/// Sums of derivatives, and counts of rows, by feature and bin.
type Histogram = Vec<[f64; 3]>;

struct Leaf {
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    best: Option<Cut>,
}

#[derive(Clone, Copy)]
struct Cut {
    gain: f64,
    feature: usize,
    bin: usize,
}

impl Binned {
    fn of(table: &Table) -> Self {
        let rows = table.len();
        let mut cuts = Vec::with_capacity(table.width);
        let mut columns = Vec::with_capacity(table.width);
        for feature in 0..table.width {
            let column: Vec<f32> = (0..rows).map(|row| table.row(row)[feature]).collect();
            let mut sorted = column.clone();
            sorted.sort_unstable_by(f32::total_cmp);
            let mut at: Vec<f32> = (1..BINS)
                .filter_map(|part| sorted.get(part * rows / BINS).copied())
                .chain(sorted.first().copied())
                .collect();
            at.sort_unstable_by(f32::total_cmp);
            at.dedup();
            let bin = |value: f32| u8::try_from(at.partition_point(|cut| *cut < value)).unwrap_or(u8::MAX);
            columns.push(column.into_iter().map(bin).collect());
            cuts.push(at);
        }
        Self { cuts, columns, rows }
    }

    fn histogram(&self, rows: &[u32], first: &[f32], second: &[f32]) -> Histogram {
        let mut sums = vec![[0.0; 3]; self.columns.len() * (BINS + 1)];
        for (column, sums) in self.columns.iter().zip(sums.chunks_mut(BINS + 1)) {
            for row in rows {
                let row = *row as usize;
                let sum = &mut sums[usize::from(column[row])];
                sum[0] += f64::from(first[row]);
                sum[1] += f64::from(second[row]);
                sum[2] += 1.0;
            }
        }
        sums
    }

    fn best(&self, histogram: &Histogram, rows: usize, growth: Growth) -> Option<Cut> {
        if rows < 2 * growth.least {
            return None;
        }
        let least = growth.least as f64;
        let mut best: Option<Cut> = None;
        for (feature, sums) in histogram.chunks(BINS + 1).enumerate() {
            let all = sums.iter().fold([0.0; 3], |all, sum| add(all, *sum));
            let worth = |part: [f64; 3]| part[0] * part[0] / (part[1] + growth.ridge);
            let mut low = [0.0; 3];
            for (bin, sum) in sums.iter().enumerate().take(self.cuts[feature].len()) {
                low = add(low, *sum);
                let high = add(all, low.map(|part| -part));
                let is_thin = |part: [f64; 3]| part[1] < LEAST_CURVE || part[2] < least;
                if is_thin(low) || is_thin(high) {
                    continue;
                }
                let gain = worth(low) + worth(high) - worth(all);
                if gain > best.map_or(1e-6, |cut| cut.gain) {
                    best = Some(Cut { gain, feature, bin });
                }
            }
        }
        best
    }

    fn grow(&self, growth: Growth, first: &[f32], second: &[f32], scores: &mut [f32]) -> Tree {
        let rows: Vec<u32> = (0..u32::try_from(self.rows).unwrap_or(u32::MAX)).collect();
        let histogram = self.histogram(&rows, first, second);
        let best = self.best(&histogram, rows.len(), growth);
        let mut leaves = vec![Leaf { node: 0, rows, histogram, best }];
        let mut nodes = vec![Node::Leaf(0.0)];
        while leaves.len() < growth.leaves {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |cut| cut.gain);
            let Some(at) = (0..leaves.len()).max_by(|a, b| gain(&leaves[*a]).total_cmp(&gain(&leaves[*b])))
            else {
                break;
            };
            let Some(cut) = leaves[at].best.take() else { break };
            let Leaf { node, rows, mut histogram, .. } = leaves.swap_remove(at);
            let column = &self.columns[cut.feature];
            let (low, high): (Vec<u32>, Vec<u32>) =
                rows.into_iter().partition(|row| usize::from(column[*row as usize]) <= cut.bin);
            let (small, large) = if low.len() < high.len() { (&low, &high) } else { (&high, &low) };
            let of_small = self.histogram(small, first, second);
            for (sum, part) in histogram.iter_mut().zip(&of_small) {
                *sum = add(*sum, part.map(|part| -part));
            }
            debug_assert!(small.len() <= large.len());
            let small_is_low = low.len() < high.len();
            let (of_low, of_high) = if small_is_low { (of_small, histogram) } else { (histogram, of_small) };
            let children = nodes.len();
            let name = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let feature = u16::try_from(cut.feature).unwrap_or(u16::MAX);
            nodes[node] =
                Node::Fork(feature, self.cuts[cut.feature][cut.bin], name(children), name(children + 1));
            for (node, rows, histogram) in [(children, low, of_low), (children + 1, high, of_high)] {
                nodes.push(Node::Leaf(0.0));
                let best = self.best(&histogram, rows.len(), growth);
                leaves.push(Leaf { node, rows, histogram, best });
            }
        }
        for leaf in &leaves {
            let sum = leaf.rows.iter().fold([0.0_f64; 2], |sum, row| {
                let row = *row as usize;
                [sum[0] + f64::from(first[row]), sum[1] + f64::from(second[row])]
            });
            let value = (-sum[0] / (sum[1] + growth.ridge)) as f32 * growth.rate;
            nodes[leaf.node] = Node::Leaf(value);
            for row in &leaf.rows {
                scores[*row as usize] += value;
            }
        }
        Tree { nodes }
    }
}

fn add(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Least second derivative on either side of a cut.
const LEAST_CURVE: f64 = 1e-3;

/// Derivatives of the logistic loss: rows are right (1) or wrong (0), each on its own.
pub fn logistic(right: &[bool]) -> impl Fn(&[f32], &mut [f32], &mut [f32]) + '_ {
    move |scores, first, second| {
        for (at, score) in scores.iter().enumerate() {
            let wrong = 1.0 / (1.0 + (-score).exp());
            first[at] = wrong - f32::from(u8::from(right[at]));
            second[at] = (wrong * (1.0 - wrong)).max(1e-6);
        }
    }
}

/// Derivatives of a loss over pairs within groups (`ends` says where each group ends): a right row should stand
/// before a wrong one, and the more so the nearer to the top the two stand.
pub fn ordered<'a>(right: &'a [bool], ends: &'a [usize]) -> impl Fn(&[f32], &mut [f32], &mut [f32]) + 'a {
    move |scores, first, second| {
        first.fill(0.0);
        second.fill(1e-6);
        let mut from = 0;
        for end in ends {
            let mut order: Vec<usize> = (from..*end).collect();
            order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
            let worth = |place: usize| 1.0 / (place as f32 + 2.0).log2();
            let good = order.iter().filter(|row| right[**row]).count();
            let ideal: f32 = (0..good).map(worth).sum::<f32>().max(1e-6);
            for (place, row) in order.iter().enumerate().filter(|(_, row)| right[**row]) {
                for (other_place, other) in order.iter().enumerate().filter(|(_, row)| !right[**row]) {
                    let change = (worth(place) - worth(other_place)).abs() / ideal;
                    let wrong = 1.0 / (1.0 + (scores[*row] - scores[*other]).exp());
                    let (slope, curve) = (wrong * change, wrong * (1.0 - wrong) * change);
                    first[*row] -= slope;
                    first[*other] += slope;
                    second[*row] += curve;
                    second[*other] += curve;
                }
            }
            from = *end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROWTH: Growth = Growth { trees: 40, leaves: 6, rate: 0.3, least: 2, ridge: 1.0 };

    fn ring() -> (Table, Vec<bool>) {
        let mut random = fastrand::Rng::with_seed(1);
        let mut table = Table::new(3);
        let mut right = Vec::new();
        for _ in 0..400 {
            let (x, y) = (random.f32(), random.f32());
            table.push(&[x, y, random.f32()]);
            right.push((0.3..0.7).contains(&x) && y > 0.5);
        }
        (table, right)
    }

    #[test]
    fn trees_learn_what_no_line_can_tell() {
        let (table, right) = ring();
        let forest = Forest::learn(&table, GROWTH, 0.0, logistic(&right));
        let hits =
            (0..table.len()).filter(|row| (forest.score(table.row(*row)) > 0.0) == right[*row]).count();
        assert!(hits > 390, "{hits} of 400");
    }

    #[test]
    fn right_rows_come_before_wrong_ones_of_their_group() {
        let (table, right) = ring();
        let ends: Vec<usize> = (1..=20).map(|group| group * 20).collect();
        let forest = Forest::learn(&table, GROWTH, 0.0, ordered(&right, &ends));
        let first = ends.iter().filter(|end| {
            let rows = **end - 20..**end;
            let top = rows
                .clone()
                .max_by(|a, b| forest.score(table.row(*a)).total_cmp(&forest.score(table.row(*b))));
            top.is_some_and(|row| right[row]) || !rows.into_iter().any(|row| right[row])
        });
        assert!(first.count() >= 19);
    }

    #[test]
    fn a_damaged_forest_scores_nothing_instead_of_running_for_ever() {
        let forest = Forest { trees: vec![Tree { nodes: vec![Node::Fork(9, 0.0, 0, 7)] }, Tree::default()] };
        assert!(forest.score(&[1.0]).abs() < f32::EPSILON);
    }
}
