//! Evaluation of a filter on a resource.

use super::{
    BudgetExceeded, ComparisonBudget, Filter, Literal, Operator,
    compare::{Folded, value_holds},
};
use crate::{AttributePath, attribute_path::each};
use serde_json::{Map, Value};

impl Filter {
    /// Whether the filter matches a resource with canonical names.
    ///
    /// - Text is compared by the attribute's `caseExact`. If letter case does not matter, surrounding spaces of the
    ///   value and of the filter's text do not matter either, with any operator. Times are compared as points in time.
    /// - An attribute with several values matches if one of them does. So `ne` matches if one value is different (RFC
    ///   7644, section 3.4.2.2).
    /// - Only `ne` also matches an attribute without a value.
    /// - `eq null` is `not (… pr)`, `ne null` is `pr`.
    ///
    /// The work is unlimited here. For filters of clients, a server uses [`Filter::matches_within`].
    pub fn matches(&self, resource: &Map<String, Value>) -> bool {
        self.matches_within(resource, &mut ComparisonBudget::unlimited()).unwrap_or(false)
    }

    /// [`Filter::matches`] within a budget.
    ///
    /// # Errors
    /// [`BudgetExceeded`] as soon as the budget is used up.
    pub fn matches_within(
        &self,
        resource: &Map<String, Value>,
        budget: &mut ComparisonBudget,
    ) -> Result<bool, BudgetExceeded> {
        Evaluation { budget, folded: Folded::new(self.has_several_terms()) }.holds(self, Scope::Resource(resource))
    }

    /// Whether a value of the attribute matches the filter in the brackets of a value path.
    ///
    /// # Errors
    /// [`BudgetExceeded`] as soon as the budget is used up.
    pub(crate) fn matches_value_within(
        &self,
        value: &Value,
        budget: &mut ComparisonBudget,
    ) -> Result<bool, BudgetExceeded> {
        Evaluation { budget, folded: Folded::new(self.has_several_terms()) }.holds_for_value(self, value)
    }

    /// [`Filter::matches_value_within`] without a limit.
    pub(crate) fn matches_value(&self, value: &Value) -> bool {
        self.matches_value_within(value, &mut ComparisonBudget::unlimited()).unwrap_or(false)
    }

    /// Whether a value may be compared more than once. Only then the folded value is worth keeping.
    fn has_several_terms(&self) -> bool {
        match self {
            Self::And(_) | Self::Or(_) => true,
            Self::Not(filter) | Self::Values { filter, .. } => filter.has_several_terms(),
            Self::Compare { .. } | Self::Present(_) => false,
        }
    }
}

/// The evaluation of one filter on one resource.
struct Evaluation<'v, 'b> {
    budget: &'b mut ComparisonBudget,
    folded: Folded<'v>,
}

