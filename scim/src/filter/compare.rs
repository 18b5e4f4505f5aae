//! Comparison of one value (RFC 7644, table 3).

use super::{FilterText, Instant, Literal, Operator};
use crate::{
    fold::{eq_folded, fold},
    schema::Attribute,
};
use serde_json::Value;
use std::{borrow::Cow, cmp::Ordering, collections::HashMap};

/// A cache of one resource's folded values, so that each value is folded once for any number of terms.
#[derive(Default)]
pub(super) struct Folded<'v> {
    /// By address and length, because the values of a resource do not move while it is borrowed.
    folded_texts: Option<HashMap<(usize, usize), Cow<'v, str>>>,
}

impl<'v> Folded<'v> {
    /// `keeps`: whether a value may be needed again.
    pub(super) fn new(keeps: bool) -> Self {
        Self { folded_texts: keeps.then(HashMap::new) }
    }

    fn with<T>(&mut self, value: &'v str, compare: impl FnOnce(&str) -> T) -> T {
        let Some(folded_texts) = &mut self.folded_texts else { return compare(&folded(value)) };
        compare(folded_texts.entry((value.as_ptr().addr(), value.len())).or_insert_with(|| folded(value)))
    }
}

/// The folded text, without a copy if it is folded already.
fn folded(value: &str) -> Cow<'_, str> {
    let trimmed = value.trim();
    if trimmed.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(fold(trimmed))
    }
}

/// Whether a value of the attribute matches the comparison with `literal`. A value of another type does not.
pub(super) fn value_holds<'v>(
    attribute: &Attribute,
    value: &'v Value,
    op: Operator,
    literal: &Literal,
    folded: &mut Folded<'v>,
) -> bool {
    match (literal, value) {
        (Literal::Text(operand), Value::String(value)) if attribute.case_exact == Some(false) => {
            without_case(value, op, operand, folded)
        }
        (Literal::Text(operand), Value::String(value)) => exact(value, op, operand),
        (Literal::Boolean(operand), Value::Bool(value)) => ordered(value.cmp(operand), op),
        (Literal::DateTime { at, .. }, Value::String(value)) => {
            Instant::parse(value).is_some_and(|value| ordered(value.cmp(at), op))
        }
        _ => false,
    }
}

/// Value and operand are folded alike, so that equal texts also start with, end with and contain each other.
fn without_case<'v>(value: &'v str, op: Operator, operand: &FilterText, folded: &mut Folded<'v>) -> bool {
    match op {
        Operator::Eq if value.is_ascii() => eq_folded(value, operand.folded()),
        _ => folded.with(value, |value| exact(value, op, operand.folded())),
    }
}

fn exact(value: &str, op: Operator, operand: &str) -> bool {
    match op {
        Operator::Co => value.contains(operand),
        Operator::Sw => value.starts_with(operand),
        Operator::Ew => value.ends_with(operand),
        _ => ordered(value.cmp(operand), op),
    }
}

fn ordered(ordering: Ordering, op: Operator) -> bool {
    match op {
        Operator::Eq => ordering.is_eq(),
        Operator::Ne => ordering.is_ne(),
        Operator::Gt => ordering.is_gt(),
        Operator::Ge => ordering.is_ge(),
        Operator::Lt => ordering.is_lt(),
        Operator::Le => ordering.is_le(),
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}
