//! `rollcall demo`: teams to try everything out with, one per situation of the page.

mod cast;
mod directory;
mod people;
mod polls;

use self::{
    cast::{Key, MEMBERS, PASSWORD, SIGN_INS, Situation, TEAMS},
    directory::Sync,
};
use super::{
    Global, Refusal,
    desk::{Desk, named},
    out,
    team::{hash, not_created},
};
use crate::{
    clock::Clock,
    config,
    provisioning::{Actor, NewPerson, NewScimKey, Service},
};
use app::failure::Failure;
use clap::Args;
use domain::{
    DAY, HOUR, MINUTE, UnixMs,
    key::{KeyId, ScimKey},
    sso::{MethodForm, Protocol, Provider},
};

/// Fill a new database with teams to try out, and print who can sign in.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  rollcall demo && rollcall serve
  rollcall demo --members 10000      a team as large as a company's

Everybody has the same password, which is printed: not for a server that others can reach.
A database that holds a team already is refused.")]
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
    /// How many members the identity provider of the team with SCIM on has created, with groups and the weeks since
    #[arg(long, value_name = "N", env = "ROLLCALL_MEMBERS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=200_000))]
    members: u32,
}

pub(super) async fn run(demo: Demo, global: &Global) -> Result<(), Refusal> {
    let desk = Desk::open_or_make(global).await?;
    if !desk.store.is_empty().await? {
        return Err(Refusal::new("the database holds a team already; demo fills new databases only"));
    }
    let password_hash = hash(PASSWORD.to_owned().into()).await?;
    let filled = TEAMS.iter().find(|team| team.is_provisioned()).map(|team| team.slug);
    for team in &TEAMS {
        let members = if filled == Some(team.slug) { usize::try_from(demo.members).unwrap_or(0) } else { 0 };
        let stage = Stage { desk: &desk, now: desk.clock.now(), team, password_hash: &password_hash, members };
        stage.set().await?;
    }
    out::line(poster(&demo.public_url))
}

/// Where one team is set up.
struct Stage<'a> {
    desk: &'a Desk,
    now: UnixMs,
    team: &'a Situation,
    password_hash: &'a str,
    /// How many members its identity provider creates.
    members: usize,
}

impl Stage<'_> {
    async fn set(&self) -> Result<(), Refusal> {
        self.people().await?;
        for (name, provider, configured) in self.team.methods {
            let form = method(name, *provider, *configured);
            self.at(self.team.age - 1, async |service| {
                let added = service.sso_add(self.team.slug, form, *configured).await;
                added.map_err(|failure| self.refusal(&failure))
            })
            .await?;
        }
        if self.team.is_provisioned() {
            self.at(self.team.age - 2, async |service| {
                service.scim_turn_on(self.team.slug).await.map_err(|failure| self.refusal(&failure))
            })
            .await?;
        }
        let mut made = Vec::new();
        let mut sync = None;
        for key in self.team.keys {
            let listed = self.key(key).await?;
            if key.syncs {
                let mut begun = Sync::new(self.desk, self.desk.team(self.team.slug).await?, &listed);
                if self.members > 0 {
                    begun.first(self.members).await?;
                }
                sync = Some(begun);
            }
            made.push((key, listed.id));
        }
        // In the order of time, as Activity lists entries in the order in which they were written.
        for (key, id) in &made {
            self.revoke(key, id).await?;
        }
        if let Some(sync) = &sync {
            sync.poll(self.now - DAY, self.now - 2 * HOUR - MINUTE).await?;
        }
        for (key, id) in &made {
            self.roll(key, id).await?;
        }
        match sync {
            Some(mut sync) => sync.lately(self.now).await,
            None => Ok(()),
        }
    }

    /// The team, its sign-ins and its other members.
    async fn people(&self) -> Result<(), Refusal> {
        let host = format!("{}.test", self.team.slug);
        let mut made = false;
        for (name, local, role) in SIGN_INS {
            let email = format!("{local}@{host}");
            let password_hash = Some(self.password_hash.to_owned());
            let person = NewPerson { name, email: &email, role, password_hash };
            self.at(self.team.age, async |service| {
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
            self.at(self.team.age, async |service| {
                let added = service.member_add(self.team.slug, person).await;
                added.map(|_| ()).map_err(|error| not_created(error, self.team.slug))
            })
            .await?;
        }
        Ok(())
    }

    /// A key, and when it was last used.
    async fn key(&self, key: &Key) -> Result<ScimKey, Refusal> {
        let made: NewScimKey = self
            .at(key.age, async |service| {
                let made = service.key_generate(self.team.slug, key.name, key.expiry).await;
                made.map_err(|failure| self.refusal(&failure))
            })
            .await?;
        if let Some(ago) = key.used_ago {
            self.desk.store.keys_touch(&[(made.listed.id.clone(), self.now - ago)]).await?;
        }
        Ok(made.listed)
    }

    async fn revoke(&self, key: &Key, id: &KeyId) -> Result<(), Refusal> {
        let Some(days) = key.revoked_days_ago else { return Ok(()) };
        self.at(days, async |service| {
            service.key_revoke(self.team.slug, id, "").await.map_err(|failure| self.refusal(&failure))
        })
        .await
    }

    async fn roll(&self, key: &Key, id: &KeyId) -> Result<(), Refusal> {
        let Some((ago, overlap)) = key.rolled else { return Ok(()) };
        self.when(self.now - ago, async |service| {
            let rolled = service.key_roll(self.team.slug, id, overlap).await;
            rolled.map(|_| ()).map_err(|failure| self.refusal(&failure))
        })
        .await
    }

    /// Does something as many days ago.
    async fn at<T>(
        &self,
        days_ago: i64,
        work: impl AsyncFnOnce(Service<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.when(self.now - days_ago * DAY, work).await
    }

    /// Does something at a time.
    async fn when<T>(
        &self,
        at: UnixMs,
        work: impl AsyncFnOnce(Service<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let clock = Clock::from_fn(move || at);
        work(Service::new(&self.desk.store, &self.desk.secrets, &clock, Actor::Operator)).await
    }

    fn refusal(&self, failure: &Failure) -> Refusal {
        Refusal::from_failure(failure, &named(self.team.slug))
    }
}

fn method(name: &str, provider: Provider, configured: bool) -> MethodForm {
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
