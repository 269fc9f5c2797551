//! Official days off and make-up working days, as dated data with its source.
//!
//! Days that are not listed follow the weekday. In a year without a notice only weekends are known,
//! so everything computed there is *provisional* until the notice is loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use sha2::{Digest, Sha256};

use crate::lang::Lang;

/// The embedded notices of 2018-2026, with their source in the first lines.
pub const OFFICIAL: &str = include_str!("../data/calendar_cn.csv");

static EMBEDDED: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::parse(OFFICIAL).expect("the embedded calendar is parsed by a test"));

/// Which days are working days. One value per version of the data; cheap to share by reference.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: BTreeMap<Date, Marked>,
    years: BTreeSet<i16>,
    version: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Marked {
    off: bool,
    festival: String,
    in_lieu: bool,
}

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// Monday to Friday, nothing special.
    Working,
    /// A Saturday or Sunday that an official notice makes a working day.
    MakeUp {
        /// The festival it makes up for, e.g. 国庆节.
        festival: String,
    },
    /// Not a working day.
    Off(Why),
}

/// Why a day is no working day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Why {
    /// Saturday or Sunday.
    Weekend(Weekday),
    /// Day off by official notice.
    Holiday {
        /// The festival, e.g. 中秋.
        festival: String,
        /// Moved from a weekend (调休).
        in_lieu: bool,
    },
}

/// A calendar file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("calendar line {line}: {fault}")]
pub struct CalendarFault {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: &'static str,
}

impl Calendar {
    /// The embedded official calendar.
    pub fn official() -> &'static Self {
        &EMBEDDED
    }

    /// Reads `date,kind,festival,in_lieu` lines; `#` starts a remark, `# years: A-B` says what is covered.
    pub fn parse(csv: &str) -> Result<Self, CalendarFault> {
        let mut calendar = Self { days: BTreeMap::new(), years: BTreeSet::new(), version: version_of(csv) };
        for (index, line) in csv.lines().enumerate() {
            let fault = |fault| CalendarFault { line: index + 1, fault };
            if let Some(remark) = line.strip_prefix('#') {
                if let Some(years) = remark.trim().strip_prefix("years:") {
                    let (first, last) = years.trim().split_once('-').ok_or(fault("years are A-B"))?;
                    let year =
                        |text: &str| text.trim().parse::<i16>().map_err(|_| fault("years are numbers"));
                    calendar.years.extend(year(first)?..=year(last)?);
                }
                continue;
            }
            if line.is_empty() || line.starts_with("date,") {
                continue;
            }
            let fields: Vec<&str> = line.split(',').collect();
            let [date, kind, festival, in_lieu] = fields[..] else {
                return Err(fault("four fields expected"));
            };
            let date: Date = date.parse().map_err(|_| fault("not a date"))?;
            let off = match kind {
                "holiday" => true,
                "makeup_workday" => false,
                _ => return Err(fault("kind is holiday or makeup_workday")),
            };
            if !off && !weekend(date) {
                return Err(fault("a make-up working day falls on Saturday or Sunday"));
            }
            if !calendar.years.contains(&date.year()) {
                return Err(fault("the date lies outside the years covered"));
            }
            let marked = Marked { off, festival: festival.to_owned(), in_lieu: in_lieu == "1" };
            if calendar.days.insert(date, marked).is_some() {
                return Err(fault("the date is listed twice"));
            }
        }
        Ok(calendar)
    }

    /// Names the data a date was computed with; a closed clock keeps it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the official notice of a year is known.
    pub fn covers(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// First and last year with official data.
    pub fn years(&self) -> Option<(i16, i16)> {
        Some((*self.years.first()?, *self.years.last()?))
    }

    /// What a day is.
    pub fn day(&self, date: Date) -> Day {
        match self.days.get(&date) {
            Some(Marked { off: true, festival, in_lieu }) => {
                Day::Off(Why::Holiday { festival: festival.clone(), in_lieu: *in_lieu })
            }
            Some(Marked { festival, .. }) => Day::MakeUp { festival: festival.clone() },
            None if weekend(date) => Day::Off(Why::Weekend(date.weekday())),
            None => Day::Working,
        }
    }

    /// Whether people work on that day.
    pub fn is_working(&self, date: Date) -> bool {
        self.days.get(&date).map_or_else(|| !weekend(date), |marked| !marked.off)
    }

    /// Working days from `first` to `last`, both counted; 0 when `last` lies before `first`.
    pub fn count_workdays(&self, first: Date, last: Date) -> u32 {
        if last < first {
            return 0;
        }
        // Whole weeks by arithmetic, the listed days by correction: a century costs no more than a month.
        let weekdays = weekdays_before(last) + i64::from(!weekend(last)) - weekdays_before(first);
        let correction: i64 = self
            .days
            .range(first..=last)
            .map(|(date, marked)| match (marked.off, weekend(*date)) {
                (true, false) => -1,
                (false, true) => 1,
                _ => 0,
            })
            .sum();
        u32::try_from(weekdays + correction).unwrap_or(0)
    }

    /// Days on which two calendars differ, for replaying what a new notice touches.
    pub fn changed_days(&self, newer: &Self) -> Vec<Date> {
        let dates: BTreeSet<Date> = self.days.keys().chain(newer.days.keys()).copied().collect();
        dates.into_iter().filter(|date| self.is_working(*date) != newer.is_working(*date)).collect()
    }
}

