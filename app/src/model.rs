//! What the server tells a page: everything that is shown, and nothing else. What stands here can be read in the page's
//! source, so no secret is ever part of it.

mod account;
mod connection;
mod general;
mod groups;
mod guide;
mod invite;
mod member;
mod members;
mod self_test;
mod sent;

pub use account::{AccountForm, AccountNotice, AccountPage, Blocked, OwnSession, account_field};
pub use connection::{Connection, Hour};
pub use general::{General, GeneralForm, GeneralNotice, WayIn, general_field};
pub use groups::{GroupLine, GroupMembers, GroupPage, GroupQuery, GroupSort, Groups, Preview};
pub use guide::{Guide, GuidePage, Reach, Waiting};
pub use invite::{InviteForm, InvitePage, Joining, PendingInvite};
pub use member::{Fact, Group, MemberAction, MemberNotice, MemberPage, MemberSession};
pub use members::{BulkChange, GroupChoice, Member, MemberQuery, MemberSort, MemberSource, MemberStatus, Members};
pub use self_test::{SelfTestPage, TestFault, TestOutcome, TestRun, TestState, TestStep};
pub use sent::Sent;

use crate::failure::Failure;
use domain::{
    UnixMs,
    activity::Entry,
    id::MethodId,
    key::{KeyId, ScimKey},
    log::{By, Filter},
    operation::Operation,
    plan::Plan,
    problem::{Field, Problem, Problems},
    role::Role,
    sso::SsoMethod,
};
use serde::{Deserialize, Serialize};

/// A whole page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The time on the server, for "2 min ago".
    pub now: UnixMs,
    /// Light or dark.
    pub theme: Theme,
    /// The path and query of this page, as a local address to come back to.
    pub here: String,
    /// Team, person and navigation; `None` on the pages outside a team.
    pub shell: Option<Shell>,
    /// What stands in the middle.
    pub content: Content,
}

/// What stands in the middle of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// `/sign-in` and `/teams/{slug}/sign-in`.
    SignIn(SignIn),
    /// `/`, where the browser is signed in to several teams.
    Chooser(Vec<SignedInTeam>),
    /// `/teams/{slug}/verify`: the password once more, before something delicate.
    Verify(Verify),
    /// `/invite/{token}`.
    Invite(Box<InvitePage>),
    /// `/teams/{slug}/account`.
    Account(Box<AccountPage>),
    /// `/teams/{slug}/settings/general`.
    General(Box<General>),
    /// `/teams/{slug}/settings/members`.
    Members(Box<Members>),
    /// `/teams/{slug}/settings/members/{id}`.
    Member(Box<MemberPage>),
    /// `/teams/{slug}/settings/groups`.
    Groups(Groups),
    /// `/teams/{slug}/settings/groups/{id}`.
    Group(Box<GroupPage>),
    /// `/teams/{slug}/settings/authentication`.
    Authentication(Box<Authentication>),
    /// `/teams/{slug}/settings/authentication/guides`.
    Guides,
    /// `/teams/{slug}/settings/authentication/guides/{provider}`.
    Guide(Box<GuidePage>),
    /// `/teams/{slug}/settings/authentication/self-test`.
    SelfTest(Box<SelfTestPage>),
    /// `/teams/{slug}/settings/activity`.
    Activity(Activity),
    /// 403: the role does not open this page.
    Forbidden(Forbidden),
    /// 404.
    NotFound,
    /// 4xx and 5xx: the sentence.
    Trouble(Failure),
}

/// System, light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The value of `data-theme`, of the cookie and of the form.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// From the name; anything else is System.
    pub fn parse(name: &str) -> Self {
        Theme::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// The frame of a team's pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// The team.
    pub team: Team,
    /// How many members it has, deleted ones not counted.
    pub members: i64,
    /// How many groups it has.
    pub groups: i64,
    /// Who is signed in.
    pub me: Me,
    /// The teams that this browser is signed in to, this one among them.
    pub teams: Vec<SignedInTeam>,
    /// Rollcall's version.
    pub version: String,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Its plan.
    pub plan: Plan,
}

/// A team that the browser is signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInTeam {
    /// The team.
    pub team: Team,
    /// As whom.
    pub email: String,
    /// In which role.
    pub role: Role,
}

/// Who is signed in to the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The highest effective role.
    pub role: Role,
}

/// The sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The team of `/teams/{slug}/sign-in`: its name and slug. A slug that does not exist looks the same: the name is
    /// then the slug.
    pub team: Option<(String, String)>,
    /// The host, under the title.
    pub host: String,
    /// Where to go afterwards: a local path.
    pub next: Option<String>,
    /// What was typed.
    pub email: String,
    /// Why it did not work.
    pub problem: Option<SignInProblem>,
}

/// Why a sign-in did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInProblem {
    /// Unknown person or wrong password: the same words for both.
    Wrong,
    /// Too many tries: wait this many seconds.
    Throttled(i64),
    /// A field is empty or not an e-mail address.
    Invalid(Problems),
    /// The session ended; what was typed comes back after signing in.
    Ended,
    /// They just left a team.
    Left,
    /// The database could not be reached.
    Unavailable,
}

