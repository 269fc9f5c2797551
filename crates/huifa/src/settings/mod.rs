//! `huifa.toml` in the data folder, and the environment: one file here a section of it, each with the text that
//! explains it.

mod accounts;
pub mod evidence;
mod limits;
mod log;
mod model;
mod notices;
mod oidc;
mod quick_exit;
mod retention;
mod scan;
mod server;
mod site;
mod sms;
mod smtp;

use std::net::SocketAddr;
use std::path::Path;

use serde::Deserialize;
use web::Limits;

use crate::failure::Failure;
pub use evidence::Evidence;
pub use log::Log;
pub use oidc::Oidc;
pub use server::Server;

/// Settings of a node.
#[derive(Clone)]
pub struct Settings {
    /// Limits.
    pub limits: Limits,
    /// Signing in, passwords, the record.
    pub accounts: access::Rules,
    /// Whether content whose time is up is erased by the node itself.
    pub erases: bool,
    /// Name, place and operators of the site, when they are set.
    pub site: Option<web::Site>,
    /// Where the button of sensitive pages leads.
    pub quick_exit: web::QuickExit,
    /// When and how people are told.
    pub notices: ::notices::Settings,
    /// The gateway for short messages.
    pub sms: Option<::notices::sms::GatewaySettings>,
    /// The mail server.
    pub smtp: Option<::notices::mail::MailSettings>,
    /// Signing in through an OpenID provider.
    pub oidc: Oidc,
    /// Who may reach the listener, and how long they may take.
    pub server: Server,
    /// Where logs are kept.
    pub log: Log,
    /// Where the virus scanner listens, if there is one.
    pub scan: Option<files::scan::Address>,
    /// How the log is signed.
    pub evidence: Evidence,
    /// The language model that drafts answers, if there is one.
    pub model: Option<answers::drafting::client::ModelSettings>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    limits: limits::Section,
    accounts: accounts::Section,
    retention: retention::Section,
    site: site::Section,
    quick_exit: quick_exit::Section,
    notices: notices::Section,
    sms: sms::Section,
    smtp: smtp::Section,
    oidc: oidc::Section,
    server: server::Section,
    log: log::Section,
    scan: scan::Section,
    evidence: evidence::Section,
    model: model::Section,
}

impl Settings {
    /// Reads the settings for a listener.
    pub fn read(data: &Path, listen: Option<SocketAddr>) -> Result<Self, Failure> {
        let path = data.join("huifa.toml");
        let file: File = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| Failure::Environment(format!("{}: {error}", path.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => return Err(Failure::Environment(format!("{}: {error}", path.display()))),
        };
        Ok(Self {
            limits: file.limits.read(listen)?,
            accounts: file.accounts.read()?,
            erases: file.retention.run,
            site: file.site.read()?,
            quick_exit: file.quick_exit.read()?,
            notices: file.notices.read()?,
            sms: file.sms.read()?,
            smtp: file.smtp.read()?,
            oidc: file.oidc.read(data, listen)?,
            server: file.server.read(listen)?,
            log: file.log.read(data)?,
            scan: file.scan.read()?,
            evidence: file.evidence.read(data)?,
            model: file.model.read()?,
        })
    }
}

/// The whole file with every setting explained and commented out (`#name = value`, words behind `# `): what
/// holds when nothing is set.
pub fn template() -> String {
    [
        site::TEMPLATE,
        limits::TEMPLATE,
        accounts::TEMPLATE,
        oidc::TEMPLATE,
        retention::TEMPLATE,
        quick_exit::TEMPLATE,
        notices::TEMPLATE,
        sms::TEMPLATE,
        smtp::TEMPLATE,
        server::TEMPLATE,
        log::TEMPLATE,
        scan::TEMPLATE,
        evidence::TEMPLATE,
        model::TEMPLATE,
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_file_is_read_as_it_stands_and_with_every_setting_made() {
        let text: &'static str = template().leak();
        toml::from_str::<File>(text).expect("as printed");
        // A setting that is not made stands behind `#`, words behind `# `.
        let set =
            |line: &'static str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line);
        let made: Vec<&str> = text.lines().map(set).collect();
        toml::from_str::<File>(&made.join("\n")).expect("with every setting made");
    }
}
