//! The operation of a request, by its method and path.

use axum::http::Method;
use domain::scim_operation::ScimOperation;

/// The operation, and the id of the resource in the path. `path` is the path within the API.
pub(super) fn of<'p>(method: &Method, path: &'p str) -> (ScimOperation, Option<&'p str>) {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let (first, second) = (segments.next().unwrap_or_default(), segments.next());
    if segments.next().is_some() {
        return (ScimOperation::Unknown, None);
    }
    let id = second.filter(|second| *second != ".search");
    let operation = match (first, second, method.as_str()) {
        (".search", None, "POST") | ("Users" | "Groups", Some(".search"), "POST") => ScimOperation::Search,
        ("Users", None, "GET" | "HEAD") => ScimOperation::UserList,
        ("Users", None, "POST") => ScimOperation::UserCreate,
        ("Users", Some(_), "GET" | "HEAD") => ScimOperation::UserGet,
        ("Users", Some(_), "PUT") => ScimOperation::UserReplace,
        ("Users", Some(_), "PATCH") => ScimOperation::UserPatch,
        ("Users", Some(_), "DELETE") => ScimOperation::UserDelete,
        ("Groups", None, "GET" | "HEAD") => ScimOperation::GroupList,
        ("Groups", None, "POST") => ScimOperation::GroupCreate,
        ("Groups", Some(_), "GET" | "HEAD") => ScimOperation::GroupGet,
        ("Groups", Some(_), "PUT") => ScimOperation::GroupReplace,
        ("Groups", Some(_), "PATCH") => ScimOperation::GroupPatch,
        ("Groups", Some(_), "DELETE") => ScimOperation::GroupDelete,
        ("Bulk", None, "POST") => ScimOperation::Bulk,
        ("Me", None, _) => ScimOperation::Me,
        ("ServiceProviderConfig", None, "GET" | "HEAD") => ScimOperation::Discovery,
        ("ResourceTypes" | "Schemas", _, "GET" | "HEAD") => ScimOperation::Discovery,
        _ => ScimOperation::Unknown,
    };
    let has_target = matches!(first, "Users" | "Groups");
    (operation, id.filter(|_| has_target))
}

#[cfg(test)]
mod tests {
    use super::of;
    use axum::http::Method;

    #[test]
    fn operations_follow_from_method_and_path() {
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
            let (actual, target) = of(&Method::from_bytes(method.as_bytes()).unwrap(), path);
            assert_eq!((actual.name(), target), (operation, id), "{method} {path}");
        }
    }
}
