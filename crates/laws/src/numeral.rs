//! Numbers of articles: 第一百二十条之一 is 120-1, so that links are short and articles can be sorted.

use kernel::numeral;

/// Number and number of insertion (之一) of an article; none where it is not numbered.
pub fn article(name: &str) -> Option<(u32, u32)> {
    let name = name.trim();
    let rest = name.strip_prefix('第')?;
    let (number, rest) = rest.split_once('条')?;
    let number = number_of(number)?;
    match rest.strip_prefix('之') {
        Some(inserted) => Some((number, number_of(inserted)?)),
        None if rest.is_empty() => Some((number, 0)),
        None => None,
    }
}

/// How an article is called in links: `120`, `120-1`, or its name where it has no number.
pub fn anchor(name: &str) -> String {
    match article(name) {
        Some((number, 0)) => number.to_string(),
        Some((number, inserted)) => format!("{number}-{inserted}"),
        None => name.chars().filter(|c| c.is_alphanumeric()).collect(),
    }
}

/// The article at the head of a line, and what follows it.
pub fn leading(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    if !line.starts_with('第') {
        return None;
    }
    let at = line.find('条')?;
    // 第九千九百九十九条 is the longest number we expect.
    if at > "第九千九百九十九".len() {
        return None;
    }
    let mut end = at + '条'.len_utf8();
    if let Some(rest) = line[end..].strip_prefix('之') {
        let digits: usize =
            rest.chars().take_while(|c| digit(*c).is_some() || *c == '十').map(char::len_utf8).sum();
        if digits > 0 {
            end += '之'.len_utf8() + digits;
        }
    }
    let (name, rest) = line.split_at(end);
    article(name)?;
    // 第三条规定的… within a sentence is no new article.
    let gap = rest.chars().next();
    if gap.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '【' | '：' | ':' | '(' | '（')) {
        Some((
            name,
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '：' | ':')).trim_end(),
        ))
    } else {
        None
    }
}

fn digit(c: char) -> Option<u32> {
    numeral::digit(c).or_else(|| c.to_digit(10))
}

/// A number in Chinese or Arabic digits below ten thousand.
pub fn number_of(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return text.parse().ok().filter(|number| *number < 10_000);
    }
    let (mut sum, mut last, mut unit_seen) = (0, None, false);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                last = Some(digit(c)?);
                continue;
            }
        };
        unit_seen = true;
        sum += last.take().unwrap_or(1) * unit;
    }
    if !unit_seen && text.chars().count() > 1 {
        return None;
    }
    Some(sum + last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_articles_are_read() {
        for (name, number) in [
            ("第一条", (1, 0)),
            ("第十条", (10, 0)),
            ("第四十七条", (47, 0)),
            ("第一百二十条之一", (120, 1)),
            ("第一千二百六十条", (1260, 0)),
            ("第一百零八条", (108, 0)),
            ("第47条", (47, 0)),
        ] {
            assert_eq!(article(name), Some(number), "{name}");
        }
        for name in ["一、", "第条", "第一条规定", "条", ""] {
            assert_eq!(article(name), None, "{name}");
        }
    }

    #[test]
    fn a_line_begins_an_article_or_speaks_of_one() {
        assert_eq!(leading("第一条 为了保护"), Some(("第一条", "为了保护")));
        assert_eq!(leading("　　第二百八十七条之二　明知他人"), Some(("第二百八十七条之二", "明知他人")));
        assert_eq!(leading("**第三条** 民事主体"), Some(("第三条", "民事主体")));
        assert_eq!(leading("第三条规定的期限届满"), None);
        assert_eq!(leading("违反第三条 的"), None);
    }

    #[test]
    fn links_are_short() {
        assert_eq!(anchor("第一百二十条之一"), "120-1");
        assert_eq!(anchor("附则 一"), "附则一");
    }
}
