//! JumpCloud, with a custom application.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Open the application's Identity Management",
            parts: vec![Part::Text(
                "In JumpCloud's Admin Portal, open **SSO Applications** and the application that your team signs in with, or **Add New Application**, **Custom Application**, with **Export users to this app (Identity Management)** ticked. Then open **Identity Management**.",
            )],
        },
        Step {
            title: "Enter these values in JumpCloud",
            parts: vec![
                Part::Values(vec![
                    ("API Type", Value::Choose("**SCIM API**")),
                    ("SCIM Version", Value::Choose("**SCIM 2.0**")),
                    ("Base URL", paste(base_url)),
                    ("Token Key", KEY),
                    ("Test User Email", Value::Choose("An address that nobody in this team has, in a domain of yours")),
                ]),
                Part::Text("Choose **Test Connection**, then **Activate**."),
                Part::Text(
                    "Activating creates a test user with that address and a test group, and deletes both again. Nobody gets mail, and Activity shows all four.",
                ),
            ],
        },
        Step {
            title: "Choose what is sent",
            parts: vec![
                Part::Text(
                    "Leave **Enable management of User Groups and Group Membership in this application** on to send groups too.",
                ),
                Part::Text(
                    "JumpCloud sends the core attributes of a person and no extensions: department and manager stay there.",
                ),
            ],
        },
        Step {
            title: "Give it to people",
            parts: vec![Part::Text(
                "Under **User Groups**, tick the groups whose people should come, and save. Start with a group of one person. Who leaves the groups is deactivated here.",
            )],
        },
    ]
}
