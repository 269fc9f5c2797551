//! What a run of the suite says at its end: a time table, and one line to be counted.

use std::time::{Duration, Instant};

/// How many things were proved, or were not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Held.
    pub passed: u64,
    /// Did not hold.
    pub failed: u64,
    /// Could not be tried here.
    pub skipped: u64,
}

impl Tally {
    /// One thing, held or not.
    pub fn one(held: bool) -> Self {
        Self { passed: u64::from(held), failed: u64::from(!held), skipped: 0 }
    }

    /// One thing that could not be tried.
    pub fn skip() -> Self {
        Self { skipped: 1, ..Self::default() }
    }
}

struct Row {
    name: &'static str,
    took: Duration,
    tally: Tally,
    note: String,
}

/// The run so far.
pub struct Report {
    began: Instant,
    rows: Vec<Row>,
}

impl Report {
    /// Starts the watch.
    pub fn begin() -> Self {
        Self { began: Instant::now(), rows: Vec::new() }
    }

    /// Runs one step and remembers how long it took and what it proved.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce() -> anyhow::Result<Tally>) -> bool {
        println!("\n==> {name}");
        let began = Instant::now();
        let (tally, note) = match work() {
            Ok(tally) => (tally, String::new()),
            Err(error) => {
                eprintln!("{name}: {error:#}");
                (Tally::one(false), format!("{error:#}"))
            }
        };
        self.rows.push(Row { name, took: began.elapsed(), tally, note });
        tally.failed == 0
    }

    /// Prints the table and the closing line; true when nothing failed.
    pub fn close(self) -> bool {
        let mut sum = Tally::default();
        println!("\n{:<28} {:>9} {:>8} {:>8} {:>8}", "step", "seconds", "passed", "failed", "skipped");
        for row in &self.rows {
            let Tally { passed, failed, skipped } = row.tally;
            println!("{:<28} {:>9.1} {passed:>8} {failed:>8} {skipped:>8}", row.name, row.took.as_secs_f64());
            if let Some(line) = row.note.lines().next() {
                println!("    {line}");
            }
            sum.passed += passed;
            sum.failed += failed;
            sum.skipped += skipped;
        }
        println!("{:<28} {:>9.1}\n", "all", self.began.elapsed().as_secs_f64());
        println!("{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
        sum.failed == 0
    }
}

/// Reads the closing lines of nextest, cargo test and node's runner out of what a step printed.
pub fn count(printed: &str) -> Tally {
    let mut sum = Tally::default();
    for line in printed.lines() {
        let plain = strip_colour(line);
        let line = plain.trim();
        if line.starts_with("Summary [") || line.starts_with("test result:") {
            sum.passed += before(line, " passed");
            sum.failed += before(line, " failed") + before(line, " timed out");
            sum.skipped += before(line, " skipped") + before(line, " ignored");
        } else if let Some((key, value)) = line.trim_start_matches(['#', 'ℹ', ' ']).split_once(' ') {
            let number = value.parse().unwrap_or(0);
            match key {
                "pass" => sum.passed += number,
                "fail" => sum.failed += number,
                "skipped" => sum.skipped += number,
                _ => {}
            }
        }
    }
    sum
}

/// The whole number that stands directly before `word`.
fn before(line: &str, word: &str) -> u64 {
    line.find(word)
        .and_then(|end| line[..end].rsplit(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

fn strip_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_closing_lines_of_each_runner() {
        let nextest = "     Summary [   1.2s] 12 tests run: 10 passed, 1 failed, 1 timed out, 3 skipped";
        assert_eq!(count(nextest), Tally { passed: 10, failed: 2, skipped: 3 });
        let cargo = "test result: FAILED. 4 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out";
        assert_eq!(count(cargo), Tally { passed: 4, failed: 1, skipped: 2 });
        let node = "# tests 7\n# pass 5\n# fail 1\n# skipped 1\n";
        assert_eq!(count(node), Tally { passed: 5, failed: 1, skipped: 1 });
        assert_eq!(count("\u{1b}[34mℹ pass 3\u{1b}[39m"), Tally { passed: 3, failed: 0, skipped: 0 });
    }
}
