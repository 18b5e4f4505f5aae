//! Prefetch: reads the key and the requested User in one statement.
//!
//! Most requests of identity providers look up one User by id or by userName. One statement instead of two halves their database
//! time. The User is used only after authentication, and the statement returns Users of the key's team only.

use super::parameters::Parameters;
use axum::{
    extract::Request,
    http::{Method, Uri},
};
use domain::{id::MemberId, key::KeyId};
use scim::{
    Filter, Normalizations, ResourceType,
    filter::{Literal, Operator},
    fold,
};
use store::{KeyRow, ScimUser, Store, StoreError};
use uuid::Uuid;

/// The User that a request most likely reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// No User.
    None,
    /// The member with this id.
    Id(MemberId),
    /// The member with this userName, folded.
    UserName(String),
}

/// The User that was read together with the key. Handlers find it in the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct Prefetched {
    lookup: Lookup,
    user: Option<ScimUser>,
}

impl Lookup {
    /// The lookup of a request, by its method and path.
    pub(super) fn of(request: &Request) -> Self {
        if request.method() != Method::GET {
            return Lookup::None;
        }
        match request.uri().path().strip_prefix("/Users") {
            Some("") => user_name(request.uri()).map_or(Lookup::None, Lookup::UserName),
            Some(rest) => id(rest).map_or(Lookup::None, Lookup::Id),
            None => Lookup::None,
        }
    }

    /// The key with this id, and the User.
    pub(super) async fn read(
        self,
        store: &Store,
        key: &KeyId,
    ) -> Result<Option<(KeyRow, Option<Prefetched>)>, StoreError> {
        let row = match &self {
            Lookup::None => return Ok(store.key_by_id(key).await?.map(|row| (row, None))),
            Lookup::Id(id) => store.key_with_user(key, id).await?,
            Lookup::UserName(name) => store.key_with_user_named(key, name).await?,
        };
        Ok(row.map(|(row, user)| (row, Some(Prefetched { lookup: self, user }))))
    }
}

impl Prefetched {
    /// The result for this id. `None`: it was not looked up. `Some(None)`: no such User.
    pub(super) fn with_id(self, id: &str) -> Option<Option<ScimUser>> {
        matches!(&self.lookup, Lookup::Id(expected) if expected.as_str() == id).then_some(self.user)
    }

    /// The result for this folded userName. `None`: it was not looked up. `Some(None)`: no such User.
    pub(super) fn with_user_name(self, name: &str) -> Option<Option<ScimUser>> {
        matches!(&self.lookup, Lookup::UserName(expected) if expected == name).then_some(self.user)
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
    let parameters = Parameters::of(uri);
    let (_, filter) = parameters.pairs().find(|(name, _)| name.eq_ignore_ascii_case("filter"))?;
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
    use axum::body::Body;

    #[test]
    fn lookups_follow_from_the_address() {
        const ID: &str = "01a201a4-176f-75b5-9e31-3840e4fe01e5";
        let by_user_name = |name: &str| Lookup::UserName(name.into());
        let by_id = Lookup::Id(MemberId::new(ID));
        for (method, path, expected) in [
            ("GET", format!("/Users/{ID}"), by_id.clone()),
            ("GET", format!("/Users/{}?attributes=id", ID.to_uppercase()), by_id),
            ("GET", "/Users?filter=userName%20eq%20%22Ada@acme.test%22&count=1".into(), by_user_name("ada@acme.test")),
            ("GET", "/Users?count=1&FILTER=USERNAME+eq+ada".into(), by_user_name("ada")),
            ("GET", "/Users?filter=userName%20sw%20%22a%22".into(), Lookup::None),
            ("GET", "/Users?filter=(".into(), Lookup::None),
            ("GET", "/Users".into(), Lookup::None),
            ("GET", "/Users/nobody".into(), Lookup::None),
            ("GET", format!("/Users/{ID}/x"), Lookup::None),
            ("GET", format!("/Groups/{ID}"), Lookup::None),
            ("PUT", format!("/Users/{ID}"), Lookup::None),
        ] {
            let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
            assert_eq!(Lookup::of(&request), expected, "{method} {path}");
        }
    }
}
