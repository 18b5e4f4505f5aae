//! `rollcall sso add`.

use crate::{
    cli::{
        CliError, Global,
        context::{CliContext, team_text},
        input, out,
    },
    network::Network,
    outbound::Outbound,
};
use clap::{Args, builder::PossibleValuesParser};
use domain::sso::{METADATA_MAX, MethodForm, Protocol, SsoProvider, enabled};
use secrecy::{ExposeSecret as _, SecretString};
use std::path::{Path, PathBuf};

/// The longest certificate file, in bytes.
const CERTIFICATE_MAX: usize = 64 * 1024;

/// Add an SSO method.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall sso add --team acme --name Okta --provider okta --protocol oidc --issuer https://acme.okta.com \\
      --client-id 0oa1b2c3 --client-secret-stdin --enabled < secret.txt
  rollcall sso add --team acme --name 'AD FS' --provider adfs --metadata metadata.xml --enabled
  rollcall sso add --team acme --name Okta --provider okta \\
      --metadata https://acme.okta.com/app/x/sso/saml/metadata
  rollcall sso add --team acme --name Duo --provider duo --entity-id https://duo.example/id \\
      --sign-in-url https://duo.example/sso --certificate duo.pem")]
pub(in crate::cli) struct Add {
    /// The team's slug
    #[arg(long, value_name = "SLUG", env = "ROLLCALL_TEAM")]
    team: String,
    /// Method name, unique in the team
    #[arg(long, env = "ROLLCALL_NAME")]
    name: String,
    /// Identity provider
    #[arg(
        long,
        env = "ROLLCALL_PROVIDER",
        value_parser = PossibleValuesParser::new(SsoProvider::ALL.map(SsoProvider::name))
    )]
    provider: String,
    /// SAML 2.0 or OpenID Connect [default: inferred from the other flags, or the provider's usual protocol]
    #[arg(
        long,
        env = "ROLLCALL_PROTOCOL",
        value_parser = PossibleValuesParser::new([Protocol::Saml.name(), Protocol::Oidc.name()])
    )]
    protocol: Option<String>,
    /// OpenID Connect issuer
    #[arg(long, value_name = "URL", env = "ROLLCALL_ISSUER", help_heading = "OpenID Connect")]
    issuer: Option<String>,
    /// OpenID Connect client ID
    #[arg(long, value_name = "ID", env = "ROLLCALL_CLIENT_ID", help_heading = "OpenID Connect")]
    client_id: Option<String>,
    /// Client secret; prefer ROLLCALL_CLIENT_SECRET or stdin, because flags are visible in the process list
    #[arg(
        long,
        value_name = "SECRET",
        env = "ROLLCALL_CLIENT_SECRET",
        hide_env_values = true,
        help_heading = "OpenID Connect"
    )]
    client_secret: Option<SecretString>,
    /// Read the client secret from the first line of stdin
    #[arg(
        long,
        env = "ROLLCALL_CLIENT_SECRET_STDIN",
        hide_env_values = true,
        conflicts_with = "client_secret",
        help_heading = "OpenID Connect"
    )]
    client_secret_stdin: bool,
    /// Identity provider metadata: a file, an https:// URL, or - for stdin
    #[arg(
        long,
        value_name = "FILE-or-URL",
        env = "ROLLCALL_METADATA",
        conflicts_with_all = ["entity_id", "sign_in_url", "certificate"],
        help_heading = "SAML 2.0"
    )]
    metadata: Option<String>,
    /// Identity provider entity ID
    #[arg(long, value_name = "ID", env = "ROLLCALL_ENTITY_ID", help_heading = "SAML 2.0")]
    entity_id: Option<String>,
    /// Sign-in URL
    #[arg(long, value_name = "URL", env = "ROLLCALL_SIGN_IN_URL", help_heading = "SAML 2.0")]
    sign_in_url: Option<String>,
    /// PEM file with the identity provider's signing certificate
    #[arg(long, value_name = "FILE", env = "ROLLCALL_CERTIFICATE", help_heading = "SAML 2.0")]
    certificate: Option<PathBuf>,
    /// Private network that metadata may be fetched from, such as 10.0.0.0/8 (repeatable)
    #[arg(
        long,
        value_name = "CIDR",
        env = "ROLLCALL_ALLOW_PRIVATE_NETWORK",
        value_delimiter = ',',
        help_heading = "SAML 2.0"
    )]
    allow_private_network: Vec<Network>,
    /// Enable it immediately, even if another method is enabled
    #[arg(long, env = "ROLLCALL_ENABLED", conflicts_with = "later")]
    enabled: bool,
    /// Add only the name and provider; an admin completes the configuration in the dashboard
    #[arg(long, env = "ROLLCALL_LATER")]
    later: bool,
}

