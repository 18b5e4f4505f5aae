//! The marker of an unfinished demo: the start of each of its attempts. An attempt creates its teams with a creation
//! time that is a fixed number of days before its start, to the millisecond. So no other team is mistaken for one of
//! them.

use crate::{
    Store, StoreError,
    db::{row::Row, statement::sql},
};
use domain::UnixMs;

/// The marker's name in the table of settings.
const MARKER: &str = "demo";

/// The starts of the attempts to fill the database, the latest last. If there are several, earlier attempts were
/// interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts(Vec<UnixMs>);

impl Attempts {
    fn parse(value: &str) -> Result<Self, StoreError> {
        let times: Result<Vec<UnixMs>, _> = value.split(' ').map(str::parse).collect();
        times.map(Self).map_err(|_| StoreError::Fault(format!("the setting {MARKER} is {value:?}")))
    }

    fn value(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// Did one of the attempts create a team with this creation time, which is `age` ms before the attempt's start?
    pub fn have_created(&self, created_at: UnixMs, age: UnixMs) -> bool {
        self.0.iter().any(|start| start - age == created_at)
    }
}

impl Store {
    /// The attempts, if the database contains an unfinished demo.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_unfinished(&self) -> Result<Option<Attempts>, StoreError> {
        self.setting_load(MARKER).await?.as_deref().map(Attempts::parse).transpose()
    }

    /// Marks a database without teams as an unfinished demo, after `earlier` attempts. `None`: there is a team, or
    /// another attempt has started meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_begin(&self, earlier: Option<Attempts>, now: UnixMs) -> Result<Option<Attempts>, StoreError> {
        let attempts = Attempts(earlier.iter().flat_map(|earlier| earlier.0.clone()).chain([now]).collect());
        let statement = match earlier {
            None => sql("INSERT INTO settings (name, value) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT) \
                 WHERE NOT EXISTS (SELECT 1 FROM teams WHERE deleted_at IS NULL) ON CONFLICT (name) DO NOTHING")
            .text(MARKER)
            .text(&attempts.value()),
            Some(earlier) => sql("UPDATE settings SET value = $2 \
                 WHERE name = $1 AND value = $3 AND NOT EXISTS (SELECT 1 FROM teams WHERE deleted_at IS NULL)")
            .text(MARKER)
            .text(&attempts.value())
            .text(&earlier.value()),
        };
        Ok((statement.run(&self.writer).await? == 1).then_some(attempts))
    }

    /// Is this attempt still the latest?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_is_current(&self, attempts: &Attempts) -> Result<bool, StoreError> {
        Ok(self.demo_unfinished().await?.as_ref() == Some(attempts))
    }

    /// Removes the marker, because the demo is complete. `false`: another attempt has started.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_finish(&self, attempts: &Attempts) -> Result<bool, StoreError> {
        let statement = sql("DELETE FROM settings WHERE name = $1 AND value = $2").text(MARKER).text(&attempts.value());
        Ok(statement.run(&self.writer).await? == 1)
    }

    /// The slugs and creation times of all teams that are not deleted.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn teams_created_at(&self) -> Result<Vec<(String, UnixMs)>, StoreError> {
        let rows =
            sql("SELECT slug, created_at FROM teams WHERE deleted_at IS NULL ORDER BY slug").all(&self.reader).await?;
        rows.iter().map(|row: &Row| Ok((row.text("slug")?, row.number("created_at")?))).collect()
    }
}
