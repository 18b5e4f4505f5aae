//! The operator's command line. Scripts depend on it: the commands, the flags, the results on stdout and the exit statuses are
//! stable. No command prompts.
//!
//! Exit status: 0 success; 1 failure, with one line on stderr about the reason; 2 invalid command line.

mod context;
mod demo;
mod error;
mod input;
mod key;
mod out;
mod progress;
mod scim;
mod self_test;
mod serve;
mod signals;
mod sso;
mod team;

use self::error::CliError;
use crate::telemetry::{self, LogFormat};
use clap::{Args, Parser, Subcommand, error::ErrorKind};
use std::{path::PathBuf, process::ExitCode};

/// The whole command line. It is not `Debug`, because a database URL may contain a password.
#[derive(Parser)]
#[command(
    name = "rollcall",
    version,
    about = "SCIM provisioning for teams: a settings page for admins, a SCIM 2.0 API for identity providers.",
    after_help = EXAMPLES,
    propagate_version = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  rollcall demo                      fill an empty database with demo teams
  rollcall serve                     serve it on http://localhost:3000
  rollcall team create --name Acme --slug acme --plan enterprise \\
      --owner-email ada@acme.test --owner-name 'Ada Lovelace'
  rollcall key generate --team acme --name ci > key.txt

Every flag can also be set in the environment: --database-url as ROLLCALL_DATABASE_URL, and so on.
The server secret can be set as ROLLCALL_SECRET (64 hexadecimal digits) instead of in a file.
ROLLCALL_LOG sets what is logged on stderr, such as debug or server=debug.";

/// The options of every command.
#[derive(Args)]
struct Global {
    /// Database URL: sqlite://FILE or postgres://USER@HOST/NAME
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "ROLLCALL_DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://rollcall.db",
        help_heading = "Options of every command"
    )]
    database_url: String,
    /// File with the server secret, created on first start [default: rollcall.secret beside the SQLite file, in the
    /// working directory for PostgreSQL]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ROLLCALL_SECRET_FILE",
        help_heading = "Options of every command"
    )]
    secret_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the SCIM API
    Serve(serve::Serve),
    /// Bring the database's schema up to date
    Migrate,
    /// Create, change, and delete teams
    #[command(subcommand)]
    Team(team::TeamCommand),
    /// Manage a team's SSO methods
    #[command(subcommand)]
    Sso(sso::Sso),
    /// Turn a team's SCIM provisioning on or off
    #[command(subcommand)]
    Scim(scim::Scim),
    /// Manage a team's SCIM API keys
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Send the same requests as Okta and Entra ID to a team's public URL and report the results
    SelfTest(self_test::Run),
    /// Fill an empty database with demo teams and print their sign-ins
    Demo(demo::Demo),
}

/// Parses the command line, runs the command, and reports its result.
pub fn main() -> ExitCode {
    let _flush = telemetry::FlushOnDrop;
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return report_invalid_command_line(&error),
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            // The last line states the reason.
            telemetry::flush();
            out::note(format_args!("rollcall: {refusal}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), CliError> {
    let mut runtime = match cli.command {
        Command::Serve(_) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build();
    let runtime = runtime.map_err(|error| CliError::new(format!("can't create threads: {error}")))?;
    runtime.block_on(async {
        let global = &cli.global;
        if !matches!(cli.command, Command::Serve(_)) {
            std::panic::set_hook(Box::new(note_panic));
            telemetry::init(LogFormat::Text, "off").map_err(CliError::new)?;
        }
        match cli.command {
            Command::Serve(serve) => serve::run(serve, global).await,
            Command::Migrate => context::migrate(global).await,
            Command::Team(team) => team::run(team, global).await,
            Command::Sso(sso) => sso::run(sso, global).await,
            Command::Scim(scim) => scim::run(scim, global).await,
            Command::Key(key) => key::run(key, global).await,
            Command::SelfTest(run) => self_test::run(run, global).await,
            Command::Demo(demo) => demo::run(demo, global).await,
        }
    })
}

/// Reports a panic as one line too.
fn note_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let reason = CliError::new(panic.payload_as_str().unwrap_or_default());
    out::note(format_args!("rollcall: internal error at {place}: {reason}"));
}

/// Prints help and version to stdout. An invalid command line becomes one line on stderr.
fn report_invalid_command_line(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    let text = error.render().to_string();
    let lines = text.lines().take_while(|line| !line.starts_with("Usage:"));
    let text = CliError::new(lines.collect::<Vec<_>>().join(" ")).to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let text = text.strip_suffix("For more information, try '--help'.").unwrap_or(text).trim_end();
    out::note(format_args!("rollcall: {text} (see --help)"));
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_of_the_command_line_is_valid() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_environment_variable() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments() {
                let Some(long) = arg.get_long().filter(|long| !matches!(*long, "help" | "version")) else { continue };
                let expected = format!("ROLLCALL_{}", long.to_uppercase().replace('-', "_"));
                let env = arg.get_env().and_then(|env| env.to_str());
                assert_eq!(env, Some(expected.as_str()), "{} --{long}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn secrets_are_not_shown_in_help() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                if id.contains("secret") && id != "secret_file" || id == "database_url" {
                    assert!(arg.is_hide_env_values_set(), "{id}");
                }
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
