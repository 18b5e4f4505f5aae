//! `rollcall sso match`: the rule for the first sign-in of a person.

use super::{find, methods};
use crate::{
    cli::{
        CliError, Global,
        context::{CliContext, team_text},
        out,
    },
    service::LinkRuleEdit,
};
use clap::Args;
use domain::sso::LinkAttribute;

/// What is not given stays.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  rollcall sso match --team acme Okta --claim email --attribute email\n\nExisting links stay, unless --identifier needs --remove-links. Without --claim, OpenID Connect compares preferred_username (for email: email, for externalId: sub), and SAML the NameID."
)]
pub(in crate::cli) struct Match {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// The method's name or ID
    method: String,
    /// Claim or SAML attribute to compare, by its full name (empty = the default)
    #[arg(long, value_name = "NAME", env = "ROLLCALL_CLAIM")]
    claim: Option<String>,
    /// Member attribute to compare it with
    #[arg(long, value_name = "ATTRIBUTE", env = "ROLLCALL_ATTRIBUTE", value_parser = LinkAttribute::ALL.map(LinkAttribute::label))]
    attribute: Option<String>,
    /// Whether an email counts without email_verified
    #[arg(long, value_name = "YES-NO", env = "ROLLCALL_TRUST_EMAIL", value_parser = ["yes", "no"])]
    trust_email: Option<String>,
    /// Whether people without a match are added to the team
    #[arg(long, value_name = "YES-NO", env = "ROLLCALL_ADD_PEOPLE", value_parser = ["yes", "no"])]
    add_people: Option<String>,
    /// Claim or SAML attribute that identifies a person (empty = sub or the NameID)
    #[arg(long, value_name = "NAME", env = "ROLLCALL_IDENTIFIER")]
    identifier: Option<String>,
    /// With another --identifier: remove the links that it breaks, so that people are matched again
    #[arg(long, env = "ROLLCALL_REMOVE_LINKS")]
    remove_links: bool,
}

pub(super) async fn run(rule: Match, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let method = find(methods(&context, &rule.team).await?, &rule.method, &rule.team)?;
    let yes = |text: Option<String>| text.map(|text| text == "yes");
    let by_label = |label: &str| LinkAttribute::ALL.into_iter().find(|attribute| attribute.label() == label);
    let edit = LinkRuleEdit {
        claim: rule.claim,
        attribute: rule.attribute.as_deref().and_then(by_label),
        trusts_email: yes(rule.trust_email),
        creates_members: yes(rule.add_people),
        subject_attribute: rule.identifier,
        removes_links: rule.remove_links,
    };
    let changed = context.service().sso_set_link_rule(&rule.team, &method.id, edit).await;
    changed.map_err(|failure| CliError::from_failure(&failure, &team_text(&rule.team)))?;
    out::note(format_args!("the rule of SSO method “{}” of {} is set", method.name, team_text(&rule.team)));
    Ok(())
}
