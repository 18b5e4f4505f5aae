//! What one operation comes down to.

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
        /// What.
        change: PatchChange,
    },
    /// All that the extension defines becomes unassigned.
    RemoveExtension(&'static Schema),
}

/// What is done at a place. Values are canonical; for a list as such they are lists.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PatchChange {
    /// Values are added to a list, a single value is set.
    Add(Value),
    /// What is there is replaced.
    Replace(Value),
    /// What is there becomes unassigned.
    Remove,
    /// These values are taken out of a list.
    RemoveValues(Vec<Value>),
}
