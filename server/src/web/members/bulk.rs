//! `POST /teams/{slug}/settings/members/roles`: gives a role to the selected members of the list, or removes it. A role with
//! authority over others needs a confirmation first: a dialog of the list names the members and the effect on each.

use super::{bulk_preview, list};
use crate::{
    auth::SignedIn,
    service::RoleEdit,
    web::{
        error_pages, flash,
        form::{self, TeamForm},
        request::{PageError, PageRequest, value},
        see_other,
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{BulkChange, MemberNotice, MemberQuery},
    return_to,
};
use axum::{extract::Path, response::Response};
use domain::{
    Denial, Error, Unchanged,
    id::MemberId,
    member,
    role::{self, Role},
    validation::field_error::{Field, FieldError, FieldErrors},
};

/// Handles the form of the list.
pub(in crate::web) async fn submit(
    request: PageRequest,
    Path(slug): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    let submitted = SubmittedRoles::new(&slug, &form_encoding::parse(&body));
    form::respond(request, &slug, submitted).await
}

struct SubmittedRoles {
    slug: String,
    query: MemberQuery,
    query_pairs: Vec<(String, String)>,
    chosen: Vec<String>,
    role: Result<Role, FieldError>,
    give: Option<bool>,
    is_confirmed: bool,
}

impl TeamForm for SubmittedRoles {
    /// The address of the list with the same members selected, and with the confirmation dialog.
    fn return_to(&self) -> String {
        let mut more: Vec<(&str, &str)> = self.chosen.iter().map(|id| ("member", id.as_str())).collect();
        more.extend(self.role.as_ref().map(|role| ("chosen", role.name())));
        if let (Some(give), Ok(role)) = (self.give, &self.role)
            && role.manages_authentication()
            && !self.chosen.is_empty()
        {
            more.extend([(return_to::DIALOG, bulk_preview::ASK), ("do", if give { "give" } else { "take" })]);
        }
        self.query.address(&list::path(&self.slug), &more)
    }

    async fn submit(&mut self, request: &PageRequest, signed_in: &SignedIn) -> Result<Response, AppError> {
        let service = request.service(&self.slug).await?;
        let give = self.give.ok_or(Error::Malformed)?;
        member::check_count(self.chosen.len()).map_err(|error| FieldErrors::one(Field::Member, error))?;
        let role = self.role.clone().map_err(|error| FieldErrors::one(Field::Role, error))?;
        if role.manages_authentication() && !self.is_confirmed {
            let rows = bulk_preview::selected_members(&request.state.store, &signed_in.me.team.id, &self.chosen);
            let rows = rows.await.map_err(Error::from)?;
            let is_member = |id: &String| rows.iter().any(|row| row.id.as_str() == id);
            let all = self.chosen.iter().all(is_member);
            return if all { Ok(see_other(&self.return_to())) } else { Err(Error::NotFound.into()) };
        }
        let edit = if give { RoleEdit::Give(role) } else { RoleEdit::Take(role) };
        let ids: Vec<MemberId> = self.chosen.iter().map(MemberId::new).collect();
        let changed = match service.members_change_roles(&self.slug, &ids, edit).await? {
            0 => return Err(Error::from(Unchanged::Roles).into()),
            changed => changed.to_string(),
        };
        let more = [("changed", changed.as_str()), ("chosen", role.name())];
        let page = self.query.address(&list::path(&self.slug), &more);
        Ok(flash::see_other(&page, MemberNotice::RolesChanged.name()))
    }

    /// The list with the same members selected.
    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let problem = match &error {
            AppError::Domain(Error::Malformed) => return Err(error.into()),
            AppError::Domain(Error::Unchanged(_)) => None,
            AppError::Domain(Error::NotFound) => Some(GONE.to_owned()),
            AppError::Domain(Error::Denied(Denial::Member { .. })) if self.chosen.len() > 1 => {
                Some(format!("{error} No one was changed."))
            }
            _ => Some(form::sentence(&error)),
        };
        let request = PageRequest { page_path: self.return_to(), ..request };
        let bulk = BulkChange {
            selected_ids: self.chosen,
            role: self.role.ok(),
            unchanged: problem.is_none(),
            problem,
            ..BulkChange::default()
        };
        let position = list::ListPosition::of(&self.query_pairs);
        list::page(&request, signed_in, error_pages::status(&error), position, None, bulk).await
    }
}

const GONE: &str =
    "One of the selected members is no longer in the team, so no one was changed. The others are still selected.";

impl SubmittedRoles {
    fn new(slug: &str, values: &[(String, String)]) -> Self {
        let query_pairs = form_encoding::parse(&value(values, "query").unwrap_or_default());
        Self {
            slug: slug.to_owned(),
            query: MemberQuery::parse(&query_pairs),
            query_pairs,
            chosen: values.iter().filter(|(name, _)| name == "member").map(|(_, id)| id.clone()).collect(),
            role: role::parse(&value(values, "role").unwrap_or_default()),
            give: match value(values, "do").as_deref() {
                Some("give") => Some(true),
                Some("take") => Some(false),
                _ => None,
            },
            is_confirmed: value(values, "sure").is_some(),
        }
    }
}
