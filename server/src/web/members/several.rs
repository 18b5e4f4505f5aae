//! `POST /teams/{slug}/settings/members/roles`: a role for the members that are chosen in the list, or no longer. What gives or
//! takes the power over others is asked about first: the list with a dialog that says who would be changed, and how.

use super::Refusal;
use crate::{
    auth::SignedIn,
    service::{MOST_MEMBERS, NotChanged, RoleEdit},
    web::{
        flash,
        pages::{self, ListPosition},
        request::{PageError, PageRequest, value},
        see_other,
    },
};
use app::{
    model::{BulkChange, MemberNotice, MemberQuery},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{Error, id::MemberId, role::Role};
use std::str::FromStr as _;

/// Gives a role to the members that are chosen in the list, or takes it away.
pub(in crate::web) async fn change_several(
    visit: PageRequest,
    Path(slug): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    let typed = resume::parse(&body);
    let several = Several::of(&typed);
    let list = pages::members_path(&slug);
    let again = several.again(&list);
    let signed_in = visit.in_team_from(&slug, &again).await?;
    match several.run(&visit, &slug, &signed_in).await {
        Ok(Some(0)) => several.page(Visit { here: again, ..visit }, &signed_in, None).await,
        Ok(Some(changed)) => {
            let changed = changed.to_string();
            let mut more = vec![("changed", changed.as_str())];
            more.extend(several.role.map(|role| ("chosen", role.name())));
            Ok(flash::see_other(&several.query.address(&list, &more), MemberNotice::RolesChanged.name()))
        }
        Ok(None) => Ok(see_other(&again)),
        Err(Refusal::NotChanged(NotChanged::Failed(Error::VerifyAgain))) => {
            Ok(see_other(&resume::verify_path(&slug, &again)))
        }
        Err(failure) => several.page(PageRequest { here: again, ..visit }, &signed_in, Some(failure)).await,
    }
}

/// A change of several members' roles, as it was sent.
struct Several {
    query: MemberQuery,
    listed: Vec<(String, String)>,
    chosen: Vec<String>,
    role: Option<Role>,
    give: Option<bool>,
    sure: bool,
}

impl Several {
    fn of(typed: &[(String, String)]) -> Self {
        let listed = resume::parse(&value(typed, "query").unwrap_or_default());
        Self {
            query: MemberQuery::parse(&listed),
            listed,
            chosen: typed.iter().filter(|(name, _)| name == "member").map(|(_, id)| id.clone()).collect(),
            role: value(typed, "role").and_then(|name| Role::from_str(&name).ok()),
            give: match value(typed, "do").as_deref() {
                Some("give") => Some(true),
                Some("take") => Some(false),
                _ => None,
            },
            sure: value(typed, "sure").is_some(),
        }
    }

    /// Must be asked about before it is done?
    fn has_consequences(&self) -> bool {
        !self.sure && self.role.is_some_and(Role::manages_authentication)
    }

    /// Does it, and returns how many were changed; nothing if it is to be asked about first.
    async fn run(&self, visit: &PageRequest, slug: &str, signed_in: &SignedIn) -> Result<Option<usize>, Refusal> {
        let service = visit.service(slug).await?;
        if self.chosen.is_empty() {
            return Err(Refusal::Nobody);
        }
        let (Some(role), Some(give)) = (self.role, self.give) else {
            return Err(NotChanged::Failed(Error::Malformed).into());
        };
        if self.chosen.len() > MOST_MEMBERS {
            return Err(NotChanged::TooMany.into());
        }
        if self.has_consequences() && signed_in.role().manages_authentication() {
            let found = pages::members_chosen(&visit.state.store, &signed_in.me.team.id, &self.chosen);
            let found = found.await.map_err(Error::from)?;
            let is_there = |id: &String| found.iter().any(|row| row.id.as_str() == id);
            return if self.chosen.iter().all(is_there) { Ok(None) } else { Err(Refusal::Gone) };
        }
        let change = if give { RoleEdit::Give(role) } else { RoleEdit::Take(role) };
        let ids: Vec<MemberId> = self.chosen.iter().map(MemberId::new).collect();
        match service.members_change_roles(slug, &ids, change).await {
            Ok(changed) => Ok(Some(changed)),
            Err(NotChanged::Failed(Error::NotFound)) => Err(Refusal::Gone),
            Err(denied @ NotChanged::Denied(..)) if ids.len() > 1 => Err(Refusal::NoneOfThem(denied)),
            Err(other) => Err(other.into()),
        }
    }

    /// The list with the same members chosen, and what is asked before they are changed.
    fn again(&self, list: &str) -> String {
        let mut more: Vec<(&str, &str)> = self.chosen.iter().map(|id| ("member", id.as_str())).collect();
        more.extend(self.role.map(|role| ("chosen", role.name())));
        if let (Some(give), Some(role)) = (self.give, self.role)
            && role.manages_authentication()
            && !self.chosen.is_empty()
        {
            more.extend([(resume::DIALOG, pages::MEMBERS_ASK), ("do", if give { "give" } else { "take" })]);
        }
        self.query.address(list, &more)
    }

    /// The list with the same members chosen: why nobody was changed, or that there was nothing to change.
    async fn page(self, visit: PageRequest, signed_in: &SignedIn, failure: Option<Refusal>) -> Result<Response, PageError> {
        let status = match &failure {
            Some(failure) => failure.status()?,
            None => StatusCode::OK,
        };
        let bulk = BulkChange {
            chosen: self.chosen,
            role: self.role,
            unchanged: failure.is_none(),
            problem: failure.map(|failure| failure.to_string()),
            ..BulkChange::default()
        };
        pages::members_page(&visit, signed_in, status, At::of(&self.listed), None, bulk).await
    }
}
