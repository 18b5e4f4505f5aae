//! `rollcall sso show`: the values that the identity provider has to know.

use super::{find, methods};
use crate::{
    cli::{CliError, Global, context::CliContext, out},
    config,
    sso::{oidc_sign_in::OidcSignIn, saml_sign_in::SamlAddresses},
};
use clap::Args;
use domain::sso::Protocol;

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  rollcall sso show --team acme Okta --public-url https://rollcall.example.com")]
pub(in crate::cli) struct Show {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// The method's name or ID
    method: String,
    /// URL that browsers use, as given to rollcall serve
    #[arg(long, value_name = "URL", env = "ROLLCALL_PUBLIC_URL", value_parser = config::public_url)]
    public_url: String,
}

pub(super) async fn run(show: Show, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open(global).await?;
    let method = find(methods(&context, &show.team).await?, &show.method, &show.team)?;
    let id = method.id.as_str();
    let start = [&show.public_url, "/sso/", id, "/start"].concat();
    let rows = match method.protocol {
        Protocol::Oidc => {
            let logout = [&show.public_url, "/sso/", id, "/oidc/back-channel-logout"].concat();
            vec![
                ("Redirect URI", OidcSignIn::redirect_uri(&show.public_url, id)),
                ("Start URL", start),
                ("Back-channel logout URI", logout),
            ]
        }
        Protocol::Saml => {
            let SamlAddresses { entity_id, acs } = SamlAddresses::new(&show.public_url, id);
            // The metadata is at the address that is the entity ID.
            vec![("Entity ID", entity_id.clone()), ("ACS URL", acs), ("Metadata URL", entity_id), ("Start URL", start)]
        }
    };
    let rows: Vec<[String; 2]> = rows.into_iter().map(|(name, value)| [name.to_owned(), value]).collect();
    out::line(out::table(&rows))
}
