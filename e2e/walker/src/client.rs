//! One caller of the API: a connection, perhaps a session, and the habits of the contract.

use crate::http::{Answer, Connection, Request};
use crate::views::{Problem, Session};
use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What the server answered: what was asked for, or a problem that says why not.
#[derive(Debug)]
pub enum Reply<T> {
    /// 2xx, in the shape of the contract.
    Done(T),
    /// 4xx, in the shape of the contract.
    Refused(Box<Problem>),
}

impl<T> Reply<T> {
    /// The answer, or an error that tells the refusal.
    pub fn done(self) -> Result<T> {
        match self {
            Self::Done(answer) => Ok(answer),
            Self::Refused(problem) => bail!("refused: {}", tell(&problem)),
        }
    }

    /// The refusal, which must carry this code.
    pub fn refused(self, code: &str) -> Result<Problem> {
        match self {
            Self::Done(_) => bail!("done, where {code} was owed"),
            Self::Refused(problem) if problem.code == code => Ok(*problem),
            Self::Refused(problem) => bail!("{code} was owed, came {}", tell(&problem)),
        }
    }
}

fn tell(problem: &Problem) -> String {
    let errors: Vec<String> =
        problem.errors.iter().map(|e| format!("{} {} {}", e.pointer, e.code, e.detail)).collect();
    format!("{} {} — {} {}", problem.status, problem.code, problem.detail, errors.join("; "))
}

/// One caller.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    address: String,
    token: Option<String>,
}

impl Client {
    /// A caller without a session. `address` is `host:port`.
    pub fn new(address: &str) -> Self {
        Self { connection: Connection::new(address), address: address.to_owned(), token: None }
    }

    /// Another caller of the same server with this session.
    #[must_use]
    pub fn with_token(&self, token: Option<String>) -> Self {
        Self { connection: Connection::new(&*self.address), address: self.address.clone(), token }
    }

    /// This caller's session token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `host:port` of the server.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Signs in and keeps the session.
    pub async fn sign_in(&mut self, credentials: &Value) -> Result<Session> {
        let session: Session = self.post("/api/v1/sessions", credentials, None).await?.done()?;
        self.token = Some(session.token.clone());
        Ok(session)
    }

    /// Signs in as the applicant of one matter.
    pub async fn guest(&self, number: &str, query_code: &str) -> Result<Self> {
        let mut guest = self.with_token(None);
        guest.sign_in(&json!({"number": number, "query_code": query_code})).await?;
        Ok(guest)
    }

    /// `GET`, read strictly.
    pub async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<Reply<T>> {
        let answer = self.raw("GET", path, None, None).await?;
        read(&answer).with_context(|| format!("GET {path}"))
    }

    /// `POST` of JSON, read strictly.
    pub async fn post<T: DeserializeOwned>(
        &mut self,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Result<Reply<T>> {
        let answer = self.post_raw(path, body, key).await?;
        read(&answer).with_context(|| format!("POST {path} {body}"))
    }

    /// `POST` of JSON, as it came; a 5xx is an error here too.
    pub async fn post_raw(&mut self, path: &str, body: &Value, key: Option<&str>) -> Result<Answer> {
        let bytes = serde_json::to_vec(body)?;
        self.raw("POST", path, Some(("application/json", &bytes)), key).await
    }

    /// Any request, as it came; a 5xx is an error.
    pub async fn raw(
        &mut self,
        method: &str,
        path: &str,
        body: Option<(&str, &[u8])>,
        key: Option<&str>,
    ) -> Result<Answer> {
        let request = Request { method, path, token: self.token.as_deref(), key, body };
        let answer = self.connection.send(request).await?;
        ensure!(answer.status < 500, "{method} {path} answered {}: {}", answer.status, answer.text());
        Ok(answer)
    }
}

/// Reads an answer in the shape of the contract.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<Reply<T>> {
    if answer.status >= 400 {
        return problem(answer).map(|problem| Reply::Refused(Box::new(problem)));
    }
    ensure!(answer.status < 300, "answered {}", answer.status);
    let kind = answer.header("content-type").unwrap_or_default();
    ensure!(kind.starts_with("application/json"), "JSON answered as {kind:?}");
    serde_json::from_slice(&answer.body)
        .map(Reply::Done)
        .with_context(|| format!("{} not in the contract's shape: {}", answer.status, answer.text()))
}

/// Reads a problem and holds it against what the contract says of problems.
pub fn problem(answer: &Answer) -> Result<Problem> {
    let kind = answer.header("content-type").unwrap_or_default();
    ensure!(
        kind.starts_with("application/problem+json"),
        "{} answered as {kind:?}: {}",
        answer.status,
        answer.text()
    );
    let problem: Problem = serde_json::from_slice(&answer.body)
        .with_context(|| format!("{} not in a problem's shape: {}", answer.status, answer.text()))?;
    ensure!(problem.status == answer.status, "status {} says {}", answer.status, problem.status);
    ensure!(
        problem.kind == format!("/problems/{}", problem.code),
        "type {} of code {}",
        problem.kind,
        problem.code
    );
    ensure!(!problem.next.is_empty(), "a {} without a next step: {}", answer.status, answer.text());
    ensure!(
        !problem.title.is_empty() && !problem.detail.is_empty(),
        "a problem without words: {}",
        answer.text()
    );
    ensure!(!problem.trace_id.is_empty(), "a problem without a trace: {}", answer.text());
    if matches!(answer.status, 429 | 503) {
        ensure!(answer.header("retry-after").is_some(), "{} without Retry-After", answer.status);
    }
    Ok(problem)
}
