//! `rollcall serve`.

mod background;
mod metrics;
mod shutdown;

use super::{CliError, Global, out, signals};
use crate::cli::context::CliContext;
use crate::{
    assets,
    config::{self, Config},
    connections::{self, ConnectionLimits},
    last_used::LastUsed,
    network::Network,
    request_log::Recorder,
    scim_api::instances::Instance,
    state::{AppState, Parts},
    telemetry::{self, LogFormat},
};
use clap::Args;
use domain::UnixMs;
use std::{
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};
use store::Quotas;
use tokio::net::{TcpListener, TcpSocket};

/// Serve the pages and the SCIM API.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall serve
  rollcall serve --addr 0.0.0.0:3000 --public-url https://rollcall.example.com \\
      --trusted-proxy 10.0.0.2
  rollcall serve --addr 127.0.0.1:0 --admin-addr off     a free port, which is printed

Prints one line, \"listening on http://ADDRESS\", when it is ready. SIGTERM or
SIGINT shuts it down: requests in flight get 10 seconds to finish. A second signal
stops it immediately.")]
pub(super) struct Serve {
    /// Address to listen on; port 0 picks a free port
    #[arg(long, value_name = "IP:PORT", env = "ROLLCALL_ADDR", default_value = "127.0.0.1:3000")]
    addr: SocketAddr,
    /// URL at which browsers and identity providers reach Rollcall [default: http://localhost:PORT]
    #[arg(long, value_name = "URL", env = "ROLLCALL_PUBLIC_URL", value_parser = config::public_url)]
    public_url: Option<String>,
    /// Address for Prometheus /metrics, or "off"
    #[arg(long, value_name = "IP:PORT", env = "ROLLCALL_ADMIN_ADDR", default_value = "127.0.0.1:9090")]
    admin_addr: AdminAddr,
    /// Sustained SCIM requests per minute per key, over all processes on one database (0 = no limit)
    #[arg(long, value_name = "N", env = "ROLLCALL_SCIM_RATE", default_value_t = 1500)]
    scim_rate: u32,
    /// Burst of SCIM requests allowed per key
    #[arg(long, value_name = "N", env = "ROLLCALL_SCIM_BURST", default_value_t = 3000)]
    scim_burst: u32,
    /// Maximum members per team (0 = no limit)
    #[arg(long, value_name = "N", env = "ROLLCALL_MAX_MEMBERS", default_value_t = 250_000)]
    max_members: u32,
    /// Maximum groups per team (0 = no limit)
    #[arg(long, value_name = "N", env = "ROLLCALL_MAX_GROUPS", default_value_t = 25_000)]
    max_groups: u32,
    /// Maximum bytes of member attributes and group memberships stored per team (0 = no limit)
    #[arg(long, value_name = "BYTES", env = "ROLLCALL_MAX_TEAM_BYTES", default_value_t = 2_147_483_648, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    max_team_bytes: u64,
    /// Contact shown to admins who need another plan, such as "Sales, sales@example.com"
    #[arg(long, value_name = "TEXT", env = "ROLLCALL_CONTACT", value_parser = contact)]
    contact: Option<String>,
    /// Folder with the built browser assets [default: site beside the program's folder, else target/site]
    #[arg(long, value_name = "DIR", env = "ROLLCALL_SITE_ROOT")]
    site_root: Option<PathBuf>,
    /// Proxy whose X-Forwarded-For header is trusted (repeatable)
    #[arg(long, value_name = "IP", env = "ROLLCALL_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// Maximum open connections [default: 4096, or what the limit of open files allows]
    #[arg(long, value_name = "N", env = "ROLLCALL_MAX_CONNECTIONS", value_parser = one_or_more)]
    max_connections: Option<usize>,
    /// Maximum connections per client address (per /64 for IPv6); trusted proxies are exempt
    /// [default: a quarter of the maximum, between 32 and 512]
    #[arg(long, value_name = "N", env = "ROLLCALL_MAX_CONNECTIONS_PER_ADDRESS", value_parser = one_or_more)]
    max_connections_per_address: Option<usize>,
    /// Private network that identity providers may be in, such as 10.0.0.0/8 (repeatable)
    #[arg(long, value_name = "CIDR", env = "ROLLCALL_ALLOW_PRIVATE_NETWORK", value_delimiter = ',')]
    allow_private_network: Vec<Network>,
    /// Days to keep activity
    #[arg(long, value_name = "DAYS", env = "ROLLCALL_ACTIVITY_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    activity_days: u32,
    /// Days to keep identity provider requests and their contents (0 = don't record)
    #[arg(long, value_name = "DAYS", env = "ROLLCALL_REQUEST_DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=36_500))]
    request_days: u32,
    /// Log format
    #[arg(long, value_name = "FORMAT", env = "ROLLCALL_LOG_FORMAT", value_enum, default_value_t)]
    log_format: LogFormat,
}

/// An address, or none.
#[derive(Clone, Copy, Debug)]
struct AdminAddr(Option<SocketAddr>);

impl FromStr for AdminAddr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self(None)),
            _ => text.parse().map(|addr| Self(Some(addr))).map_err(|_| "use IP:PORT or off".to_owned()),
        }
    }
}

fn contact(text: &str) -> Result<String, String> {
    domain::validation::text::bounded(text, "a contact", 200).map_err(|problem| problem.to_string())
}

fn one_or_more(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "give a whole number of 1 or more".to_owned())
}

