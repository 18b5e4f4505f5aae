//! `POST /teams/{slug}/settings/members/{id}/...`: changes to one member.

use super::{
    detail::{self, MemberPageState},
    list,
};
use crate::{
    auth::SignedIn,
    service::{NewInvite, RoleEdit},
    web::{
        error_pages, flash,
        forbidden::gone,
        form::{self, TeamForm},
        html,
        request::{PageError, PageRequest, value},
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{Gone, MemberAction},
};
use axum::{extract::Path, response::Response};
use domain::{
    Conflict, Error, Unchanged,
    id::{MemberId, MethodId},
    role::{self, Role},
    validation::field_error::{self, Field, FieldErrors},
};

/// The addresses of all actions.
pub(in crate::web) fn paths() -> impl Iterator<Item = (&'static str, MemberAction)> {
    MemberAction::ALL.into_iter().map(|action| {
        let path = match action {
            MemberAction::Roles => "/teams/{slug}/settings/members/{id}/roles",
            MemberAction::SignOut => "/teams/{slug}/settings/members/{id}/sign-out",
            MemberAction::Unlink => "/teams/{slug}/settings/members/{id}/unlink",
            MemberAction::Deactivate => "/teams/{slug}/settings/members/{id}/deactivate",
            MemberAction::Reactivate => "/teams/{slug}/settings/members/{id}/reactivate",
            MemberAction::Remove => "/teams/{slug}/settings/members/{id}/remove",
            MemberAction::AllowAdoption => "/teams/{slug}/settings/members/{id}/allow-adoption",
            MemberAction::Resend => "/teams/{slug}/settings/members/{id}/resend-invite",
            MemberAction::CancelInvite => "/teams/{slug}/settings/members/{id}/cancel-invite",
        };
        (path, action)
    })
}

/// Handles a form about one member.
pub(in crate::web) async fn submit(
    request: PageRequest,
    Path((slug, id)): Path<(String, String)>,
    body: String,
    action: MemberAction,
) -> Result<Response, PageError> {
    let values = form_encoding::parse(&body);
    let roles = values.iter().filter(|(name, _)| name == "role").filter_map(|(_, role)| Role::from_name(role));
    let page_path = [&list::path(&slug), "/", &id].concat();
    let submitted = SubmittedAction {
        slug: slug.clone(),
        id: MemberId::new(id),
        page_path,
        action,
        roles: roles.collect(),
        method: value(&values, Field::Id.name()).unwrap_or_default(),
    };
    form::respond(request, &slug, submitted).await
}

struct SubmittedAction {
    slug: String,
    id: MemberId,
    page_path: String,
    action: MemberAction,
    roles: Vec<Role>,
    /// The id of the SSO method whose link is removed.
    method: String,
}

impl TeamForm for SubmittedAction {
    fn return_to(&self) -> String {
        let roles = self.roles.iter().filter(|_| self.action == MemberAction::Roles);
        let roles = roles.map(|role| ("role".to_owned(), role.name().to_owned()));
        let method = (self.action == MemberAction::Unlink).then(|| (Field::Id.name().to_owned(), self.method.clone()));
        form::dialog_address(&self.page_path, self.action.name(), roles.chain(method))
    }

    async fn submit(&mut self, request: &PageRequest, signed_in: &SignedIn) -> Result<Response, AppError> {
        let (slug, id, notice) = (&self.slug, &self.id, self.action.done().name());
        let service = request.service(slug).await?;
        match self.action {
            MemberAction::Roles => {
                let roles = role::parse_all(self.roles.iter().map(|role| role.name()));
                let roles = roles.map_err(|error| FieldErrors::one(Field::Role, error))?;
                let ids = std::slice::from_ref(id);
                if service.members_change_roles(slug, ids, RoleEdit::Set(roles)).await? == 0 {
                    return Err(Error::from(Unchanged::Roles).into());
                }
            }
            MemberAction::SignOut => service.member_sign_out(slug, id).await?,
            MemberAction::Unlink => {
                let unlinked = service.member_unlink(slug, id, &MethodId::new(&self.method)).await;
                unlinked.map_err(|error| match (&error, field_error::choice(&self.method)) {
                    // After the rule, because the reason of a reader who may not change the member comes first.
                    (Error::Unchanged(_), Err(missing)) => FieldErrors::one(Field::Id, missing).into(),
                    _ => error,
                })?;
            }
            MemberAction::Deactivate => {
                let name = service.member_deactivate(slug, id).await?;
                return Ok(flash::see_other_about(&self.page_path, notice, &name));
            }
            MemberAction::Reactivate => {
                let name = service.member_reactivate(slug, id).await?;
                return Ok(flash::see_other_about(&self.page_path, notice, &name));
            }
            MemberAction::Remove => {
                let name = service.member_remove(slug, id).await?;
                return Ok(flash::see_other_about(&list::path(slug), notice, &name));
            }
            MemberAction::AllowAdoption => service.member_allow_adoption(slug, id).await?,
            MemberAction::Resend => {
                let invite = service.invite_resend(slug, id).await?;
                return Ok(self.show_link(request, signed_in, &invite).await?);
            }
            MemberAction::CancelInvite => {
                service.invite_cancel(slug, id).await?;
                return Ok(flash::see_other(&list::path(slug), notice));
            }
        }
        Ok(flash::see_other(&self.page_path, notice))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let page_state = match &error {
            AppError::Domain(Error::NotFound) => {
                let request = PageRequest { page_path: list::path(&self.slug), ..request };
                return Ok(gone(&request, signed_in, Gone::Member));
            }
            AppError::Domain(Error::Malformed) => return Err(error.into()),
            AppError::Domain(Error::Unchanged(_)) => {
                MemberPageState { unchanged: Some(error.to_string()), ..MemberPageState::default() }
            }
            // The page of a member in this state has no such dialog.
            AppError::Domain(Error::Conflict(
                Conflict::InviteAccepted | Conflict::InvitePending | Conflict::NotAdoptable(_),
            )) => MemberPageState {
                chosen_roles: Some(self.roles),
                problem: Some(error.to_string()),
                ..MemberPageState::default()
            },
            _ => MemberPageState {
                open: Some(self.action),
                chosen_roles: Some(self.roles),
                chosen_method: Some(self.method),
                problem: Some(form::sentence(&error)),
                ..MemberPageState::default()
            },
        };
        let request = PageRequest { page_path: self.page_path, ..request };
        detail::page(&request, signed_in, error_pages::status(&error), &self.id, page_state).await
    }
}

impl SubmittedAction {
    /// The member's page with the new link, which is shown once.
    async fn show_link(
        &self,
        request: &PageRequest,
        signed_in: &SignedIn,
        invite: &NewInvite,
    ) -> Result<Response, PageError> {
        let notice = self.action.done().name();
        let request = PageRequest { page_path: self.page_path.clone(), ..request.clone() };
        let content = detail::content(&request, signed_in, &self.id, MemberPageState::default()).await?;
        let address = flash::address(&self.page_path, notice);
        let page = html::with_invite(request.page(Some(signed_in), content), invite, &address, &request.state);
        Ok(flash::with_notice(page, notice))
    }
}
