//! `rollcall scim`: the SCIM provisioning switch.

use super::{CliError, Global, out};
use crate::cli::context::{CliContext, team_text};
use clap::{Args, Subcommand};

/// Turn a team's SCIM provisioning on or off.
#[derive(Debug, Subcommand)]
pub(super) enum Scim {
    /// Turn SCIM provisioning on; needs the Enterprise plan and exactly one enabled SSO method
    #[command(after_help = "Example:\n  rollcall scim on --team acme\n\nIf it's already on, nothing changes.")]
    On(Which),
    /// Turn SCIM provisioning off: identity providers are refused immediately; members, groups, and keys are kept
    #[command(after_help = "Example:\n  rollcall scim off --team acme\n\nIf it's already off, nothing changes.")]
    Off(Which),
}

#[derive(Args, Debug)]
pub(super) struct Which {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
}

pub(super) async fn run(scim: Scim, global: &Global) -> Result<(), CliError> {
    let (Scim::On(Which { team }) | Scim::Off(Which { team })) = &scim;
    let context = CliContext::open(global).await?;
    let (result, word) = match &scim {
        Scim::On(_) => (context.service().scim_turn_on(team).await, "on"),
        Scim::Off(_) => (context.service().scim_turn_off(team, "").await, "off"),
    };
    result.map_err(|failure| CliError::from_failure(&failure, &team_text(team)))?;
    out::note(format_args!("SCIM provisioning is {word} for {}", team_text(team)));
    Ok(())
}