/// The page that asks for the password once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {
    /// Where to go afterwards: a local path.
    pub next: String,
    /// Why it did not work.
    pub problem: Option<SignInProblem>,
}

/// The Authentication page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The SSO methods, the oldest first.
    pub methods: Vec<SsoMethod>,
    /// Is SCIM provisioning on?
    pub scim_on: bool,
    /// The SCIM base URL, to paste into the identity provider.
    pub base_url: String,
    /// Usable keys, the newest first, then those that ended in the last 90 days.
    pub keys: Vec<ScimKey>,
    /// When the last request of a provider came.
    pub last_request_at: Option<UnixMs>,
    /// How the connection to the provider is: HTML that the server wrote, put in as it is.
    pub health: String,
    /// Whom to ask about the plan: the operator's contact line.
    pub contact: Option<String>,
    /// The time of this data, for "2 min ago".
    pub now: UnixMs,
    /// A form that came back: what to open, what was typed, what is wrong.
    pub returned: Option<Returned>,
    /// What was just done, where no JavaScript could say it.
    pub notice: Option<Notice>,
}

/// A form that came back to the page without JavaScript, or after signing in again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The dialog it belongs to.
    pub dialog: Dialog,
    /// What was typed, by field name; secrets are never part of it.
    pub typed: Vec<(String, String)>,
    /// What is wrong; `None` when the form only has to be sent again.
    pub failure: Option<Failure>,
}

impl Returned {
    /// What was typed into a field.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.typed.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: Field) -> Option<&Problem> {
        match &self.failure {
            Some(Failure::Invalid(problems)) => problems.of(field),
            _ => None,
        }
    }
}

/// A dialog of the Authentication page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialog {
    /// "Turn on SCIM provisioning?"
    TurnOn,
    /// "Turn off SCIM provisioning?"
    TurnOff,
    /// "Add authentication method".
    AddMethod,
    /// Edit one method.
    EditMethod(MethodId),
    /// Delete one method.
    DeleteMethod(MethodId),
    /// Enable a second method while SCIM provisioning is on.
    EnableMethod(MethodId),
    /// "Keep one SSO method".
    KeepOne,
    /// "Generate SCIM API key".
    GenerateKey,
    /// Roll one key.
    RollKey(KeyId),
    /// Move the end of a rolled key's overlap.
    OverlapKey(KeyId),
    /// The same, to end it now.
    EndKey(KeyId),
    /// Revoke one key.
    RevokeKey(KeyId),
}

impl Dialog {
    /// The dialog's `id` in the HTML, and its name in `?dialog=`.
    pub fn id(&self) -> String {
        let (kind, id) = match self {
            Dialog::TurnOn => ("turn-on", None),
            Dialog::TurnOff => ("turn-off", None),
            Dialog::AddMethod => ("add-method", None),
            Dialog::EditMethod(id) => ("edit-method", Some(id.as_str())),
            Dialog::DeleteMethod(id) => ("delete-method", Some(id.as_str())),
            Dialog::EnableMethod(id) => ("enable-method", Some(id.as_str())),
            Dialog::KeepOne => ("keep-one", None),
            Dialog::GenerateKey => ("generate-key", None),
            Dialog::RollKey(id) => ("roll-key", Some(id.as_str())),
            Dialog::OverlapKey(id) => ("overlap-key", Some(id.as_str())),
            Dialog::EndKey(id) => ("end-key", Some(id.as_str())),
            Dialog::RevokeKey(id) => ("revoke-key", Some(id.as_str())),
        };
        id.map_or_else(|| kind.to_owned(), |id| [kind, ".", id].concat())
    }

    /// From the name in `?dialog=`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('.').unwrap_or((text, ""));
        Some(match (kind, id) {
            ("turn-on", "") => Dialog::TurnOn,
            ("turn-off", "") => Dialog::TurnOff,
            ("add-method", "") => Dialog::AddMethod,
            ("keep-one", "") => Dialog::KeepOne,
            ("generate-key", "") => Dialog::GenerateKey,
            (_, "") => return None,
            ("edit-method", id) => Dialog::EditMethod(MethodId::new(id)),
            ("delete-method", id) => Dialog::DeleteMethod(MethodId::new(id)),
            ("enable-method", id) => Dialog::EnableMethod(MethodId::new(id)),
            ("roll-key", id) => Dialog::RollKey(KeyId::new(id)),
            ("overlap-key", id) => Dialog::OverlapKey(KeyId::new(id)),
            ("end-key", id) => Dialog::EndKey(KeyId::new(id)),
            ("revoke-key", id) => Dialog::RevokeKey(KeyId::new(id)),
            _ => return None,
        })
    }
}

