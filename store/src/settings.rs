//! Settings of the database itself.

use crate::{Store, StoreError, db::statement::sql};

impl Store {
    /// A setting's value.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn setting_load(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT value FROM settings WHERE name = $1").text(name).inline().first(&self.reader).await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// Sets a setting that has no value yet, and returns its value. If several programs start at once, one of them
    /// wins.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn setting_init(&self, name: &str, value: &str) -> Result<String, StoreError> {
        sql("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .text(name)
            .text(value)
            .run(&self.writer)
            .await?;
        Ok(self.setting_load(name).await?.unwrap_or_default())
    }
}
