//! `rollcall demo`: teams for trying Rollcall, one for each situation of the Authentication page.

mod api;
mod attempt;
mod calendar;
mod directory;
mod keys;
mod office;
mod people;
mod seed;

use self::{
    attempt::Attempt,
    keys::DemoKeys,
    seed::{ADMIN, MEMBERS, OFFICE, PASSWORD, SIGN_INS, SIGNED_IN, Situation, TEAMS},
};
use super::{
    CliError, Global, out,
    progress::Progress,
    signals::Signals,
    team::{hash, not_created},
};
use crate::{
    cli::context::{CliContext, team_text},
    clock::Clock,
    config,
    last_used::LastUsed,
    request_log::Recorder,
    service::{Actor, NewPerson, Service},
    state::{AppState, Parts},
};
use app::document::Assets;
use clap::Args;
use domain::{
    DAY, Error, MINUTE, UnixMs,
    id::{MemberId, TeamId},
    sso::{MethodForm, Protocol, SsoProvider},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Below this size, the command needs no progress.
const BRIEF: u32 = 100;

/// Fill an empty database with demo teams and print their sign-ins.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall demo && rollcall serve
  rollcall demo --members 10000      a company-sized team

All accounts share one printed password, so don't use this on a server that others can reach.
Requires a database without teams. A demo that was interrupted is removed by the
next one, which starts again.")]
pub(super) struct Demo {
    /// URL of the server, for the printed links
    #[arg(
        long,
        value_name = "URL",
        env = "ROLLCALL_PUBLIC_URL",
        default_value = "http://localhost:3000",
        value_parser = config::public_url
    )]
    public_url: String,
    /// Number of members to provision in the team with SCIM on, with groups and their history
    #[arg(long, value_name = "N", env = "ROLLCALL_MEMBERS", default_value_t = 48, value_parser = clap::value_parser!(u32).range(0..=200_000))]
    members: u32,
    /// Hide progress
    #[arg(long, env = "ROLLCALL_QUIET")]
    quiet: bool,
}

pub(super) async fn run(demo: Demo, global: &Global) -> Result<(), CliError> {
    let context = CliContext::open_or_create(global).await?;
    let progress = Progress::new(demo.quiet || demo.members < BRIEF);
    let mut signals = Signals::listen()?;
    let filled = tokio::select! {
        filled = fill(&demo, context, &progress) => filled,
        () = signals.received() => Err(CliError::new(
            "interrupted; the next `rollcall demo` removes what was created so far and starts again",
        )),
    };
    progress.clear();
    filled?;
    out::line(poster(&demo.public_url))
}

async fn fill(demo: &Demo, context: CliContext, progress: &Progress) -> Result<(), CliError> {
    let now = context.clock.now();
    let time = Time::at(now);
    let state = AppState::new(Parts {
        store: context.store,
        secrets: context.secrets.into(),
        config: api::config(&demo.public_url),
        assets: Assets { js: String::new(), wasm: String::new(), css: String::new() },
        clock: time.clock(),
        last_used: LastUsed::new(),
        recorder: Recorder::new(),
    });
    let attempt = Attempt::begin(&state, now, progress).await?;
    let password_hash = hash(PASSWORD.to_owned().into()).await?;
    let filled = TEAMS.iter().find(|team| team.is_provisioned()).map(|team| team.slug);
    for team in &TEAMS {
        progress.step(format_args!("filling the team “{}”", team.slug));
        let members = if filled == Some(team.slug) { usize::try_from(demo.members).unwrap_or(0) } else { 0 };
        let password_hash = &password_hash;
        time.set(now - team.age * DAY);
        Stage { state: &state, time: &time, now, team, password_hash, members, attempt: &attempt, progress }
            .set()
            .await?;
    }
    attempt.finish().await
}

/// The clock of the demo. It is set back for each team and then only moves forward, because a log is sorted in the order of
/// its writes.
struct Time(Arc<AtomicI64>);

impl Time {
    fn at(now: UnixMs) -> Self {
        Self(Arc::new(AtomicI64::new(now)))
    }

    fn clock(&self) -> Clock {
        let time = self.0.clone();
        Clock::from_fn(move || time.load(Ordering::Relaxed))
    }

    fn set(&self, now: UnixMs) {
        self.0.store(now, Ordering::Relaxed);
    }

    fn forward_to(&self, now: UnixMs) {
        self.0.fetch_max(now, Ordering::Relaxed);
    }
}

/// The setup of one team.
struct Stage<'a> {
    state: &'a AppState,
    time: &'a Time,
    now: UnixMs,
    team: &'a Situation,
    password_hash: &'a str,
    /// The count of members that its identity provider creates.
    members: usize,
    attempt: &'a Attempt<'a>,
    progress: &'a Progress,
}

