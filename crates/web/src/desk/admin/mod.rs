//! Pages of the three administrators: accounts for two of them, the record for the third. They see no matters.

pub mod accounts;
pub mod audit;
pub mod one;
pub mod settings;

use access::admin::{Power, may};
use kernel::actor::Role;

use crate::ui::Visit;

/// The places of an administrator in the menu; nobody else has any.
pub fn places(visit: &Visit) -> Vec<(&'static str, &'static str)> {
    let mut places = Vec::new();
    if may(&visit.principal, Power::SeeAccounts).is_ok() {
        places.push(("admin-accounts", "/desk/accounts"));
    }
    if may(&visit.principal, Power::SeeSettings).is_ok() {
        places.push(("admin-settings", "/desk/settings"));
    }
    if may(&visit.principal, Power::ReadAudit).is_ok() {
        places.push(("admin-audit", "/desk/audit"));
    }
    places
}

/// Where an administrator's work is; `None` for everybody who works on matters.
pub fn home(visit: &Visit) -> Option<&'static str> {
    places(visit).first().map(|(_, href)| *href)
}

/// Whether this administrator keeps accounts, or else their rights.
fn keeps_accounts(visit: &Visit) -> bool {
    visit.principal.has(Role::SystemAdmin)
}

/// An address with a query; what is not plain is escaped.
fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    use std::fmt::Write as _;
    let mut address = path.to_owned();
    for (at, (name, value)) in query.iter().enumerate() {
        address.push(if at == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                address.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_survives_in_an_address() {
        assert_eq!(
            with_query("/a", &[("q", "王 &x"), ("cursor", "1_a-b")]),
            "/a?q=%E7%8E%8B%20%26x&cursor=1_a-b"
        );
        assert_eq!(with_query("/a", &[]), "/a");
    }
}
