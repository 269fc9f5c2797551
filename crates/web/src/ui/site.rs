//! What is said about the site itself: configuration, never invented. An empty line is not shown.

use kernel::area::AreaCode;

/// Name, place and the lines of the foot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Where the platform serves, Chinese.
    pub place_zh: String,
    /// Where the platform serves, English.
    pub place_en: String,
    /// The legal hotline; free of charge, day and night.
    pub hotline: String,
    /// The division served: lists of offices and people begin there, and places are looked for within it. Without it
    /// the whole country is.
    pub area: Option<AreaCode>,
    /// 主办单位.
    pub host: String,
    /// 承办单位.
    pub operator: String,
    /// 网站标识码.
    pub site_code: String,
    /// ICP 备案.
    pub icp: String,
    /// 公安备案.
    pub police: String,
    /// 技术支持电话.
    pub support: String,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            place_zh: "公共法律服务".into(),
            place_en: "Public legal services".into(),
            hotline: "12348".into(),
            area: None,
            host: String::new(),
            operator: String::new(),
            site_code: String::new(),
            icp: String::new(),
            police: String::new(),
            support: String::new(),
        }
    }
}

impl Site {
    /// The site of the demonstration city.
    pub fn demonstration() -> Self {
        Self {
            place_zh: "聊城市公共法律服务".into(),
            place_en: "Public legal services of Liaocheng".into(),
            area: "371500000000".parse().ok(),
            ..Self::default()
        }
    }

    /// Message keys and values of the foot, without the empty ones.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("ui-site-host", &self.host),
            ("ui-site-operator", &self.operator),
            ("ui-site-code", &self.site_code),
            ("ui-site-icp", &self.icp),
            ("ui-site-police", &self.police),
            ("ui-site-support", &self.support),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key, value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_are_hidden() {
        assert_eq!(Site::default().lines().count(), 0);
        let site = Site { host: "聊城市司法局".into(), ..Site::default() };
        assert_eq!(site.lines().collect::<Vec<_>>(), [("ui-site-host", "聊城市司法局")]);
    }
}
