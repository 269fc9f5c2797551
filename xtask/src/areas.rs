//! The divisions the program brings along: pinned npm packages in, `crates/access/data/areas` out. Needed only when
//! the packages change; the files are committed, so that building asks for cargo alone.

use crate::{assets, tools};
use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Digits each level adds to the code of the one above.
const DIGITS: [usize; 5] = [2, 2, 2, 3, 3];

/// The demo city, whose villages are kept in both years.
const CITY: &str = "3715";

/// The files, each with its package, whether it is the city with its villages, and how many divisions it must hold.
const FILES: [(&str, &str, bool, usize); 3] = [
    ("china-2023.txt.gz", "cd2023", false, 44_699),
    ("liaocheng-2016.txt.gz", "cd2016", true, 6_590),
    ("liaocheng-2023.txt.gz", "cd2023", true, 2_554),
];

/// Writes the three files anew.
pub fn build() -> Result<()> {
    let folder = tools::root().join("xtask/areas");
    assets::install(&folder)?;
    let out = tools::root().join("crates/access/data/areas");
    fs::create_dir_all(&out)?;
    for (file, package, city, holds) in FILES {
        let dist = folder.join("node_modules").join(package).join("dist");
        let places = read(&dist, city)?;
        if places.len() != holds {
            bail!("{file}: {} divisions, {holds} expected", places.len());
        }
        let text = written(&places)?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(text.as_bytes())?;
        let packed = packed.finish()?;
        println!("{file}: {} divisions, {} bytes", places.len(), packed.len());
        fs::write(out.join(file), packed).with_context(|| format!("cannot write {file}"))?;
    }
    Ok(())
}

/// Codes of full digits (2, 4, 6, 9 or 12) with their names.
fn read(dist: &Path, city: bool) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let villages = city.then_some("villages");
    for table in ["provinces", "cities", "areas", "streets"].into_iter().chain(villages) {
        let path = dist.join(format!("{table}.csv"));
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for line in text.lines().skip(1) {
            let mut cells = line.split(',');
            let (Some(code), Some(name)) = (cells.next(), cells.next()) else {
                bail!("{}: {line}", path.display());
            };
            let within = !city || code.starts_with(CITY) || CITY.starts_with(code);
            // 441900 is 东莞 once more, and 350527 the county that has no towns: the name above is kept.
            let code = short(code);
            if within {
                all.entry(code.to_owned()).or_insert_with(|| name.trim_matches('"').to_owned());
            }
        }
    }
    Ok(all)
}

/// A code without the zeros of the levels below it.
fn short(code: &str) -> &str {
    let mut code = code;
    for zeros in ["000", "000", "00", "00"] {
        let length = code.len();
        let expected = match zeros.len() {
            3 => [12, 9].contains(&length),
            _ => [6, 4].contains(&length),
        };
        if expected && code.ends_with(zeros) {
            code = &code[..length - zeros.len()];
        }
    }
    code
}

/// One line each: a blank for every level above, the digits its own level adds, the name.
fn written(places: &BTreeMap<String, String>) -> Result<String> {
    let mut text = String::new();
    for (code, name) in places {
        let mut left = code.len();
        let level = DIGITS
            .iter()
            .position(|digits| {
                left -= digits;
                left == 0
            })
            .with_context(|| format!("{code} {name}: no level"))?;
        if name.is_empty()
            || name.contains(char::is_whitespace)
            || name.starts_with(|c: char| c.is_ascii_digit())
        {
            bail!("{code} {name}: a name that cannot be kept");
        }
        text.push_str(&" ".repeat(level));
        text.push_str(&code[code.len() - DIGITS[level]..]);
        text.push_str(name);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_cut_to_their_level_and_written_below_what_is_above() {
        for (code, cut) in [("37", "37"), ("3715", "3715"), ("441900", "4419"), ("371502001", "371502001")] {
            assert_eq!(short(code), cut);
        }
        let places =
            [("37", "山东省"), ("3715", "聊城市"), ("371502", "东昌府区"), ("371502001", "古楼街道")];
        let places = places.map(|(code, name)| (code.to_owned(), name.to_owned())).into();
        assert_eq!(written(&places).unwrap(), "37山东省\n 15聊城市\n  02东昌府区\n   001古楼街道\n");
    }
}