pub(super) async fn run(serve: Serve, global: &Global) -> Result<(), CliError> {
    telemetry::init(serve.log_format, "info,sqlx=warn").map_err(CliError::new)?;
    telemetry::log_panics();
    // First, because the database also opens files.
    let limits = serve.limits(connections::raise_descriptor_limit());
    signals::survive_file_size_limit()?;
    let context = CliContext::open_for_serving(global).await?;
    let (listener, admin) = match listen(&serve).await {
        Ok(bound) => bound,
        Err(refusal) => {
            // In order, so that the next start does not check the whole database.
            context.store.close().await;
            return Err(refusal);
        }
    };
    let addr = listener.local_addr().map_err(|error| CliError::new(error.to_string()))?;
    let state = AppState::new(Parts {
        store: context.store.clone().with_quotas(serve.quotas()),
        secrets: context.secrets.into(),
        config: serve.config(addr),
        assets: assets::read(&program_folder().unwrap_or_default()),
        clock: context.clock,
        last_used: LastUsed::new(),
        recorder: Recorder::new(),
    });
    warn_about(&state.config, &assets::missing(&state.assets, &state.config.site_root));

    if let Some(admin) = admin.as_ref().and_then(|listener| listener.local_addr().ok()) {
        tracing::info!(%admin, "metrics are served");
    }
    if let Err(error) = state.self_tests().clean_up().sweep(None, UnixMs::MAX).await {
        tracing::warn!(%error, "could not look for data of interrupted self-tests");
    }
    let instance = Instance::register(&state).await?;
    let background = background::start(&state, instance, admin);
    let app = crate::router(state.clone());
    let signal = shutdown::Signal::listen()?;
    out::line(format_args!("listening on http://{addr}"))?;
    tracing::info!(%addr, public_url = state.config.public_url, version = env!("CARGO_PKG_VERSION"), "ready");
    let proxies = &state.config.trusted_proxies;
    shutdown::serve(shutdown::Site { listener, app, limits, proxies, live: state.live() }, signal).await;
    state.self_tests().stop().await;
    background.stop().await;
    context.store.close().await;
    Ok(())
}

impl Serve {
    fn quotas(&self) -> Quotas {
        let limit = |limit: i64| Some(limit).filter(|limit| *limit > 0);
        Quotas {
            members: limit(self.max_members.into()),
            groups: limit(self.max_groups.into()),
            bytes: limit(i64::try_from(self.max_team_bytes).unwrap_or(i64::MAX)),
        }
    }

    /// The limits of connections, if the process may open this many files.
    fn limits(&self, descriptors: usize) -> ConnectionLimits {
        let limits = ConnectionLimits::with(descriptors, self.max_connections, self.max_connections_per_address);
        let connections = limits.connections;
        if self.max_connections.is_some_and(|limit| limit > connections) {
            tracing::warn!(
                connections,
                descriptors,
                "there are fewer connections than configured because of the limit of open files (ulimit -n)"
            );
        }
        limits
    }

    fn config(self, bound: SocketAddr) -> Config {
        Config {
            addr: bound,
            admin_addr: self.admin_addr.0,
            public_url: self.public_url.unwrap_or_else(|| config::default_public_url(bound)),
            site_root: self.site_root.unwrap_or_else(default_site_root),
            contact: self.contact,
            scim_rate: self.scim_rate,
            scim_burst: self.scim_burst,
            trusted_proxies: self.trusted_proxy,
            private_networks: self.allow_private_network,
            activity_days: self.activity_days,
            request_days: self.request_days,
        }
    }
}

/// Warns about settings that an operator most likely did not mean.
fn warn_about(config: &Config, missing: &[PathBuf]) {
    if let Some(file) = missing.first() {
        let file = file.display();
        tracing::warn!(%file, "browser assets for this build not found (the folder, or hash.txt beside the program, belongs to another build): pages will be unstyled");
    }
    if !config.is_https() && !config::is_local(&config.public_url) {
        tracing::warn!(
            public_url = config.public_url,
            "without HTTPS, anyone on the network path can read passwords and keys"
        );
    }
}

/// The listeners for pages and the API, and for metrics.
async fn listen(serve: &Serve) -> Result<(TcpListener, Option<TcpListener>), CliError> {
    let listener = bind(serve.addr, "")?;
    let admin = match serve.admin_addr.0 {
        Some(addr) => Some(bind(addr, "; choose another --admin-addr, or off")?),
        None => None,
    };
    Ok((listener, admin))
}

/// Upper bound of the connections that wait to be accepted. The system lowers it to its own limit (`net.core.somaxconn`, 4,096 on
/// Linux). Beyond it, clients retry after a second.
const BACKLOG: u32 = 4_096;

fn bind(addr: SocketAddr, hint: &str) -> Result<TcpListener, CliError> {
    let listen = || {
        let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // As TcpListener::bind does: a restart need not wait until the previous connections have timed out.
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error| {
        let hint = match (hint, error.kind()) {
            ("", ErrorKind::AddrInUse) => "; is another server running on this port?",
            _ => hint,
        };
        CliError::new(format!("can't listen on {addr}: {error}{hint}"))
    })
}

fn program_folder() -> Option<PathBuf> {
    std::env::current_exe().ok()?.parent().map(Path::to_owned)
}

/// The browser files of a build are beside the program's folder: `target/site` for `target/release/rollcall`.
fn default_site_root() -> PathBuf {
    let built = program_folder().and_then(|folder| folder.parent().map(|parent| parent.join("site")));
    built.filter(|site| site.is_dir()).unwrap_or_else(|| PathBuf::from("target/site"))
}
