//! `rollcall team`: creates and deletes teams, and sets their plan.

use super::{CliError, Global, input, out};
use crate::cli::context::{CliContext, team_text};
use crate::{password_hashing::password, secrets::random, service::NewPerson};
use clap::{Args, Subcommand};
use domain::{
    Conflict, Error,
    plan::Plan,
    role::Role,
    validation::{field_error::FieldError, text},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::{Duration, Instant};

/// The interval of progress messages.
const PROGRESS_EVERY: Duration = Duration::from_secs(2);

/// Create, change, and delete teams.
#[derive(Debug, Subcommand)]
pub(super) enum TeamCommand {
    /// Create a team and its first Super Admin
    Create(Create),
    /// Set a team's plan
    SetPlan(SetPlan),
    /// Permanently delete a team and everything in it
    Delete(Delete),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall team create --name Acme --slug acme --plan enterprise \\
      --owner-email ada@acme.test --owner-name 'Ada Lovelace'
  printf '%s' \"$PASSWORD\" | rollcall team create ... --owner-password-stdin

Without --owner-password-stdin, a password is generated and printed once, by itself, on stdout.")]
pub(super) struct Create {
    /// The team's name
    #[arg(long, env = "ROLLCALL_NAME")]
    name: String,
    /// Team slug, used in its URLs: a-z, 0-9, and hyphens
    #[arg(long, env = "ROLLCALL_SLUG", value_parser = domain::validation::text::slug)]
    slug: String,
    /// Plan: free, basic, professional, or enterprise
    #[arg(long, env = "ROLLCALL_PLAN", default_value = "free")]
    plan: Plan,
    /// Email that the first Super Admin signs in with
    #[arg(long, value_name = "EMAIL", env = "ROLLCALL_OWNER_EMAIL")]
    owner_email: String,
    /// The first Super Admin's name
    #[arg(long, value_name = "NAME", env = "ROLLCALL_OWNER_NAME")]
    owner_name: String,
    /// Read the first Super Admin's password from the first line of stdin
    #[arg(long, env = "ROLLCALL_OWNER_PASSWORD_STDIN")]
    owner_password_stdin: bool,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  rollcall team set-plan acme professional\n\nNothing is deleted when a plan is lowered."
)]
pub(super) struct SetPlan {
    /// The team's slug
    slug: String,
    /// Plan: free, basic, professional, or enterprise
    plan: Plan,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  rollcall team delete acme --confirm acme

The team is closed immediately: its keys and sign-ins no longer work, and its slug is free. Then everything in it is removed in
batches: members, groups, invites, SSO methods, SCIM API keys, and the log. If this command is interrupted, a server removes the
rest. None of it can be restored. Other teams, and the same people's memberships in them, aren't affected.")]
pub(super) struct Delete {
    /// The team's slug
    slug: String,
    /// Repeat the team's slug to confirm. Nothing is deleted without it
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_CONFIRM")]
    confirm: Option<String>,
}

pub(super) async fn run(team: TeamCommand, global: &Global) -> Result<(), CliError> {
    match team {
        TeamCommand::Create(create) => create_team(create, global).await,
        TeamCommand::SetPlan(set) => set_plan(set, global).await,
        TeamCommand::Delete(delete) => delete_team(delete, global).await,
    }
}

async fn create_team(create: Create, global: &Global) -> Result<(), CliError> {
    let flag = |flag: &'static str| move |problem: FieldError| CliError::new(format!("--{flag}: {problem}"));
    text::name(&create.name, "a name").map_err(flag("name"))?;
    text::name(&create.owner_name, "a name").map_err(flag("owner-name"))?;
    text::email(&create.owner_email).map_err(flag("owner-email"))?;
    let password_input = match create.owner_password_stdin {
        true => Some(input::secret_from_stdin("the password on stdin")?),
        false => None,
    };
    if let Some(password_input) = &password_input {
        let checked = domain::validation::password::check(
            password_input.expose_secret(),
            &create.owner_email,
            &create.owner_name,
        );
        checked.map_err(flag("owner-password-stdin"))?;
    }
    let context = CliContext::open_or_create(global).await?;
    let password = password_input.clone().unwrap_or_else(new_password);
    let owner = NewPerson {
        name: &create.owner_name,
        email: &create.owner_email,
        role: Role::SuperAdmin,
        password_hash: Some(hash(password.clone()).await?),
    };
    let created_team = context.service().team_create(&create.slug, &create.name, create.plan, owner).await;
    let team = created_team.map_err(|error| not_created(&error, &create.slug))?;
    out::note(format_args!("{} created on the {} plan", team_text(&team.slug), team.plan));
    if password_input.is_none() {
        out::note(format_args!("password for {} (shown once):", create.owner_email));
        out::line(password.expose_secret())?;
    }
    Ok(())
}

async fn set_plan(set: SetPlan, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let result = context.service().team_set_plan(&set.slug, set.plan).await;
    result.map_err(|failure| CliError::from_failure(&failure, &team_text(&set.slug)))?;
    out::note(format_args!("{} is on the {} plan", team_text(&set.slug), set.plan));
    Ok(())
}

async fn delete_team(delete: Delete, global: &Global) -> Result<(), CliError> {
    let Delete { slug, confirm } = delete;
    if confirm.as_ref() != Some(&slug) {
        let team_name = team_text(&slug);
        return Err(CliError::new(format!("this permanently deletes {team_name}; to proceed, add --confirm {slug}")));
    }
    let context = CliContext::open(global).await?;
    let service = context.service();
    let deleted = service.team_mark_deleted(&slug).await;
    let team = deleted.map_err(|failure| CliError::from_failure(&failure, &team_text(&slug)))?;
    let mut reported_at = Instant::now();
    let progress = |removed| {
        if reported_at.elapsed() >= PROGRESS_EVERY {
            reported_at = Instant::now();
            out::note(format_args!("{} closed; {removed} of {} members removed", team_text(&slug), team.members));
        }
    };
    if let Err(failure) = service.team_remove(&team.id, progress).await {
        let error = CliError::from_failure(&failure, &team_text(&slug));
        let team_name = team_text(&slug);
        return Err(CliError::new(format!(
            "{team_name} deleted, but not all of it is removed: {error}; a server removes the rest"
        )));
    }
    out::note(format_args!("{} deleted, with {} members", team_text(&slug), team.members));
    Ok(())
}

pub(super) async fn hash(password: SecretString) -> Result<String, CliError> {
    password::hash(password).await.map_err(|error| CliError::new(error.to_string()))
}

/// The error of a team or member that was not created.
pub(super) fn not_created(error: &Error, slug: &str) -> CliError {
    match error {
        Error::Conflict(Conflict::SlugTaken) => CliError::new(format!("slug “{slug}” is already taken")),
        other => CliError::from_failure(other, &team_text(slug)),
    }
}

/// A password that can be read aloud and typed: 25 of 32 letters and digits without look-alikes, in groups of five. 125 bits.
fn new_password() -> SecretString {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(29);
    for (index, byte) in random::<25>().into_iter().enumerate() {
        if index > 0 && index % 5 == 0 {
            text.push('-');
        }
        text.extend(SIGNS.get(usize::from(byte % 32)).copied().map(char::from));
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_pass_the_check() {
        let passwords: Vec<_> = (0..100).map(|_| new_password()).collect();
        for password in &passwords {
            let password = password.expose_secret();
            assert_eq!(password.len(), 29, "{password}");
            assert_eq!(domain::validation::password::check(password, "ada@acme.test", "Ada"), Ok(()), "{password}");
        }
        let different: std::collections::HashSet<_> =
            passwords.iter().map(|password| password.expose_secret()).collect();
        assert_eq!(different.len(), 100);
    }
}