impl Stage<'_> {
    async fn set(&self) -> Result<(), CliError> {
        self.attempt.check().await?;
        self.people().await?;
        for (name, provider, configured) in self.team.methods {
            let form = method(name, *provider, *configured);
            self.at(ADMIN, self.team.age - 1, async |service| {
                let added = service.sso_add(self.team.slug, form, *configured).await;
                added.map(|_| ()).map_err(|failure| self.refusal(&failure))
            })
            .await?;
        }
        if !self.team.is_provisioned() {
            return Ok(());
        }
        self.at(ADMIN, self.team.age - 2, async |service| {
            service.scim_turn_on(self.team.slug).await.map_err(|failure| self.refusal(&failure))
        })
        .await?;
        DemoKeys::fill(self).await
    }

    /// Creates the team, its sign-ins and its other members.
    async fn people(&self) -> Result<(), CliError> {
        let host = format!("{}.test", self.team.slug);
        let mut exists = false;
        for (name, local, role) in SIGN_INS {
            let email = format!("{local}@{host}");
            let password_hash = Some(self.password_hash.to_owned());
            let person = NewPerson { name, email: &email, role, password_hash };
            self.as_operator(async |service| {
                let result = match exists {
                    false => {
                        service.team_create(self.team.slug, self.team.name, self.team.plan, person).await.map(|_| ())
                    }
                    true => service.member_add(self.team.slug, person).await.map(|_| ()),
                };
                result.map_err(|error| not_created(&error, self.team.slug))
            })
            .await?;
            exists = true;
        }
        let others = if self.team.is_provisioned() { &[][..] } else { &MEMBERS[..] };
        for (name, role) in others {
            let email = format!("{}@{host}", name.to_lowercase().replace(' ', "."));
            let person = NewPerson { name, email: &email, role: *role, password_hash: None };
            self.as_operator(async |service| {
                let added = service.member_add(self.team.slug, person).await;
                added.map(|_| ()).map_err(|error| not_created(&error, self.team.slug))
            })
            .await?;
        }
        let mut times = Vec::new();
        for ((_, local, _), minutes) in SIGN_INS.into_iter().zip(SIGNED_IN) {
            times.extend(self.member(local).await?.map(|id| (id, self.now - minutes * MINUTE)));
        }
        let team = self.team_id().await?;
        Ok(self.state.store.members_signed_in(&team, &times).await?)
    }

    /// A member who can sign in, by the local part of the email.
    async fn member(&self, local: &str) -> Result<Option<MemberId>, CliError> {
        let email = format!("{local}@{}.test", self.team.slug);
        let credentials = self.state.store.credentials_by_email(&email, Some(self.team.slug)).await?;
        Ok(credentials.into_iter().next().map(|credentials| credentials.member_id))
    }

    async fn team_id(&self) -> Result<TeamId, CliError> {
        let team = self.state.store.team_by_slug(self.team.slug).await?;
        team.map(|team| team.id).ok_or_else(|| CliError::new(format!("there is no {}", team_text(self.team.slug))))
    }

    /// Does work as a member who can sign in, this many days ago.
    async fn at<T>(
        &self,
        local_part: &str,
        days_ago: i64,
        work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        self.when(local_part, self.now - days_ago * DAY, work).await
    }

    /// Does work at a time.
    async fn when<T>(
        &self,
        local_part: &str,
        at: UnixMs,
        work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let clock = Clock::from_fn(move || at);
        let actor = match self.member(local_part).await? {
            Some(id) => Actor::Member { id, address: Some(OFFICE.to_owned()) },
            None => Actor::Operator,
        };
        work(Service::new(&self.state.store, &self.state.secrets, &clock, actor)).await
    }

    /// Does work as the operator when the team is created.
    async fn as_operator<T>(&self, work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>) -> Result<T, CliError> {
        let at = self.now - self.team.age * DAY;
        let clock = Clock::from_fn(move || at);
        work(Service::new(&self.state.store, &self.state.secrets, &clock, Actor::Operator)).await
    }

    fn refusal(&self, failure: &Error) -> CliError {
        CliError::from_failure(failure, &team_text(self.team.slug))
    }
}

fn method(name: &str, provider: SsoProvider, configured: bool) -> MethodForm {
    let host = provider.name().replace('_', "-");
    MethodForm {
        provider: provider.name().to_owned(),
        protocol: Protocol::Oidc.name().to_owned(),
        name: name.to_owned(),
        issuer: format!("https://{host}.example.com"),
        client_id: "rollcall-demo".to_owned(),
        client_secret: "not a real client secret".to_owned(),
        later: !configured,
        ..MethodForm::default()
    }
}

/// The printed text: the URL and the sign-ins.
fn poster(public_url: &str) -> String {
    let mut rows = vec![["TEAM", "SHOWS", "SIGN IN AS", "ROLE", "AUTHENTICATION PAGE"].map(str::to_owned)];
    for team in &TEAMS {
        for (index, (_, local, role)) in SIGN_INS.into_iter().enumerate() {
            let first = |text: String| if index == 0 { text } else { String::new() };
            rows.push([
                first(team.name.to_owned()),
                first(team.shows.to_owned()),
                format!("{local}@{}.test", team.slug),
                role.label().to_owned(),
                first(format!("{public_url}/teams/{}/settings/authentication", team.slug)),
            ]);
        }
    }
    format!("{}\n\nPassword for all accounts: {PASSWORD}\nSign in at {public_url}/sign-in", out::table(&rows))
}
