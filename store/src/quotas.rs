//! How much a team may store. The counts are in the team's row; [`TeamTransaction::grow`](crate::TeamTransaction::grow) checks them.

use crate::Store;

/// What an operator allows each team; `None`: as much as it likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas {
    /// Members, deleted ones not counted.
    pub members: Option<i64>,
    /// Groups.
    pub groups: Option<i64>,
    /// Bytes of the members' documents, those of deleted members too, and [`MEMBERSHIP_BYTES`](crate::team_transaction::usage::MEMBERSHIP_BYTES) for each membership.
    pub bytes: Option<i64>,
}

impl Store {
    /// The same database, with limits for each team.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// The limits of each team.
    pub fn quotas(&self) -> Quotas {
        self.quotas
    }
}
