//! `rollcall sso`: SSO methods.

mod add;
mod link_rule;
mod show;

use self::add::Add;
use super::{CliError, Global, out};
use crate::cli::context::{CliContext, team_text};
use clap::{Args, Subcommand};
use domain::Error;
use domain::{sso::SsoMethod, validation::text::fold};

/// Manage a team's SSO methods.
#[derive(Debug, Subcommand)]
pub(super) enum Sso {
    /// Add an SSO method
    Add(Box<Add>),
    /// List the team's SSO methods
    #[command(after_help = "Example:\n  rollcall sso list --team acme")]
    List(SsoList),
    /// Enable an SSO method
    #[command(after_help = "Example:\n  rollcall sso enable --team acme Okta")]
    Enable(Enable),
    /// Disable an SSO method
    #[command(after_help = "Example:\n  rollcall sso disable --team acme Okta")]
    Disable(Disable),
    /// Set how people are matched with members at their first sign-in
    Match(link_rule::Match),
    /// Show the values to enter at the identity provider
    Show(show::Show),
}

#[derive(Args, Debug)]
pub(super) struct SsoList {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
}

#[derive(Args, Debug)]
pub(super) struct Enable {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// The method's name or ID
    method: String,
    /// Enable even if SCIM provisioning is on and another method is enabled; no keys can be generated until one is left
    #[arg(long, env = "ROLLCALL_YES")]
    yes: bool,
}

#[derive(Args, Debug)]
pub(super) struct Disable {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// The method's name or ID
    method: String,
}

pub(super) async fn run(sso: Sso, global: &Global) -> Result<(), CliError> {
    match sso {
        Sso::Add(add) => add::run(*add, global).await,
        Sso::List(list) => list_methods(list, global).await,
        Sso::Enable(Enable { team, method, yes }) => set_enabled(&team, &method, true, yes, global).await,
        Sso::Match(rule) => link_rule::run(rule, global).await,
        Sso::Show(show) => show::run(show, global).await,
        Sso::Disable(Disable { team, method }) => set_enabled(&team, &method, false, false, global).await,
    }
}

async fn list_methods(list: SsoList, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let methods = methods(&context, &list.team).await?;
    if methods.is_empty() {
        out::note(format_args!("{} has no SSO methods", team_text(&list.team)));
        return Ok(());
    }
    let head = ["ID", "NAME", "PROVIDER", "PROTOCOL", "STATUS"].map(str::to_owned);
    let rows = methods.into_iter().map(|method| {
        let status = match (&method.settings, method.enabled) {
            (None, _) => "not configured",
            (Some(_), true) => "enabled",
            (Some(_), false) => "disabled",
        };
        let provider = method.provider.label().to_owned();
        [method.id.to_string(), method.name, provider, method.protocol.label().to_owned(), status.to_owned()]
    });
    out::line(out::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>()))
}

async fn set_enabled(team: &str, id_or_name: &str, enabled: bool, yes: bool, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let methods = methods(&context, team).await?;
    let thing = format!("SSO method “{id_or_name}” in {}", team_text(team));
    let method = find(methods, id_or_name, team)?;
    let result = context.service().sso_set_enabled(team, &method.id, enabled, yes).await;
    result.map_err(|failure| match failure {
        Error::ConfirmSecondMethod(_) => CliError::new(
            "SCIM provisioning is on and needs exactly one enabled SSO method; pass --yes to enable a second",
        ),
        other => CliError::from_failure(&other, &thing),
    })?;
    let word = if enabled { "enabled" } else { "disabled" };
    out::note(format_args!("SSO method “{}” of {} is {word}", method.name, team_text(team)));
    Ok(())
}

/// The method with this id or name.
fn find(methods: Vec<SsoMethod>, id_or_name: &str, team: &str) -> Result<SsoMethod, CliError> {
    let is_match = |method: &SsoMethod| method.id.as_str() == id_or_name || fold(&method.name) == fold(id_or_name);
    let not_found = || CliError::new(format!("SSO method “{id_or_name}” in {} not found", team_text(team)));
    methods.into_iter().find(is_match).ok_or_else(not_found)
}

async fn methods(context: &CliContext, team: &str) -> Result<Vec<SsoMethod>, CliError> {
    let team = context.team(team).await?;
    Ok(context.store.authentication_data(&team.id, context.clock.now()).await?.methods)
}