impl Why {
    /// In words: 周六, 国庆节放假, 国庆节调休.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Weekend(Weekday::Saturday), Lang::Zh) => "周六".into(),
            (Self::Weekend(_), Lang::Zh) => "周日".into(),
            (Self::Weekend(Weekday::Saturday), Lang::En) => "Saturday".into(),
            (Self::Weekend(_), Lang::En) => "Sunday".into(),
            (Self::Holiday { festival, in_lieu: false }, Lang::Zh) => format!("{festival}放假"),
            (Self::Holiday { festival, in_lieu: true }, Lang::Zh) => format!("{festival}调休"),
            (Self::Holiday { festival, in_lieu: false }, Lang::En) => festival_in_english(festival).into(),
            (Self::Holiday { festival, in_lieu: true }, Lang::En) => {
                format!("{} (day off in lieu)", festival_in_english(festival))
            }
        }
    }
}

/// The usual English name of a festival; a name we do not know stays as it is.
pub fn festival_in_english(festival: &str) -> &str {
    match festival {
        "元旦" => "New Year's Day",
        "春节" => "Spring Festival",
        "清明" => "Qingming Festival",
        "劳动节" => "Labour Day",
        "端午" => "Dragon Boat Festival",
        "中秋" => "Mid-Autumn Festival",
        "国庆节" => "National Day",
        other => other,
    }
}

fn weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Mondays to Fridays before a date, counted from a fixed Monday far back.
fn weekdays_before(date: Date) -> i64 {
    // -9999-01-01 is a Monday in the proleptic Gregorian calendar (asserted by a test).
    let days = i64::from((date - Date::MIN).get_days());
    days / 7 * 5 + (days % 7).min(5)
}

fn version_of(csv: &str) -> String {
    let digest = Sha256::digest(csv.as_bytes());
    hex::encode(&digest[..6])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_embedded_data_is_sound() {
        let calendar = Calendar::official();
        assert_eq!(calendar.years(), Some((2018, 2026)));
        assert_eq!(calendar.days.len(), 320);
        assert_eq!(Date::MIN.weekday(), Weekday::Monday);
        assert_eq!(calendar.version().len(), 12);
    }

    #[test]
    fn days_say_what_they_are() {
        let calendar = Calendar::official();
        assert_eq!(calendar.day(date(2026, 9, 20)), Day::MakeUp { festival: "国庆节".into() });
        let mid_autumn = Why::Holiday { festival: "中秋".into(), in_lieu: false };
        assert_eq!(calendar.day(date(2026, 9, 25)), Day::Off(mid_autumn.clone()));
        assert_eq!(mid_autumn.words(Lang::En), "Mid-Autumn Festival");
        assert_eq!(calendar.day(date(2027, 1, 1)), Day::Working);
        assert!(!calendar.covers(2027) && !calendar.covers(2017));
    }

    #[test]
    fn counting_by_arithmetic_equals_counting_one_by_one() {
        let calendar = Calendar::official();
        let mut first = date(2017, 12, 1);
        while first < date(2027, 2, 1) {
            for length in [0, 1, 6, 7, 29, 365] {
                let last = first + jiff::Span::new().days(length);
                let slow = first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last);
                let slow = slow.filter(|day| calendar.is_working(*day)).count();
                assert_eq!(calendar.count_workdays(first, last) as usize, slow, "{first} {last}");
            }
            first += jiff::Span::new().days(11);
        }
        assert_eq!(calendar.count_workdays(date(2026, 1, 2), date(2026, 1, 1)), 0);
    }

    #[test]
    fn bad_files_are_named_by_line() {
        let fault = |text: &str| Calendar::parse(text).unwrap_err();
        assert_eq!(fault("# years: 2027-2027\n2027-13-01,holiday,元旦,0").line, 2);
        assert_eq!(fault("# years: 2027-2027\n2027-01-04,makeup_workday,元旦,0").line, 2);
        assert_eq!(fault("2027-01-01,holiday,元旦,0").fault, "the date lies outside the years covered");
        assert!(Calendar::parse("# years: x-y").is_err());
    }

    #[test]
    fn a_notice_shows_which_days_it_changed() {
        let old = Calendar::official();
        let text =
            format!("{OFFICIAL}# years: 2027-2027\n2027-01-01,holiday,元旦,0\n2027-01-02,holiday,元旦,0\n");
        let new = Calendar::parse(&text).unwrap();
        assert_eq!(old.changed_days(&new), vec![date(2027, 1, 1)]);
        assert_ne!(old.version(), new.version());
    }
}
