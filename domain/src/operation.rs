//! What identity providers ask for: the operations of the SCIM API, and how the log names them.

use serde::{Deserialize, Serialize};

/// What a request of an identity provider is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
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

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 17] = [
        Operation::UserList,
        Operation::UserGet,
        Operation::UserCreate,
        Operation::UserReplace,
        Operation::UserPatch,
        Operation::UserDelete,
        Operation::GroupList,
        Operation::GroupGet,
        Operation::GroupCreate,
        Operation::GroupReplace,
        Operation::GroupPatch,
        Operation::GroupDelete,
        Operation::Search,
        Operation::Bulk,
        Operation::Me,
        Operation::Discovery,
        Operation::Unknown,
    ];

    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Operation::UserList => "user_list",
            Operation::UserGet => "user_get",
            Operation::UserCreate => "user_create",
            Operation::UserReplace => "user_replace",
            Operation::UserPatch => "user_patch",
            Operation::UserDelete => "user_delete",
            Operation::GroupList => "group_list",
            Operation::GroupGet => "group_get",
            Operation::GroupCreate => "group_create",
            Operation::GroupReplace => "group_replace",
            Operation::GroupPatch => "group_patch",
            Operation::GroupDelete => "group_delete",
            Operation::Search => "search",
            Operation::Bulk => "bulk",
            Operation::Me => "me",
            Operation::Discovery => "discovery",
            Operation::Unknown => "unknown",
        }
    }

    /// By its stable name; a name that nobody knows is [`Operation::Unknown`].
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|operation| operation.name() == name).unwrap_or_default()
    }

    /// Is it there to change something?
    pub const fn is_change(self) -> bool {
        match self {
            Operation::UserCreate
            | Operation::UserReplace
            | Operation::UserPatch
            | Operation::UserDelete
            | Operation::GroupCreate
            | Operation::GroupReplace
            | Operation::GroupPatch
            | Operation::GroupDelete
            | Operation::Bulk => true,
            Operation::UserList
            | Operation::UserGet
            | Operation::GroupList
            | Operation::GroupGet
            | Operation::Search
            | Operation::Me
            | Operation::Discovery
            | Operation::Unknown => false,
        }
    }

    /// What was done, after the name of who did it. `named`: the name of its target follows.
    pub const fn did(self, named: bool) -> &'static str {
        match (self, named) {
            (Operation::UserList, false) => "listed members",
            (Operation::UserList | Operation::UserGet, _) => "looked up member",
            (Operation::UserCreate, _) => "created member",
            (Operation::UserReplace | Operation::UserPatch, _) => "updated member",
            (Operation::UserDelete, _) => "deleted member",
            (Operation::GroupList, false) => "listed groups",
            (Operation::GroupList | Operation::GroupGet, _) => "looked up group",
            (Operation::GroupCreate, _) => "created group",
            (Operation::GroupReplace | Operation::GroupPatch, _) => "updated group",
            (Operation::GroupDelete, _) => "deleted group",
            (Operation::Search, false) => "searched members and groups",
            (Operation::Search, true) => "searched for",
            (Operation::Bulk, _) => "sent several changes at once",
            (Operation::Me, _) => "asked who it is",
            (Operation::Discovery, _) => "asked what the SCIM API can do",
            (Operation::Unknown, _) => "sent a request",
        }
    }

    /// What was tried, after "tried to". `named`: the name of its target follows.
    pub const fn tried(self, named: bool) -> &'static str {
        match (self, named) {
            (Operation::UserList, false) => "list members",
            (Operation::UserList | Operation::UserGet, _) => "look up member",
            (Operation::UserCreate, _) => "create member",
            (Operation::UserReplace | Operation::UserPatch, _) => "update member",
            (Operation::UserDelete, _) => "delete member",
            (Operation::GroupList, false) => "list groups",
            (Operation::GroupList | Operation::GroupGet, _) => "look up group",
            (Operation::GroupCreate, _) => "create group",
            (Operation::GroupReplace | Operation::GroupPatch, _) => "update group",
            (Operation::GroupDelete, _) => "delete group",
            (Operation::Search, false) => "search members and groups",
            (Operation::Search, true) => "search for",
            (Operation::Bulk, _) => "send several changes at once",
            (Operation::Me, _) => "ask who it is",
            (Operation::Discovery, _) => "ask what the SCIM API can do",
            (Operation::Unknown, _) => "use an address that is not there",
        }
    }
}

/// What the log says of a request whose key has the id of one of the team's keys, and another secret: whoever sent it has
/// not proven to hold that key.
pub const WRONG_SECRET: &str = "The key's id is one of this team, but its secret is wrong";
