//! The `rollcall` program: see `rollcall --help`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A page is thousands of small texts: with the system's allocator a quarter of the time goes into making room for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
