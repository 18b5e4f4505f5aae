//! Paths of PATCH operations (RFC 7644, section 3.5.2, figure 7).

use crate::{
    AttributePath, Filter, Normalizations, ResourceType, ScimError, Target,
    filter::{FilterSyntaxError, Parser, Token},
    schema::{Schema, Type},
};
use std::fmt;

/// The target of a PATCH operation. `Display` writes it in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// `name`, `name.givenName`, `emails`, `emails.value`, `urn:…:User:employeeNumber`.
    Attribute(AttributePath),
    /// `emails[type eq "work"]`, `emails[type eq "work"].value`.
    Values {
        /// The multi-valued complex attribute, with the sub-attribute.
        path: AttributePath,
        /// The filter of the values.
        filter: Filter,
    },
    /// A schema extension by its URI: all its attributes.
    Extension(&'static Schema),
}

impl Path {
    /// Parses the path of an operation on this resource type. Names and URIs are case-insensitive. Tolerated deviations
    /// are noted.
    ///
    /// # Errors
    /// `invalidPath`, or `invalidFilter` for the text in brackets, with the reason and the position in characters,
    /// where the first is 1.
    pub fn parse(text: &str, kind: ResourceType, notes: &mut Normalizations) -> Result<Self, ScimError> {
        let invalid_path = |problem: FilterSyntaxError| ScimError::invalid_path(problem.describe("path", text));
        let mut parser = Parser::new(text, kind, notes).map_err(invalid_path)?;
        let at = parser.lexer.position();
        let target = match parser.lexer.next().map_err(invalid_path)? {
            Some(Token::Word(name)) => Target::parse(name, kind),
            _ => return Err(invalid_path(FilterSyntaxError::new("expected an attribute name", at))),
        };
        let target = target.map_err(|unknown| invalid_path(FilterSyntaxError::new(unknown.to_string(), at)))?;
        let bracket = parser.lexer.position();
        let path = match target {
            Target::Attribute(path) if parser.lexer.touches('[') => {
                if path.leaf().kind != Type::Complex || !path.attribute.multi_valued {
                    let what =
                        format!("{path} isn't a multi-valued complex attribute, so it can't take a value filter");
                    return Err(invalid_path(FilterSyntaxError::new(what, bracket)));
                }
                parser.lexer.next().map_err(invalid_path)?;
                let filter = parser.filter(Some(path));
                let filter = filter.map_err(|problem| ScimError::invalid_filter(problem.describe("path", text)))?;
                let path = parser.part(path).map_err(invalid_path)?.unwrap_or(path);
                Self::Values { path, filter }
            }
            Target::Attribute(path) => Self::Attribute(path),
            Target::Extension(schema) => Self::Extension(schema),
        };
        let end = parser.lexer.position();
        match parser.lexer.next().map_err(invalid_path)? {
            None => Ok(path),
            Some(_) => Err(invalid_path(FilterSyntaxError::new("unexpected text after the path", end))),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(path) => path.fmt(f),
            Self::Values { path, filter } => {
                filter.write_values(f, path.whole())?;
                path.sub.map_or(Ok(()), |sub| write!(f, ".{}", sub.name))
            }
            Self::Extension(schema) => f.write_str(schema.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn read(text: &str, kind: ResourceType) -> (Path, Vec<String>) {
        let mut notes = Normalizations::new();
        let path = Path::parse(text, kind, &mut notes).unwrap_or_else(|error| panic!("{text}: {error}"));
        let printed = path.to_string();
        assert_eq!(Path::parse(&printed, kind, &mut Normalizations::new()).as_ref(), Ok(&path), "{printed}");
        (path, notes.iter().map(str::to_owned).collect())
    }

    #[test]
    fn the_rfcs_examples() {
        for path in ["members", "name.familyName", r#"addresses[type eq "work"]"#] {
            let kind = if path == "members" { ResourceType::Group } else { ResourceType::User };
            assert_eq!(read(path, kind).0.to_string(), path);
        }
        for path in
            [r#"members[value eq "2819c223-7f76-453a-919d-413861904646"]"#, r#"members[value eq "2819c223"].display"#]
        {
            assert_eq!(read(path, ResourceType::Group).0.to_string(), path);
        }
    }

    #[test]
    fn paths_of_identity_providers_are_read() {
        for (kind, text, expected, noted) in [
            (ResourceType::Group, r#"members[value eq "89bb"]"#, r#"members[value eq "89bb"]"#.to_owned(), ""),
            (ResourceType::Group, "Members", "members".into(), ""),
            (ResourceType::Group, "displayName", "displayName".into(), ""),
            (ResourceType::Group, "externalId", "externalId".into(), ""),
            (ResourceType::User, "active", "active".into(), ""),
            (ResourceType::User, "DisplayName", "displayName".into(), ""),
            (ResourceType::User, "name.givenName", "name.givenName".into(), ""),
            (ResourceType::User, "NAME.FAMILYNAME", "name.familyName".into(), ""),
            (ResourceType::User, "externalId", "externalId".into(), ""),
            (ResourceType::User, r#"emails[type eq "work"].value"#, r#"emails[type eq "work"].value"#.into(), ""),
            (ResourceType::User, r#"Emails[Type EQ "work"].Value"#, r#"emails[type eq "work"].value"#.into(), ""),
            (ResourceType::User, "emails.value", "emails.value".into(), ""),
            (
                ResourceType::User,
                r#"phoneNumbers[type eq "mobile"].value"#,
                r#"phoneNumbers[type eq "mobile"].value"#.into(),
                "",
            ),
            (
                ResourceType::User,
                r#"addresses[type eq "work"].locality"#,
                r#"addresses[type eq "work"].locality"#.into(),
                "",
            ),
            (
                ResourceType::User,
                r#"roles[primary eq "True"].value"#,
                "roles[primary eq true].value".into(),
                "roles.primary: string converted to boolean",
            ),
            (ResourceType::User, "roles[primary eq true]", "roles[primary eq true]".into(), ""),
            (
                ResourceType::User,
                "emails[type eq work]",
                r#"emails[type eq "work"]"#.into(),
                "emails.type: unquoted value",
            ),
            (ResourceType::User, "manager", format!("{ENTERPRISE}:manager"), ""),
            (ResourceType::User, &format!("{ENTERPRISE}:manager"), format!("{ENTERPRISE}:manager"), ""),
            (
                ResourceType::User,
                &format!("{}:EMPLOYEENUMBER", ENTERPRISE.to_lowercase()),
                format!("{ENTERPRISE}:employeeNumber"),
                "",
            ),
            (
                ResourceType::User,
                "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
                "name.givenName".into(),
                "",
            ),
            (ResourceType::User, ENTERPRISE, ENTERPRISE.into(), ""),
        ] {
            let (path, notes) = read(text, kind);
            assert_eq!(path.to_string(), expected);
            assert_eq!(notes.join("; "), noted, "{text}");
        }
    }

    #[test]
    fn the_part_behind_the_brackets_belongs_to_the_path() {
        let (path, _) = read(r#"emails[type eq "work"].value"#, ResourceType::User);
        let Path::Values { path, filter } = path else { panic!("{path:?}") };
        assert_eq!(path.to_string(), "emails.value");
        assert!(filter.matches_value(&serde_json::json!({"type": "WORK"})));
        assert!(!filter.matches_value(&serde_json::json!({"type": "home"})));
        assert!(!filter.matches_value(&serde_json::json!("work")));
    }

    #[test]
    fn invalid_paths_are_rejected() {
        for (text, expected) in [
            ("", "path, character 1: expected an attribute name"),
            ("  ", "path, character 3: expected an attribute name"),
            ("[", "path, character 1: expected an attribute name"),
            ("/active", "path, character 1: Users have no attribute “/active”"),
            ("$.active", "path, character 1: Users have no attribute “$.active”"),
            ("foo", "path, character 1: Users have no attribute “foo”"),
            ("userName.x", "path, character 1: userName has no sub-attributes, so “x” isn't valid"),
            ("active true", "path, character 8: unexpected text after the path"),
            ("active]", "path, character 7: unexpected text after the path"),
            (
                "active[type eq \"work\"]",
                "path, character 7: active isn't a multi-valued complex attribute, so it can't take a value filter",
            ),
            (
                "name[givenName eq \"a\"]",
                "path, character 5: name isn't a multi-valued complex attribute, so it can't take a value filter",
            ),
            (
                "emails.value[type eq \"a\"]",
                "path, character 13: emails.value isn't a multi-valued complex attribute, so it can't take a value filter",
            ),
            (
                "emails[type eq \"work\"].foo",
                "path, character 23: emails has no sub-attribute “foo”. It has value, display, type, primary",
            ),
            (
                "emails[type eq \"work\"].",
                "path, character 23: emails has no sub-attribute “”. It has value, display, type, primary",
            ),
            ("emails[type eq \"work\"] .value", "path, character 24: unexpected text after the path"),
            (
                "emails[type eq \"work\"].value.x",
                "path, character 23: emails has no sub-attribute “value.x”. It has value, display, type, primary",
            ),
            ("emails[type eq \"work\"]x", "path, character 23: unexpected text after the path"),
            ("emails[type eq \"work\"]]", "path, character 23: unexpected text after the path"),
            ("emails[type eq \"work\"][type pr]", "path, character 23: unexpected text after the path"),
        ] {
            let error = Path::parse(text, ResourceType::User, &mut Normalizations::new()).unwrap_err();
            assert_eq!(error.scim_type(), Some(crate::ScimType::InvalidPath), "{text}");
            assert_eq!(error.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn errors_in_brackets_are_invalid_filters() {
        for (text, expected) in [
            ("emails[", "path, character 8: expected an attribute name"),
            ("emails[]", "path, character 8: expected an attribute name"),
            ("emails[type eq \"work\"", "path, character 7: unclosed bracket"),
            ("emails[type eq \"work\")", "path, character 22: mismatched “)”"),
            (
                "emails[foo eq \"work\"]",
                "path, character 8: emails has no sub-attribute “foo”. It has value, display, type, primary",
            ),
            ("emails[type eq 'work']", "path, character 16: use double quotes around strings"),
            ("emails[primary gt true]", "path, character 19: emails.primary is a boolean: use eq, ne, not gt"),
        ] {
            let error = Path::parse(text, ResourceType::User, &mut Normalizations::new()).unwrap_err();
            assert_eq!(error.scim_type(), Some(crate::ScimType::InvalidFilter), "{text}");
            assert_eq!(error.to_string(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in r#"(emails|members|name|\[|\]|\.|value| eq |"a"|\PC){0,12}"#) {
            for kind in [ResourceType::User, ResourceType::Group] {
                if let Ok(path) = Path::parse(&text, kind, &mut Normalizations::new()) {
                    prop_assert_eq!(Path::parse(&path.to_string(), kind, &mut Normalizations::new()), Ok(path));
                }
            }
        }
    }
}
