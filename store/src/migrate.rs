//! Bringing the schema up to date.

use super::{
    Engine, Store, StoreError, name_parts,
    run::{sql, within},
};
use sqlx::{
    Connection as _, SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};
use std::sync::LazyLock;

/// The names of files in `migrations/`, and what is in them.
macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),*] };
}

/// Every migration. Not sqlx's macro `migrate!`, because it compiles both drivers and all that they need a second time, for the
/// compiler's own use.
const FILES: &[(&str, &str)] = files![
    "0001_init",
    "0002_member_lists",
    "0003_groups",
    "0004_invites",
    "0005_activity",
    "0006_self_tests",
    "0007_search",
    "0008_member_orders",
    "0009_origins",
    "0010_removed_members",
    "0011_sign_in",
    "0012_portions",
    "0013_quotas_and_instances",
    "0015_scim_values",
];

static MIGRATOR: LazyLock<Migrator> = LazyLock::new(|| {
    Migrator::with_migrations(FILES.iter().filter_map(|(name, content)| migration(name, content)).collect())
});

/// Reads a name such as `0002_member_lists` as sqlx does.
fn migration(name: &str, content: &'static str) -> Option<Migration> {
    let (version, description) = name.split_once('_')?;
    let (version, description) = (version.parse().ok()?, description.replace('_', " "));
    Some(Migration::new(version, description.into(), MigrationType::Simple, SqlStr::from_static(content), false))
}

impl Store {
    /// Brings the schema up to date. Several programs may do so at once: one does it, the others wait.
    ///
    /// # Errors
    /// [`StoreError::Migration`]: the schema was written by a newer Rollcall, or a migration failed (then nothing of it
    /// was done). [`StoreError::Unavailable`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self.engine {
            // The migrator takes an advisory lock, on a connection of its own that may wait for it, and for the work,
            // as long as it takes.
            Engine::Postgres => {
                let mut connection = self.writer.acquire().await?.detach();
                let patient = sqlx::raw_sql("SET lock_timeout = 0; SET statement_timeout = 0");
                within(patient.execute(&mut connection)).await?;
                MIGRATOR.run_direct(None, &mut connection, false).await?;
                name_parts::add(&mut connection).await?;
                within(connection.close()).await
            }
            // The migrator knows no lock here: SQLite's own does it, around everything.
            Engine::Sqlite => {
                if self.ready().await.is_ok() && self.setting_load(name_parts::DONE).await?.is_some() {
                    return Ok(());
                }
                // Each migration begins a transaction of its own in it, which only sqlx's own transactions know of. A connection
                // on which that fails is not used again.
                let mut connection = self.writer.acquire().await?.detach();
                let mut all = within(connection.begin_with("BEGIN IMMEDIATE")).await?;
                MIGRATOR.run_direct(None, &mut *all, false).await?;
                name_parts::add(&mut all).await?;
                within(all.commit()).await?;
                within(connection.close()).await
            }
        }
    }

    /// Is the database there, and migrated?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::Migration`].
    pub async fn ready(&self) -> Result<(), StoreError> {
        let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
        let applied = sql("SELECT MAX(version) AS newest FROM _sqlx_migrations").first(&self.reader).await;
        let applied = match applied {
            Ok(Some(row)) => row.maybe_number("newest")?,
            Ok(None) | Err(StoreError::Fault(_)) => None,
            Err(error) => return Err(error),
        };
        match applied {
            Some(applied) if applied == newest => Ok(()),
            Some(applied) if applied > newest => Err(StoreError::Migration(format!(
                "it was created by a newer version of Rollcall (migration {applied})"
            ))),
            _ => Err(StoreError::Migration("run `rollcall migrate`".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_migration() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations")).unwrap();
        let mut files: Vec<String> = folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        assert_eq!(FILES.iter().map(|(name, _)| format!("{name}.sql")).collect::<Vec<_>>(), files);
        let versions: Vec<i64> = files.iter().map(|file| file[..4].parse().unwrap()).collect();
        assert_eq!(MIGRATOR.iter().map(|migration| migration.version).collect::<Vec<_>>(), versions);
        assert_eq!(MIGRATOR.iter().next().unwrap().description, "init");
    }
}
