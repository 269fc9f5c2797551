//! Names of columns.

use std::collections::HashMap;

use kernel::text::normalise;

use crate::SheetError;

/// The columns by name and by position.
#[derive(Debug, Default)]
pub struct Header {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Header {
    /// Reads the first line; blanks at the ends and full width do not count, empty names at the end are dropped.
    pub fn new(names: &[String]) -> Result<Self, SheetError> {
        let mut names: Vec<String> = names.iter().map(|name| normalise(name)).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let mut positions = HashMap::new();
        for (position, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if positions.insert(name.clone(), position).is_some() {
                return Err(SheetError::Twice(name.clone()));
            }
        }
        if positions.is_empty() { Err(SheetError::NoHeader) } else { Ok(Self { names, positions }) }
    }

    /// All names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where a column stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }
}
