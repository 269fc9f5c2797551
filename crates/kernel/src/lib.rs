//! Words of the house: areas, numbers, people, money, calendars, periods, refusals. No I/O.
//!
//! Everything here is a pure value. Time and randomness are parameters; the only thing that reads
//! a clock is [`time::SystemClock`], which the binary hands to whoever needs "now". [`testkit`] is for tests alone.

pub mod actor;
pub mod area;
pub mod calc;
pub mod calendar;
pub mod chain;
pub mod clock;
pub mod contact;
pub mod deadline;
pub mod explain;
pub mod identity;
pub mod lang;
pub mod money;
pub mod number;
pub mod numeral;
pub mod period;
pub mod refusal;
pub mod testkit;
pub mod text;
pub mod time;

mod string_form;
