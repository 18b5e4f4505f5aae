//! Query plans: the SQL condition for a filter.
//!
//! The condition finds all resources that match the filter, or more. Some columns hold values that a resource does not show: the
//! name of a member without displayName, an address that is only a userName, the status of a member whose `active` was removed.
//! Conditions on these columns are not exact, or are restricted to shown values.

use scim::{
    AttributePath, Filter, ResourceType,
    filter::{FilterText, Instant, Literal, Operator},
};
use store::{Condition, SearchAttribute};

/// The condition, and whether it is equivalent to the filter. If not, the rows must be compared with the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QueryPlan {
    pub(super) condition: Condition,
    pub(super) exact: bool,
}

const EVERYTHING: QueryPlan = QueryPlan { condition: Condition::All, exact: false };

/// The plan for resources of this type that match the filter.
pub(super) fn of(filter: Option<&Filter>, kind: ResourceType) -> QueryPlan {
    match filter {
        None => QueryPlan { condition: Condition::All, exact: true },
        Some(filter) => compile(filter, kind),
    }
}

fn compile(filter: &Filter, kind: ResourceType) -> QueryPlan {
    match filter {
        Filter::And(parts) => {
            let parts: Vec<QueryPlan> = parts.iter().map(|part| compile(part, kind)).collect();
            let exact = parts.iter().all(|part| part.exact);
            let narrowing = parts.into_iter().map(|part| part.condition).filter(|part| *part != Condition::All);
            QueryPlan { condition: joined(narrowing.collect(), Condition::And, Condition::All), exact }
        }
        Filter::Or(parts) => {
            let parts: Vec<QueryPlan> = parts.iter().map(|part| compile(part, kind)).collect();
            let exact = parts.iter().all(|part| part.exact);
            if parts.iter().any(|part| part.condition == Condition::All) {
                return QueryPlan { condition: Condition::All, exact };
            }
            let conditions = parts.into_iter().map(|part| part.condition).collect();
            QueryPlan { condition: joined(conditions, Condition::Or, Condition::Nothing), exact }
        }
        Filter::Compare { path, op, value } => compare(*path, *op, value, kind).unwrap_or(EVERYTHING),
        Filter::Values { path, filter } if is(*path, "emails", None) => email_among(filter).unwrap_or(EVERYTHING),
        Filter::Present(path) if is(*path, "active", None) => {
            QueryPlan { condition: Condition::ActivePresent, exact: true }
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

fn compare(path: AttributePath, op: Operator, value: &Literal, kind: ResourceType) -> Option<QueryPlan> {
    let exactly = |condition| Some(QueryPlan { condition, exact: true });
    match (op, value) {
        (Operator::Eq, Literal::Text(text)) => equals(path, text, kind),
        (Operator::Eq, Literal::Boolean(on)) if is(path, "active", None) => exactly(Condition::Active(*on)),
        (Operator::Ne, Literal::Boolean(on)) if is(path, "active", None) => exactly(Condition::NotActive(*on)),
        (op, Literal::DateTime { at, .. }) if is(path, "meta", Some("lastModified")) => exactly(modified(op, *at)?),
        _ => None,
    }
}

fn equals(path: AttributePath, text: &FilterText, kind: ResourceType) -> Option<QueryPlan> {
    let (attribute, value, exact) = match kind {
        _ if is(path, "id", None) => (SearchAttribute::Id, text.as_str(), true),
        _ if is(path, "externalId", None) => (SearchAttribute::ExternalId, text.as_str(), true),
        // The column also has a name for members without displayName.
        _ if is(path, "displayName", None) => {
            (SearchAttribute::DisplayName, text.folded(), kind == ResourceType::Group)
        }
        ResourceType::User if is(path, "userName", None) => (SearchAttribute::UserName, text.folded(), true),
        ResourceType::User if is(path, "emails", Some("value")) => return email(text),
        ResourceType::User if is(path, "groups", Some("value")) => (SearchAttribute::Group, text.as_str(), true),
        ResourceType::Group if is(path, "members", Some("value")) => (SearchAttribute::Member, text.as_str(), true),
        _ => return None,
    };
    // A resource can show a blank value, but no column holds one.
    let blank = value.trim().is_empty();
    (!blank).then(|| QueryPlan { condition: Condition::Is(attribute, value.to_owned()), exact })
}

/// The plan for one of the addresses of a User.
fn email(text: &FilterText) -> Option<QueryPlan> {
    let folded = text.folded();
    let plan = || QueryPlan { condition: Condition::Is(SearchAttribute::Email, folded.to_owned()), exact: false };
    (!folded.is_empty()).then(plan)
}

/// `emails[type eq "work" and value eq "…"]`.
fn email_among(filter: &Filter) -> Option<QueryPlan> {
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

/// The range of stored times, which have milliseconds. A filter may have nanoseconds.
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
    use scim::Normalizations;

    fn plan(filter: &str, kind: ResourceType) -> QueryPlan {
        of(Some(&Filter::parse(filter, kind, &mut Normalizations::new()).unwrap()), kind)
    }

    fn is(attribute: SearchAttribute, value: &str) -> Condition {
        Condition::Is(attribute, value.into())
    }

    #[test]
    fn filters_become_conditions() {
        use SearchAttribute::{DisplayName, Email, ExternalId, Id, Member, UserName};
        for (filter, kind, condition, exact) in [
            (r#"userName eq "Ada@Acme.test""#, ResourceType::User, is(UserName, "ada@acme.test"), true),
            (r#"externalId eq "00U""#, ResourceType::User, is(ExternalId, "00U"), true),
            (r#"id eq "2819""#, ResourceType::Group, is(Id, "2819"), true),
            (r#"displayName eq "IT""#, ResourceType::Group, is(DisplayName, "it"), true),
            (r#"displayName eq "Ada""#, ResourceType::User, is(DisplayName, "ada"), false),
            (r#"emails eq "A@b.test""#, ResourceType::User, is(Email, "a@b.test"), false),
            (r#"emails.value eq "A@b.test""#, ResourceType::User, is(Email, "a@b.test"), false),
            (r#"emails[type eq "work"].value eq "A@b.test""#, ResourceType::User, is(Email, "a@b.test"), false),
            (r#"members eq "2819""#, ResourceType::Group, is(Member, "2819"), true),
            ("active eq true", ResourceType::User, Condition::Active(true), true),
            ("active ne true", ResourceType::User, Condition::NotActive(true), true),
            ("active pr", ResourceType::User, Condition::ActivePresent, true),
            (r#"externalId eq " ""#, ResourceType::User, Condition::All, false),
            (r#"displayName eq """#, ResourceType::User, Condition::All, false),
            (r#"emails.value eq """#, ResourceType::User, Condition::All, false),
            (r#"emails[value eq ""]"#, ResourceType::User, Condition::All, false),
            (r#"userName eq "ΟΔΟΣ""#, ResourceType::User, is(UserName, "οδοσ"), true),
            (
                r#"meta.lastModified gt "1970-01-01T00:00:01Z""#,
                ResourceType::User,
                Condition::Modified(1_001, i64::MAX),
                true,
            ),
            (
                r#"meta.lastModified lt "1970-01-01T00:00:01.0005Z""#,
                ResourceType::User,
                Condition::Modified(i64::MIN, 1_001),
                true,
            ),
            (r#"userName eq "a" and title eq "x""#, ResourceType::User, is(UserName, "a"), false),
            (
                r#"userName eq "a" or externalId eq "b""#,
                ResourceType::User,
                Condition::Or(vec![is(UserName, "a"), is(ExternalId, "b")]),
                true,
            ),
            (r#"userName eq "a" or title eq "x""#, ResourceType::User, Condition::All, false),
            (r#"not (userName eq "a")"#, ResourceType::User, Condition::All, false),
            (r#"userName sw "a""#, ResourceType::User, Condition::All, false),
        ] {
            assert_eq!(plan(filter, kind), QueryPlan { condition, exact }, "{filter}");
        }
    }
}
