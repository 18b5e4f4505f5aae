//! Changes of the members of a Group by PATCH.

use crate::{
    AttributePath, Filter, Normalizations, ResourceType, ScimError,
    document::members,
    filter::{BudgetExceeded, ComparisonBudget, Literal, Operator},
};
use serde_json::Value;

/// One change of who is in a group. Ids are as sent, each once.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberChange {
    /// These come in, if they are not in it.
    Add(Vec<String>),
    /// These go out, if they are in it.
    Remove(Vec<String>),
    /// Those go out that the filter matches; see [`MemberChange::matches`].
    RemoveWhere(Filter),
    /// Replaces all members by these.
    Replace(Vec<String>),
    /// No one is in it.
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

    /// [`MemberChange::matches`], with `budget` paying for it.
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
    pub(super) fn is_meant(path: AttributePath, kind: ResourceType) -> bool {
        kind == ResourceType::Group && members::attribute().is_some_and(|members| members.name == path.attribute.name)
    }

    /// Reads an operation whose path leads there. `None`: nothing is to be done.
    ///
    /// # Errors
    /// `mutability` for a change of a member itself, `invalidValue` for a value that is no member.
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
                    // An empty list removes no member. It must not remove all.
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
