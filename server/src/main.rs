//! The `rollcall` program: see `rollcall --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
