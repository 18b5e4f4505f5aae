//! Changes of the members of a Group by PATCH.

use crate::{
    AttributePath, Filter, Normalizations, ResourceType, ScimError,
    document::members,
    filter::{BudgetExceeded, ComparisonBudget, Literal, Operator},
};
use serde_json::Value;

/// A change of a group's members. Ids are as sent, without duplicates.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberChange {
    /// Adds members that are not in the group yet.
    Add(Vec<String>),
    /// Removes members that are in the group.
    Remove(Vec<String>),
    /// Removes the members that the filter matches; see [`MemberChange::matches`].
    RemoveWhere(Filter),
    /// Replaces all members by these.
    Replace(Vec<String>),
    /// Removes all members.
    Clear,
}

/// The name of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Replace,
    Remove,
}

impl MemberChange {
    /// Whether the filter of [`MemberChange::RemoveWhere`] matches this member, an element of `members`.
    pub fn matches(filter: &Filter, member: &Value) -> bool {
        filter.matches_value(member)
    }

    /// [`MemberChange::matches`] within a budget.
    ///
    /// # Errors
    /// [`BudgetExceeded`] as soon as the budget is used up.
    pub fn matches_within(
        filter: &Filter,
        member: &Value,
        budget: &mut ComparisonBudget,
    ) -> Result<bool, BudgetExceeded> {
        filter.matches_value_within(member, budget)
    }

    /// Whether the path leads to members of a group.
    pub(super) fn is_at_members(path: AttributePath, kind: ResourceType) -> bool {
        kind == ResourceType::Group && members::attribute().is_some_and(|members| members.name == path.attribute.name)
    }

    /// Parses an operation on members. `None`: the operation has no effect.
    ///
    /// # Errors
    /// `mutability` for a change of a member itself, `invalidValue` for a value that is not a member.
    pub(super) fn read(
        op: Op,
        path: AttributePath,
        filter: Option<Filter>,
        value: Option<Value>,
        notes: &mut Normalizations,
    ) -> Result<Option<Self>, ScimError> {
        match (op, filter, path.sub, value) {
            (_, _, Some(_), _) | (Op::Add | Op::Replace, Some(_), ..) => {
                Err(ScimError::mutability("members: a group member can only be added or removed, not changed"))
            }
            (Op::Remove, Some(filter), None, _) => Ok(Some(match ids(&filter) {
                Some(ids) => Self::Remove(ids),
                None => Self::RemoveWhere(filter),
            })),
            (Op::Remove, None, None, None) => Ok(Some(Self::Clear)),
            (op, None, None, value) => {
                let ids = members::read(value.unwrap_or(Value::Null), notes)?;
                Ok(match op {
                    Op::Replace if ids.is_empty() => Some(Self::Clear),
                    Op::Replace => Some(Self::Replace(ids)),
                    // An empty list removes no member, and it must not remove all.
                    _ if ids.is_empty() => {
                        notes.add("members: empty array, nothing to do");
                        None
                    }
                    Op::Add => Some(Self::Add(ids)),
                    Op::Remove => Some(Self::Remove(ids)),
                })
            }
        }
    }
}

/// The ids in `value eq "a" or value eq "b"`.
fn ids(filter: &Filter) -> Option<Vec<String>> {
    let terms = match filter {
        Filter::Or(terms) => terms.as_slice(),
        one => std::slice::from_ref(one),
    };
    let id = |term: &Filter| match term {
        Filter::Compare { path, op: Operator::Eq, value: Literal::Text(id) }
            if path.sub.is_some_and(|part| part.name == "value") =>
        {
            Some(id.as_str().to_owned())
        }
        _ => None,
    };
    terms.iter().map(id).collect()
}
