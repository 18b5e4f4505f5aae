//! PingOne, with a note for PingFederate.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Make a provisioning connection",
            parts: vec![
                Part::Text(
                    "In PingOne, open **Integrations**, **Provisioning**, choose **+**, **New Connection**, **Identity Store**, then **SCIM Outbound**. Give it a name.",
                ),
                Part::Text(
                    "In PingFederate, make an SP connection with outbound provisioning and the SCIM connector; the values below are the same.",
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
                Part::Text("Choose **Test connection**: it sends the first request."),
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
                        "**Disable** or **Delete**: either takes access away here, and the same id can come back",
                    ),
                ),
            ])],
        },
        Step {
            title: "Add a rule, and turn both on",
            parts: vec![
                Part::Text(
                    "Under **Rules**, make a rule from PingOne to this connection. Its user filter says who is sent: begin with one person. In its attribute mapping, **userName** should be the address that people sign in with.",
                ),
                Part::Text("The connection and the rule each have a switch: turn both on."),
            ],
        },
    ]
}
