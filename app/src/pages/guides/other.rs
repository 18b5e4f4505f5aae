//! Any client of SCIM 2.0.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    let try_it = format!("curl --header \"Authorization: Bearer $ROLLCALL_KEY\" \"{base_url}/Users?count=1\"");
    vec![
        Step {
            title: "Enter these values in your provider",
            parts: vec![
                Part::Values(vec![
                    ("SCIM base URL, tenant URL or connector URL", paste(base_url)),
                    ("Version", Value::Choose("SCIM 2.0 (RFC 7643 and RFC 7644)")),
                    ("Authentication", Value::Choose("Bearer token, in the HTTP header **Authorization**")),
                    ("Token or secret", KEY),
                    ("Unique identifier of users", paste("userName")),
                    ("Unique identifier of groups", paste("displayName")),
                    ("Filter to find a user", paste("userName eq \"%s\"")),
                ]),
                Part::Text(
                    "A client that wants a header of its own, a user name with a password, or an OAuth token endpoint cannot use a key.",
                ),
            ],
        },
        Step {
            title: "Map the attributes",
            parts: vec![
                Part::Points(&[
                    "**userName**: the address that people sign in with. It is compared without regard to case, and given back as it was sent.",
                    "**active**: false takes access away at once; true gives it back.",
                    "**emails**, one of them **primary** or of the type **work**, and **displayName**, or **name** in its parts.",
                    "**externalId**: your provider's own id of a person, one that never changes.",
                    "Everything else of the core User and the enterprise extension is kept too. **password** is dropped, **groups** and **roles** are read-only.",
                ]),
                Part::Text(
                    "PATCH, filters, sorting, Bulk, ETags and cursors all work, and what the API can do stands under **/ServiceProviderConfig**, **/Schemas** and **/ResourceTypes**.",
                ),
            ],
        },
        Step {
            title: "Try it",
            parts: vec![
                Part::Text("With the key in an environment variable, this lists one member:"),
                Part::Paste("A first request", try_it),
            ],
        },
        Step {
            title: "Give it people",
            parts: vec![Part::Text(
                "Start with one person. People who are in the team already are matched by userName or e-mail address, and keep their roles. Taking somebody away deactivates or deletes them; either way the same id can come back.",
            )],
        },
    ]
}
