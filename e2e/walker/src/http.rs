//! HTTP/1.1 over one kept-alive connection: small enough that a load generator built on it measures the
//! server and not itself.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// Header names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// Body as sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; an empty body is `null`.
    pub fn json(&self) -> Result<Value> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body)
            .with_context(|| format!("{} with a body that is no JSON: {}", self.status, self.text()))
    }

    /// The body as text, for messages about it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(2000).collect()
    }
}

/// A request: method, path with query, and what goes with them.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// Path and query, beginning with `/`.
    pub path: &'a str,
    /// Session token for `Authorization: Bearer`.
    pub token: Option<&'a str>,
    /// `Idempotency-Key`.
    pub key: Option<&'a str>,
    /// Content type and body.
    pub body: Option<(&'a str, &'a [u8])>,
}

/// One connection to one server, opened when first needed and again after the server closed it.
#[derive(Debug)]
pub struct Connection {
    address: String,
    stream: Option<BufReader<TcpStream>>,
    line: String,
    out: Vec<u8>,
}

impl Connection {
    /// `address` is `host:port`; nothing is opened yet.
    pub fn new(address: impl Into<String>) -> Self {
        Self { address: address.into(), stream: None, line: String::new(), out: Vec::new() }
    }

    /// Sends and waits for the whole answer. A connection the server had closed between two requests is
    /// opened anew once; a connection that breaks within a request is an error, for nobody knows what
    /// became of it.
    pub async fn send(&mut self, request: Request<'_>) -> Result<Answer> {
        let reused = self.stream.is_some();
        match self.exchange(request).await {
            Err(Broken::Unanswered(_)) if reused => {
                self.stream = None;
                self.exchange(request).await.map_err(Broken::into_error)
            }
            other => other.map_err(Broken::into_error),
        }
        .with_context(|| format!("{} {}", request.method, request.path))
    }

    async fn exchange(&mut self, request: Request<'_>) -> Result<Answer, Broken> {
        let mut stream = if let Some(stream) = self.stream.take() {
            stream
        } else {
            let stream =
                TcpStream::connect(&self.address).await.map_err(|error| Broken::Amid(error.into()))?;
            stream.set_nodelay(true).map_err(|error| Broken::Amid(error.into()))?;
            BufReader::with_capacity(16 * 1024, stream)
        };
        self.write(request);
        // Nothing of an answer seen yet: when the connection was an old one, the server may have closed it
        // before it read the request.
        stream.write_all(&self.out).await.map_err(|error| Broken::Unanswered(error.into()))?;
        self.line.clear();
        match stream.read_line(&mut self.line).await {
            Ok(0) => return Err(Broken::Unanswered(anyhow::anyhow!("closed without an answer"))),
            Ok(_) => {}
            Err(error) => return Err(Broken::Unanswered(error.into())),
        }
        let (answer, keep) = self.read(&mut stream).await.map_err(Broken::Amid)?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn write(&mut self, request: Request<'_>) {
        let out = &mut self.out;
        out.clear();
        for part in [
            request.method,
            " ",
            request.path,
            " HTTP/1.1\r\nhost: ",
            &self.address,
            "\r\naccept: application/json",
        ] {
            out.extend_from_slice(part.as_bytes());
        }
        if let Some(token) = request.token {
            out.extend_from_slice(b"\r\nauthorization: Bearer ");
            out.extend_from_slice(token.as_bytes());
        }
        if let Some(key) = request.key {
            out.extend_from_slice(b"\r\nidempotency-key: ");
            out.extend_from_slice(key.as_bytes());
        }
        let (kind, body) = request.body.unwrap_or(("", b""));
        if !kind.is_empty() {
            out.extend_from_slice(b"\r\ncontent-type: ");
            out.extend_from_slice(kind.as_bytes());
        }
        if request.method != "GET" {
            out.extend_from_slice(format!("\r\ncontent-length: {}", body.len()).as_bytes());
        }
        out.extend_from_slice(b"\r\n\r\n");
        out.extend_from_slice(body);
    }

    /// Status line is in `self.line`; reads headers and body. Says whether the connection may be kept.
    async fn read(&mut self, stream: &mut BufReader<TcpStream>) -> Result<(Answer, bool)> {
        let status = self
            .line
            .split(' ')
            .nth(1)
            .and_then(|code| code.trim().parse().ok())
            .with_context(|| format!("no status line: {:?}", self.line))?;
        let mut headers = Vec::new();
        let (mut length, mut chunked, mut keep) = (0_usize, false, true);
        loop {
            self.line.clear();
            if stream.read_line(&mut self.line).await? == 0 {
                bail!("closed within the headers");
            }
            let line = self.line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').with_context(|| format!("no header: {line:?}"))?;
            let (name, value) = (name.to_ascii_lowercase(), value.trim());
            match name.as_str() {
                "content-length" => length = value.parse().context("content-length")?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "connection" => keep = !value.eq_ignore_ascii_case("close"),
                _ => {}
            }
            headers.push((name, value.to_owned()));
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                self.line.clear();
                stream.read_line(&mut self.line).await?;
                let size = usize::from_str_radix(self.line.trim().split(';').next().unwrap_or_default(), 16)
                    .with_context(|| format!("chunk size {:?}", self.line))?;
                let from = body.len();
                body.resize(from + size, 0);
                stream.read_exact(&mut body[from..]).await?;
                self.line.clear();
                stream.read_line(&mut self.line).await?;
                if size == 0 {
                    break;
                }
            }
        } else {
            body.resize(length, 0);
            stream.read_exact(&mut body).await?;
        }
        Ok((Answer { status, headers, body }, keep))
    }
}

/// How an exchange broke off.
enum Broken {
    /// Before the first byte of an answer.
    Unanswered(anyhow::Error),
    /// At any other time.
    Amid(anyhow::Error),
}

impl Broken {
    fn into_error(self) -> anyhow::Error {
        match self {
            Self::Unanswered(error) | Self::Amid(error) => error,
        }
    }
}
