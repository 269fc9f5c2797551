//! `cargo xtask demo`: assets, the server, the city.

use crate::{DemoArgs, assets, laws, tools};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

/// Builds what is out of date and becomes `huifa demo`: a signal sent to us reaches the server itself.
///
/// `HUIFA_PROFILE=dev` serves the development build (tests do; the city is slower, the build quicker).
pub fn run(args: &DemoArgs) -> Result<ExitCode> {
    assets::build()?;
    let profile = std::env::var("HUIFA_PROFILE").unwrap_or_else(|_| "release".to_owned());
    tools::run(tools::cargo().args(["build", "--quiet", "--package", "huifa", "--profile", &profile]))?;

    let data = if args.data.is_absolute() { args.data.clone() } else { tools::root().join(&args.data) };
    laws::import(&tools::built(&profile, "huifa"), &data, args.database.as_deref())?;
    let mut serve = Command::new(tools::built(&profile, "huifa"));
    serve.arg("demo").arg("--data").arg(&data).arg("--listen").arg(&args.listen).current_dir(tools::root());
    if std::env::var_os("HUIFA_FONTS").is_none() {
        serve.env("HUIFA_FONTS", assets::font_folder());
    }
    if let Some(url) = &args.database {
        serve.arg("--database").arg(url);
    }
    if let Some(scale) = args.scale {
        serve.arg("--scale").arg(scale.to_string());
    }
    if let Some(history) = args.history {
        serve.arg("--history").arg(history.to_string());
    }
    let error = serve.exec();
    Err(error).with_context(|| format!("cannot start {}", serve.get_program().to_string_lossy()))
}
