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
    if query.is_empty() {
        return path.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_survives_in_an_address() {
        assert_eq!(
            with_query("/a", &[("q", "王 &x"), ("cursor", "1_a-b")]),
            "/a?q=%E7%8E%8B+%26x&cursor=1_a-b"
        );
        assert_eq!(with_query("/a", &[]), "/a");
    }
}
