//! What is asked of the lists: it stands in the address, so that a filtered list can be kept, sent and come back to.

use axum::http::Uri;
use axum_extra::extract::Query;
use kernel::area::AreaCode;
use kernel::clock::Light;
use matters::{WorklistFilter, WorklistOrder, WorklistQuery, WorklistView};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::lines::Column;

/// The parameters as they were typed.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    pub(super) view: String,
    pub(super) q: String,
    pub(super) item: String,
    pub(super) light: String,
    pub(super) area: String,
    pub(super) order: String,
    /// Columns shown; none named means all.
    pub(super) col: Vec<String>,
    pub(super) cursor: Option<String>,
}

/// Rows of a page.
const ROWS: i64 = 25;

impl Wanted {
    /// Reads a query string as an address is read, from the first page on; one that cannot be read asks for nothing.
    pub(super) fn parse(query: &str) -> Self {
        let address: Option<Uri> = format!("/?{query}").parse().ok();
        let read = address.and_then(|address| Query::<Self>::try_from_uri(&address).ok());
        read.map(|Query(wanted)| wanted.from(None)).unwrap_or_default()
    }

    /// Which list.
    pub(super) fn view(&self) -> WorklistView {
        WorklistView::parse(&self.view).unwrap_or_default()
    }

    /// What comes first.
    pub(super) fn order(&self) -> WorklistOrder {
        WorklistOrder::parse(&self.order).unwrap_or_default()
    }

    /// Whether only some rows are shown.
    pub(super) fn narrowed(&self) -> bool {
        let WorklistFilter { item, light, area } = self.filter();
        item.is_some() || light.is_some() || area.is_some()
    }

    fn filter(&self) -> WorklistFilter {
        WorklistFilter {
            item: Some(self.item.clone()).filter(|item| !item.is_empty()),
            light: Light::parse(&self.light),
            area: self.area.parse::<AreaCode>().ok(),
        }
    }

    /// The columns shown.
    pub(super) fn columns(&self) -> Vec<Column> {
        let chosen: Vec<Column> = Column::ALL
            .into_iter()
            .filter(|column| self.col.iter().any(|one| one == column.as_str()))
            .collect();
        if chosen.is_empty() { Column::ALL.to_vec() } else { chosen }
    }

    /// The question put to the register.
    pub(super) fn query(&self) -> WorklistQuery {
        WorklistQuery {
            view: self.view(),
            q: Some(self.q.trim().to_owned()).filter(|q| !q.is_empty()),
            filter: self.filter(),
            order: self.order(),
            cursor: self.cursor.clone(),
            limit: ROWS,
        }
    }

    /// The same at the beginning of another list.
    pub(super) fn of(&self, view: WorklistView) -> Self {
        Self { view: view.as_str().to_owned(), cursor: None, ..self.clone() }
    }

    /// The same from another row on.
    pub(super) fn from(&self, cursor: Option<&str>) -> Self {
        Self { cursor: cursor.map(ToOwned::to_owned), ..self.clone() }
    }

    /// Address of a page that takes these parameters.
    pub(super) fn address(&self, page: &str, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("view", self.view().as_str());
        let digits: String = self.q.chars().filter(char::is_ascii_digit).collect();
        for (name, value) in [
            ("q", digits.as_str()),
            ("item", &self.item),
            ("light", &self.light),
            ("area", &self.area),
            ("order", &self.order),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        for column in &self.col {
            query.append_pair("col", column);
        }
        if let Some(cursor) = &self.cursor {
            query.append_pair("cursor", cursor);
        }
        for (name, value) in more {
            query.append_pair(name, value);
        }
        format!("{page}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_everything_and_nothing_twice() {
        let wanted = Wanted {
            view: "doing".into(),
            q: "3715 02".into(),
            item: "legal-aid.civil".into(),
            light: "red".into(),
            order: "newest".into(),
            cursor: Some("2026-12-01.1.t1".into()),
            ..Wanted::default()
        };
        assert_eq!(
            wanted.address("/desk", &[("format", "csv")]),
            "/desk?view=doing&q=371502&item=legal-aid.civil&light=red&order=newest&cursor=2026-12-01.1.t1&format=csv"
        );
        assert!(!wanted.of(WorklistView::Done).address("/desk", &[]).contains("cursor"));
    }

    #[test]
    fn an_address_is_read_back_without_what_no_list_knows() {
        let query = "view=doing&item=legal-aid.civil&light=red&order=newest&col=due&col=light";
        assert_eq!(Wanted::parse(query).address("", &[]), format!("?{query}"));
        assert_eq!(Wanted::parse("view=x&cursor=1&evil=%3Cscript%3E").address("", &[]), "?view=todo");
    }

    #[test]
    fn what_is_no_filter_filters_nothing() {
        let wanted = Wanted { light: "blue".into(), area: "here".into(), ..Wanted::default() };
        assert!(!wanted.narrowed());
        assert_eq!(wanted.columns(), Column::ALL);
    }
}
