//! The layout of the public LawRefBook/Laws collection: a folder a category, a file a law (or a book of a code), the
//! day of a version in the name where there are several, facts above `<!-- INFO END -->`, articles below.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::Found;
use crate::LawError;
use crate::model::{Article, Draft, cited, first_day};
use crate::numeral;

/// Where the facts end.
const INFO_END: &str = "INFO END";

/// The name of the collection, as a source.
const SOURCE: &str = "lawrefbook";

/// The laws beneath a folder.
pub fn folder(root: &Path, found: &mut Found, seen: &mut (dyn FnMut() + Send)) -> Result<(), LawError> {
    let mut pieces = Vec::new();
    for path in files(root)? {
        seen();
        match piece(&path, path.strip_prefix(root).unwrap_or(&path)) {
            Ok(law) => pieces.push(law),
            Err(reason) => found.fault(path.strip_prefix(root).unwrap_or(&path), None, reason),
        }
    }
    if pieces.is_empty() && found.faults.is_empty() {
        return Err(LawError::Content(format!("{}: there is no Markdown file with a law", root.display())));
    }
    found.gather(pieces);
    Ok(())
}

/// A single file.
pub fn one(path: &Path, found: &mut Found) {
    match piece(path, Path::new(path.file_name().unwrap_or_default())) {
        Ok(law) => found.gather(vec![law]),
        Err(reason) => found.fault(path, None, reason),
    }
}

fn piece(path: &Path, inside: &Path) -> Result<Draft, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    law(&text, inside)
}

/// All Markdown files beneath a folder that may hold a law, in the order of their names.
pub fn files(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let name = entry.file_name().to_string_lossy().into_owned();
            // A link could lead round in a circle; the collection has none.
            if kind.is_dir() && !name.starts_with('.') {
                folders.push(path);
            } else if kind.is_file() && is_markdown(&path) && !name.starts_with('_') && !is_template(&name) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
}

fn is_template(name: &str) -> bool {
    name == "法律法规模版.md" || name.eq_ignore_ascii_case("readme.md")
}

/// A law from the text of its file and the place of the file within the collection.
pub fn law(text: &str, inside: &Path) -> Result<Draft, String> {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    let end = lines.iter().position(|line| line.contains(INFO_END));
    let body = end.map_or(0, |end| end + 1);
    let heading = |line: &&&str| line.starts_with("# ");
    let head = end.map_or(&lines[..], |end| &lines[..end]);
    let title = head.iter().find(heading).ok_or("no title: a line `# …` must come first")?;
    let full_title = title.trim_start_matches('#').split("<!--").next().unwrap_or_default().trim();
    let title = cited(full_title);
    if title.is_empty() {
        return Err("the title is empty".to_owned());
    }
    let facts = &lines[..end.unwrap_or(0)];
    let version = day_in_name(inside).or_else(|| facts.iter().filter_map(|line| made_on(line)).max());
    let articles = articles(&lines[body..]);
    if articles.is_empty() {
        return Err("no article was found: none of its lines begins with 第…条 or 一、".to_owned());
    }
    Ok(Draft {
        title,
        full_title: full_title.to_owned(),
        category: category(inside),
        version: version.map(|day| day.to_string()).unwrap_or_default(),
        effective_from: first_day(version, facts.iter().filter_map(|line| in_force_on(line)).max()),
        source: SOURCE.to_owned(),
        articles,
        ..Draft::default()
    })
}

