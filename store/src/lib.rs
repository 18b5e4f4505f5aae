//! The database: SQLite by default, optionally PostgreSQL. Only this crate contains SQL.
//!
//! One set of statements serves both engines, through `sqlx::Any`: TEXT and BIGINT columns, `$1` placeholders. The
//! module `db` contains the differences (connections, locks, error codes).
//!
//! Every change to a team is one transaction ([`TeamTransaction`]). It begins by locking the team, so that changes to
//! one team wait for each other on both engines. It can only be committed together with its entry in the activity log.
//! Sessions, throttling and "last used" are not changes to a team. They are separate statements.

mod account;
mod activity;
mod batches;
mod condition;
mod connections;
mod db;
mod demo;
mod general;
mod group_list;
mod group_roles;
mod groups;
mod instances;
mod invites;
mod keys;
mod log_listener;
mod long_read;
mod member_details;
mod member_list;
mod member_search;
mod member_sort;
mod memberships;
mod methods;
mod name_lookup;
mod quotas;
mod requests;
mod result_page;
mod roles;
mod scim_request;
mod scim_resource;
mod scim_users;
mod search_text;
mod sessions;
mod settings;
mod sign_in;
mod sso;
mod sso_links;
mod team_removal;
mod team_transaction;
mod teams;
mod throttle;

pub use account::AccountRow;
pub use activity::{DETAILS, FailureCount, LogActor, LogKey, LogLine, MethodFailures, RequestLine, time_of_id};
pub use batches::{BATCH_SIZE, pause};
pub use condition::{Condition, SearchAttribute};
pub use connections::ScimConnection;
pub use db::error::{Quota, StoreError, Unique};
pub use db::retry::{RetryLoop, TransactionAttempt};
pub use db::server_lock::ServerLock;
pub use demo::Attempts;
pub use domain::member::{
    MemberSource, MemberStatus,
    row::{MemberRow, RowGroups},
};
pub use general::BreakGlassCandidate;
pub use group_list::GroupRow;
pub use groups::{GroupMember, ScimGroup};
pub use invites::{OpenInvite, SentInvite};
pub use keys::{KeyRow, StoredKey};
pub use long_read::LongReadPermit;
pub use member_details::MemberDetails;
pub use member_list::{ExpectedSize, InGroup, MemberFilter, PageStart};
pub use member_search::{LARGE, SearchResult};
pub use memberships::Membership;
pub use methods::AuthenticationData;
pub use quotas::Quotas;
pub use result_page::{ResultBatch, ResultPage};
pub use scim_request::ScimRequest;
pub use scim_resource::ScimResource;
pub use scim_users::ScimUser;
pub use scim_users::UserRow;
pub use sessions::{ABSOLUTE_LIFETIME, ActiveSignIn, IDLE_LIFETIME, Origin, SessionRow};
pub use sign_in::{COMPARED, Credential};
pub use sso::{SignInLink, SsoMethodRow, StoredResponse};
pub use sso_links::{LastSignIn, MethodUsage};
pub use team_removal::DeletedTeam;
pub use team_transaction::TeamTransaction;
pub use team_transaction::{
    ActorStatus, GroupWrite, MemberRecord, MemberWrite, NewKey, NewLink, NewMember, NewMethod, NewTeam,
    ProtectedMember, Secret, WriteAuthorization,
};
pub use teams::{AdminContact, TeamRow};
pub use throttle::{Failed, Throttle};

/// The database. Cloning is cheap.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    /// The writing side.
    writer: db::writer::DatabaseWriter,
    /// The reading side.
    reader: db::reader::DatabaseReader,
    /// Hears of each commit to a team's log.
    listener: log_listener::LogListener,
    /// The indexes of member search in memory.
    member_indexes: member_search::IndexCache,
    /// The order of changes.
    scheduler: db::write_scheduler::WriteScheduler,
    /// The limits of stored data.
    quotas: Quotas,
}

impl Store {
    /// A store without quotas on the connections of an engine.
    fn new(
        engine: Engine,
        writer: db::writer::DatabaseWriter,
        reader: db::reader::DatabaseReader,
        scheduler: db::write_scheduler::WriteScheduler,
    ) -> Self {
        let (listener, member_indexes) = Default::default();
        Self { engine, writer, reader, listener, member_indexes, scheduler, quotas: Quotas::default() }
    }
}

/// The database engine.
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
