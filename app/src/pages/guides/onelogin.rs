//! OneLogin, with its generic SCIM app.

use super::step::{KEY, Part, Step, Value, paste};

/// What OneLogin sends of a person.
const TEMPLATE: &str = r#"{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
  "userName": "{$parameters.scimusername}",
  "name": {
    "givenName": "{$user.firstname}",
    "familyName": "{$user.lastname}"
  },
  "displayName": "{$user.display_name}",
  "emails": [
    { "value": "{$user.email}", "type": "work", "primary": true }
  ]
}"#;

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Add the SCIM app",
            parts: vec![Part::Text(
                "In OneLogin's administration, open **Applications**, **Add App**, and look for **SCIM Provisioner with SAML (SCIM v2 Core)**. Give it a name and save.",
            )],
        },
        Step {
            title: "Enter these values in OneLogin",
            parts: vec![
                Part::Text("In the app, open **Configuration**."),
                Part::Values(vec![
                    ("SCIM Base URL", paste(base_url)),
                    ("SCIM Bearer Token", KEY),
                    ("Custom Headers", Value::Choose("Leave empty")),
                ]),
                Part::Paste("SCIM JSON Template", TEMPLATE.to_owned()),
                Part::Text(
                    "Under **API Connection**, choose **Enable**, then **Save**. Enabling sends the first request.",
                ),
            ],
        },
        Step {
            title: "Say what the user name is",
            parts: vec![
                Part::Text(
                    "Under **Parameters**, open **scimusername** and set it to **Email**: the address that people sign in with.",
                ),
                Part::Text(
                    "For groups, open the parameter **Groups** there and tick **Include in User Provisioning**; which groups are sent, a rule under **Rules** decides (**Set Groups in** this app).",
                ),
            ],
        },
        Step {
            title: "Turn provisioning on",
            parts: vec![
                Part::Text("Under **Provisioning**, tick **Enable provisioning**."),
                Part::Points(&[
                    "While **Create user**, **Delete user** or **Update user** need an administrator's approval there, nothing arrives before somebody approves it under **Users**, **Provisioning**. Untick them, or approve.",
                    "When users are deleted in OneLogin: **Delete** and **Suspend** both take access away here, and the same id can come back. **Do Nothing** does neither.",
                ]),
                Part::Text("Under **Access** or **Users**, give the app to one person first."),
            ],
        },
    ]
}
