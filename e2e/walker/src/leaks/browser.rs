//! As much of a browser as planting needs: cookies, one form a page, redirects.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A visitor of the pages.
#[derive(Debug)]
pub struct Browser {
    address: String,
    cookies: BTreeMap<String, String>,
    /// Every address the server ever answered with: links, forms, redirects.
    pub addresses: Vec<String>,
}

/// One page.
#[derive(Debug)]
pub struct Page {
    /// Status.
    pub status: u16,
    /// Where it leads, when it redirects.
    pub to: Option<String>,
    /// Its text.
    pub text: String,
}

impl Browser {
    /// `address` is `host:port`.
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookies: BTreeMap::new(), addresses: Vec::new() }
    }

    /// Values of all cookies: secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str).filter(|value| value.len() >= 20)
    }

    /// `GET`, following redirects; gives the page and where it stands.
    pub async fn open(&mut self, path: &str) -> Result<(String, Page)> {
        let mut at = path.to_owned();
        for _ in 0..8 {
            let page = self.send("GET", &at, "").await?;
            match page.to {
                Some(to) => at = to,
                None => return Ok((at, page)),
            }
        }
        anyhow::bail!("{path} leads round in circles")
    }

    /// Sends the form of a page with what is typed over it; follows where it leads.
    pub async fn send_form(
        &mut self,
        path: &str,
        page: &Page,
        typed: &[(&str, &str)],
    ) -> Result<(String, Page)> {
        let csrf = attribute_after(&page.text, "name=\"csrf\"", "value").context("a form without a token")?;
        let mut body = format!("csrf={}", escape(&csrf));
        for (name, value) in typed {
            let _ = write!(body, "&{}={}", escape(name), escape(value));
        }
        let answer = self.send("POST", path, &body).await?;
        ensure!(answer.status < 400 || answer.status == 422, "{path} answered {}", answer.status);
        match answer.to.clone() {
            Some(to) => self.open(&to).await,
            None => Ok((path.to_owned(), answer)),
        }
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Page> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\norigin: http://{}\r\nconnection: close\r\naccept: text/html\r\n\
             accept-language: zh-CN\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n",
            self.address,
            self.address,
            cookies.join("; "),
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").context("no answer")?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let mut to = None;
        for line in head.lines().skip(1) {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                let pair = value.split(';').next().unwrap_or_default();
                if let Some((name, value)) = pair.split_once('=') {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            } else if name.eq_ignore_ascii_case("location") {
                to = Some(value.to_owned());
            }
        }
        self.addresses.extend(to.clone());
        self.addresses.extend(addresses(body));
        Ok(Page { status, to, text: body.to_owned() })
    }
}

/// Addresses in a page.
fn addresses(text: &str) -> Vec<String> {
    ["href=\"", "action=\"", "src=\""]
        .iter()
        .flat_map(|start| text.split(start).skip(1).filter_map(|rest| rest.split('"').next()))
        .map(str::to_owned)
        .collect()
}

/// Names of the fields of a page of one kind: `<textarea`, `type="radio"`, …
pub fn fields(text: &str, of: &str) -> Vec<String> {
    let mut names: Vec<String> =
        text.split('<').filter(|tag| tag.contains(of)).filter_map(|tag| attribute(tag, "name")).collect();
    names.dedup();
    names
}

/// The first value of an attribute in a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next().map(str::to_owned)
}

fn attribute_after(text: &str, mark: &str, name: &str) -> Option<String> {
    let tag = text.split('<').find(|tag| tag.contains(mark))?;
    attribute(tag, name)
}

/// A text as an address or a form carries it.
pub fn escape(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
