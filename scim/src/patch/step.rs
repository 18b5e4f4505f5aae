//! Steps of a PATCH.

use crate::{AttributePath, Filter, schema::Schema};
use serde_json::Value;

/// One change of a document. An operation without a path, or on a complex value, has several.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PatchStep {
    /// A change of an attribute, or of a part of one.
    At {
        /// The number of the operation, if there are several, where the first is 1.
        operation: Option<usize>,
        /// The attribute.
        path: AttributePath,
        /// The filter of a list's values. `None`: the list as a whole, or, with a part in `path`, all its values.
        filter: Option<Filter>,
        /// The change.
        change: PatchChange,
    },
    /// Removes every attribute of the extension.
    RemoveExtension(&'static Schema),
}

/// The change of a step. Values are canonical. The value of a whole list is a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PatchChange {
    /// Adds values to a list, or sets a single value.
    Add(Value),
    /// Replaces the value.
    Replace(Value),
    /// Removes the value.
    Remove,
    /// Removes these values from a list.
    RemoveValues(Vec<Value>),
}
