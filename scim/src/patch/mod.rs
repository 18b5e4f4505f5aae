//! Changes of a part of a resource: PATCH (RFC 7644, section 3.5.2).
//!
//! A message is parsed completely before anything changes: names, paths, filters, types and mutability are checked
//! against the schema, and values become canonical. The result is a list of small steps on a [`ResourceDocument`]. They
//! work on a copy, so that a PATCH is applied as a whole or not at all.
//!
//! The members of a group are not in its document. [`Patch::members`] has their changes in the order sent, so that a
//! server adds and removes single rows.
//!
//! Identity providers depend on some behaviour beyond the RFC:
//! - Adding to or replacing `emails[type eq "work"].value` without a matching value creates one from the filter, if the
//!   filter determines it with `eq` alone. Every other filter without a match is `noTarget`.
//! - Replacing a whole value, `emails[type eq "work"]`, keeps the parts of the filter that the new value lacks, so that
//!   the same request matches it again.
//! - Removing from a list with a `value` removes those values, not all.
//! - Removing a missing value is not an error, because the result is the intended one.
//! - A single object can be added to a list, or replace it, without a list around it: section 3.5.2.1 speaks of "a new
//!   value".

mod apply;
mod change;
mod list;
mod member;
mod read;
mod schemas;
mod step;
mod work;

pub use member::MemberChange;

use crate::{Normalizations, ResourceDocument, ResourceType, ScimError};
use schemas::SchemaClaim;
use serde_json::{Map, Value};
use step::PatchStep;
use work::PatchContext;

/// The URI that marks a message as a PATCH.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Upper bound of the operations in one message.
pub const MAX_OPERATIONS: usize = 1_000;

/// Upper bound of the values that all operations of one message together add to, remove from or set in lists. Members
/// of a group do not count.
pub const MAX_VALUES: usize = 2_000;

/// A valid PATCH with canonical values.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    kind: ResourceType,
    steps: Vec<PatchStep>,
    members: Vec<MemberChange>,
    schemas: Vec<SchemaClaim>,
}

impl Patch {
    /// Parses a message for this resource type.
    ///
    /// # Errors
    /// Each error names the operation, if there are several: `invalidSyntax` for another kind of message,
    /// `invalidPath`, `invalidFilter`, `invalidValue`, `mutability` for an attribute that clients cannot change,
    /// `noTarget` for a removal without a path.
    pub fn read(body: Map<String, Value>, kind: ResourceType, notes: &mut Normalizations) -> Result<Self, ScimError> {
        read::read(body, kind, notes)
    }

    /// The document after the PATCH.
    ///
    /// # Errors
    /// `noTarget` if a filter matches nothing, `invalidValue` if the result breaks a rule of the schema, `tooMany` if
    /// operations and values together need more comparisons than one request may use.
    pub fn apply(
        &self,
        document: &ResourceDocument,
        notes: &mut Normalizations,
    ) -> Result<ResourceDocument, ScimError> {
        let mut attributes = document.as_map().clone();
        let mut work = PatchContext::new(notes);
        for step in &self.steps {
            apply::apply(&mut attributes, step, &mut work)?;
        }
        let changed = document.changed(attributes)?;
        self.schemas.iter().try_for_each(|claim| claim.check(&changed))?;
        Ok(changed)
    }

    /// Whether [`Patch::apply`] can change or refuse anything.
    pub const fn changes_document(&self) -> bool {
        !self.steps.is_empty() || !self.schemas.is_empty()
    }

    /// The changes of a Group's members, in order.
    pub fn members(&self) -> &[MemberChange] {
        &self.members
    }
}

#[cfg(test)]
mod tests;
