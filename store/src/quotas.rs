//! How much a team may store. The counts are in the team's row; [`TeamTransaction::grow`](crate::TeamTransaction::grow) checks them.

use crate::Store;

/// The limits of each team; `None` is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas {
    /// Members, without deleted ones.
    pub members: Option<i64>,
    /// Groups.
    pub groups: Option<i64>,
    /// Bytes of the members' documents, including deleted members, and [`MEMBERSHIP_BYTES`](crate::team_transaction::usage::MEMBERSHIP_BYTES) for each membership.
    pub bytes: Option<i64>,
}

impl Store {
    /// Sets the limits of each team.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// The limits of each team.
    pub fn quotas(&self) -> Quotas {
        self.quotas
    }
}
