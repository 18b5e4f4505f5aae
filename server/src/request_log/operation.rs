//! What a request is, from its method and path.

use axum::http::Method;
use domain::operation::Operation;

/// The operation, and the id of the resource in the path. `path` is the one that the routes see.
pub(super) fn of<'p>(method: &Method, path: &'p str) -> (Operation, Option<&'p str>) {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let (first, second) = (segments.next().unwrap_or_default(), segments.next());
    if segments.next().is_some() {
        return (Operation::Unknown, None);
    }
    let id = second.filter(|second| *second != ".search");
    let operation = match (first, second, method.as_str()) {
        (".search", None, "POST") | ("Users" | "Groups", Some(".search"), "POST") => Operation::Search,
        ("Users", None, "GET" | "HEAD") => Operation::UserList,
        ("Users", None, "POST") => Operation::UserCreate,
        ("Users", Some(_), "GET" | "HEAD") => Operation::UserGet,
        ("Users", Some(_), "PUT") => Operation::UserReplace,
        ("Users", Some(_), "PATCH") => Operation::UserPatch,
        ("Users", Some(_), "DELETE") => Operation::UserDelete,
        ("Groups", None, "GET" | "HEAD") => Operation::GroupList,
        ("Groups", None, "POST") => Operation::GroupCreate,
        ("Groups", Some(_), "GET" | "HEAD") => Operation::GroupGet,
        ("Groups", Some(_), "PUT") => Operation::GroupReplace,
        ("Groups", Some(_), "PATCH") => Operation::GroupPatch,
        ("Groups", Some(_), "DELETE") => Operation::GroupDelete,
        ("Bulk", None, "POST") => Operation::Bulk,
        ("Me", None, _) => Operation::Me,
        ("ServiceProviderConfig", None, "GET" | "HEAD") => Operation::Discovery,
        ("ResourceTypes" | "Schemas", _, "GET" | "HEAD") => Operation::Discovery,
        _ => Operation::Unknown,
    };
    let has_target = matches!(first, "Users" | "Groups");
    (operation, id.filter(|_| has_target))
}

#[cfg(test)]
mod tests {
    use super::of;
    use axum::http::Method;

    #[test]
    fn table() {
        for (method, path, operation, id) in [
            ("GET", "/Users", "user_list", None),
            ("HEAD", "/Users", "user_list", None),
            ("POST", "/Users", "user_create", None),
            ("PUT", "/Users", "unknown", None),
            ("GET", "/Users/1", "user_get", Some("1")),
            ("PUT", "/Users/1", "user_replace", Some("1")),
            ("PATCH", "/Users/1", "user_patch", Some("1")),
            ("DELETE", "/Users/1", "user_delete", Some("1")),
            ("PURGE", "/Users/1", "unknown", Some("1")),
            ("GET", "/Users/1/2", "unknown", None),
            ("GET", "/Groups", "group_list", None),
            ("POST", "/Groups", "group_create", None),
            ("GET", "/Groups/1", "group_get", Some("1")),
            ("PUT", "/Groups/1", "group_replace", Some("1")),
            ("PATCH", "/Groups/1", "group_patch", Some("1")),
            ("DELETE", "/Groups/1", "group_delete", Some("1")),
            ("POST", "/.search", "search", None),
            ("POST", "/Users/.search", "search", None),
            ("POST", "/Groups/.search", "search", None),
            ("GET", "/Users/.search", "user_get", None),
            ("POST", "/Bulk", "bulk", None),
            ("GET", "/Bulk", "unknown", None),
            ("GET", "/Me", "me", None),
            ("PATCH", "/Me", "me", None),
            ("GET", "/ServiceProviderConfig", "discovery", None),
            ("GET", "/Schemas", "discovery", None),
            ("GET", "/Schemas/urn:x", "discovery", None),
            ("GET", "/ResourceTypes/User", "discovery", None),
            ("POST", "/Schemas", "unknown", None),
            ("GET", "/users", "unknown", None),
            ("GET", "/", "unknown", None),
            ("GET", "", "unknown", None),
        ] {
            let (found, target) = of(&Method::from_bytes(method.as_bytes()).unwrap(), path);
            assert_eq!((found.name(), target), (operation, id), "{method} {path}");
        }
    }
}
