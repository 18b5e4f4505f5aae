//! A PATCH of `schemas`. The schemas of a resource follow from its attributes. Such an operation succeeds if the
//! resource has the schemas after the whole PATCH, and is refused otherwise, so that it never succeeds without an
//! effect.

use super::member::Op;
use crate::{Normalizations, ResourceDocument, ScimError, document::corrected};
use serde_json::Value;

/// The schemas that an operation claims for the patched resource.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SchemaClaim {
    /// The number of the operation, if there are several.
    operation: Option<usize>,
    uris: Vec<String>,
    /// Whether these are all schemas of the resource.
    only: bool,
}

impl SchemaClaim {
    /// Parses an operation at `schemas`.
    ///
    /// # Errors
    /// `mutability` for a removal, `invalidValue` for a value that is not a list of URIs.
    pub(super) fn read(
        op: Op,
        value: Option<Value>,
        operation: Option<usize>,
        notes: &mut Normalizations,
    ) -> Result<Self, ScimError> {
        let values = match (op, value) {
            (Op::Remove, _) | (_, None | Some(Value::Null)) => {
                return Err(ScimError::mutability("schemas is read-only. It follows from the attributes"));
            }
            (_, Some(Value::Array(values))) => values,
            (_, Some(value)) => vec![value],
        };
        let uri = |value: &Value| Some(corrected(value.as_str()?, notes).into_owned());
        let uris: Option<Vec<_>> = values.iter().map(uri).collect();
        let uris = uris.ok_or_else(|| ScimError::invalid_value("schemas: expected an array of URIs"))?;
        Ok(Self { operation, uris, only: op == Op::Replace })
    }

    /// Checks the claim.
    ///
    /// # Errors
    /// `invalidValue` if the claim is wrong.
    pub(super) fn check(&self, document: &ResourceDocument) -> Result<(), ScimError> {
        let has = document.schemas();
        let is_named = |id: &&str| self.uris.iter().any(|uri| uri.eq_ignore_ascii_case(id));
        let all_there = self.uris.iter().all(|uri| has.iter().any(|id| id.eq_ignore_ascii_case(uri)));
        if all_there && (!self.only || has.iter().all(is_named)) {
            return Ok(());
        }
        let detail = format!(
            "schemas follows from the attributes and is {} here. Add or remove the attributes of the other schema instead",
            has.join(", ")
        );
        Err(ScimError::invalid_value(detail).in_operation(self.operation))
    }
}
