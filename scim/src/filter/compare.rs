//! Compares one value (RFC 7644, table 3).

use super::{FilterText, Instant, Literal, Operator};
use crate::{
    fold::{eq_folded, fold},
    schema::Attribute,
};
use serde_json::Value;
use std::{borrow::Cow, cmp::Ordering, collections::HashMap};

/// The values of one resource that were folded already, so that each is folded once however many terms compare it.
#[derive(Default)]
pub(super) struct Folded<'v> {
    /// By address and length: values of one resource stay where they are while it is borrowed.
    kept: Option<HashMap<(usize, usize), Cow<'v, str>>>,
}

impl<'v> Folded<'v> {
    /// `keeps`: whether a value may be asked for again.
    pub(super) fn new(keeps: bool) -> Self {
        Self { kept: keeps.then(HashMap::new) }
    }

    fn with<T>(&mut self, value: &'v str, compare: impl FnOnce(&str) -> T) -> T {
        let Some(kept) = &mut self.kept else { return compare(&folded(value)) };
        compare(kept.entry((value.as_ptr().addr(), value.len())).or_insert_with(|| folded(value)))
    }
}

/// The text itself where folding leaves it as it is.
fn folded(value: &str) -> Cow<'_, str> {
    let trimmed = value.trim();
    if trimmed.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(fold(trimmed))
    }
}

/// Is a value of the attribute what a comparison with `literal` wants? False for values of another type.
pub(super) fn value_holds<'v>(
    attribute: &Attribute,
    value: &'v Value,
    op: Operator,
    literal: &Literal,
    folded: &mut Folded<'v>,
) -> bool {
    match (literal, value) {
        (Literal::Text(wanted), Value::String(value)) if attribute.case_exact == Some(false) => {
            without_case(value, op, wanted, folded)
        }
        (Literal::Text(wanted), Value::String(value)) => exact(value, op, wanted),
        (Literal::Boolean(wanted), Value::Bool(value)) => ordered(value.cmp(wanted), op),
        (Literal::DateTime { at, .. }, Value::String(value)) => {
            Instant::parse(value).is_some_and(|value| ordered(value.cmp(at), op))
        }
        _ => false,
    }
}

/// Value and operand are folded alike, so that what is equal also starts with, ends with and contains the other.
fn without_case<'v>(value: &'v str, op: Operator, wanted: &FilterText, folded: &mut Folded<'v>) -> bool {
    match op {
        Operator::Eq if value.is_ascii() => eq_folded(value, wanted.folded()),
        _ => folded.with(value, |value| exact(value, op, wanted.folded())),
    }
}

fn exact(value: &str, op: Operator, wanted: &str) -> bool {
    match op {
        Operator::Co => value.contains(wanted),
        Operator::Sw => value.starts_with(wanted),
        Operator::Ew => value.ends_with(wanted),
        _ => ordered(value.cmp(wanted), op),
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
