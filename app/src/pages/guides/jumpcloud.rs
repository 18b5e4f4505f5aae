//! JumpCloud, with a custom application.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Open the application's Identity Management",
            parts: vec![Part::Text(
                "In JumpCloud's Admin Portal, open **SSO Applications** and the application your team signs in with, or **Add New Application**, **Custom Application**, with **Export users to this app (Identity Management)** selected. Then open **Identity Management**.",
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
                    ("Test User Email", Value::Choose("An address in your domain that no one in this team uses")),
                ]),
                Part::Text("Choose **Test Connection**, then **Activate**."),
                Part::Text(
                    "Activating creates a test user with that address and a test group, then deletes both. No email is sent, and all four requests appear in Activity.",
                ),
            ],
        },
        Step {
            title: "Choose what is sent",
            parts: vec![
                Part::Text(
                    "Leave **Enable management of User Groups and Group Membership in this application** on to send groups too.",
                ),
                Part::Text("JumpCloud sends only core attributes. Department and manager aren't sent."),
            ],
        },
        Step {
            title: "Assign people",
            parts: vec![Part::Text(
                "Under **User Groups**, select the groups to send, and save. Start with a group of one person. Anyone who leaves those groups is deactivated here.",
            )],
        },
    ]
}
