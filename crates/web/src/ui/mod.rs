//! The kit pages are built from: one file a component.
//!
//! Markup and classes are those of govuk-frontend and the Ministry of Justice frontend, whose
//! accessibility others have proved; looks come from our own theme in `/assets`. Every component has
//! a sample and a snapshot of its HTML beside this folder's `snapshots/`.

pub mod button;
pub mod checkboxes;
pub mod date;
pub mod details;
pub mod display;
pub mod error_summary;
pub mod exit;
pub mod field;
pub mod file;
pub mod form;
pub mod frame;
pub mod icon;
pub mod input;
pub mod light;
pub mod money;
pub mod narrow;
pub mod notification;
pub mod page;
pub mod pagination;
pub mod panel;
pub mod phone_code;
pub mod place;
pub mod question;
pub mod radios;
pub mod search_box;
pub mod select;
pub mod sheet;
pub mod site;
pub mod summary_list;
pub mod table;
pub mod tabs;
pub mod tag;
pub mod task_list;
pub mod textarea;
pub mod time;
pub mod timeline;
pub mod visit;

#[cfg(test)]
mod snapshot;

pub use field::{Ask, Choice, LabelSize};
pub use icon::{Icon, icon};
pub use page::Page;
pub use visit::Visit;
