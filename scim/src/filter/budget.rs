//! The budget of comparisons for filters. The client chooses the filter and often the values, so the server sets the
//! limit.

use crate::ScimError;
use std::fmt;

/// The remaining units of work. Each comparison and each visited value costs 1, and every 64 bytes of its text cost 1
/// more.
///
/// One budget covers a whole query or a whole PATCH, whatever the number of resources and operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonBudget {
    remaining: u64,
}

/// The [`ComparisonBudget`] is used up. The result is unknown, so a caller must not use a partial one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetExceeded;

/// Bytes of text that cost one unit.
const BYTES_PER_UNIT: usize = 64;

impl ComparisonBudget {
    /// A budget of `units`.
    pub const fn new(units: u64) -> Self {
        Self { remaining: units }
    }

    /// An unlimited budget, for filters and resources that the server itself chose.
    pub const fn unlimited() -> Self {
        Self { remaining: u64::MAX }
    }

    /// The remaining units.
    pub const fn remaining(&self) -> u64 {
        self.remaining
    }

    /// Spends `units`.
    ///
    /// # Errors
    /// [`BudgetExceeded`] if fewer remain. Then none remain.
    pub const fn spend(&mut self, units: u64) -> Result<(), BudgetExceeded> {
        match self.remaining.checked_sub(units) {
            Some(remaining) => {
                self.remaining = remaining;
                Ok(())
            }
            None => {
                self.remaining = 0;
                Err(BudgetExceeded)
            }
        }
    }

    /// Spends the cost of a comparison with a text of `bytes`.
    pub(crate) const fn spend_text(&mut self, bytes: usize) -> Result<(), BudgetExceeded> {
        self.spend(1 + (bytes / BYTES_PER_UNIT) as u64)
    }
}

impl fmt::Display for BudgetExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the filter needs more comparisons than one request allows. Compare fewer attributes, or one with eq that \
             finds few resources, such as userName",
        )
    }
}

impl std::error::Error for BudgetExceeded {}

impl From<BudgetExceeded> for ScimError {
    fn from(exceeded: BudgetExceeded) -> Self {
        Self::too_many(exceeded.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Filter, Normalizations, ResourceType, ScimType};
    use serde_json::{Map, Value, json};

    fn user(emails: usize, length: usize) -> Map<String, Value> {
        let text = "x".repeat(length);
        let email = |i: usize| json!({"value": format!("{i}@a.test"), "display": text});
        let user = json!({"userName": "ada", "emails": (0..emails).map(email).collect::<Vec<_>>()});
        user.as_object().unwrap().clone()
    }

    fn cost(filter: &str, user: &Map<String, Value>) -> u64 {
        let filter = Filter::parse(filter, ResourceType::User, &mut Normalizations::new()).unwrap();
        let mut budget = ComparisonBudget::new(1_000_000);
        filter.matches_within(user, &mut budget).unwrap();
        1_000_000 - budget.remaining()
    }

    #[test]
    fn work_grows_with_terms_values_and_length() {
        let one = cost(r#"emails.display co "y""#, &user(100, 10));
        assert!((100..=200).contains(&one), "{one}");
        let terms = vec![r#"not (emails.display co "y")"#; 30].join(" and ");
        assert!(cost(&terms, &user(100, 10)) >= 29 * one);
        assert!(cost(r#"emails.display co "y""#, &user(100, 640)) >= 10 * 100);
        assert!(cost(r#"emails[display co "y"]"#, &user(100, 10)) >= one);
        assert!(cost("emails.type pr", &user(100, 10)) >= 1);
        assert!(cost(r#"title eq "x""#, &user(0, 0)) >= 1);
    }

    #[test]
    fn a_used_up_budget_is_an_error_and_never_a_result() {
        let filter =
            Filter::parse(r#"not (emails.display co "y")"#, ResourceType::User, &mut Normalizations::new()).unwrap();
        let mut budget = ComparisonBudget::new(50);
        assert_eq!(filter.matches_within(&user(100, 10), &mut budget), Err(BudgetExceeded));
        assert_eq!(budget.remaining(), 0);
        assert_eq!(filter.matches_within(&user(0, 10), &mut budget), Err(BudgetExceeded));
        let error = ScimError::from(BudgetExceeded);
        assert_eq!((error.status(), error.scim_type()), (400, Some(ScimType::TooMany)));
    }

    #[test]
    fn the_first_decisive_value_ends_the_comparison() {
        let filter =
            Filter::parse(r#"emails.value eq "0@a.test""#, ResourceType::User, &mut Normalizations::new()).unwrap();
        let mut budget = ComparisonBudget::new(10);
        assert_eq!(filter.matches_within(&user(900, 10), &mut budget), Ok(true));
    }
}
