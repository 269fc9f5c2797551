//! `[quick_exit]`: where the button of sensitive pages leads.

use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[quick_exit]
# The neutral page somebody sees who leaves a sensitive page at once: a public page nobody wonders about,
# or a path of this site.
#address = \"https://www.weather.com.cn/\"
";

/// The section as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    address: Option<String>,
}

impl Section {
    /// The address meant; anything but a web address or a path is refused.
    pub fn read(&self) -> Result<web::QuickExit, Failure> {
        let Some(address) = &self.address else { return Ok(web::QuickExit::default()) };
        let path = address.starts_with('/') && !address.starts_with("//");
        let web = address.starts_with("https://") || address.starts_with("http://");
        if (path || web) && !address.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Ok(web::QuickExit(address.clone()));
        }
        Err(Failure::Usage(format!(
            "[quick_exit] address = {address:?}: give a web address (https://…) or a path of this site"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_and_paths_are_taken() {
        for (address, taken) in [
            ("https://www.weather.com.cn/", true),
            ("/offices", true),
            ("//elsewhere", false),
            ("javascript:alert(1)", false),
            ("weather", false),
        ] {
            let section = Section { address: Some(address.to_owned()) };
            assert_eq!(section.read().is_ok(), taken, "{address}");
        }
        assert_eq!(Section::default().read().expect("the default").0, "https://www.weather.com.cn/");
    }
}
