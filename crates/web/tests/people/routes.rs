//! Every route of the site: those of the API from its own OpenAPI document, those of the pages from where they
//! are registered, so that a new one cannot be forgotten.

use std::path::Path;

use axum::http::Method;
use serde_json::Value;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET` or `POST`, …
    pub method: String,
    /// As registered: `/desk/matters/{number}`.
    pub path: String,
}

impl Route {
    /// Whether the route is one of the API.
    pub fn api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Whether it is about one matter by its number.
    pub fn of_a_matter(&self) -> bool {
        self.path.contains("/{number}")
    }
}

/// Routes of the API, as its document tells them.
pub fn of_the_api(document: &Value) -> Vec<Route> {
    let paths = document["paths"].as_object().unwrap();
    let methods = |(path, of_it): (&String, &Value)| {
        let path = path.clone();
        let names: Vec<String> = of_it.as_object().unwrap().keys().cloned().collect();
        names
            .into_iter()
            .filter(|name| Method::from_bytes(name.to_uppercase().as_bytes()).is_ok())
            .filter(|name| ["get", "post", "put", "patch", "delete"].contains(&name.as_str()))
            .map(move |name| Route { method: name.to_uppercase(), path: path.clone() })
    };
    paths.iter().flat_map(methods).collect()
}

/// Routes of pages: every `.route("…", …)` of this crate's sources.
pub fn of_the_pages() -> Vec<Route> {
    let mut found = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found.dedup();
    found
}

fn read(folder: &Path, found: &mut Vec<Route>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            registered(&std::fs::read_to_string(&path).unwrap(), found);
        }
    }
}

fn registered(text: &str, found: &mut Vec<Route>) {
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for rest in code.split(".route(").skip(1) {
        let Some((path, handlers)) =
            rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'))
        else {
            continue;
        };
        let handlers = within_parentheses(handlers);
        for method in ["get", "post", "put", "patch", "delete"] {
            let named = |before: char| !before.is_alphanumeric() && before != '_' && before != ':';
            let call = format!("{method}(");
            if handlers.match_indices(&call).any(|(at, _)| handlers[..at].chars().last().is_none_or(named)) {
                found.push(Route { method: method.to_uppercase(), path: path.to_owned() });
            }
        }
    }
}

/// The text up to the parenthesis that closes the call.
fn within_parentheses(text: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return &text[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}

#[test]
fn routes_are_read_as_they_are_registered() {
    let text = r#"
        // .route("/never", get(x))
        Router::new()
            .route("/a/{b}", get(one::get).post(one::post))
            .route(
                "/c",
                post(two::out),
            )
    "#;
    let mut found = Vec::new();
    registered(text, &mut found);
    let found: Vec<String> = found.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(found, ["GET /a/{b}", "POST /a/{b}", "POST /c"]);
}
