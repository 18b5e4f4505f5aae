//! The operations of the SCIM API and their names in the log.

use serde::{Deserialize, Serialize};

crate::names! {
    /// The operation of a request. The names are in the database.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum ScimOperation {
        /// A list of Users, with or without a filter.
        UserList = "user_list",
        /// A read of one User.
        UserGet = "user_get",
        /// The creation of a User.
        UserCreate = "user_create",
        /// A PUT of a User.
        UserReplace = "user_replace",
        /// A PATCH of a User.
        UserPatch = "user_patch",
        /// The deletion of a User.
        UserDelete = "user_delete",
        /// A list of Groups, with or without a filter.
        GroupList = "group_list",
        /// A read of one Group.
        GroupGet = "group_get",
        /// The creation of a Group.
        GroupCreate = "group_create",
        /// A PUT of a Group.
        GroupReplace = "group_replace",
        /// A PATCH of a Group.
        GroupPatch = "group_patch",
        /// The deletion of a Group.
        GroupDelete = "group_delete",
        /// A POST to `/.search` at any level.
        Search = "search",
        /// A POST to `/Bulk`.
        Bulk = "bulk",
        /// `/Me`.
        Me = "me",
        /// Schemas, resource types or the service provider's configuration.
        Discovery = "discovery",
        /// Any other request.
        #[default]
        Unknown = "unknown",
    }
}

impl ScimOperation {
    /// Parses the stable name. An unknown name is [`ScimOperation::Unknown`].
    pub fn parse(name: &str) -> Self {
        Self::from_name(name).unwrap_or_default()
    }

    /// Does the operation change something?
    pub const fn is_change(self) -> bool {
        match self {
            ScimOperation::UserCreate
            | ScimOperation::UserReplace
            | ScimOperation::UserPatch
            | ScimOperation::UserDelete
            | ScimOperation::GroupCreate
            | ScimOperation::GroupReplace
            | ScimOperation::GroupPatch
            | ScimOperation::GroupDelete
            | ScimOperation::Bulk => true,
            ScimOperation::UserList
            | ScimOperation::UserGet
            | ScimOperation::GroupList
            | ScimOperation::GroupGet
            | ScimOperation::Search
            | ScimOperation::Me
            | ScimOperation::Discovery
            | ScimOperation::Unknown => false,
        }
    }

    /// The verb and noun after the client's name. `named`: the name of the target follows. Otherwise the noun has an
    /// article.
    pub const fn did(self, named: bool) -> &'static str {
        match (self, named) {
            (ScimOperation::UserList, false) => "listed members",
            (ScimOperation::UserGet, false) => "looked up a member",
            (ScimOperation::UserList | ScimOperation::UserGet, true) => "looked up member",
            (ScimOperation::UserCreate, false) => "created a member",
            (ScimOperation::UserCreate, true) => "created member",
            (ScimOperation::UserReplace | ScimOperation::UserPatch, false) => "updated a member",
            (ScimOperation::UserReplace | ScimOperation::UserPatch, true) => "updated member",
            (ScimOperation::UserDelete, false) => "deleted a member",
            (ScimOperation::UserDelete, true) => "deleted member",
            (ScimOperation::GroupList, false) => "listed groups",
            (ScimOperation::GroupGet, false) => "looked up a group",
            (ScimOperation::GroupList | ScimOperation::GroupGet, true) => "looked up group",
            (ScimOperation::GroupCreate, false) => "created a group",
            (ScimOperation::GroupCreate, true) => "created group",
            (ScimOperation::GroupReplace | ScimOperation::GroupPatch, false) => "updated a group",
            (ScimOperation::GroupReplace | ScimOperation::GroupPatch, true) => "updated group",
            (ScimOperation::GroupDelete, false) => "deleted a group",
            (ScimOperation::GroupDelete, true) => "deleted group",
            (ScimOperation::Search, false) => "searched members and groups",
            (ScimOperation::Search, true) => "searched for",
            (ScimOperation::Bulk, _) => "sent a bulk request",
            (ScimOperation::Me, _) => "requested /Me",
            (ScimOperation::Discovery, _) => "read the service configuration",
            (ScimOperation::Unknown, _) => "sent a request",
        }
    }

    /// The verb and noun after "tried to". `named`: the name of the target follows. Otherwise the noun has an article.
    pub const fn tried(self, named: bool) -> &'static str {
        match (self, named) {
            (ScimOperation::UserList, false) => "list members",
            (ScimOperation::UserGet, false) => "look up a member",
            (ScimOperation::UserList | ScimOperation::UserGet, true) => "look up member",
            (ScimOperation::UserCreate, false) => "create a member",
            (ScimOperation::UserCreate, true) => "create member",
            (ScimOperation::UserReplace | ScimOperation::UserPatch, false) => "update a member",
            (ScimOperation::UserReplace | ScimOperation::UserPatch, true) => "update member",
            (ScimOperation::UserDelete, false) => "delete a member",
            (ScimOperation::UserDelete, true) => "delete member",
            (ScimOperation::GroupList, false) => "list groups",
            (ScimOperation::GroupGet, false) => "look up a group",
            (ScimOperation::GroupList | ScimOperation::GroupGet, true) => "look up group",
            (ScimOperation::GroupCreate, false) => "create a group",
            (ScimOperation::GroupCreate, true) => "create group",
            (ScimOperation::GroupReplace | ScimOperation::GroupPatch, false) => "update a group",
            (ScimOperation::GroupReplace | ScimOperation::GroupPatch, true) => "update group",
            (ScimOperation::GroupDelete, false) => "delete a group",
            (ScimOperation::GroupDelete, true) => "delete group",
            (ScimOperation::Search, false) => "search members and groups",
            (ScimOperation::Search, true) => "search for",
            (ScimOperation::Bulk, _) => "send a bulk request",
            (ScimOperation::Me, _) => "request /Me",
            (ScimOperation::Discovery, _) => "read the service configuration",
            (ScimOperation::Unknown, _) => "use an unknown endpoint",
        }
    }
}

/// The log's text for a request with the id of one of the team's keys and a wrong secret. The sender has not proven to
/// hold that key.
pub const WRONG_SECRET: &str = "The key ID belongs to this team, but the secret is incorrect";
