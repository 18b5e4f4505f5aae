//! Steps of a PATCH.

use crate::{AttributePath, Filter, schema::Schema};
use serde_json::Value;

/// One change of a document. An operation without a path, or on a complex value, is several.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PatchStep {
    /// At an attribute, or at a part of one.
    At {
        /// Which operation it belongs to, if there are several; the first is 1.
        operation: Option<usize>,
        /// Where.
        path: AttributePath,
        /// At which values of a list; `None`: at the list as such, or, with a part in `path`, at all its values.
        filter: Option<Filter>,
        /// The change.
        change: PatchChange,
    },
    /// All that the extension defines becomes unassigned.
    RemoveExtension(&'static Schema),
}

/// The change of a step. Values are canonical. Those of a whole list are lists.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PatchChange {
    /// Values are added to a list, a single value is set.
    Add(Value),
    /// Replaces the value.
    Replace(Value),
    /// Removes the value.
    Remove,
    /// These values are taken out of a list.
    RemoveValues(Vec<Value>),
}