pub(super) async fn run(add: Add, global: &Global) -> Result<(), CliError> {
    let protocol = add.protocol()?;
    let (team, name, enable) = (add.team.clone(), add.name.clone(), add.enabled);
    let context = CliContext::open(global).await?;
    let form = add.form(protocol).await?;
    let added = context.service().sso_add(&team, form, enable).await;
    added.map_err(|failure| CliError::from_failure(&failure, &team_text(&team)))?;
    let word = if enable { "added and enabled" } else { "added" };
    out::note(format_args!("SSO method “{}” of {} is {word}", name.trim(), team_text(&team)));
    if enable {
        warn_of_many(&context, &team).await?;
    }
    Ok(())
}

/// Warns about a second enabled method. It is allowed, but the page would ask for a confirmation.
async fn warn_of_many(context: &CliContext, team: &str) -> Result<(), CliError> {
    let team = context.team(team).await?;
    let methods = context.store.authentication_data(&team.id, context.clock.now()).await?.methods;
    let count = enabled(&methods).len();
    if count > 1 {
        let so = if team.scim_on { "no keys can be generated" } else { "SCIM provisioning can't be turned on" };
        out::note(format_args!("note: {count} SSO methods are enabled; {so} until only one is"));
    }
    Ok(())
}

impl Add {
    /// The protocol of `--protocol`, or the one that the other flags belong to. Flags of both protocols are an error. `None`: the
    /// provider's usual protocol.
    fn protocol(&self) -> Result<Option<Protocol>, CliError> {
        let first_flag =
            |flags: &[(&'static str, bool)]| flags.iter().find(|(_, is_given)| *is_given).map(|(name, _)| *name);
        let saml = first_flag(&[
            ("--metadata", self.metadata.is_some()),
            ("--entity-id", self.entity_id.is_some()),
            ("--sign-in-url", self.sign_in_url.is_some()),
            ("--certificate", self.certificate.is_some()),
        ]);
        let oidc = first_flag(&[
            ("--issuer", self.issuer.is_some()),
            ("--client-id", self.client_id.is_some()),
            ("--client-secret-stdin", self.client_secret_stdin),
        ]);
        let protocol_flag = self.protocol.as_deref().and_then(Protocol::from_name);
        match (protocol_flag, saml, oidc) {
            (Some(Protocol::Oidc), Some(flag), _) | (None, Some(flag), Some(_)) => {
                Err(CliError::new(format!("{flag} only works with --protocol saml")))
            }
            (Some(Protocol::Saml), _, Some(flag)) => {
                Err(CliError::new(format!("{flag} only works with --protocol oidc")))
            }
            (None, Some(_), None) => Ok(Some(Protocol::Saml)),
            (None, None, Some(_)) => Ok(Some(Protocol::Oidc)),
            (protocol_flag, ..) => Ok(protocol_flag),
        }
    }

    /// The same form as the page's.
    async fn form(self, protocol: Option<Protocol>) -> Result<MethodForm, CliError> {
        let client_secret = match self.client_secret_stdin {
            true => Some(input::secret_from_stdin("the client secret on stdin")?),
            false => self.client_secret,
        };
        let certificate = match &self.certificate {
            Some(file) => input::file(file, CERTIFICATE_MAX)?,
            None => String::new(),
        };
        let metadata = match &self.metadata {
            Some(place) => metadata(place, &self.allow_private_network).await?,
            None => String::new(),
        };
        Ok(MethodForm {
            provider: self.provider,
            protocol: protocol.map(Protocol::name).unwrap_or_default().to_owned(),
            name: self.name,
            entity_id: self.entity_id.unwrap_or_default(),
            sign_in_url: self.sign_in_url.unwrap_or_default(),
            certificate,
            metadata,
            issuer: self.issuer.unwrap_or_default(),
            client_id: self.client_id.unwrap_or_default(),
            client_secret: client_secret.map(|secret| secret.expose_secret().to_owned()).unwrap_or_default(),
            later: self.later,
        })
    }
}

async fn metadata(place: &str, networks: &[Network]) -> Result<String, CliError> {
    if !place.contains("://") {
        return input::file(Path::new(place), METADATA_MAX);
    }
    let fetched = Outbound::new(networks).text(place).await;
    fetched.map_err(|error| CliError::new(format!("couldn't fetch the metadata at {place}: {error}")))
}
