//! The budget and the notes of one PATCH.

use crate::{ComparisonBudget, Filter, Normalizations, ScimError, filter::BudgetExceeded};
use serde_json::Value;

/// The units of one PATCH (see [`ComparisonBudget`]). The client chooses the operations and the values that they are
/// compared with. Without a limit, 1,000 operations on lists of 1,000 values would make millions of comparisons inside
/// a transaction. This budget takes at most 30 ms. It is enough to add 1,000 values one by one, or for 200 operations
/// with a filter on a list of 1,000 values.
const MAX_UNITS: u64 = 750_000;

/// The state of one PATCH while it is applied.
pub(super) struct PatchContext<'n> {
    pub(super) notes: &'n mut Normalizations,
    budget: ComparisonBudget,
}

impl<'n> PatchContext<'n> {
    pub(super) fn new(notes: &'n mut Normalizations) -> Self {
        Self { notes, budget: ComparisonBudget::new(MAX_UNITS) }
    }

    /// Spends units for comparing or copying values.
    ///
    /// # Errors
    /// `tooMany`: the PATCH has used up its budget.
    pub(super) fn spend(&mut self, units: u64) -> Result<(), ScimError> {
        self.budget.spend(units).map_err(exceeded)
    }

    /// Whether the filter matches this value of a list. Without a filter, all values match.
    ///
    /// # Errors
    /// Those of [`PatchContext::spend`].
    pub(super) fn matches(&mut self, filter: Option<&Filter>, value: &Value) -> Result<bool, ScimError> {
        match filter {
            Some(filter) => filter.matches_value_within(value, &mut self.budget).map_err(exceeded),
            None => self.spend(1).map(|()| true),
        }
    }
}

fn exceeded(_: BudgetExceeded) -> ScimError {
    ScimError::too_many(
        "the operations need more comparisons than one request allows. Send fewer operations, or set all values at once",
    )
}