/// The folder a law lies in; local rules say of which place.
fn category(inside: &Path) -> String {
    let parts: Vec<String> = inside
        .parent()
        .map(|folder| folder.iter().map(|part| part.to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    let local = parts.iter().find(|part| part.contains("地方"));
    local.or(parts.first()).cloned().unwrap_or_default()
}

fn day_in_name(inside: &Path) -> Option<Date> {
    let stem = inside.file_stem()?.to_string_lossy().into_owned();
    let (_, rest) = stem.rsplit_once('(')?;
    rest.trim_end_matches(')').parse().ok()
}

/// The day at the head of a line: 2020年5月28日 or 2020-05-28.
fn leading_day(line: &str) -> Option<Date> {
    let line = line.trim();
    if let Some(Ok(day)) = line.get(..10).map(str::parse) {
        return Some(day);
    }
    let (year, rest) = line.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    let number = |text: &str| text.trim().parse::<i8>().ok();
    Date::new(year.trim().parse().ok()?, number(month)?, number(day)?).ok()
}

fn made_on(line: &str) -> Option<Date> {
    let is_start = ["施行", "生效", "实施"].iter().any(|word| line.trim_end().ends_with(word));
    if is_start { None } else { leading_day(line) }
}

fn in_force_on(line: &str) -> Option<Date> {
    let says = line.contains("施行") || line.contains("生效");
    if says { leading_day(line) } else { None }
}

fn articles(lines: &[&str]) -> Vec<Article> {
    let found = numbered(lines, numeral::leading);
    if found.is_empty() { numbered(lines, listed) } else { found }
}

/// 一、 at the head of a line, as older interpretations count.
fn listed(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let at = line.find('、')?;
    numeral::number_of(&line[..at])?;
    Some((&line[..at], line[at + '、'.len_utf8()..].trim()))
}

fn numbered<'a>(lines: &[&'a str], begins: impl Fn(&'a str) -> Option<(&'a str, &'a str)>) -> Vec<Article> {
    let mut articles: Vec<Article> = Vec::new();
    let mut headings: Vec<(usize, String)> = Vec::new();
    for line in lines {
        let line = line.trim();
        if line.is_empty() || line.starts_with("<!--") {
            continue;
        }
        if line.starts_with('#') {
            let depth = line.chars().take_while(|c| *c == '#').count();
            headings.retain(|(above, _)| *above < depth);
            let words: Vec<&str> = line[depth..].split_whitespace().collect();
            headings.push((depth, words.join(" ")));
        } else if let Some((name, text)) = begins(line) {
            let heading: Vec<&str> = headings.iter().map(|(_, words)| words.as_str()).collect();
            articles.push(Article {
                article: name.to_owned(),
                heading: heading.join(" / "),
                text: text.to_owned(),
                source_id: None,
            });
        } else if let Some(last) = articles.last_mut() {
            if !last.text.is_empty() {
                last.text.push('\n');
            }
            last.text.push_str(line);
        }
    }
    articles.retain(|article| !article.text.is_empty());
    articles
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: &str = "# 中华人民共和国甲法\n\n# 总则\n\n2020年5月28日 某次会议通过\n\n2021年1月1日 施行\n\n\
        <!-- INFO END -->\n\n## 第一章  基本规定\n\n第一条 为了甲。\n\n### 第一节 乙\n\n第二条 依照第一条规定办理。\n\n\
        （一）丙；\n\n第三条规定的期限另行计算。\n\n第二条之一 丁。\n";

    #[test]
    fn a_file_of_the_collection_is_read() {
        let law = law(LAW, Path::new("民法商法/甲法.md")).unwrap();
        assert_eq!((law.id().as_str(), law.category.as_str()), ("甲法@2020-05-28", "民法商法"));
        assert_eq!(law.effective_from.map(|day| day.to_string()).as_deref(), Some("2021-01-01"));
        let names: Vec<&str> = law.articles.iter().map(|article| article.article.as_str()).collect();
        assert_eq!(names, ["第一条", "第二条", "第二条之一"]);
        assert_eq!(law.articles[1].heading, "第一章 基本规定 / 第一节 乙");
        assert_eq!(law.articles[1].text, "依照第一条规定办理。\n（一）丙；\n第三条规定的期限另行计算。");
    }

    #[test]
    fn the_day_in_the_name_is_the_version() {
        let law = law(LAW, Path::new("DLC/山东地方法规/地方性法规/山东/甲法(2023-09-01).md")).unwrap();
        assert_eq!((law.version.as_str(), law.category.as_str()), ("2023-09-01", "山东地方法规"));
    }

    #[test]
    fn a_file_without_articles_is_a_fault() {
        assert!(law("# 某通知\n\n<!-- INFO END -->\n\n请遵照执行。\n", Path::new("a.md")).is_err());
        assert!(law("没有标题", Path::new("a.md")).is_err());
        let listed = law("# 某批复\n<!-- INFO END -->\n一、甲。\n二、乙。\n", Path::new("a.md")).unwrap();
        assert_eq!(listed.articles.len(), 2);
    }

    #[test]
    fn books_of_a_code_become_one_law() {
        let mut found = Found::default();
        let second = LAW.replace("第一条", "第十一条").replace("第二条", "第十二条");
        let pieces = vec![law(&second, Path::new("b.md")).unwrap(), law(LAW, Path::new("a.md")).unwrap()];
        found.gather(pieces);
        assert_eq!(found.laws.len(), 1);
        assert_eq!(found.laws[0].articles[0].article, "第一条");
        assert_eq!(found.laws[0].articles.len(), 6);
    }
}
