//! `[site]`: which place this site serves, what it is called, and who answers for it.

use kernel::area::AreaCode;
use serde::Deserialize;

use crate::failure::Failure;

/// The section as `huifa config` prints it.
pub const TEMPLATE: &str = "\
[site]
# Name at the head of every page.
#place = \"聊城市公共法律服务\"
#place_en = \"Public legal services of Liaocheng\"
# The division served, 12 digits: lists of offices and people begin there, places are looked for within it, and the
# local time limits of guides are its own. Without it the whole country is.
#area = \"371500000000\"
# The legal hotline people are told to call.
#hotline = \"12348\"
# Lines at the foot of every page; one that is not set is not shown. 主办、承办、网站标识码、ICP 备案、公安备案、技术支持电话.
#host = \"某某市司法局\"
#operator = \"某某市公共法律服务中心\"
#site_code = \"3715000001\"
#icp = \"鲁ICP备00000000号\"
#police = \"鲁公网安备00000000000000号\"
#support = \"0635-0000000\"
";

/// Longest line, in characters: the head of a page on a phone has room for no more.
const LONGEST: usize = 60;

/// The section as written.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Section {
    place: Option<String>,
    place_en: Option<String>,
    area: Option<String>,
    hotline: Option<String>,
    host: Option<String>,
    operator: Option<String>,
    site_code: Option<String>,
    icp: Option<String>,
    police: Option<String>,
    support: Option<String>,
}

impl Section {
    /// The site meant; none when nothing is set.
    pub fn read(&self) -> Result<Option<web::Site>, Failure> {
        if *self == Self::default() {
            return Ok(None);
        }
        let unset = web::Site::default();
        let area = self.area.as_deref().map(area).transpose()?;
        Ok(Some(web::Site {
            place_zh: line("place", self.place.as_deref())?.unwrap_or(unset.place_zh),
            place_en: line("place_en", self.place_en.as_deref())?.unwrap_or(unset.place_en),
            hotline: self.hotline.as_deref().map(hotline).transpose()?.unwrap_or(unset.hotline),
            area,
            host: line("host", self.host.as_deref())?.unwrap_or_default(),
            operator: line("operator", self.operator.as_deref())?.unwrap_or_default(),
            site_code: line("site_code", self.site_code.as_deref())?.unwrap_or_default(),
            icp: line("icp", self.icp.as_deref())?.unwrap_or_default(),
            police: line("police", self.police.as_deref())?.unwrap_or_default(),
            support: line("support", self.support.as_deref())?.unwrap_or_default(),
        }))
    }
}

fn line(name: &str, text: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > LONGEST || text.contains(char::is_control) {
        return Err(wrong(name, text, &format!("one line of at most {LONGEST} characters")));
    }
    Ok(Some(text.to_owned()))
}

fn area(text: &str) -> Result<AreaCode, Failure> {
    text.parse().map_err(|_| wrong("area", text, "the 12 digits of a division, as `huifa areas` lists them"))
}

fn hotline(text: &str) -> Result<String, Failure> {
    let is_number = (3..=20).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if is_number {
        Ok(text.to_owned())
    } else {
        Err(wrong("hotline", text, "a telephone number, digits and `-`"))
    }
}

fn wrong(name: &str, text: &str, wanted: &str) -> Failure {
    Failure::Environment(format!("[site] {name} = {text:?}: give {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_what_its_office_says_and_nothing_is_invented() {
        assert_eq!(Section::default().read().expect("nothing set"), None);
        let set = Section {
            place: Some("瑞丽市公共法律服务".to_owned()),
            area: Some("533102000000".to_owned()),
            host: Some("瑞丽市司法局".to_owned()),
            ..Section::default()
        };
        let site = set.read().expect("sound").expect("set");
        assert_eq!((site.place_zh.as_str(), site.hotline.as_str()), ("瑞丽市公共法律服务", "12348"));
        assert_eq!(site.area.map(|area| area.to_string()).as_deref(), Some("533102000000"));
        assert_eq!(site.lines().collect::<Vec<_>>(), [("ui-site-host", "瑞丽市司法局")]);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for section in [
            Section { area: Some("瑞丽".to_owned()), ..Section::default() },
            Section { hotline: Some("call us".to_owned()), ..Section::default() },
            Section { place: Some("很".repeat(61)), ..Section::default() },
        ] {
            assert!(section.read().is_err(), "{section:?}");
        }
    }
}
