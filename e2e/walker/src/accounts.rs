//! The people of the demonstration city, their sessions, and who of them may answer a call for work.

use crate::client::Client;
use crate::views::{Area, DemoAccount, SessionKind, Waiting};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use tokio::sync::Mutex;

/// All accounts of `demo-accounts.json`, signed in when first needed.
#[derive(Debug)]
pub struct People {
    accounts: Vec<DemoAccount>,
    tokens: Mutex<HashMap<String, String>>,
    anonymous: Client,
}

impl People {
    /// Reads the file the server wrote.
    pub fn load(file: &Path, address: &str) -> Result<Self> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let accounts: Vec<DemoAccount> = serde_json::from_str(&text)
            .with_context(|| format!("{} not in the contract's shape", file.display()))?;
        ensure!(!accounts.is_empty(), "{} lists nobody", file.display());
        Ok(Self { accounts, tokens: Mutex::default(), anonymous: Client::new(address) })
    }

    /// Everybody.
    pub fn all(&self) -> &[DemoAccount] {
        &self.accounts
    }

    /// Staff with this role for this area.
    pub fn with_role<'a>(&'a self, role: &'a str, area: &'a Area) -> impl Iterator<Item = &'a DemoAccount> {
        self.staff().filter(move |account| {
            account.roles.iter().any(|grant| grant.role == role && grant.area.holds(area))
        })
    }

    /// Everybody with a staff session.
    pub fn staff(&self) -> impl Iterator<Item = &DemoAccount> {
        self.accounts.iter().filter(|account| account.kind == SessionKind::Staff)
    }

    /// Who may answer this entry of `waiting_for`, judged from the contract alone.
    pub fn who_may(&self, waiting: &Waiting) -> Vec<&DemoAccount> {
        self.staff()
            .filter(|account| waiting.login.as_ref().is_none_or(|login| *login == account.login))
            .filter(|account| {
                account.roles.iter().any(|grant| {
                    let bound = match (&waiting.organisation, &grant.organisation) {
                        (Some(wanted), Some(bound)) => wanted == bound,
                        _ => true,
                    };
                    grant.role == waiting.role && bound && grant.area.holds(&waiting.area)
                        || grant.role == waiting.role
                            && waiting.organisation.is_some()
                            && waiting.organisation == grant.organisation
                        || grant.role == waiting.role && waiting.login.as_ref() == Some(&account.login)
                })
            })
            .collect()
    }

    /// A caller signed in as this account. Sessions are kept: a password is checked once.
    pub async fn client(&self, account: &DemoAccount) -> Result<Client> {
        let mut tokens = self.tokens.lock().await;
        if let Some(token) = tokens.get(&account.login) {
            return Ok(self.anonymous.with_token(Some(token.clone())));
        }
        let mut client = self.anonymous.with_token(None);
        let credentials = json!({"login": account.login, "password": account.password});
        let session = client
            .sign_in(&credentials)
            .await
            .with_context(|| format!("{} cannot sign in", account.login))?;
        ensure!(
            session.kind == account.kind,
            "{} is listed as {:?}, signed in as {:?}",
            account.login,
            account.kind,
            session.kind
        );
        tokens.insert(account.login.clone(), session.token);
        Ok(client)
    }

    /// A caller without a session.
    pub fn anonymous(&self) -> Client {
        self.anonymous.with_token(None)
    }
}
