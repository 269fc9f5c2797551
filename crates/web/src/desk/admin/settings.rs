//! The settings of this node, for the system administrator. They are changed in `huifa.toml`, by whoever runs the
//! server.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::Value;

use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::Page;
use crate::ui::summary_list::{Row, summary_list};

/// Settings of accounts as they are told: every field of the rules has its line.
pub(crate) fn lines(rules: &access::Rules) -> Vec<(String, String)> {
    let told = serde_json::to_value(rules).unwrap_or_default();
    let said = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Array(list) if list.is_empty() => "-".to_owned(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    let fields = told.as_object().into_iter().flatten();
    fields.map(|(name, value)| (format!("setting-{}", name.replace('_', "-")), said(value))).collect()
}

/// `GET /desk/settings`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    app.access().see_settings(&visit.principal, visit.now).await?;
    let lang = visit.lang;
    let limits = app.config().limits;
    let per_minute = |most: Option<u32>| most.map_or_else(|| "-".to_owned(), |most| most.to_string());
    let rows: Vec<Row> = lines(app.access().rules())
        .into_iter()
        .map(|(key, value)| Row::text(t!(lang, &key), value))
        .chain([
            Row::text(
                t!(lang, "setting-anonymous-per-minute"),
                per_minute(limits.anonymous_per_minute.map(Into::into)),
            ),
            Row::text(t!(lang, "setting-login-per-minute"), per_minute(limits.login_per_minute)),
            Row::text(t!(lang, "setting-body-bytes"), limits.body_bytes.to_string()),
            Row::text(t!(lang, "setting-upload-bytes"), limits.upload_bytes.to_string()),
        ])
        .collect();
    let title = t!(lang, "admin-settings");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "admin-settings-lead")) }
        (summary_list(&rows))
    };
    Ok(Page::desk(&visit, title.clone())
        .body(with_menu(&app, &visit, "/desk/settings", &body))
        .into_response())
}
