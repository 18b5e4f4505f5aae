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
                    "Clients that require a custom header, a username and password, or an OAuth token endpoint aren't supported.",
                ),
            ],
        },
        Step {
            title: "Map the attributes",
            parts: vec![
                Part::Points(&[
                    "**userName**: the address people sign in with. It's compared without regard to case and returned as sent.",
                    "**active**: false removes access immediately, true restores it.",
                    "**emails**, one of them **primary** or of the type **work**, and **displayName**, or **name** in its parts.",
                    "**externalId**: your provider's own ID of a person, one that never changes.",
                    "Everything else in the core User and enterprise schemas is kept too. **password** is ignored. **groups** and **roles** are read-only.",
                ]),
                Part::Text(
                    "PATCH, filters, sorting, bulk, ETags, and cursors all work. For what the API supports, see **/ServiceProviderConfig**, **/Schemas**, and **/ResourceTypes**.",
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
            title: "Assign people",
            parts: vec![Part::Text(
                "Start with one person. People already in the team are matched by userName or email and keep their roles. Removing someone deactivates or deletes them. Either way, they keep the same ID if they return.",
            )],
        },
    ]
}
