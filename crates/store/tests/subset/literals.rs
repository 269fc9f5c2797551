//! Finds the SQL among the string literals of a Rust source.

/// A literal and the line it begins on.
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// Calls whose first argument is SQL.
const CALLS: &[&str] = &["sql(", ".then(", ".when(", ".list("];
/// Words a whole statement begins with.
const VERBS: &[&str] =
    &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH ", "CREATE TABLE ", "CREATE INDEX "];

/// Literals that follow one of the calls, and those that begin like a statement wherever they stand.
pub fn sql_literals(source: &str) -> Vec<Literal> {
    all(source)
        .into_iter()
        .filter(|(before, literal)| {
            CALLS.iter().any(|call| before.trim_end().ends_with(call))
                || VERBS.iter().any(|verb| literal.text.trim_start().starts_with(verb))
        })
        .map(|(_, literal)| literal)
        .collect()
}

/// Every string literal with the code just before it. Comments are passed over.
fn all(source: &str) -> Vec<(String, Literal)> {
    let chars: Vec<char> = source.chars().collect();
    let mut out = Vec::new();
    let mut line = 1;
    let mut at = 0;
    let mut before = String::new();
    while at < chars.len() {
        let rest = |offset: usize| chars.get(at + offset).copied().unwrap_or(' ');
        match chars[at] {
            '\n' => line += 1,
            '/' if rest(1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
                continue;
            }
            '\'' if rest(2) == '\'' || rest(1) == '\\' => {
                // A character such as '"'.
                at += if rest(1) == '\\' { 3 } else { 2 };
            }
            'r' if (rest(1) == '"' || rest(1) == '#')
                && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') =>
            {
                let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
                if chars.get(at + 1 + hashes) == Some(&'"') {
                    let end: Vec<char> = std::iter::once('"').chain("#".repeat(hashes).chars()).collect();
                    let start = at + 2 + hashes;
                    let mut stop = start;
                    while stop < chars.len() && !chars[stop..].starts_with(&end) {
                        stop += 1;
                    }
                    let text: String = chars[start..stop].iter().collect();
                    out.push((before.clone(), Literal { line, text: text.clone() }));
                    line += text.matches('\n').count();
                    before.clear();
                    at = stop + end.len();
                    continue;
                }
            }
            '"' => {
                let begun = line;
                let mut text = String::new();
                at += 1;
                while at < chars.len() && chars[at] != '"' {
                    if chars[at] == '\\' {
                        at += 1;
                        if chars.get(at) == Some(&'\n') {
                            // A continued line: what follows begins after the indentation.
                            while chars.get(at).is_some_and(|c| c.is_whitespace()) {
                                line += usize::from(chars[at] == '\n');
                                at += 1;
                            }
                            continue;
                        }
                        text.push(if chars.get(at) == Some(&'n') { '\n' } else { chars[at] });
                    } else {
                        line += usize::from(chars[at] == '\n');
                        text.push(chars[at]);
                    }
                    at += 1;
                }
                out.push((before.clone(), Literal { line: begun, text }));
                before.clear();
                at += 1;
                continue;
            }
            _ => {}
        }
        before.push(chars[at]);
        at += 1;
    }
    out
}
