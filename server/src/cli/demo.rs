//! `rollcall demo`: teams to try everything out with, one per situation of the page.

mod attempt;
mod calendar;
mod cast;
mod directory;
mod people;
mod polls;
mod wire;

use self::{
    attempt::Attempt,
    cast::{
        ADMIN, INVITES, Key, MAPPED, MEMBERS, OFFICE, OTHER_ADMIN, PASSWORD, SIGN_INS, SIGNED_IN, Situation, TEAMS,
    },
    directory::Sync,
};
use super::{
    CliError, Global, out,
    progress::Progress,
    signals::Signals,
    team::{hash, not_created},
};
use crate::cli::context::{CliContext, named};
use crate::{
    clock::Clock,
    config,
    service::{Actor, NewPerson, NewScimKey, Service},
};
use clap::Args;
use domain::Error;
use domain::{
    DAY, HOUR, MINUTE, UnixMs,
    id::MemberId,
    key::{KeyId, Overlap, ScimKey},
    role::Role,
    sso::{MethodForm, Protocol, SsoProvider},
};

/// Fill a new database with teams to try out, and print who can sign in.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall demo && rollcall serve
  rollcall demo --members 10000      a team as large as a company's

Everybody has the same password, which is printed: not for a server that others can reach.
A database that holds a team already is refused. A demo that was interrupted is removed by the
next one, which begins anew.")]
pub(super) struct Demo {
    /// How the server will be reached, for the printed addresses
    #[arg(
        long,
        value_name = "URL",
        env = "ROLLCALL_PUBLIC_URL",
        default_value = "http://localhost:3000",
        value_parser = config::public_url
    )]
    public_url: String,
    /// How many members the identity provider of the team with SCIM on has created, with groups and the months since
    #[arg(long, value_name = "N", env = "ROLLCALL_MEMBERS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=200_000))]
    members: u32,
    /// Show no progress
    #[arg(long, env = "ROLLCALL_QUIET")]
    quiet: bool,
}

pub(super) async fn run(demo: Demo, global: &Global) -> Result<(), CliError> {
    let desk = CliContext::open_or_make(global).await?;
    let progress = Progress::new(demo.quiet || demo.members == 0);
    let mut signals = Signals::listen()?;
    let filled = tokio::select! {
        filled = fill(&demo, &desk, &progress) => filled,
        () = signals.received() => Err(CliError::new(
            "interrupted; the next `rollcall demo` removes what was made so far, and begins anew",
        )),
    };
    progress.clear();
    filled?;
    out::line(poster(&demo.public_url))
}

async fn fill(demo: &Demo, desk: &CliContext, progress: &Progress) -> Result<(), CliError> {
    let now = desk.clock.now();
    let attempt = Attempt::begin(desk, now, progress).await?;
    let password_hash = hash(PASSWORD.to_owned().into()).await?;
    let filled = TEAMS.iter().find(|team| team.is_provisioned()).map(|team| team.slug);
    for team in &TEAMS {
        progress.step(format_args!("filling the team “{}”", team.slug));
        let members = if filled == Some(team.slug) { usize::try_from(demo.members).unwrap_or(0) } else { 0 };
        let password_hash = &password_hash;
        Stage { desk, now, team, password_hash, members, attempt: &attempt, progress }.set().await?;
    }
    attempt.finish().await
}

