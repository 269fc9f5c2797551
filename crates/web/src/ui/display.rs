//! How a person wants pages shown: language, size, contrast. Kept in one cookie that says nothing else.

use std::fmt;

use crate::lang::Lang;

/// Name of the cookie.
pub const COOKIE: &str = "huifa_display";

/// Size of everything on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// As designed.
    #[default]
    Standard,
    /// Elder mode: 24 px text, one column, targets of 60 px.
    Elder,
    /// Elder mode with 30 px text.
    ElderMax,
}

/// Light or high contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contrast {
    /// As designed (already 4.5:1 or better).
    #[default]
    Normal,
    /// Black on white.
    High,
}

/// All of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Display {
    /// Language; `None` follows the browser.
    pub lang: Option<Lang>,
    /// Size.
    pub size: Size,
    /// Contrast.
    pub contrast: Contrast,
}

impl Display {
    /// Reads the cookie; what is unknown in it is left at its default.
    pub fn parse(cookie: &str) -> Self {
        let mut display = Self::default();
        for word in cookie.split('.') {
            match word {
                "elder" => display.size = Size::Elder,
                "max" => display.size = Size::ElderMax,
                "high" => display.contrast = Contrast::High,
                other => {
                    if let Ok(lang) = other.parse() {
                        display.lang = Some(lang);
                    }
                }
            }
        }
        display
    }

    /// Changes one setting by the name and value of a posted field; `false` when there is none such.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        match (name, value) {
            ("size", "standard") => self.size = Size::Standard,
            ("size", "elder") => self.size = Size::Elder,
            ("size", "max") => self.size = Size::ElderMax,
            ("contrast", "normal") => self.contrast = Contrast::Normal,
            ("contrast", "high") => self.contrast = Contrast::High,
            ("lang", tag) => match tag.parse() {
                Ok(lang) => self.lang = Some(lang),
                Err(_) => return false,
            },
            _ => return false,
        }
        true
    }

    /// Whether elder mode is on, in either size.
    pub fn elder(self) -> bool {
        self.size != Size::Standard
    }

    /// Classes of the root element.
    pub fn classes(self) -> String {
        let mut classes = String::from("govuk-template");
        match self.size {
            Size::Standard => {}
            Size::Elder => classes.push_str(" hf-elder"),
            Size::ElderMax => classes.push_str(" hf-elder hf-elder--max"),
        }
        if self.contrast == Contrast::High {
            classes.push_str(" hf-contrast");
        }
        classes
    }
}

impl fmt::Display for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.size {
            Size::Standard => "standard",
            Size::Elder => "elder",
            Size::ElderMax => "max",
        })?;
        if self.contrast == Contrast::High {
            f.write_str(".high")?;
        }
        if let Some(lang) = self.lang {
            write!(f, ".{lang}")?;
        }
        Ok(())
    }
}

/// The language a browser asks for, by its `Accept-Language`; Chinese when it names neither of ours.
pub fn accepted(header: &str) -> Lang {
    header.split(',').find_map(|part| part.split(';').next()?.trim().parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_reads_back() {
        let mut display = Display::default();
        assert!(display.set("size", "max") && display.set("contrast", "high") && display.set("lang", "en"));
        assert!(!display.set("size", "huge") && !display.set("lang", "fr"));
        assert_eq!(display.to_string(), "max.high.en");
        assert_eq!(Display::parse(&display.to_string()), display);
        assert_eq!(Display::parse("<script>"), Display::default());
        assert_eq!(display.classes(), "govuk-template hf-elder hf-elder--max hf-contrast");
    }

    #[test]
    fn the_browser_is_heard() {
        assert_eq!(accepted("en-GB,en;q=0.9,zh;q=0.5"), Lang::En);
        assert_eq!(accepted("fr,zh-CN;q=0.9"), Lang::Zh);
        assert_eq!(accepted(""), Lang::Zh);
    }
}
