//! What must hold for a change to land. Targets stand higher; these catch a fall.

use crate::measure::Figures;

/// Durable commands a second over HTTP on SQLite, at least.
const COMMANDS_PER_SECOND: f64 = 1_000.0;
/// Resident memory under load in MiB, at most.
const MEMORY_MIB: u64 = 300;

/// Says each gate and whether it held.
pub fn holds(figures: &Figures) -> bool {
    let memory = figures.memory_mib_highest;
    let mut held = say("memory", memory <= MEMORY_MIB, &format!("{memory} MiB of {MEMORY_MIB}"));
    if figures.database == "sqlite" {
        let reached = figures.closed.per_second;
        held &= say(
            "commands/s",
            reached >= COMMANDS_PER_SECOND,
            &format!("{reached:.0} of {COMMANDS_PER_SECOND:.0}"),
        );
    }
    held
}

fn say(name: &str, held: bool, figure: &str) -> bool {
    println!("  gate {name}: {figure} — {}", if held { "holds" } else { "MISSED" });
    held
}