impl<'v> Evaluation<'v, '_> {
    fn holds(&mut self, filter: &Filter, scope: Scope<'v>) -> Result<bool, BudgetExceeded> {
        match filter {
            Filter::And(filters) => {
                for filter in filters {
                    if !self.holds(filter, scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Or(filters) => {
                for filter in filters {
                    if self.holds(filter, scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::Not(filter) => Ok(!self.holds(filter, scope)?),
            Filter::Compare { path, op, value } => self.compare(scope, *path, *op, value),
            Filter::Present(path) => self.is_present(scope, *path),
            Filter::Values { path, filter } => {
                self.budget.spend(1)?;
                scope.any(*path, |value| self.holds_for_value(filter, value))
            }
        }
    }

    fn holds_for_value(&mut self, filter: &Filter, value: &'v Value) -> Result<bool, BudgetExceeded> {
        self.budget.spend(1)?;
        value.as_object().map_or(Ok(false), |parts| self.holds(filter, Scope::Value(parts)))
    }

    fn is_present(&mut self, scope: Scope<'v>, path: AttributePath) -> Result<bool, BudgetExceeded> {
        self.budget.spend(1)?;
        scope.any(path, |value| {
            self.budget.spend(1)?;
            Ok(is_assigned(value))
        })
    }

    fn compare(
        &mut self,
        scope: Scope<'v>,
        path: AttributePath,
        op: Operator,
        literal: &Literal,
    ) -> Result<bool, BudgetExceeded> {
        let leaf = path.leaf();
        self.budget.spend(1)?;
        match (op, literal) {
            (Operator::Eq, Literal::Null) => Ok(!self.is_present(scope, path)?),
            (Operator::Ne, Literal::Null) => self.is_present(scope, path),
            (Operator::Ne, _) => {
                let mut assigned = false;
                let other = scope.any(path, |value| {
                    assigned = true;
                    self.budget.spend_text(value.as_str().map_or(0, str::len))?;
                    Ok(!value_holds(leaf, value, Operator::Eq, literal, &mut self.folded))
                })?;
                Ok(other || !assigned)
            }
            _ => scope.any(path, |value| {
                self.budget.spend_text(value.as_str().map_or(0, str::len))?;
                Ok(value_holds(leaf, value, op, literal, &mut self.folded))
            }),
        }
    }
}

/// The object in which paths are resolved.
#[derive(Clone, Copy)]
enum Scope<'v> {
    /// A whole resource.
    Resource(&'v Map<String, Value>),
    /// One value of a complex attribute.
    Value(&'v Map<String, Value>),
}

impl<'v> Scope<'v> {
    /// Whether one of the existing values matches.
    fn any(
        self,
        path: AttributePath,
        holds: impl FnMut(&'v Value) -> Result<bool, BudgetExceeded>,
    ) -> Result<bool, BudgetExceeded> {
        match self {
            Self::Resource(resource) => try_any(path.get(resource), holds),
            Self::Value(parts) => try_any(parts.get(path.leaf().name).into_iter().flat_map(each), holds),
        }
    }
}

fn try_any<T, E>(items: impl Iterator<Item = T>, mut holds: impl FnMut(T) -> Result<bool, E>) -> Result<bool, E> {
    for item in items {
        if holds(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a value is not empty (`pr`).
fn is_assigned(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => values.iter().any(is_assigned),
        Value::Object(parts) => parts.values().any(is_assigned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Normalizations, ResourceType};
    use serde_json::json;

    fn user() -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "2819c223",
            "externalId": "JYoung",
            "userName": "Ada@Acme.test",
            "name": {"familyName": "O'Malley", "givenName": ""},
            "title": "Vice President",
            "nickName": "",
            "active": true,
            "emails": [
                {"value": "ada@acme.test", "type": "work", "primary": true},
                {"value": "Ada@Home.example", "type": "home"},
            ],
            "x509Certificates": [{"value": "MIIB"}],
            "photos": [],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "employeeNumber": "0701984",
                "manager": {"value": "26118915"},
            },
            "meta": {"created": "2015-10-10T21:38:21.862Z", "lastModified": "2011-05-13T04:42:34.000Z"},
        })
    }

    fn matches(filter: &str) -> bool {
        let filter = Filter::parse(filter, ResourceType::User, &mut Normalizations::new()).unwrap();
        filter.matches(user().as_object().unwrap())
    }

    fn check(table: &[(&str, bool)]) {
        for (filter, wanted) in table {
            assert_eq!(matches(filter), *wanted, "{filter}");
        }
    }

    #[test]
    fn text_is_compared_by_case_exact() {
        check(&[
            (r#"userName eq "ADA@ACME.TEST""#, true),
            (r#"userName eq " ada@acme.test ""#, true),
            (r#"userName eq "ada""#, false),
            (r#"userName ne "ada@acme.test""#, false),
            (r#"userName ne "bob""#, true),
            (r#"userName co "@ACME""#, true),
            (r#"userName sw "ADA""#, true),
            (r#"userName sw "acme""#, false),
            (r#"userName ew ".TEST""#, true),
            (r#"userName ew "ada""#, false),
            (r#"userName co """#, true),
            (r#"title co "e P""#, true),
            (r#"title sw "vice ""#, true),
            (r#"title sw " vice""#, true),
            (r#"title sw "  Vice President ""#, true),
            (r#"title ew "  Vice President ""#, true),
            (r#"title co "  Vice President ""#, true),
            (r#"title gt " vice president ""#, false),
            (r#"externalId eq "JYoung""#, true),
            (r#"externalId eq "jyoung""#, false),
            (r#"externalId co "Y""#, true),
            (r#"externalId co "y""#, false),
            (r#"externalId eq " JYoung""#, false),
            (r#"name.familyName eq "o'malley""#, true),
            (r#"department eq "x""#, false),
            (r#"employeeNumber sw "07""#, true),
            (r#"manager eq "26118915""#, true),
            (r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, true),
        ]);
    }

    #[test]
    fn text_is_ordered_by_characters() {
        check(&[
            (r#"userName gt "ACME""#, true),
            (r#"userName gt "ada@acme.test""#, false),
            (r#"userName ge "ada@acme.test""#, true),
            (r#"userName lt "B""#, true),
            (r#"userName le "ADA""#, false),
            (r#"externalId lt "a""#, true),
            (r#"nickName lt "a""#, true),
            (r#"department lt "a""#, false),
            (r#"department ge """#, false),
        ]);
    }

    #[test]
    fn times_are_compared_as_points_in_time() {
        check(&[
            ("meta.created gt \"2015-10-10T14:38:21.8617979-07:00\"", true),
            ("meta.created ge \"2015-10-10T14:38:21.862-07:00\"", true),
            ("meta.created gt \"2015-10-10T14:38:21.862-07:00\"", false),
            ("meta.created lt \"2015-10-10T14:38:21.8620001-07:00\"", true),
            ("meta.created eq \"2015-10-10T14:38:21.8620001-07:00\"", false),
            ("meta.lastModified eq \"2011-05-13T06:42:34+02:00\"", true),
            ("meta.lastModified ne \"2011-05-13T06:42:34+02:00\"", false),
            ("meta.lastModified le \"2011-05-13T04:42:34\"", true),
        ]);
    }

    #[test]
    fn one_value_of_several_is_enough() {
        check(&[
            (r#"emails.value eq "ada@home.EXAMPLE""#, true),
            (r#"emails eq "ada@home.example""#, true),
            (r#"emails co "home""#, true),
            (r#"emails.type ne "work""#, true),
            (r#"emails.primary eq true"#, true),
            (r#"emails.primary eq false"#, false),
            (r#"emails.primary ne true"#, false),
            (r#"emails.type eq "work" and emails.value co "home""#, true),
            (r#"emails[type eq "work" and value co "home"]"#, false),
            (r#"emails[type eq "home" and value co "home"]"#, true),
            (r#"emails[type eq "home"].value eq "ada@home.example""#, true),
            (r#"emails[type eq "work"].value eq "ada@home.example""#, false),
            (r#"emails[not (type eq "work")]"#, true),
            (r#"not (emails[type eq "work"])"#, false),
            (r#"emails[primary ne true]"#, true),
            (r#"emails[primary eq null and type eq "home"]"#, true),
            (r#"emails[display pr]"#, false),
            (r#"x509Certificates eq "MIIB""#, true),
            (r#"x509Certificates eq "miib""#, false),
        ]);
    }

    #[test]
    fn empty_values_are_not_present() {
        check(&[
            ("userName pr", true),
            ("active pr", true),
            ("name pr", true),
            ("name.givenName pr", false),
            ("nickName pr", false),
            ("displayName pr", false),
            ("emails pr", true),
            ("photos pr", false),
            ("emails.display pr", false),
            ("manager pr", true),
            ("department pr", false),
            ("nickName eq null", true),
            ("userName eq null", false),
            ("userName ne null", true),
            ("department ne null", false),
            ("manager eq NULL", false),
        ]);
    }

    #[test]
    fn only_ne_matches_a_missing_value() {
        for op in Operator::ALL {
            assert_eq!(matches(&format!("displayName {} \"x\"", op.as_str())), op == Operator::Ne, "{op:?}");
            assert_eq!(matches(&format!("ims.value {} \"x\"", op.as_str())), op == Operator::Ne, "{op:?}");
        }
        check(&[(r#"nickName ne """#, false), (r#"displayName ne """#, true), (r#"not (displayName eq "x")"#, true)]);
    }

    #[test]
    fn and_binds_closer_than_or() {
        check(&[
            ("userName pr or title pr and nickName pr", true),
            ("(userName pr or title pr) and nickName pr", false),
            ("nickName pr and title pr or userName pr", true),
            ("nickName pr and (title pr or userName pr)", false),
            ("not (nickName pr) and userName pr", true),
            ("not (nickName pr or userName pr)", false),
            ("not (not (userName pr))", true),
            ("active eq true and active eq FALSE", false),
        ]);
    }
}
