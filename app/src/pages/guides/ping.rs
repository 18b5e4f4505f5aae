//! PingOne, with a note for PingFederate.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Create a provisioning connection",
            parts: vec![
                Part::Text(
                    "In PingOne, open **Integrations**, **Provisioning**, choose **+**, **New Connection**, **Identity Store**, then **SCIM Outbound**. Give it a name.",
                ),
                Part::Text(
                    "In PingFederate, create an SP connection with outbound provisioning and the SCIM connector. The values below are the same.",
                ),
            ],
        },
        Step {
            title: "Enter these values in Ping",
            parts: vec![
                Part::Values(vec![
                    ("SCIM Base URL", paste(base_url)),
                    ("Users Resource", paste("/Users")),
                    ("Groups Resource", paste("/Groups")),
                    ("SCIM Version", Value::Choose("**2.0**")),
                    ("Authentication Method", Value::Choose("**OAuth 2 Bearer Token**")),
                    ("OAuth Access Token", KEY),
                    ("Auth Type Header", Value::Choose("**Bearer**")),
                ]),
                Part::Text("Choose **Test connection**, which sends the first request."),
            ],
        },
        Step {
            title: "Set the preferences",
            parts: vec![Part::Values(vec![
                ("User Filter Expression", paste("userName eq \"%s\"")),
                ("User Identifier", paste("userName")),
                ("Allow users to be created, updated, disabled", Value::Choose("All three")),
                (
                    "Remove action",
                    Value::Choose(
                        "**Disable** or **Delete**. Either removes access here, and the person keeps the same ID if they return",
                    ),
                ),
            ])],
        },
        Step {
            title: "Add a rule, and turn both on",
            parts: vec![
                Part::Text(
                    "Under **Rules**, create a rule from PingOne to this connection. Its user filter controls who is sent. Start with one person. In its attribute mapping, **userName** should be the address people sign in with.",
                ),
                Part::Text("Turn on both the connection and the rule."),
            ],
        },
    ]
}
