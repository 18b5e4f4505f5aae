//! The context of a command: the database, the server secret, the clock.

use super::{CliError, Global, out};
use crate::{
    clock::Clock,
    secrets::{SecretSource, Secrets, sqlite_file},
    service::{Actor, Service},
};
use store::{Store, StoreError, TeamRow};

/// The environment variable with the server secret itself. It deliberately has no flag, because the list of processes shows
/// flags.
const SECRET: &str = "ROLLCALL_SECRET";

pub(super) struct CliContext {
    pub(super) store: Store,
    pub(super) secrets: Secrets,
    pub(super) clock: Clock,
}

impl CliContext {
    /// For commands about an existing team. A missing database is an error, because its name may be mistyped.
    pub(super) async fn open(global: &Global) -> Result<Self, CliError> {
        if let Some(file) = sqlite_file(&global.database_url).filter(|file| !file.exists()) {
            let file = file.display();
            return Err(CliError::new(format!("no database at {file}; set --database-url")));
        }
        let store = connect(global).await?;
        store.ready().await?;
        Self::with(store, global).await
    }

    /// For commands that may begin with a new database. If there is no schema, it is created.
    pub(super) async fn open_or_create(global: &Global) -> Result<Self, CliError> {
        let store = connect(global).await?;
        match store.ready().await {
            Err(StoreError::Migration(_)) if store.is_empty().await.is_err() => store.migrate().await?,
            ready => ready?,
        }
        Self::with(store, global).await
    }

    /// For the server: migrates the schema. No other server may use the same SQLite file.
    pub(super) async fn open_for_serving(global: &Global) -> Result<Self, CliError> {
        let (store, lock) = Store::connect_as_server(&global.database_url).await?;
        store.migrate().await?;
        if let Some(lock) = lock {
            store.watch(lock).await?;
        }
        Self::with(store, global).await
    }

    async fn with(store: Store, global: &Global) -> Result<Self, CliError> {
        let secrets = Secrets::load(&source(global)?, &store).await?;
        Ok(Self { store, secrets, clock: Clock::system() })
    }

    /// The service with the operator as the actor.
    pub(super) fn service(&self) -> Service<'_> {
        Service::new(&self.store, &self.secrets, &self.clock, Actor::Operator)
    }

    /// The team with this slug.
    pub(super) async fn team(&self, slug: &str) -> Result<TeamRow, CliError> {
        self.store.team_by_slug(slug).await?.ok_or_else(|| CliError::new(format!("{} not found", team_text(slug))))
    }
}

/// The name of a team in a sentence.
pub(super) fn team_text(slug: &str) -> String {
    format!("team “{slug}”")
}

/// `rollcall migrate`.
pub(super) async fn migrate(global: &Global) -> Result<(), CliError> {
    let store = connect(global).await?;
    store.migrate().await?;
    out::note("the database is up to date");
    Ok(())
}

async fn connect(global: &Global) -> Result<Store, CliError> {
    Ok(Store::connect(&global.database_url).await?)
}

/// The environment comes first, then the given file, then the file beside the database.
fn source(global: &Global) -> Result<SecretSource, CliError> {
    match std::env::var(SECRET) {
        Ok(secret) if !secret.is_empty() => Ok(SecretSource::Environment(secret.into())),
        Err(std::env::VarError::NotUnicode(_)) => Err(CliError::new(format!("{SECRET} isn't valid UTF-8"))),
        _ => Ok(match &global.secret_file {
            Some(file) => SecretSource::File(file.clone()),
            None => SecretSource::beside(&global.database_url),
        }),
    }
}
