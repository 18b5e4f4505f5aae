//! Okta, with a custom app integration.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    let mut values = vec![
        Part::Text("In the app, open **Provisioning**, then **Integration**, and choose **Edit**."),
        Part::Values(vec![
            ("SCIM connector base URL", paste(base_url)),
            ("Unique identifier field for users", paste("userName")),
            (
                "Supported provisioning actions",
                Value::Choose("Select **Push New Users**, **Push Profile Updates**, and **Push Groups**"),
            ),
            ("Authentication Mode", Value::Choose("**HTTP Header**")),
            ("Authorization: Bearer", KEY),
        ]),
        Part::Text(
            "Choose **Test Connector Configuration**, then **Save**. The test sends the first request, which asks for two users.",
        ),
    ];
    if base_url.contains('_') {
        let warning = "Okta doesn't accept a base URL with an underscore, and this one has one. Use a different hostname for Rollcall.";
        values.insert(0, Part::Warning(warning.to_owned()));
    }
    vec![
        Step {
            title: "Enable SCIM in the Okta app",
            parts: vec![
                Part::Text(
                    "In Okta's Admin Console, open **Applications** and the app your team signs in with. Under **General**, edit **App Settings**, set **Provisioning** to **SCIM**, and save. A **Provisioning** tab appears.",
                ),
                Part::Text(
                    "OpenID Connect apps don't have this setting. Use **Create App Integration** to create a separate SAML or SWA app just for provisioning.",
                ),
            ],
        },
        Step { title: "Enter these values in Okta", parts: values },
        Step {
            title: "Allow Okta to change members",
            parts: vec![
                Part::Text("Under **Provisioning**, **To App**, choose **Edit** and turn on:"),
                Part::Points(&[
                    "**Create Users**",
                    "**Update User Attributes**",
                    "**Deactivate Users**. Okta never deletes users. Anyone unassigned is deactivated here and keeps the same ID if they come back",
                ]),
                Part::Text(
                    "Leave **Sync Password** off, because passwords are ignored here. In the attribute mappings, keep **userName** set to the address people sign in with.",
                ),
            ],
        },
        Step {
            title: "Assign people and push groups",
            parts: vec![
                Part::Text(
                    "Under **Assignments**, start with one person. When they appear in Members, assign the rest. People already in the team are matched by userName or email and keep their roles.",
                ),
                Part::Text(
                    "Under **Push Groups**, choose the groups to send. Don't push the groups you use to assign the app, because Okta may then send a group's members before those people exist.",
                ),
                Part::Text(
                    "Suspending someone in Okta sends nothing. To remove their access here, deactivate or unassign them.",
                ),
            ],
        },
    ]
}
