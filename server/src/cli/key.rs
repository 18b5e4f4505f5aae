//! `rollcall key`: SCIM API keys.

use super::{CliError, Global, out};
use crate::cli::context::{CliContext, team_text};
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use domain::{
    Error, UnixMs,
    format::date,
    key::{Expiry, KeyId, KeyStatus, ScimKey},
};

/// Manage a team's SCIM API keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Generate a key and print it once, by itself, on stdout
    Generate(Generate),
    /// List active keys and keys that ended in the last 90 days
    #[command(after_help = "Example:\n  rollcall key list --team acme")]
    List(KeyList),
    /// Revoke a key immediately
    #[command(
        after_help = "Example:\n  rollcall key revoke --team acme 4fJ0cPq81xZ2\n\nFind the ID with rollcall key list."
    )]
    Revoke(Revoke),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  rollcall key generate --team acme --name ci > key.txt\n\nThe same rules apply as in the dashboard."
)]
pub(super) struct Generate {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// Key name, unique among the team's active keys
    #[arg(long, env = "ROLLCALL_NAME")]
    name: String,
    /// Days until the key expires
    #[arg(
        long,
        value_name = "DAYS",
        env = "ROLLCALL_EXPIRES",
        default_value = "365",
        value_parser = PossibleValuesParser::new(Expiry::ALL.map(Expiry::name))
    )]
    expires: String,
}

#[derive(Args, Debug)]
pub(super) struct KeyList {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
}

#[derive(Args, Debug)]
pub(super) struct Revoke {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// Key ID
    id: String,
}

pub(super) async fn run(key: KeyCommand, global: &Global) -> Result<(), CliError> {
    match key {
        KeyCommand::Generate(generate) => generate_key(generate, global).await,
        KeyCommand::List(list) => list_keys(list, global).await,
        KeyCommand::Revoke(revoke) => revoke_key(revoke, global).await,
    }
}

async fn generate_key(generate: Generate, global: &Global) -> Result<(), CliError> {
    let expiry = Expiry::parse(&generate.expires).map_err(|problem| CliError::new(format!("--expires: {problem}")))?;
    let context = CliContext::open(global).await?;
    let new_key = context.service().key_generate(&generate.team, &generate.name, expiry).await;
    let new_key = new_key.map_err(|failure| CliError::from_failure(&failure, &team_text(&generate.team)))?;
    let ScimKey { id, name, expires_at, .. } = &new_key.record;
    let expires = expires_at.map_or("never".to_owned(), |at| format!("on {}", date::date(at)));
    out::note(format_args!("key “{name}” ({id}) of {} expires {expires}; shown once:", team_text(&generate.team)));
    let printed = out::line(new_key.key.expose());
    printed.map_err(|refusal| CliError::new(format!("{refusal}; the key {id} was created anyway, so revoke it")))
}

async fn list_keys(list: KeyList, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let team = context.team(&list.team).await?;
    let now = context.clock.now();
    let keys = context.store.authentication_data(&team.id, now).await?.keys;
    if keys.is_empty() {
        out::note(format_args!("{} has no keys", team_text(&team.slug)));
        return Ok(());
    }
    let head = ["ID", "NAME", "KEY", "STATUS", "CREATED", "CREATED BY", "LAST USED", "EXPIRES"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head).chain(keys.into_iter().map(|key| row(key, now))).collect();
    out::line(out::table(&rows))
}

fn row(key: ScimKey, now: UnixMs) -> [String; 8] {
    let status = match key.status(now) {
        KeyStatus::Active => "active".to_owned(),
        KeyStatus::Expiring { .. } => "expires soon".to_owned(),
        KeyStatus::HandingOver { .. } => "handing over".to_owned(),
        KeyStatus::Expired { .. } => "expired".to_owned(),
        KeyStatus::Revoked { at } => format!("revoked {}", date::iso(at)),
    };
    let hint = key.hint();
    let at = |at: Option<UnixMs>| at.map_or("never".to_owned(), date::iso);
    let by = key.created_by.unwrap_or_else(|| "operator".to_owned());
    let (used, expires) = (at(key.last_used_at), at(key.expires_at));
    [key.id.to_string(), key.name, hint, status, date::iso(key.created_at), by, used, expires]
}

async fn revoke_key(revoke: Revoke, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let team = context.team(&revoke.team).await?;
    let result = context.service().key_revoke(&team.slug, &KeyId::new(&revoke.id), "").await;
    let thing = format!("key “{}” in {}", revoke.id, team_text(&team.slug));
    result.map_err(|failure| match failure {
        Error::NotFound => CliError::new(format!("{thing} not found (list them with rollcall key list)")),
        failure => CliError::from_failure(&failure, &thing),
    })?;
    out::note(format_args!("key {} of {} revoked", revoke.id, team_text(&team.slug)));
    Ok(())
}
