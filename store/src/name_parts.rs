//! Names in parts, of members who were there before names had parts: once, when the schema is brought up to date. What a
//! directory sent stays as it was sent.

use super::{StoreError, run::sql};
use domain::person_name::PersonName;
use serde_json::{Map, Value};
use sqlx::AnyConnection;

/// The setting that says that it is done.
pub(super) const DONE: &str = "name_parts";
/// How many members are read at once.
const PORTION: i64 = 500;

/// Gives their names parts, unless it was done.
pub(super) async fn add(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let done = sql("SELECT value FROM settings WHERE name = $1").text(DONE).first(&mut *connection).await?;
    if done.is_some() {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let rows = sql("SELECT id, document FROM members WHERE id > $1 AND source <> 'directory' \
             AND document LIKE '%\"formatted\"%' ORDER BY id LIMIT $2")
        .text(&after)
        .number(PORTION)
        .all(&mut *connection)
        .await?;
        let Some(last) = rows.last() else { break };
        after = last.text("id")?;
        for row in &rows {
            let Some(document) = with_parts(&row.text("document")?) else { continue };
            // The resource is another one for clients that kept the old one.
            sql("UPDATE members SET document = $2, version = version + 1 WHERE id = $1")
                .text(&row.text("id")?)
                .text(&document)
                .run(&mut *connection)
                .await?;
        }
    }
    sql("INSERT INTO settings (name, value) VALUES ($1, '1') ON CONFLICT (name) DO NOTHING")
        .text(DONE)
        .run(&mut *connection)
        .await?;
    Ok(())
}

/// The document with the parts of its name; none: it has parts, or no name that could be split.
fn with_parts(document: &str) -> Option<String> {
    let mut attributes: Map<String, Value> = serde_json::from_str(document).ok()?;
    let parts = attributes.get_mut("name")?.as_object_mut()?;
    if parts.contains_key("givenName") || parts.contains_key("familyName") {
        return None;
    }
    let formatted = parts.get("formatted")?.as_str()?.to_owned();
    let PersonName { given, family } = PersonName::split(&formatted);
    parts.insert("givenName".into(), given.into());
    parts.insert("familyName".into(), family.into());
    Some(Value::Object(attributes).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_names_without_parts_get_them() {
        let parted = with_parts(r#"{"userName":"ada","name":{"formatted":"Ada Lovelace"}}"#).unwrap();
        let wanted = json!({"userName": "ada", "name": {"formatted": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace"}});
        assert_eq!(serde_json::from_str::<Value>(&parted).unwrap(), wanted);
        for document in [
            r#"{"userName":"ada"}"#,
            r#"{"name":{"formatted":"Ada Lovelace","givenName":"Ada"}}"#,
            r#"{"name":{"middleName":"x"},"title":"formatted"}"#,
            "no JSON",
        ] {
            assert_eq!(with_parts(document), None, "{document}");
        }
    }
}
