//! Reading the key and the User that is asked for in one statement.
//!
//! Nearly everything that identity providers ask is "who has this id?" or "who has this userName?". To look up the key
//! first and the member after it would be two questions to the database where one does. What comes back beside the key is
//! used only after the key was proven, and only if it is of the key's team, which the statement sees to.

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

/// What a request most likely wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// Nothing that could be read beside the key.
    None,
    /// The member with this id.
    Id(MemberId),
    /// The member with this userName, folded.
    UserName(String),
}

/// What was read beside the key. Handlers find it in the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct Prefetched {
    lookup: Lookup,
    user: Option<ScimUser>,
}

impl Lookup {
    /// Looks at the address of a request, as the routes see it.
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

    /// The key with this id, and what the question is about.
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
    /// The member with this id, if that was asked; inside, `None` if there is none.
    pub(super) fn with_id(self, id: &str) -> Option<Option<ScimUser>> {
        matches!(&self.lookup, Lookup::Id(asked) if asked.as_str() == id).then_some(self.user)
    }

    /// The member with this userName (folded), if that was asked; inside, `None` if there is none.
    pub(super) fn with_user_name(self, name: &str) -> Option<Option<ScimUser>> {
        matches!(&self.lookup, Lookup::UserName(asked) if asked == name).then_some(self.user)
    }
}

fn id(rest: &str) -> Option<MemberId> {
    let id = rest.strip_prefix('/')?;
    let id = Uuid::try_parse(id).ok().filter(|_| id.len() == uuid::fmt::Hyphenated::LENGTH)?;
    Some(MemberId::new(id.to_string()))
}

/// The userName, folded, if the filter asks for one and nothing else.
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
    fn table() {
        const ID: &str = "01a201a4-176f-75b5-9e31-3840e4fe01e5";
        let named = |name: &str| Lookup::UserName(name.into());
        let asked = Lookup::Id(MemberId::new(ID));
        for (method, path, wanted) in [
            ("GET", format!("/Users/{ID}"), asked.clone()),
            ("GET", format!("/Users/{}?attributes=id", ID.to_uppercase()), asked),
            ("GET", "/Users?filter=userName%20eq%20%22Ada@acme.test%22&count=1".into(), named("ada@acme.test")),
            ("GET", "/Users?count=1&FILTER=USERNAME+eq+ada".into(), named("ada")),
            ("GET", "/Users?filter=userName%20sw%20%22a%22".into(), Lookup::None),
            ("GET", "/Users?filter=(".into(), Lookup::None),
            ("GET", "/Users".into(), Lookup::None),
            ("GET", "/Users/nobody".into(), Lookup::None),
            ("GET", format!("/Users/{ID}/x"), Lookup::None),
            ("GET", format!("/Groups/{ID}"), Lookup::None),
            ("PUT", format!("/Users/{ID}"), Lookup::None),
        ] {
            let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
            assert_eq!(Lookup::of(&request), wanted, "{method} {path}");
        }
    }
}
