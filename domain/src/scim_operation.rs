//! What identity providers ask for: the operations of the SCIM API, and how the log names them.

use serde::{Deserialize, Serialize};

/// What a request of an identity provider is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScimOperation {
    /// A list of Users, all or those that a filter finds.
    UserList,
    /// One User.
    UserGet,
    /// A new User.
    UserCreate,
    /// A User as a whole.
    UserReplace,
    /// Some of a User.
    UserPatch,
    /// A User, away.
    UserDelete,
    /// A list of Groups, all or those that a filter finds.
    GroupList,
    /// One Group.
    GroupGet,
    /// A new Group.
    GroupCreate,
    /// A Group as a whole.
    GroupReplace,
    /// Some of a Group.
    GroupPatch,
    /// A Group, away.
    GroupDelete,
    /// `/.search` at any level: a list, asked for by POST.
    Search,
    /// `/Bulk`: many operations at once.
    Bulk,
    /// `/Me`.
    Me,
    /// What the API can do: schemas, resource types, configuration.
    Discovery,
    /// Anything else.
    #[default]
    Unknown,
}

impl ScimOperation {
    /// Every operation.
    pub const ALL: [ScimOperation; 17] = [
        ScimOperation::UserList,
        ScimOperation::UserGet,
        ScimOperation::UserCreate,
        ScimOperation::UserReplace,
        ScimOperation::UserPatch,
        ScimOperation::UserDelete,
        ScimOperation::GroupList,
        ScimOperation::GroupGet,
        ScimOperation::GroupCreate,
        ScimOperation::GroupReplace,
        ScimOperation::GroupPatch,
        ScimOperation::GroupDelete,
        ScimOperation::Search,
        ScimOperation::Bulk,
        ScimOperation::Me,
        ScimOperation::Discovery,
        ScimOperation::Unknown,
    ];

    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            ScimOperation::UserList => "user_list",
            ScimOperation::UserGet => "user_get",
            ScimOperation::UserCreate => "user_create",
            ScimOperation::UserReplace => "user_replace",
            ScimOperation::UserPatch => "user_patch",
            ScimOperation::UserDelete => "user_delete",
            ScimOperation::GroupList => "group_list",
            ScimOperation::GroupGet => "group_get",
            ScimOperation::GroupCreate => "group_create",
            ScimOperation::GroupReplace => "group_replace",
            ScimOperation::GroupPatch => "group_patch",
            ScimOperation::GroupDelete => "group_delete",
            ScimOperation::Search => "search",
            ScimOperation::Bulk => "bulk",
            ScimOperation::Me => "me",
            ScimOperation::Discovery => "discovery",
            ScimOperation::Unknown => "unknown",
        }
    }

    /// By its stable name; a name that nobody knows is [`ScimOperation::Unknown`].
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|operation| operation.name() == name).unwrap_or_default()
    }

    /// Is it there to change something?
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

    /// What was done, after the name of who did it. `named`: the name of its target follows.
    pub const fn did(self, named: bool) -> &'static str {
        match (self, named) {
            (ScimOperation::UserList, false) => "listed members",
            (ScimOperation::UserList | ScimOperation::UserGet, _) => "looked up member",
            (ScimOperation::UserCreate, _) => "created member",
            (ScimOperation::UserReplace | ScimOperation::UserPatch, _) => "updated member",
            (ScimOperation::UserDelete, _) => "deleted member",
            (ScimOperation::GroupList, false) => "listed groups",
            (ScimOperation::GroupList | ScimOperation::GroupGet, _) => "looked up group",
            (ScimOperation::GroupCreate, _) => "created group",
            (ScimOperation::GroupReplace | ScimOperation::GroupPatch, _) => "updated group",
            (ScimOperation::GroupDelete, _) => "deleted group",
            (ScimOperation::Search, false) => "searched members and groups",
            (ScimOperation::Search, true) => "searched for",
            (ScimOperation::Bulk, _) => "sent several changes at once",
            (ScimOperation::Me, _) => "asked who it is",
            (ScimOperation::Discovery, _) => "asked what the SCIM API can do",
            (ScimOperation::Unknown, _) => "sent a request",
        }
    }

    /// What was tried, after "tried to". `named`: the name of its target follows.
    pub const fn tried(self, named: bool) -> &'static str {
        match (self, named) {
            (ScimOperation::UserList, false) => "list members",
            (ScimOperation::UserList | ScimOperation::UserGet, _) => "look up member",
            (ScimOperation::UserCreate, _) => "create member",
            (ScimOperation::UserReplace | ScimOperation::UserPatch, _) => "update member",
            (ScimOperation::UserDelete, _) => "delete member",
            (ScimOperation::GroupList, false) => "list groups",
            (ScimOperation::GroupList | ScimOperation::GroupGet, _) => "look up group",
            (ScimOperation::GroupCreate, _) => "create group",
            (ScimOperation::GroupReplace | ScimOperation::GroupPatch, _) => "update group",
            (ScimOperation::GroupDelete, _) => "delete group",
            (ScimOperation::Search, false) => "search members and groups",
            (ScimOperation::Search, true) => "search for",
            (ScimOperation::Bulk, _) => "send several changes at once",
            (ScimOperation::Me, _) => "ask who it is",
            (ScimOperation::Discovery, _) => "ask what the SCIM API can do",
            (ScimOperation::Unknown, _) => "use an address that is not there",
        }
    }
}

/// What the log says of a request whose key has the id of one of the team's keys, and another secret: whoever sent it has
/// not proven to hold that key.
pub const WRONG_SECRET: &str = "The key's id is one of this team, but its secret is wrong";
