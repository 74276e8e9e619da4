//! Wiring: the command line, the settings, the parts put together, the loops that drive the steps.

mod cli;
mod driver;
mod files;
mod logging;
mod key;
mod open;
mod output;
mod process;
mod commands;

use std::process::ExitCode;

use clap::Parser;

/// Runs the program with the arguments and the environment of the process. Exit status: 0 done, 1 findings or a refused request,
/// 2 unusable arguments or files.
pub fn run() -> ExitCode {
    let args = match cli::Args::try_parse() {
        Ok(args) => args,
        Err(e) => {
            // Help and version are no errors for the one who asked for them.
            let code = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    process::prepare();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("The operating system gave no threads to run on: {e}.");
            return ExitCode::from(1);
        }
    };
    let code = match runtime.block_on(commands::run(args)) {
        Ok(code) => code,
        Err(problem) => output::tell(&problem),
    };
    // A blocked read of standard input or of a name server must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    code
}
