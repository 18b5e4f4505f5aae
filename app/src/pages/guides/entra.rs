//! Microsoft Entra ID, with a non-gallery application.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Create an enterprise application",
            parts: vec![
                Part::Text(
                    "In the Microsoft Entra admin center, open **Enterprise applications** and the application your team signs in with. For a new one, choose **New application**, **Create your own application**, then **Integrate any other application you don't find in the gallery**.",
                ),
                Part::Text("Applications created only under **App registrations** don't support provisioning."),
            ],
        },
        Step {
            title: "Enter these values in Entra ID",
            parts: vec![
                Part::Text(
                    "In the application, open **Provisioning** and create a new configuration (in older portals, **Get started**, then **Provisioning Mode**: **Automatic**).",
                ),
                Part::Values(vec![
                    ("Tenant URL", paste([base_url, "?aadOptscim062020"].concat())),
                    ("Secret Token", KEY),
                ]),
                Part::Text(
                    "Choose **Test Connection**, then save. The test looks up a user with a random name. Finding no one is the expected result.",
                ),
                Part::Text(
                    "The **aadOptscim062020** flag at the end of the URL makes Entra ID follow the SCIM standard. Rollcall works without it too, and notes any adjustments in Activity.",
                ),
            ],
        },
        Step {
            title: "Check the attribute mappings",
            parts: vec![
                Part::Text("Under **Mappings**, **Provision Microsoft Entra ID Users**:"),
                Part::Values(vec![
                    ("userName", Value::Choose("From **userPrincipalName**, the matching attribute, precedence 1")),
                    ("active", paste("Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")")),
                    ("emails[type eq \"work\"].value", Value::Choose("From **mail**")),
                    (
                        "externalId",
                        Value::Choose(
                            "From **objectId**, which never changes. The default is **mailNickname**, which can",
                        ),
                    ),
                ]),
                Part::Text(
                    "Under **Provision Microsoft Entra ID Groups**, groups are matched by **displayName**. Extra mappings are harmless. Known SCIM attributes are kept, and unknown ones are noted.",
                ),
            ],
        },
        Step {
            title: "Assign people and start",
            parts: vec![
                Part::Text(
                    "Under **Settings**, set **Scope** to **Sync only assigned users and groups**, and select **Prevent accidental deletion**. Under **Users and groups**, assign one person and try **Provision on demand**, which shows right away what was sent.",
                ),
                Part::Points(&[
                    "Assigning groups needs Entra ID P1 or P2, and for nested groups, only direct members are sent.",
                    "Choose **Start provisioning**. After that, it syncs about every 40 minutes.",
                    "Anyone unassigned, blocked, or deleted is deactivated here. Entra ID deletes them 30 days after a deletion. If they return, they keep the same ID.",
                    "If most requests fail, Entra ID quarantines the application and retries less and less often. After four weeks, it stops.",
                ]),
            ],
        },
    ]
}
