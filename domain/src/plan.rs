//! Plans. The operator sets the plan of a team.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

crate::names! {
    /// A team's plan, the smallest first. The names are in the database and on the command line.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Plan {
        /// Free.
        Free = "free",
        /// Basic.
        Basic = "basic",
        /// Professional.
        Professional = "professional",
        /// Enterprise: the only one with SCIM provisioning.
        Enterprise = "enterprise",
    }
}

impl Plan {
    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            Plan::Free => "Free",
            Plan::Basic => "Basic",
            Plan::Professional => "Professional",
            Plan::Enterprise => "Enterprise",
        }
    }

    /// Is SCIM provisioning part of the plan?
    pub const fn has_scim(self) -> bool {
        matches!(self, Plan::Enterprise)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl FromStr for Plan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Plan::from_name(&text.to_ascii_lowercase())
            .ok_or_else(|| format!("“{text}” isn't a plan. Use free, basic, professional, or enterprise"))
    }
}
