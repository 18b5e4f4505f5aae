//! `rollcall demo`: teams to try everything out with, one per situation of the page.

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
    cli::context::{CliContext, named},
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

/// Below so many members it is over before anybody waits for it.
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
    let desk = CliContext::open_or_make(global).await?;
    let progress = Progress::new(demo.quiet || demo.members < BRIEF);
    let mut signals = Signals::listen()?;
    let filled = tokio::select! {
        filled = fill(&demo, desk, &progress) => filled,
        () = signals.received() => Err(CliError::new(
            "interrupted; the next `rollcall demo` removes what was created so far and starts again",
        )),
    };
    progress.clear();
    filled?;
    out::line(poster(&demo.public_url))
}

async fn fill(demo: &Demo, desk: CliContext, progress: &Progress) -> Result<(), CliError> {
    let now = desk.clock.now();
    let time = Time::at(now);
    let state = AppState::new(Parts {
        store: desk.store,
        secrets: desk.secrets.into(),
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

/// The time of the demo's process: set back for each team, then only forward, because a log is in the order in which it was
/// written.
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

/// Where one team is set up.
struct Stage<'a> {
    state: &'a AppState,
    time: &'a Time,
    now: UnixMs,
    team: &'a Situation,
    password_hash: &'a str,
    /// How many members its identity provider creates.
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

    /// The team, its sign-ins and its other members.
    async fn people(&self) -> Result<(), CliError> {
        let host = format!("{}.test", self.team.slug);
        let mut made = false;
        for (name, local, role) in SIGN_INS {
            let email = format!("{local}@{host}");
            let password_hash = Some(self.password_hash.to_owned());
            let person = NewPerson { name, email: &email, role, password_hash };
            self.as_operator(async |service| {
                let done = match made {
                    false => {
                        service.team_create(self.team.slug, self.team.name, self.team.plan, person).await.map(|_| ())
                    }
                    true => service.member_add(self.team.slug, person).await.map(|_| ()),
                };
                done.map_err(|error| not_created(&error, self.team.slug))
            })
            .await?;
            made = true;
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

    /// Somebody who can sign in, by the local part of the email address.
    async fn member(&self, local: &str) -> Result<Option<MemberId>, CliError> {
        let email = format!("{local}@{}.test", self.team.slug);
        let found = self.state.store.credentials_by_email(&email, Some(self.team.slug)).await?;
        Ok(found.into_iter().next().map(|found| found.member_id))
    }

    async fn team_id(&self) -> Result<TeamId, CliError> {
        let team = self.state.store.team_by_slug(self.team.slug).await?;
        team.map(|team| team.id).ok_or_else(|| CliError::new(format!("there is no {}", named(self.team.slug))))
    }

    /// Does something as many days ago, as somebody who can sign in.
    async fn at<T>(
        &self,
        who: &str,
        days_ago: i64,
        work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        self.when(who, self.now - days_ago * DAY, work).await
    }

    /// Does something at a time.
    async fn when<T>(
        &self,
        who: &str,
        at: UnixMs,
        work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let clock = Clock::from_fn(move || at);
        let actor = match self.member(who).await? {
            Some(id) => Actor::Member { id, address: Some(OFFICE.to_owned()) },
            None => Actor::Operator,
        };
        work(Service::new(&self.state.store, &self.state.secrets, &clock, actor)).await
    }

    /// Does something when the team was made.
    async fn as_operator<T>(&self, work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>) -> Result<T, CliError> {
        let at = self.now - self.team.age * DAY;
        let clock = Clock::from_fn(move || at);
        work(Service::new(&self.state.store, &self.state.secrets, &clock, Actor::Operator)).await
    }

    fn refusal(&self, failure: &Error) -> CliError {
        CliError::from_failure(failure, &named(self.team.slug))
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

/// What is printed: where to go, and as whom.
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
