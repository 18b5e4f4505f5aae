//! Versions of resources, and conditional requests (RFC 7644, section 3.14; RFC 9110, sections 8.8.3 and 13.1).

use crate::ScimError;
use serde::{Serialize, Serializer};
use std::fmt;

/// A resource's version: a number that grows with every change. The entity tag `W/"5"` is weak, because one version has
/// several representations (`attributes`, compression).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub i64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "W/\"{}\"", self.0)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The outcome of the conditions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreconditionOutcome {
    /// The request proceeds.
    Proceed,
    /// The client has the current version: 304, without a body.
    NotModified,
    /// The resource has another version than the client expects: 412.
    Failed,
}

/// The conditions of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    matches: Option<Tags>,
    none_matches: Option<Tags>,
    /// Whether `matches` is the version of a bulk operation and not a header.
    of_operation: bool,
}

/// A list of entity tags, or `*`. Tags are stored without `W/`: RFC 7644 uses weak tags in `If-Match`, so every
/// comparison is weak here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    Any,
    These(Vec<String>),
}

impl Precondition {
    /// Reads the headers `If-Match` and `If-None-Match`. A repeated header has its values joined by commas. An invalid
    /// entity tag equals no version, so a condition that cannot be parsed fails.
    pub fn read(if_match: Option<&str>, if_none_match: Option<&str>) -> Self {
        Self { matches: if_match.map(Tags::read), none_matches: if_none_match.map(Tags::read), of_operation: false }
    }

    /// Reads the version of a bulk operation (RFC 7644, section 3.7), which works like `If-Match`.
    pub fn of_version(version: Option<&str>) -> Self {
        Self { of_operation: true, ..Self::read(version, None) }
    }

    /// Whether there are conditions.
    pub const fn is_empty(&self) -> bool {
        self.matches.is_none() && self.none_matches.is_none()
    }

    /// The error for a condition that the resource does not meet (RFC 9110, section 13.1), after [`Self::check`]
    /// failed.
    pub fn error(&self, current: Option<Version>) -> ScimError {
        let is_match = self.matches.as_ref().is_some_and(|tags| !tags.hold(current));
        ScimError::precondition_failed(match (is_match, self.of_operation, &self.none_matches) {
            (true, false, _) => "The resource has changed since it was read: its version doesn't match If-Match",
            (true, true, _) => {
                "The resource has changed since it was read: its version doesn't match the version of the operation"
            }
            (false, _, Some(Tags::Any)) => "The resource exists, but If-None-Match: * requires that it doesn't",
            (false, ..) => "The resource has a version that If-None-Match rules out",
        })
    }

    /// Checks the conditions against the current version; `None` if the resource does not exist. `reads` is true for
    /// GET and HEAD, which allow a 304.
    pub fn check(&self, current: Option<Version>, reads: bool) -> PreconditionOutcome {
        if self.matches.as_ref().is_some_and(|tags| !tags.hold(current)) {
            return PreconditionOutcome::Failed;
        }
        match &self.none_matches {
            Some(tags) if tags.hold(current) && reads => PreconditionOutcome::NotModified,
            Some(tags) if tags.hold(current) => PreconditionOutcome::Failed,
            _ => PreconditionOutcome::Proceed,
        }
    }
}

impl Tags {
    fn read(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let mut tags = Vec::new();
        let mut rest = header.trim();
        while !rest.is_empty() {
            let weak = rest.strip_prefix("W/").or_else(|| rest.strip_prefix("w/")).unwrap_or(rest);
            // A comma inside the quotes belongs to the tag.
            let (tag, after) = match weak.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
                Some(found) => found,
                None => weak.split_once(',').unwrap_or((weak, "")),
            };
            tags.push(tag.trim().to_owned());
            rest = after.trim_start_matches([',', ' ', '\t']);
        }
        Self::These(tags)
    }

    fn hold(&self, current: Option<Version>) -> bool {
        match (self, current) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::These(tags), Some(Version(number))) => {
                let current = number.to_string();
                tags.contains(&current)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PreconditionOutcome::{Failed, NotModified, Proceed};
    use proptest::prelude::*;

    #[test]
    fn if_match() {
        for (header, current, expected) in [
            (None, Some(5), Proceed),
            (Some(r#"W/"5""#), Some(5), Proceed),
            (Some(r#""5""#), Some(5), Proceed),
            (Some("5"), Some(5), Proceed),
            (Some(r#"W/"4""#), Some(5), Failed),
            (Some(r#"W/"4", "x,5", W/"5""#), Some(5), Proceed),
            (Some(r#"W/"4","x,5""#), Some(5), Failed),
            (Some("*"), Some(5), Proceed),
            (Some(" * "), Some(5), Proceed),
            (Some("*"), None, Failed),
            (Some(r#"W/"5""#), None, Failed),
            (Some(""), Some(5), Failed),
            (Some(r#"W/"5"#), Some(5), Failed),
        ] {
            for reads in [true, false] {
                let condition = Precondition::read(header, None);
                assert_eq!(condition.check(current.map(Version), reads), expected, "{header:?} {current:?}");
            }
        }
    }

    #[test]
    fn if_none_match() {
        for (header, current, reading, writing) in [
            (r#"W/"5""#, Some(5), NotModified, Failed),
            (r#""4", "5""#, Some(5), NotModified, Failed),
            (r#"W/"4""#, Some(5), Proceed, Proceed),
            ("*", Some(5), NotModified, Failed),
            ("*", None, Proceed, Proceed),
        ] {
            let condition = Precondition::read(None, Some(header));
            assert_eq!(condition.check(current.map(Version), true), reading, "{header}");
            assert_eq!(condition.check(current.map(Version), false), writing, "{header}");
        }
    }

    #[test]
    fn the_error_names_the_condition_that_failed() {
        let current = Some(Version(5));
        for (condition, detail) in [
            (Precondition::read(Some("\"4\""), None), "doesn't match If-Match"),
            (Precondition::read(Some("\"4\""), Some("*")), "doesn't match If-Match"),
            (Precondition::read(Some("\"5\""), Some("*")), "If-None-Match: * requires"),
            (Precondition::read(None, Some("*")), "If-None-Match: * requires"),
            (Precondition::read(None, Some("W/\"5\"")), "a version that If-None-Match rules out"),
            (Precondition::of_version(Some("\"4\"")), "doesn't match the version of the operation"),
        ] {
            assert_eq!(condition.check(current, false), Failed, "{condition:?}");
            let error = condition.error(current);
            assert!(error.status() == 412 && error.to_string().contains(detail), "{condition:?}: {error:?}");
        }
    }

    #[test]
    fn if_match_comes_first() {
        let condition = Precondition::read(Some(r#"W/"4""#), Some(r#"W/"5""#));
        assert_eq!(condition.check(Some(Version(5)), true), Failed);
        assert!(Precondition::of_version(None).is_empty());
    }

    proptest! {
        #[test]
        fn never_panics_and_always_ends(header in ".*", number: i64) {
            Precondition::read(Some(&header), Some(&header)).check(Some(Version(number)), true);
        }

        #[test]
        fn a_version_matches_itself(number: i64) {
            let condition = Precondition::of_version(Some(&Version(number).to_string()));
            prop_assert_eq!(condition.check(Some(Version(number)), false), Proceed);
        }
    }
}
