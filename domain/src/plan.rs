//! Plans. The operator sets the plan of a team.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A team's plan, the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Free.
    Free,
    /// Basic.
    Basic,
    /// Professional.
    Professional,
    /// Enterprise: the only one with SCIM provisioning.
    Enterprise,
}

impl Plan {
    /// Every plan, the smallest first.
    pub const ALL: [Plan; 4] = [Plan::Free, Plan::Basic, Plan::Professional, Plan::Enterprise];

    /// The label on pages.
    pub const fn label(self) -> &'static str {
        match self {
            Plan::Free => "Free",
            Plan::Basic => "Basic",
            Plan::Professional => "Professional",
            Plan::Enterprise => "Enterprise",
        }
    }

    /// The name in the database and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Plan::Free => "free",
            Plan::Basic => "basic",
            Plan::Professional => "professional",
            Plan::Enterprise => "enterprise",
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
        let name = text.to_ascii_lowercase();
        Plan::ALL
            .into_iter()
            .find(|plan| plan.name() == name)
            .ok_or_else(|| format!("“{text}” isn't a plan. Use free, basic, professional, or enterprise"))
    }
}
