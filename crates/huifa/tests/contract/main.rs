//! The published contract (`docs/contract.md`), a file a paragraph, over HTTP against a server of our own and
//! with the walker's client, which shares no code with it.

mod absences;
mod actions;
mod calculators;
mod catalogue;
mod city;
mod command_line;
mod consents;
mod contact;
mod deadline;
mod documents;
mod drafts;
mod evidence;
mod files;
mod general;
mod helping;
mod idempotency;
mod items;
mod keeping;
mod keys;
mod laws;
mod matters;
mod progress;
mod rights;
mod safety;
mod sessions;
mod support;
mod tables;
mod upgrade;
mod worklist;
