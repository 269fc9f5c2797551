//! The machine and what processes use of it, from `/proc`.

use serde::Serialize;
use std::fs;

/// Where figures were measured.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Processor, as it names itself.
    pub processor: String,
    /// Processors this process may use.
    pub cores: usize,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Kernel release.
    pub kernel: String,
    /// Runnable processes on average over the last minute when the run began: foreign load.
    pub load_before: f64,
}

impl Machine {
    /// Reads this machine.
    pub fn here() -> Self {
        let field = |file: &str, key: &str| {
            fs::read_to_string(file).unwrap_or_default().lines().find_map(|line| {
                Some(line.strip_prefix(key)?.trim_start_matches([':', ' ', '\t']).to_owned())
            })
        };
        let first = |file: &str| {
            fs::read_to_string(file).unwrap_or_default().split_whitespace().next().map(str::to_owned)
        };
        Self {
            processor: field("/proc/cpuinfo", "model name").unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: field("/proc/meminfo", "MemTotal")
                .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
                .unwrap_or(0)
                / 1024,
            kernel: first("/proc/sys/kernel/osrelease").unwrap_or_default(),
            load_before: first("/proc/loadavg").and_then(|text| text.parse().ok()).unwrap_or(0.0),
        }
    }
}

/// CPU seconds, user and system, of a process so far; 0 when it is gone.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    // After the name in brackets: utime and stime are fields 12 and 13, in ticks of 1/100 s.
    (ticks(11) + ticks(12)) / 100.0
}

/// CPU seconds of every PostgreSQL process of the machine.
pub fn postgres_cpu_seconds() -> f64 {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres")
        })
        .map(cpu_seconds)
        .sum()
}

/// Resident memory of a process in MiB, now and at its highest.
pub fn memory_mib(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |key: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(key)?.split_whitespace().next()?.parse::<u64>().ok())
            .unwrap_or(0)
            / 1024
    };
    (field("VmRSS:"), field("VmHWM:"))
}
