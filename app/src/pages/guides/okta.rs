//! Okta, with an app integration of one's own.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    let mut values = vec![
        Part::Text("In the app, open **Provisioning**, then **Integration**, and choose **Edit**."),
        Part::Values(vec![
            ("SCIM connector base URL", paste(base_url)),
            ("Unique identifier field for users", paste("userName")),
            (
                "Supported provisioning actions",
                Value::Choose("Tick **Push New Users**, **Push Profile Updates** and **Push Groups**"),
            ),
            ("Authentication Mode", Value::Choose("**HTTP Header**")),
            ("Authorization: Bearer", KEY),
        ]),
        Part::Text(
            "Choose **Test Connector Configuration**, then **Save**. The test sends the first request: a list of two users.",
        ),
    ];
    if base_url.contains('_') {
        let warning =
            "Okta refuses a base URL with an underscore, and this one has one. Reach Rollcall by another name.";
        values.insert(0, Part::Warning(warning.to_owned()));
    }
    vec![
        Step {
            title: "Let the Okta app speak SCIM",
            parts: vec![
                Part::Text(
                    "In Okta's Admin Console, open **Applications** and the app that your team signs in with. Under **General**, edit **App Settings**, set **Provisioning** to **SCIM** and save. A tab **Provisioning** appears.",
                ),
                Part::Text(
                    "An app that signs in with OpenID Connect has no such setting: make a SAML or SWA app beside it with **Create App Integration**, for provisioning alone.",
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
                    "**Deactivate Users**: Okta never deletes; who is unassigned is deactivated here, and comes back with the same id",
                ]),
                Part::Text(
                    "Leave **Sync Password** off: passwords are dropped here. In the attribute mappings, **userName** should stay the address that people sign in with.",
                ),
            ],
        },
        Step {
            title: "Assign people and push groups",
            parts: vec![
                Part::Text(
                    "Under **Assignments**, start with one person. When they appear in Members, assign the rest. People who are in the team already are matched by userName or e-mail address, and keep their roles.",
                ),
                Part::Text(
                    "Under **Push Groups**, choose the groups that Rollcall should know. Push other groups than those by which you assign the app: with the same ones Okta may send the members before the people are there.",
                ),
                Part::Text(
                    "Suspending somebody in Okta sends nothing. To take access away here, deactivate or unassign them.",
                ),
            ],
        },
    ]
}
