//! OneLogin, with its generic SCIM app.

use super::step::{KEY, Part, Step, Value, paste};

/// The attributes that OneLogin sends of a person.
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
                "In the OneLogin administration portal, open **Applications**, **Add App**, and look for **SCIM Provisioner with SAML (SCIM v2 Core)**. Give it a name and save.",
            )],
        },
        Step {
            title: "Enter these values in OneLogin",
            parts: vec![
                Part::Text("In the app, open **Configuration**."),
                Part::Values(vec![
                    ("SCIM Base URL", paste(base_url)),
                    ("SCIM Bearer Token", KEY),
                    ("Custom Headers", Value::Choose("Leave blank")),
                ]),
                Part::Paste("SCIM JSON Template", TEMPLATE.to_owned()),
                Part::Text(
                    "Under **API Connection**, choose **Enable**, then **Save**. Enabling sends the first request.",
                ),
            ],
        },
        Step {
            title: "Set the username",
            parts: vec![
                Part::Text(
                    "Under **Parameters**, open **scimusername** and set it to **Email**, the address people sign in with.",
                ),
                Part::Text(
                    "For groups, open the parameter **Groups** there and select **Include in User Provisioning**, then add a rule under **Rules** (**Set Groups in** this app) to choose which groups are sent.",
                ),
            ],
        },
        Step {
            title: "Turn provisioning on",
            parts: vec![
                Part::Text("Under **Provisioning**, select **Enable provisioning**."),
                Part::Points(&[
                    "While **Create user**, **Delete user**, or **Update user** need an administrator's approval there, nothing is sent until someone approves it in **Users** > **Provisioning**. Clear them, or approve.",
                    "When users are deleted in OneLogin: **Delete** and **Suspend** both remove access here, and the person keeps the same ID if they return. **Do Nothing** changes nothing here.",
                ]),
                Part::Text("Under **Access** or **Users**, assign the app to one person first."),
            ],
        },
    ]
}
