//! Microsoft Entra ID, with a non-gallery application.

use super::step::{KEY, Part, Step, Value, paste};

pub(super) fn steps(base_url: &str) -> Vec<Step> {
    vec![
        Step {
            title: "Make an enterprise application",
            parts: vec![
                Part::Text(
                    "In the Microsoft Entra admin center, open **Enterprise applications** and the application that your team signs in with. For a new one choose **New application**, **Create your own application**, then **Integrate any other application you don't find in the gallery**.",
                ),
                Part::Text("An application that was made under **App registrations** alone has no provisioning."),
            ],
        },
        Step {
            title: "Enter these values in Entra ID",
            parts: vec![
                Part::Text(
                    "In the application, open **Provisioning** and make a new configuration (older portals: **Get started**, then **Provisioning Mode**: **Automatic**).",
                ),
                Part::Values(vec![
                    ("Tenant URL", paste([base_url, "?aadOptscim062020"].concat())),
                    ("Secret Token", KEY),
                ]),
                Part::Text(
                    "Choose **Test Connection**, then save. The test looks for a user with a random name; that nobody is found is what it wants.",
                ),
                Part::Text(
                    "The end of the URL, **aadOptscim062020**, makes Entra ID send changes as the standard says. Rollcall understands it without as well, and notes in Activity what it had to read otherwise.",
                ),
            ],
        },
        Step {
            title: "Check the attribute mappings",
            parts: vec![
                Part::Text("Under **Mappings**, **Provision Microsoft Entra ID Users**:"),
                Part::Values(vec![
                    ("userName", Value::Choose("From **userPrincipalName**; the matching attribute, precedence 1")),
                    ("active", paste("Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")")),
                    ("emails[type eq \"work\"].value", Value::Choose("From **mail**")),
                    (
                        "externalId",
                        Value::Choose(
                            "From **objectId**: it never changes. It is **mailNickname** at first, which can",
                        ),
                    ),
                ]),
                Part::Text(
                    "Under **Provision Microsoft Entra ID Groups**, groups are matched by **displayName**. Extra mappings do no harm: what SCIM knows is kept, and what it does not is noted.",
                ),
            ],
        },
        Step {
            title: "Assign people and start",
            parts: vec![
                Part::Text(
                    "Under **Settings**, set **Scope** to **Sync only assigned users and groups**, and tick **Prevent accidental deletion**. Under **Users and groups**, assign one person, and try them with **Provision on demand**: it shows at once what was sent.",
                ),
                Part::Points(&[
                    "Assigning groups needs Entra ID P1 or P2; of nested groups only the direct members are sent.",
                    "Choose **Start provisioning**. From then on a cycle runs about every 40 minutes.",
                    "Who is unassigned, blocked or deleted is deactivated here; 30 days after a deletion Entra ID also deletes them, and their id can still come back.",
                    "If most requests fail, Entra ID puts the application into quarantine and tries less and less often; after four weeks it stops.",
                ]),
            ],
        },
    ]
}
