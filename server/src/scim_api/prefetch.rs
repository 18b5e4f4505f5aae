//! Prefetch: reads the key and the requested User in one statement.
//!
//! Most requests of identity providers look up one User by id or by userName. One statement instead of two halves their database
//! time. The User is used only after authentication, and the statement returns Users of the key's team only.

use super::parameters;
use axum::http::{Method, Uri};
use domain::{id::MemberId, key::KeyId};
use scim::{
    Filter, Normalizations, ResourceType,
    filter::{Literal, Operator},
    fold,
};
use store::{KeyRow, ScimUser, Store, StoreError};
use uuid::Uuid;

/// The User that a request most likely reads, and the result of reading it together with the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Prefetch {
    /// No User.
    #[default]
    None,
    /// The member with this id.
    Id(MemberId, Option<ScimUser>),
    /// The member with this userName, folded.
    UserName(String, Option<ScimUser>),
}

impl Prefetch {
    /// The prefetch for a request, by its method and path. Nothing is read yet.
    pub(super) fn of(method: &Method, uri: &Uri) -> Self {
        if method != Method::GET {
            return Prefetch::None;
        }
        match uri.path().strip_prefix("/Users") {
            Some("") => user_name(uri).map_or(Prefetch::None, |name| Prefetch::UserName(name, None)),
            Some(rest) => id(rest).map_or(Prefetch::None, |id| Prefetch::Id(id, None)),
            None => Prefetch::None,
        }
    }

    /// Reads the key with this id, and the User.
    pub(super) async fn read(self, store: &Store, key: &KeyId) -> Result<Option<(KeyRow, Self)>, StoreError> {
        Ok(match self {
            Prefetch::None => store.key_by_id(key).await?.map(|row| (row, Prefetch::None)),
            Prefetch::Id(id, _) => {
                store.key_with_user(key, &id).await?.map(|(row, user)| (row, Prefetch::Id(id, user)))
            }
            Prefetch::UserName(name, _) => {
                store.key_with_user_named(key, &name).await?.map(|(row, user)| (row, Prefetch::UserName(name, user)))
            }
        })
    }

    /// The result for this id. `None`: another User was read. `Some(None)`: no such User.
    pub(super) fn with_id(self, id: &str) -> Option<Option<ScimUser>> {
        match self {
            Prefetch::Id(expected, user) if expected.as_str() == id => Some(user),
            _ => None,
        }
    }

    /// The result for this folded userName. `None`: another User was read. `Some(None)`: no such User.
    pub(super) fn with_user_name(self, name: &str) -> Option<Option<ScimUser>> {
        match self {
            Prefetch::UserName(expected, user) if expected == name => Some(user),
            _ => None,
        }
    }
}

fn id(rest: &str) -> Option<MemberId> {
    let id = rest.strip_prefix('/')?;
    let id = Uuid::try_parse(id).ok().filter(|_| id.len() == uuid::fmt::Hyphenated::LENGTH)?;
    Some(MemberId::new(id.to_string()))
}

/// The folded userName, if the filter is `userName eq "…"`.
fn user_name(uri: &Uri) -> Option<String> {
    uri.query()?;
    let parameters = parameters::of(uri);
    let (_, filter) = parameters::pairs(&parameters).find(|(name, _)| name.eq_ignore_ascii_case("filter"))?;
    match Filter::parse(filter, ResourceType::User, &mut Normalizations::new()).ok()? {
        Filter::Compare { path, op: Operator::Eq, value: Literal::Text(name) }
            if !path.is_extension() && path.attribute.name == "userName" =>
        {
            Some(fold(&name))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups_follow_from_the_address() {
        const ID: &str = "01a201a4-176f-75b5-9e31-3840e4fe01e5";
        let by_user_name = |name: &str| Prefetch::UserName(name.into(), None);
        let by_id = Prefetch::Id(MemberId::new(ID), None);
        for (method, path, expected) in [
            ("GET", format!("/Users/{ID}"), by_id.clone()),
            ("GET", format!("/Users/{}?attributes=id", ID.to_uppercase()), by_id),
            ("GET", "/Users?filter=userName%20eq%20%22Ada@acme.test%22&count=1".into(), by_user_name("ada@acme.test")),
            ("GET", "/Users?count=1&FILTER=USERNAME+eq+ada".into(), by_user_name("ada")),
            ("GET", "/Users?filter=userName%20sw%20%22a%22".into(), Prefetch::None),
            ("GET", "/Users?filter=(".into(), Prefetch::None),
            ("GET", "/Users".into(), Prefetch::None),
            ("GET", "/Users/nobody".into(), Prefetch::None),
            ("GET", format!("/Users/{ID}/x"), Prefetch::None),
            ("GET", format!("/Groups/{ID}"), Prefetch::None),
            ("PUT", format!("/Users/{ID}"), Prefetch::None),
        ] {
            let prefetch = Prefetch::of(&method.parse().unwrap(), &path.parse().unwrap());
            assert_eq!(prefetch, expected, "{method} {path}");
        }
    }
}
