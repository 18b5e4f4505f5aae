//! The marker of an unfinished demo: when each of its attempts began. The teams of an attempt were made so many days
//! before its beginning, to the millisecond, so that no other team is taken for one of them.

use crate::{
    Store, StoreError,
    db::{row::Row, statement::sql},
};
use domain::UnixMs;

/// The name of the marker in the table of settings.
const MARKER: &str = "demo";

/// When the attempts to fill the database began, the latest last. Several: earlier ones were not finished.
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

    /// Was a team that was made then, this many ms before the demo, made by one of the attempts?
    pub fn have_made(&self, created_at: UnixMs, age: UnixMs) -> bool {
        self.0.iter().any(|begun| begun - age == created_at)
    }
}

impl Store {
    /// The attempts, if the database holds an unfinished demo.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_unfinished(&self) -> Result<Option<Attempts>, StoreError> {
        self.setting_load(MARKER).await?.as_deref().map(Attempts::parse).transpose()
    }

    /// Marks a database without teams as an unfinished demo, after `earlier` attempts. `None`: there is a team, or another
    /// attempt has begun meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_begin(&self, earlier: Option<Attempts>, now: UnixMs) -> Result<Option<Attempts>, StoreError> {
        let begun = Attempts(earlier.iter().flat_map(|attempts| attempts.0.clone()).chain([now]).collect());
        let statement = match earlier {
            None => sql("INSERT INTO settings (name, value) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT) \
                 WHERE NOT EXISTS (SELECT 1 FROM teams WHERE deleted_at IS NULL) ON CONFLICT (name) DO NOTHING")
            .text(MARKER)
            .text(&begun.value()),
            Some(earlier) => sql("UPDATE settings SET value = $2 \
                 WHERE name = $1 AND value = $3 AND NOT EXISTS (SELECT 1 FROM teams WHERE deleted_at IS NULL)")
            .text(MARKER)
            .text(&begun.value())
            .text(&earlier.value()),
        };
        Ok((statement.run(&self.writer).await? == 1).then_some(begun))
    }

    /// Is this attempt still the latest?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_goes_on(&self, begun: &Attempts) -> Result<bool, StoreError> {
        Ok(self.demo_unfinished().await?.as_ref() == Some(begun))
    }

    /// Takes the marker away: the demo is whole. `false`: another attempt has begun.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn demo_finish(&self, begun: &Attempts) -> Result<bool, StoreError> {
        let statement = sql("DELETE FROM settings WHERE name = $1 AND value = $2").text(MARKER).text(&begun.value());
        Ok(statement.run(&self.writer).await? == 1)
    }

    /// The slugs of all teams that are not deleted, and when they were made.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn teams_created_at(&self) -> Result<Vec<(String, UnixMs)>, StoreError> {
        let rows =
            sql("SELECT slug, created_at FROM teams WHERE deleted_at IS NULL ORDER BY slug").all(&self.reader).await?;
        rows.iter().map(|row: &Row| Ok((row.text("slug")?, row.number("created_at")?))).collect()
    }
}