/// What was just done. The words live in the page, so a forged address can at worst say one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// SCIM provisioning is on.
    ScimOn,
    /// SCIM provisioning is off.
    ScimOff,
    /// A method was added.
    MethodAdded,
    /// A method was saved.
    MethodSaved,
    /// A method was deleted.
    MethodDeleted,
    /// A key was revoked.
    KeyRevoked,
    /// The end of an overlap was moved.
    OverlapChanged,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Notice; 7] = [
        Notice::ScimOn,
        Notice::ScimOff,
        Notice::MethodAdded,
        Notice::MethodSaved,
        Notice::MethodDeleted,
        Notice::KeyRevoked,
        Notice::OverlapChanged,
    ];

    /// The name in `?done=`.
    pub const fn name(self) -> &'static str {
        match self {
            Notice::ScimOn => "scim-on",
            Notice::ScimOff => "scim-off",
            Notice::MethodAdded => "method-added",
            Notice::MethodSaved => "method-saved",
            Notice::MethodDeleted => "method-deleted",
            Notice::KeyRevoked => "key-revoked",
            Notice::OverlapChanged => "overlap-changed",
        }
    }

    /// From the name in `?done=`.
    pub fn parse(name: &str) -> Option<Self> {
        Notice::ALL.into_iter().find(|notice| notice.name() == name)
    }
}

/// The Activity page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// One page of the log, the newest first.
    pub events: Vec<Event>,
    /// How many changes and requests these are.
    pub shown: i64,
    /// How many there are in all.
    pub total: Total,
    /// What is asked for.
    pub form: ActivityForm,
    /// The id after which the next page starts, where there is one.
    pub older: Option<String>,
    /// The newest line of it, on the first page: what is newer appears there by itself.
    pub live: Option<String>,
    /// Is this the first page?
    pub newest: bool,
    /// How long changes are kept, in days.
    pub kept_days: i64,
    /// How long requests of identity providers are kept, in days; 0: none is recorded.
    pub request_days: i64,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    /// So many.
    Exactly(i64),
    /// More than that: too many to be counted.
    MoreThan(i64),
    /// They were not counted.
    Unknown,
}

/// What of the log is asked for, and what can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityForm {
    /// What is asked for.
    pub filter: Filter,
    /// Whose lines can be asked for: people, the operator and Rollcall itself.
    pub people: Vec<Offer>,
    /// The keys whose lines can be asked for.
    pub keys: Vec<Offer>,
}

/// Somebody whose lines can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Who.
    pub by: By,
    /// What people read.
    pub label: String,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Something was changed; beside it the request that did it, where an identity provider did.
    Change(Entry, Option<Exchange>),
    /// An identity provider's request that changed nothing: it only read, or was refused.
    Request(ProviderRequest, Option<Exchange>),
    /// Several requests that only read, with one key in one minute.
    Reads(Reads),
}

/// An identity provider's request in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRequest {
    /// When it came.
    pub at: UnixMs,
    /// From which address, as far as it is known.
    pub address: Option<String>,
    /// The key's name.
    pub key_name: String,
    /// What was asked for.
    pub operation: Operation,
    /// The name of what it was about, or its id.
    pub target: Option<String>,
    /// The answer: "200 OK".
    pub answer: String,
    /// Why it failed; none: it did not.
    pub failure: Option<RequestFailure>,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFailure {
    /// The kind of reason, which decides what helps.
    pub why: Why,
    /// What the provider was told, where it was told anything.
    pub detail: Option<String>,
}

/// The kinds of reasons why a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The key does not work any more.
    EndedKey,
    /// The sender did not have the key, only its id.
    WrongSecret,
    /// Something must not be done: provisioning is off, or the change is one that nobody may make.
    Forbidden,
    /// What it was about is not there.
    Missing,
    /// Something unique exists already.
    Taken,
    /// What it was about has changed meanwhile.
    Outdated,
    /// Too long.
    TooLarge,
    /// Too many requests.
    TooMany,
    /// There is no such endpoint or method.
    Unsupported,
    /// It could not be understood.
    Malformed,
    /// A fault of the server or its database.
    Fault,
    /// It was not answered: the provider hung up, or it took too long.
    Unanswered,
}

/// Several requests in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// When the first came.
    pub since: UnixMs,
    /// When the last came.
    pub at: UnixMs,
    /// From where the last came, as far as it is known.
    pub address: Option<String>,
    /// The key's name.
    pub key_name: String,
    /// How many.
    pub count: i64,
    /// What was asked for, how many times.
    pub operations: Vec<(Operation, i64)>,
}

/// A request and its answer, without what is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The record's id.
    pub id: String,
    /// GET, POST, ...
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The answer: "200 OK".
    pub answer: String,
    /// How long it took, in microseconds.
    pub micros: i64,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// What was normalised.
    pub notes: Vec<String>,
    /// The request's body.
    pub sent: Option<Wire>,
    /// The answer's body.
    pub answered: Option<Wire>,
}

/// A body, or the start of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wire {
    /// JSON as people read it; empty: nothing is kept of it.
    pub text: String,
    /// What there is to say about it: that it is only the start, or why it is not kept.
    pub note: Option<String>,
}

/// The 403 page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forbidden {
    /// The page that stays closed: "Authentication", "Activity".
    pub page: String,
    /// Who can help: names and e-mail addresses of active Admins and Super Admins.
    pub helpers: Vec<(String, String)>,
}
