//! The two languages of the platform.

use std::fmt;
use std::str::FromStr;

use crate::string_form::string_form;

/// A language people read. Chinese is first and the fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// A tag that names neither language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("languages are zh-CN and en")]
pub struct UnknownLang;

impl Lang {
    /// Both, Chinese first.
    pub const ALL: &'static [Self] = &[Self::Zh, Self::En];

    /// The tag used in pages and message folders.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Takes any Chinese or English tag: `zh`, `zh-CN`, `en-GB`.
    fn from_str(tag: &str) -> Result<Self, UnknownLang> {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(UnknownLang),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

string_form!(Lang);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_back() {
        for lang in Lang::ALL {
            assert_eq!(lang.as_str().parse(), Ok(*lang));
        }
        assert_eq!("zh_Hans_CN".parse(), Ok(Lang::Zh));
        assert_eq!("EN-gb".parse(), Ok(Lang::En));
        assert_eq!("fr".parse::<Lang>(), Err(UnknownLang));
        assert_eq!(Lang::default(), Lang::Zh);
    }
}
