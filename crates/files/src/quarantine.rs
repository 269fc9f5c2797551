//! Files that are not taken, or that nobody reads yet or ever: what is said to whoever brings or asks for one.

use kernel::refusal::{Code, Next, Refusal, Rule, Text};

use crate::FileError;
use crate::inspect::Fault;
use crate::scan::Scan;

/// The rule of the house behind every refusal of the scanner.
const RULE: &str = "virus-scan";

/// Refuses a content that waits for the scanner or was found to be infected.
pub(crate) fn readable(scan: &str) -> Result<(), FileError> {
    match Scan::read(scan) {
        Scan::Off | Scan::Clean => Ok(()),
        Scan::Waiting => Err(Refusal::new(Code::Unavailable, "files-in-quarantine")
            .rule(Rule::house(RULE))
            .next(Next::say("files-next-later"))
            .into()),
        Scan::Infected => Err(Refusal::new(Code::RuleRefused, "files-infected-since")
            .rule(Rule::house(RULE))
            .next(Next::say("files-next-anew"))
            .into()),
    }
}

/// The refusal of an upload in which something was found.
pub(crate) fn infected(finding: &str) -> Refusal {
    Refusal::new(Code::RuleRefused, Text::new("files-infected").arg("finding", finding))
        .rule(Rule::house(RULE))
        .next(Next::say("files-next-anew"))
        .next(Next::call("next-call-12348", "12348"))
}

/// A content that hides something is refused with what it is.
pub(crate) fn unsound(fault: Fault) -> FileError {
    Refusal::new(Code::UnsupportedType, fault.key()).next(Next::say("files-next-plain")).into()
}
