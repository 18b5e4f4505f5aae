//! Local addresses that lead back to a page after signing in or verifying, and the names of the fields in them.

use crate::form_encoding::{encode, push};
use domain::id::MethodId;

/// The name of the field with the team's slug, in every form of the Authentication page.
pub const TEAM: &str = "team";
/// The name of the field with the id of a method or key.
pub const ID: &str = "id";
/// The name of the field with an SSO method's protocol.
pub const PROTOCOL: &str = "protocol";
/// The name of the field for whether an SSO method shall be enabled.
pub const ENABLED: &str = "enabled";
/// The name of the field that confirms a second enabled SSO method.
pub const CONFIRMED: &str = "confirmed";
/// The name of the button "Configure later".
pub const LATER: &str = "later";

/// The name of the field with the `id` of the dialog to open.
pub const DIALOG: &str = "dialog";
/// The parameter with the result of the last form.
pub const DONE: &str = "done";

/// The header of a request that a page sends by itself. It does not renew the session.
pub const POLL: &str = "rollcall-poll";

/// The URL of a team's Authentication page.
pub fn authentication_path(slug: &str) -> String {
    format!("/teams/{}/settings/authentication", encode(slug))
}

/// The URL of the page of an SSO method.
pub fn sso_method_path(slug: &str, id: &MethodId) -> String {
    [&authentication_path(slug), "/methods/", &encode(id.as_str())].concat()
}

/// The URL of a team's setup guides.
pub fn guides_path(slug: &str) -> String {
    authentication_path(slug) + "/guides"
}

/// Where URL of the sign-in page that continues to `next`, a local path.
pub fn sign_in_path(next: &str) -> String {
    let mut path = "/sign-in".to_owned();
    push(&mut path, "next", next);
    path
}

/// The URL of the verification page that continues to `next`, a local path.
pub fn verify_path(slug: &str, next: &str) -> String {
    let mut path = format!("/teams/{}/verify", encode(slug));
    push(&mut path, "next", next);
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::form_encoding::parse;

    #[test]
    fn addresses_nest() {
        let mut next = authentication_path("acme");
        push(&mut next, DIALOG, "generate-key");
        push(&mut next, "name", "Okta & co");
        let path = verify_path("acme", &next);
        assert_eq!(
            path,
            "/teams/acme/verify?next=%2Fteams%2Facme%2Fsettings%2Fauthentication%3Fdialog%3Dgenerate-key%26name%3DOkta%2520%2526%2520co"
        );
        let (_, query) = path.split_once('?').unwrap();
        assert_eq!(parse(query), [("next".to_owned(), next)]);
        assert_eq!(sign_in_path("/teams/a"), "/sign-in?next=%2Fteams%2Fa");
    }

    #[test]
    fn a_slug_cannot_change_the_path() {
        assert_eq!(authentication_path("../x?y"), "/teams/..%2Fx%3Fy/settings/authentication");
    }
}
