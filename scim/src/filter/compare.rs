//! Compares one value (RFC 7644, table 3).

use super::{Instant, Literal, Operator};
use crate::{
    fold::{eq_folded, fold},
    schema::Attribute,
};
use serde_json::Value;
use std::cmp::Ordering;

/// Is a value of the attribute what a comparison with `literal` wants? False for values of another type.
pub(super) fn value_holds(attribute: &Attribute, value: &Value, op: Operator, literal: &Literal) -> bool {
    match (literal, value) {
        (Literal::Text(wanted), Value::String(value)) if attribute.case_exact == Some(false) => {
            folded(value, op, wanted)
        }
        (Literal::Text(wanted), Value::String(value)) => exact(value, op, wanted),
        (Literal::Boolean(wanted), Value::Bool(value)) => ordered(value.cmp(wanted), op),
        (Literal::DateTime { at, .. }, Value::String(value)) => {
            Instant::parse(value).is_some_and(|value| ordered(value.cmp(at), op))
        }
        _ => false,
    }
}

fn folded(value: &str, op: Operator, wanted: &str) -> bool {
    match op {
        Operator::Eq => eq_folded(value, wanted),
        // A part of a text may well begin or end with a space.
        Operator::Co | Operator::Sw | Operator::Ew => exact(&fold(value), op, &wanted.to_lowercase()),
        _ => exact(&fold(value), op, &fold(wanted)),
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
