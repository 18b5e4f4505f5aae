//! Changing a part of a resource: PATCH (RFC 7644, section 3.5.2).
//!
//! A message is read completely before anything is changed: names, paths, filters, types and mutability are checked
//! against the schema, values made canonical. What is left is a list of small steps on a [`ResourceDocument`]; they work on a
//! copy, so that a PATCH is done as a whole or not at all. Members of a group are not in its document: what is to be
//! done with them is said by [`Patch::members`], in the order sent, so that a server adds and removes single rows.
//!
//! Where this goes beyond the RFC, because identity providers count on it:
//! - Adding to or replacing `emails[type eq "work"].value` when there is no such value makes one out of the filter, if
//!   the filter says with `eq` alone what the value is. All other filters that match nothing are `noTarget`.
//! - Replacing a whole value, `emails[type eq "work"]`, keeps what the filter says of it where the new one says nothing,
//!   so that the same request finds it again.
//! - Removing from a list with a `value` removes the values given, not all.
//! - Removing what is not there is no error: it is what was wanted.
//! - A single object can be added to a list, or take its place, without a list around it: section 3.5.2.1 speaks of "a new
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

/// The most operations in one message.
pub const MAX_OPERATIONS: usize = 1_000;

/// The most values that all operations of one message together can add to, remove from or set in lists. Members of a
/// group are not counted.
pub const MAX_VALUES: usize = 2_000;

/// A checked PATCH with canonical values.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    kind: ResourceType,
    steps: Vec<PatchStep>,
    members: Vec<MemberChange>,
    schemas: Vec<SchemaClaim>,
}

impl Patch {
    /// Reads a message for a resource of this kind.
    ///
    /// # Errors
    /// That say which operation is wrong, if there are several: `invalidSyntax` for what is no PATCH message,
    /// `invalidPath`, `invalidFilter`, `invalidValue`, `mutability` for what clients cannot change, `noTarget` for a
    /// removal without a path.
    pub fn read(body: Map<String, Value>, kind: ResourceType, notes: &mut Normalizations) -> Result<Self, ScimError> {
        read::read(body, kind, notes)
    }

    /// The document as it is after the PATCH.
    ///
    /// # Errors
    /// `noTarget` where a filter matches nothing, `invalidValue` where the result breaks a rule of the schema, `tooMany`
    /// where operations and values together need more comparisons than one request may use.
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
