//! Wiring: the command line, the settings, the parts put together, the loops that drive the steps.

mod tables;
mod cli;
mod cli_keys;
mod database_file;
mod driver;
mod files;
mod logging;
mod key;
mod open;
mod output;
mod process;
mod put_back;
mod commands;

use std::process::ExitCode;
use std::{io, thread};

use clap::Parser;

/// Of every thread on which texts are read, checked and rendered.
const STACK: usize = 4 << 20;

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
    // What `round check` reads must be read by the daemon too: every command runs on a stack of the daemon's size.
    let ran = thread::Builder::new().stack_size(STACK).spawn(move || on_threads(args)).map(thread::JoinHandle::join);
    match ran {
        Ok(Ok(code)) => code,
        // The panic has been told on standard error.
        Ok(Err(_)) => ExitCode::from(101),
        Err(e) => no_threads(&e),
    }
}

fn no_threads(why: &io::Error) -> ExitCode {
    eprintln!("The operating system gave no threads to run on: {why}.");
    ExitCode::from(1)
}

fn on_threads(args: cli::Args) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return no_threads(&e),
    };
    let code = match runtime.block_on(commands::run(args)) {
        Ok(code) => code,
        Err(problem) => output::tell(&problem),
    };
    // A blocked read of standard input or of a name server must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    code
}
