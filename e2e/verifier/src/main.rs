//! `huifa-verifier export DIR [KEY…]` and `huifa-verifier receipt FILE [KEY…]`: 0 when it holds, 1 when it does not,
//! 2 when it was called wrongly.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, path, keys @ ..] = &arguments[..] else { return usage() };
    let path = Path::new(path);
    let found = match what.as_str() {
        "export" => verifier::export(path, keys),
        "receipt" => verifier::receipt(path, keys),
        _ => return usage(),
    };
    match found {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in faults {
                println!("WRONG: {fault}");
            }
            ExitCode::from(1)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("huifa-verifier export DIR [KEY…] | receipt FILE [KEY…]");
    ExitCode::from(2)
}
