//! From a filter to what the database looks for by an index.
//!
//! The condition finds what the filter finds in the resources as GET shows them, or more. Some columns know more than a
//! resource shows: the name of a member without a displayName, an address that is only a userName, the status of a
//! member whose `active` was removed. Conditions on those are either not exact, or say what is shown.

use scim::{
    AttributePath, Filter, Kind,
    filter::{Instant, Literal, Operator, Text},
};
use store::{Attribute, Condition};

/// What the database is asked for, and whether that is exactly what the filter means. If not, it finds too much, and what
/// it finds has to be held against the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) condition: Condition,
    pub(super) exact: bool,
}

const EVERYTHING: Asked = Asked { condition: Condition::All, exact: false };

/// The condition for resources of this kind that meet the filter.
pub(super) fn of(filter: Option<&Filter>, kind: Kind) -> Asked {
    match filter {
        None => Asked { condition: Condition::All, exact: true },
        Some(filter) => compile(filter, kind),
    }
}

fn compile(filter: &Filter, kind: Kind) -> Asked {
    match filter {
        Filter::And(parts) => {
            let parts: Vec<Asked> = parts.iter().map(|part| compile(part, kind)).collect();
            let exact = parts.iter().all(|part| part.exact);
            let narrowing = parts.into_iter().map(|part| part.condition).filter(|part| *part != Condition::All);
            Asked { condition: joined(narrowing.collect(), Condition::And, Condition::All), exact }
        }
        Filter::Or(parts) => {
            let parts: Vec<Asked> = parts.iter().map(|part| compile(part, kind)).collect();
            let exact = parts.iter().all(|part| part.exact);
            if parts.iter().any(|part| part.condition == Condition::All) {
                return Asked { condition: Condition::All, exact };
            }
            let conditions = parts.into_iter().map(|part| part.condition).collect();
            Asked { condition: joined(conditions, Condition::Or, Condition::Nothing), exact }
        }
        Filter::Compare { path, op, value } => compare(*path, *op, value, kind).unwrap_or(EVERYTHING),
        Filter::Values { path, filter } if is(*path, "emails", None) => email_among(filter).unwrap_or(EVERYTHING),
        Filter::Present(path) if is(*path, "active", None) => {
            Asked { condition: Condition::ActivePresent, exact: true }
        }
        Filter::Not(_) | Filter::Present(_) | Filter::Values { .. } => EVERYTHING,
    }
}

fn joined(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition, none: Condition) -> Condition {
    match parts.len() {
        0 => none,
        1 => parts.pop().unwrap_or(none),
        _ => join(parts),
    }
}

fn is(path: AttributePath, name: &str, sub: Option<&str>) -> bool {
    !path.is_extension() && path.attribute.name == name && path.sub.map(|sub| sub.name) == sub
}

fn compare(path: AttributePath, op: Operator, value: &Literal, kind: Kind) -> Option<Asked> {
    let exactly = |condition| Some(Asked { condition, exact: true });
    match (op, value) {
        (Operator::Eq, Literal::Text(text)) => equals(path, text, kind),
        (Operator::Eq, Literal::Boolean(on)) if is(path, "active", None) => exactly(Condition::Active(*on)),
        (Operator::Ne, Literal::Boolean(on)) if is(path, "active", None) => exactly(Condition::NotActive(*on)),
        (op, Literal::DateTime { at, .. }) if is(path, "meta", Some("lastModified")) => exactly(modified(op, *at)?),
        _ => None,
    }
}

fn equals(path: AttributePath, text: &Text, kind: Kind) -> Option<Asked> {
    let (attribute, value, exact) = match kind {
        _ if is(path, "id", None) => (Attribute::Id, text.as_str(), true),
        _ if is(path, "externalId", None) => (Attribute::ExternalId, text.as_str(), true),
        // Members without one in the document have one in the column: the name that people see.
        _ if is(path, "displayName", None) => (Attribute::DisplayName, text.folded(), kind == Kind::Group),
        Kind::User if is(path, "userName", None) => (Attribute::UserName, text.folded(), true),
        Kind::User if is(path, "emails", Some("value")) => return email(text),
        Kind::User if is(path, "groups", Some("value")) => (Attribute::Group, text.as_str(), true),
        Kind::Group if is(path, "members", Some("value")) => (Attribute::Member, text.as_str(), true),
        _ => return None,
    };
    // A blank value is shown, but in no column.
    let blank = value.trim().is_empty();
    (!blank).then(|| Asked { condition: Condition::Is(attribute, value.to_owned()), exact })
}

