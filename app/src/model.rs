//! The data of each page. Everything here can be read in the page's source, so it never contains a secret.

mod connection;
mod submitted_form;

pub use crate::pages::account::model::{AccountForm, AccountNotice, AccountPage, Blocked, account_field};
pub use crate::pages::activity::model::{
    Activity, ActivityForm, Event, Exchange, FailedPart, Offer, ProviderRequest, Read, Reads, RequestFailure, Total,
    Via, Why, Wire,
};
pub use crate::pages::authentication::model::{Authentication, Dialog, Notice, ReturnedForm, VALUE_MAX};
pub use crate::pages::general::model::{
    BreakGlassMember, General, GeneralForm, GeneralNotice, Usage, UsageOf, general_field,
};
pub use crate::pages::groups::model::{GroupLine, GroupMembers, GroupPage, GroupQuery, Groups, Preview};
pub use crate::pages::guides::model::{Guide, GuideList, GuidePage, GuideProgress, Reach};
pub use crate::pages::invite::model::{InviteForm, InvitePage, Joining, PendingInvite};
pub use crate::pages::member::model::{
    Adoption, Fact, Group, MemberAction, MemberNotice, MemberPage, MemberSso, MemberSsoState,
};
pub use crate::pages::members::model::{
    BulkChange, BulkEffect, BulkLine, BulkWhat, GroupChoice, Member, MemberQuery, Members,
};
pub use crate::pages::self_test::model::{SelfTestPage, TestFault, TestOutcome, TestRun, TestState, TestStep};
pub use crate::pages::sign_in::model::{SignIn, SignInMethod, SignInProblem, Verify};
pub use crate::pages::sso::model::{SsoConfirm, SsoContinue, SsoFailurePage, SsoPost, SsoSignOut};
pub use crate::pages::sso_method::model::{
    LastSsoSignIn, SsoAddresses, SsoFailureCount, SsoMethodPage, SsoProtocolAddresses, SsoUsage,
};
pub use connection::{Connection, Health, HealthState};
pub use submitted_form::SubmittedForm;

pub use domain::member::{MemberSource, MemberStatus};
pub use domain::sort::{GroupSort, MemberOrder, MemberSort};

use domain::{plan::Plan, role::Role};
use serde::{Deserialize, Serialize};

/// The kind of the missing object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gone {
    Member,
    Group,
    SsoMethod,
}

domain::names! {
    /// A color scheme. The names are the values of `data-theme`, of the cookie and of the form.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Theme {
        #[default]
        System = "system",
        Light = "light",
        Dark = "dark",
    }
}

impl Theme {
    pub const fn label(self) -> &'static str {
        match self {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// Parses the name. Anything else is System.
    pub fn parse(name: &str) -> Self {
        Theme::from_name(name).unwrap_or_default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    pub team: Team,
    /// The number of members, without deleted ones.
    pub members: i64,
    pub groups: i64,
    pub me: Me,
    /// The teams that this browser is signed in to, including this one.
    pub teams: Vec<SignedInTeam>,
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub name: String,
    pub slug: String,
    pub plan: Plan,
}

/// A team that the browser is signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInTeam {
    pub team: Team,
    pub email: String,
    pub role: Role,
}

/// The signed-in member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub name: String,
    pub email: String,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forbidden {
    /// The label of the refused page: "Authentication", "Activity".
    pub page: String,
    /// Names and email addresses of active Admins and Super Admins.
    pub helpers: Vec<(String, String)>,
}
