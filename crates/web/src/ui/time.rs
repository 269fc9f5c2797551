//! Dates and times as people read them, in Beijing.

use jiff::civil::Date;
use kernel::time::Instant;

use crate::lang::Lang;

/// `2026年11月21日` or `21 November 2026`.
pub fn date(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => {
            const MONTHS: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            let month = usize::try_from(date.month()).ok().and_then(|m| MONTHS.get(m - 1)).unwrap_or(&"");
            format!("{} {month} {}", date.day(), date.year())
        }
    }
}

/// The date with hours and minutes.
pub fn moment(lang: Lang, at: Instant) -> String {
    let wall = at.civil();
    format!("{} {:02}:{:02}", date(lang, wall.date()), wall.hour(), wall.minute())
}

/// A moment in its machine form, or nothing when it is none.
pub fn moment_text(lang: Lang, text: &str) -> String {
    text.parse::<Instant>().map(|at| moment(lang, at)).unwrap_or_default()
}

/// A date written `YYYY-MM-DD`, or whatever stands there when it is none.
pub fn date_text(lang: Lang, text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |parsed| date(lang, parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_in_both_languages() {
        assert_eq!(date_text(Lang::Zh, "2026-03-08"), "2026年3月8日");
        assert_eq!(date_text(Lang::En, "2026-03-08"), "8 March 2026");
        assert_eq!(date_text(Lang::En, "soon"), "soon");
        let at: Instant = "2026-11-21T16:30:00Z".parse().unwrap();
        assert_eq!(moment(Lang::Zh, at), "2026年11月22日 00:30");
        assert_eq!(moment_text(Lang::En, "2026-11-21T16:30:00Z"), "22 November 2026 00:30");
        assert_eq!(moment_text(Lang::Zh, ""), "");
    }
}