/// Where one team is set up.
struct Stage<'a> {
    desk: &'a CliContext,
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
                added.map_err(|failure| self.refusal(&failure))
            })
            .await?;
        }
        if self.team.is_provisioned() {
            self.at(ADMIN, self.team.age - 2, async |service| {
                service.scim_turn_on(self.team.slug).await.map_err(|failure| self.refusal(&failure))
            })
            .await?;
        }
        // In the order of time, as Activity lists entries in the order in which they were written.
        let mut made = Vec::new();
        let mut sync: Option<Sync<'_>> = None;
        for key in self.team.keys {
            self.meanwhile(&mut sync, key.age * DAY).await?;
            let listed = self.key(key).await?;
            if key.syncs {
                let team = self.desk.team(self.team.slug).await?;
                let mut begun = Sync::new(self, team, &listed);
                begun.first().await?;
                self.map(&begun, key.age - 2).await?;
                sync = Some(begun);
            }
            made.push((key, listed.id));
        }
        let invites = if self.members > 0 { &INVITES[..] } else { &[] };
        let (before, after) = invites.split_at(invites.len().min(1));
        self.invite(&mut sync, before).await?;
        for (key, id) in &made {
            if let Some(days) = key.revoked_days_ago {
                self.meanwhile(&mut sync, days * DAY).await?;
                self.revoke(key, id, days).await?;
            }
        }
        self.invite(&mut sync, after).await?;
        for (key, id) in &made {
            if let Some((ago, overlap)) = key.rolled {
                self.meanwhile(&mut sync, ago).await?;
                self.roll(id, ago, overlap).await?;
            }
        }
        self.meanwhile(&mut sync, 0).await?;
        match sync {
            Some(sync) => {
                self.progress.step("writing down who signed in when");
                sync.sign_ins().await
            }
            None => Ok(()),
        }
    }

    /// What the identity provider does up to so long ago.
    async fn meanwhile(&self, sync: &mut Option<Sync<'_>>, ago: UnixMs) -> Result<(), CliError> {
        match sync {
            Some(sync) => sync.go_on(self.now - ago).await,
            None => Ok(()),
        }
    }

    /// Some groups give roles.
    async fn map(&self, sync: &Sync<'_>, days_ago: i64) -> Result<(), CliError> {
        for (group, role) in MAPPED {
            self.progress.step(format_args!("giving the group “{group}” a role"));
            let Some(id) = sync.group(group) else { continue };
            self.at(ADMIN, days_ago, async |service| {
                let mapped = service.group_map(self.team.slug, id, Some(Some(role))).await;
                mapped.map(|_| ()).map_err(|why| CliError::new(why.to_string()))
            })
            .await?;
        }
        Ok(())
    }

    async fn invite(&self, sync: &mut Option<Sync<'_>>, invites: &[(&str, &str, i64)]) -> Result<(), CliError> {
        for (email, who, hours_ago) in invites {
            self.meanwhile(sync, hours_ago * HOUR).await?;
            self.when(who, self.now - hours_ago * HOUR, async |service| {
                let invited = service.invite_make(self.team.slug, email, Role::Developer).await;
                invited.map(|_| ()).map_err(|why| CliError::new(why.to_string()))
            })
            .await?;
        }
        Ok(())
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
                done.map_err(|error| not_created(error, self.team.slug))
            })
            .await?;
            made = true;
        }
        for (name, role) in MEMBERS {
            let email = format!("{}@{host}", name.to_lowercase().replace(' ', "."));
            let person = NewPerson { name, email: &email, role, password_hash: None };
            self.as_operator(async |service| {
                let added = service.member_add(self.team.slug, person).await;
                added.map(|_| ()).map_err(|error| not_created(error, self.team.slug))
            })
            .await?;
        }
        let mut times = Vec::new();
        for ((_, local, _), minutes) in SIGN_INS.into_iter().zip(SIGNED_IN) {
            times.extend(self.member(local).await?.map(|id| (id, self.now - minutes * MINUTE)));
        }
        let team = self.desk.team(self.team.slug).await?;
        Ok(self.desk.store.members_signed_in(&team.id, &times).await?)
    }

    /// Somebody who can sign in, by the local part of the e-mail address.
    async fn member(&self, local: &str) -> Result<Option<MemberId>, CliError> {
        let email = format!("{local}@{}.test", self.team.slug);
        let found = self.desk.store.credentials_by_email(&email, Some(self.team.slug)).await?;
        Ok(found.into_iter().next().map(|found| found.member_id))
    }

    /// A key, and when it was last used.
    async fn key(&self, key: &Key) -> Result<ScimKey, CliError> {
        let made: NewScimKey = self
            .at(if key.syncs { ADMIN } else { OTHER_ADMIN }, key.age, async |service| {
                let made = service.key_generate(self.team.slug, key.name, key.expiry).await;
                made.map_err(|failure| self.refusal(&failure))
            })
            .await?;
        if let Some(ago) = key.used_ago {
            let used = (self.desk.team(self.team.slug).await?.id, made.listed.id.clone(), self.now - ago);
            self.desk.store.keys_touch(&[used], self.now).await?;
        }
        Ok(made.listed)
    }

    async fn revoke(&self, key: &Key, id: &KeyId, days_ago: i64) -> Result<(), CliError> {
        self.at(ADMIN, days_ago, async |service| {
            service.key_revoke(self.team.slug, id, key.name).await.map_err(|failure| self.refusal(&failure))
        })
        .await
    }

    async fn roll(&self, id: &KeyId, ago: UnixMs, overlap: Overlap) -> Result<(), CliError> {
        self.when(OTHER_ADMIN, self.now - ago, async |service| {
            let rolled = service.key_roll(self.team.slug, id, overlap).await;
            rolled.map(|_| ()).map_err(|failure| self.refusal(&failure))
        })
        .await
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
        work(Service::new(&self.desk.store, &self.desk.secrets, &clock, actor)).await
    }

    /// Does something when the team was made.
    async fn as_operator<T>(&self, work: impl AsyncFnOnce(Service<'_>) -> Result<T, CliError>) -> Result<T, CliError> {
        let at = self.now - self.team.age * DAY;
        let clock = Clock::from_fn(move || at);
        work(Service::new(&self.desk.store, &self.desk.secrets, &clock, Actor::Operator)).await
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
    format!("{}\n\nPassword for everybody: {PASSWORD}\nSign in at {public_url}/sign-in", out::table(&rows))
}
