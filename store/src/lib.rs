//! The database: SQLite by default, PostgreSQL where there is one. The only place with SQL.
//!
//! One set of statements serves both engines, through `sqlx::Any`: TEXT and BIGINT columns, `$1` placeholders. What
//! differs (opening, locking, error codes) stands in `connect`, `run`, `migrate` and `error`.
//!
//! Every change to a team is one transaction ([`Claim`]) that begins by claiming the team, so that changes to one team
//! wait for each other on both engines, and that can only be committed together with its entry in the activity log.
//! Sessions, throttling and "last used" are not changes to a team: they are single statements of their own.

mod account;
mod activity;
mod authentication;
mod checkpoint;
mod claim;
mod condition;
mod connect;
mod connection;
mod database_file;
mod demo;
mod error;
mod file;
mod file_mark;
mod general;
mod group_list;
mod groups;
mod instances;
mod integrity;
mod invites;
mod keys;
mod log;
mod long_read;
mod mapping;
mod member_details;
mod member_list;
mod member_names;
mod members;
mod migrate;
mod names;
mod news;
mod planner;
#[cfg(test)]
mod plans;
mod portion;
mod portions;
mod quotas;
mod reader;
mod retry;
mod roles;
mod row;
mod run;
mod scim_requests;
mod server_lock;
mod sessions;
mod settings;
mod sign_in;
mod team_removal;
mod teams;
mod throttle;
mod transaction;
mod turnstile;
mod users;
mod wal_index;
mod words;
mod write_health;
mod writer;

pub use account::{AccountRow, OwnSession};
pub use authentication::AuthenticationData;
pub use claim::Claim;
pub use claim::{
    Grounds, GroupWrite, MarkedMember, MemberRecord, MemberWrite, NewKey, NewMember, NewMethod, NewTeam, Person, Secret,
};
pub use condition::{Attribute, Condition};
pub use connection::Connection;
pub use demo::Attempts;
pub use error::{StoreError, Unique};
pub use general::WayIn;
pub use group_list::GroupRow;
pub use groups::{GroupMember, ScimGroup};
pub use invites::{OpenInvite, SentInvite};
pub use keys::{KeyRow, StoredKey};
pub use log::{DETAILS, LogActor, LogKey, LogLine, RequestLine, made_at};
pub use long_read::LongReadPermit;
pub use member_details::MemberDetails;
pub use member_list::{Amount, InGroup, MemberFilter, MemberRow, Place, RowGroups};
pub use members::{Source, Status};
pub use names::{Hits, LARGE};
pub use news::Listener;
pub use portion::{Page, Portion};
pub use portions::{PORTION, pause};
pub use quotas::{Quota, Quotas};
pub use retry::{RETRIES, RetrySignal, back_off};
pub use scim_requests::ScimRequest;
pub use server_lock::ServerLock;
pub use sessions::{ABSOLUTE_LIFETIME, IDLE_LIFETIME, Origin, SessionRow, SignIn};
pub use sign_in::{COMPARED, Credential};
pub use team_removal::DeletedTeam;
pub use teams::{Helper, TeamRow};
pub use throttle::{Failed, Throttle};
pub use users::UserRow;
pub use users::{Membership, ScimUser};

/// The database. Cloning is cheap.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    /// Where changes are made.
    writer: writer::Writer,
    /// Where pages read.
    reader: reader::Reader,
    /// Who is told of what is written.
    news: news::News,
    /// What is searched in memory.
    names: names::Names,
    /// Whose change is next.
    turnstile: turnstile::Turnstile,
    /// How much a team may store.
    quotas: Quotas,
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine).finish_non_exhaustive()
    }
}
