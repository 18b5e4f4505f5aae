//! The data of pages: everything that is shown, and nothing else. What stands here can be read in the page's source, so no secret
//! is ever part of it.

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
pub use crate::pages::guides::model::{Guide, GuideList, GuidePage, Reach, Waiting};
pub use crate::pages::invite::model::{InviteForm, InvitePage, Joining, PendingInvite};
pub use crate::pages::member::model::{Adoption, Fact, Group, MemberAction, MemberNotice, MemberPage};
pub use crate::pages::members::model::{
    BulkChange, BulkEffect, BulkLine, BulkWhat, GroupChoice, Member, MemberQuery, Members,
};
pub use crate::pages::self_test::model::{SelfTestPage, TestFault, TestOutcome, TestRun, TestState, TestStep};
pub use crate::pages::sign_in::model::{SignIn, SignInProblem, Verify};
pub use connection::{Connection, Health, HealthState};
pub use submitted_form::SubmittedForm;

pub use domain::member::{MemberSource, MemberStatus};
pub use domain::sort::{GroupSort, MemberOrder, MemberSort};

use domain::{plan::Plan, role::Role};
use serde::{Deserialize, Serialize};

/// What is not there, or not any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gone {
    /// A member.
    Member,
    /// A group.
    Group,
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
    /// The email address.
    pub email: String,
    /// The highest effective role.
    pub role: Role,
}

/// The 403 page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forbidden {
    /// The page that stays closed: "Authentication", "Activity".
    pub page: String,
    /// Who can help: names and email addresses of active Admins and Super Admins.
    pub helpers: Vec<(String, String)>,
}