/// Members who have this address, among others.
fn email(text: &Text) -> Option<Asked> {
    let folded = text.folded();
    let asked = || Asked { condition: Condition::Is(Attribute::Email, folded.to_owned()), exact: false };
    (!folded.is_empty()).then(asked)
}

/// `emails[type eq "work" and value eq "…"]`.
fn email_among(filter: &Filter) -> Option<Asked> {
    match filter {
        Filter::And(parts) => parts.iter().find_map(email_among),
        Filter::Compare { path, op: Operator::Eq, value: Literal::Text(text) }
            if is(*path, "emails", Some("value")) =>
        {
            email(text)
        }
        _ => None,
    }
}

/// Times are kept to the millisecond; a filter can be finer.
fn modified(op: Operator, at: Instant) -> Option<Condition> {
    let (next, up) = (at.ms.saturating_add(1), if at.ns > 0 { at.ms.saturating_add(1) } else { at.ms });
    Some(match op {
        Operator::Gt => Condition::Modified(next, i64::MAX),
        Operator::Ge => Condition::Modified(up, i64::MAX),
        Operator::Lt => Condition::Modified(i64::MIN, up),
        Operator::Le => Condition::Modified(i64::MIN, next),
        Operator::Eq if at.ns == 0 => Condition::Modified(at.ms, next),
        Operator::Eq => Condition::Nothing,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use scim::Notes;

    fn asked(filter: &str, kind: Kind) -> Asked {
        of(Some(&Filter::parse(filter, kind, &mut Notes::new()).unwrap()), kind)
    }

    fn is(attribute: Attribute, value: &str) -> Condition {
        Condition::Is(attribute, value.into())
    }

    #[test]
    fn what_an_index_answers() {
        use Attribute::{DisplayName, Email, ExternalId, Id, Member, UserName};
        for (filter, kind, condition, exact) in [
            (r#"userName eq "Ada@Acme.test""#, Kind::User, is(UserName, "ada@acme.test"), true),
            (r#"externalId eq "00U""#, Kind::User, is(ExternalId, "00U"), true),
            (r#"id eq "2819""#, Kind::Group, is(Id, "2819"), true),
            (r#"displayName eq "IT""#, Kind::Group, is(DisplayName, "it"), true),
            (r#"displayName eq "Ada""#, Kind::User, is(DisplayName, "ada"), false),
            (r#"emails eq "A@b.test""#, Kind::User, is(Email, "a@b.test"), false),
            (r#"emails.value eq "A@b.test""#, Kind::User, is(Email, "a@b.test"), false),
            (r#"emails[type eq "work"].value eq "A@b.test""#, Kind::User, is(Email, "a@b.test"), false),
            (r#"members eq "2819""#, Kind::Group, is(Member, "2819"), true),
            ("active eq true", Kind::User, Condition::Active(true), true),
            ("active ne true", Kind::User, Condition::NotActive(true), true),
            ("active pr", Kind::User, Condition::ActivePresent, true),
            (r#"externalId eq " ""#, Kind::User, Condition::All, false),
            (r#"displayName eq """#, Kind::User, Condition::All, false),
            (r#"emails.value eq """#, Kind::User, Condition::All, false),
            (r#"emails[value eq ""]"#, Kind::User, Condition::All, false),
            (r#"userName eq "ΟΔΟΣ""#, Kind::User, is(UserName, "οδοσ"), true),
            (r#"meta.lastModified gt "1970-01-01T00:00:01Z""#, Kind::User, Condition::Modified(1_001, i64::MAX), true),
            (
                r#"meta.lastModified lt "1970-01-01T00:00:01.0005Z""#,
                Kind::User,
                Condition::Modified(i64::MIN, 1_001),
                true,
            ),
            (r#"userName eq "a" and title eq "x""#, Kind::User, is(UserName, "a"), false),
            (
                r#"userName eq "a" or externalId eq "b""#,
                Kind::User,
                Condition::Or(vec![is(UserName, "a"), is(ExternalId, "b")]),
                true,
            ),
            (r#"userName eq "a" or title eq "x""#, Kind::User, Condition::All, false),
            (r#"not (userName eq "a")"#, Kind::User, Condition::All, false),
            (r#"userName sw "a""#, Kind::User, Condition::All, false),
        ] {
            assert_eq!(asked(filter, kind), Asked { condition, exact }, "{filter}");
        }
    }
}
