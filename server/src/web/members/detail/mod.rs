//! `GET /teams/{slug}/settings/members/{id}?dialog=..&done=..`: only for Admins and Super Admins.

mod policy;
mod profile;

use crate::{
    auth::{SignedIn, session_store},
    web::{
        activity,
        forbidden::{forbidden, gone},
        request::{PageError, PageRequest},
    },
};
use app::error::AppError;
use app::{
    form_encoding,
    model::{Adoption, Gone, Group, MemberAction, MemberNotice, MemberPage, MemberSso, PendingInvite},
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use domain::{
    id::MemberId,
    member::{Subject, needs_consent},
    role::Role,
    validation::field_error::Field,
};
use store::{MemberSource, MemberStatus};

pub(in crate::web) async fn detail(
    request: PageRequest,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let open = request.query_value(return_to::DIALOG).and_then(|name| MemberAction::from_name(&name));
    let pairs = form_encoding::parse(request.query());
    let roles = pairs.iter().filter(|(name, _)| name == "role").filter_map(|(_, role)| Role::from_name(role));
    let page_state = MemberPageState {
        open,
        chosen_roles: (open == Some(MemberAction::Roles)).then(|| roles.collect()),
        chosen_method: request.query_value(Field::Id.name()),
        notice: request.notice.as_deref().and_then(MemberNotice::from_name),
        ..MemberPageState::default()
    };
    page(&request, &signed_in, StatusCode::OK, &MemberId::new(id), page_state).await
}

/// State of the page besides the member.
#[derive(Debug, Default)]
pub(super) struct MemberPageState {
    pub(super) open: Option<MemberAction>,
    pub(super) chosen_roles: Option<Vec<Role>>,
    pub(super) chosen_method: Option<String>,
    pub(super) notice: Option<MemberNotice>,
    pub(super) problem: Option<String>,
    pub(super) unchanged: Option<String>,
}

/// The page. Roles that may not change members get the 403 page.
pub(super) async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    id: &MemberId,
    page_state: MemberPageState,
) -> Result<Response, PageError> {
    if !signed_in.role().manages_authentication() {
        return forbidden(request, signed_in, "Members").await;
    }
    match content(request, signed_in, id, page_state).await {
        Err(PageError::Failed(AppError::Domain(Error::NotFound))) => Ok(gone(request, signed_in, Gone::Member)),
        content => Ok(request.team_page(status, signed_in, content?)),
    }
}

/// The page's content for roles that may change members.
pub(super) async fn content(
    request: &PageRequest,
    signed_in: &SignedIn,
    id: &MemberId,
    page_state: MemberPageState,
) -> Result<Content, PageError> {
    let (store, team) = (&request.state.store, &signed_in.me.team);
    let details = store.member_details(&team.id, id).await?.ok_or(Error::NotFound)?;
    let now = request.state.clock.now();
    let this = session_store::hash(&request.session).unwrap_or_default();
    let (groups, sso, sessions, invite, events) = tokio::try_join!(
        async { Ok::<_, PageError>(store.member_groups(&team.id, id).await?) },
        async { Ok(store.member_sso_links(&team.id, id).await?) },
        async { Ok(store.own_sessions(&team.id, id, &this, now).await?) },
        async { Ok(store.invite_sent(&team.id, id).await?) },
        async { Ok(activity::about(&request.state, &team.id, id).await?) },
    )?;
    let row = details.row;
    let managed_by = match row.source == MemberSource::Directory && team.scim_on {
        true => Some(store.provider_name(&team.id).await?.unwrap_or_else(|| "your identity provider".to_owned())),
        false => None,
    };
    let is_me = row.id == signed_in.me.member_id;
    let policy = policy::MemberPolicies {
        reader: signed_in.role(),
        subject: Subject {
            roles: row.group_roles.map_or(row.own_roles, |group_roles| row.own_roles.union(group_roles)),
            active: row.status == MemberStatus::Active,
            break_glass: row.break_glass,
            last_super_admin: details.last_super_admin,
        },
        own_roles: row.own_roles,
        group_roles: row.group_roles,
        managed_by: managed_by.as_deref(),
        is_me,
    };
    let (blocked, locked) = (policy.blocked(), policy.locked());
    let is_there = matches!(row.status, MemberStatus::Active | MemberStatus::Invited);
    let is_adoptable = team.scim_on && row.source != MemberSource::Directory && is_there;
    let adoption = (is_adoptable && needs_consent(policy.subject.roles)).then(|| {
        match details.adoption_allowed_until.filter(|until| *until > now) {
            Some(until) => Adoption::AllowedUntil(until),
            None => Adoption::NeedsConsent,
        }
    });
    let is_blocked = |action: &MemberAction| blocked.iter().any(|(blocked, _)| blocked == action);
    let sso: Vec<MemberSso> = sso
        .into_iter()
        .filter(|(method, link)| method.enabled || link.is_some())
        .map(|(method, link)| MemberSso { method, link })
        .collect();
    let is_linked = sso.iter().any(|sso| sso.link.is_some());
    let has_dialog = |action: &MemberAction| !is_blocked(action) && (*action != MemberAction::Unlink || is_linked);
    let open = page_state.open.filter(has_dialog);
    let page = MemberPage {
        name: row.name,
        email: row.email,
        status: row.status,
        source: row.source,
        managed_by,
        break_glass: row.break_glass,
        is_me,
        own_roles: row.own_roles,
        profile: profile::facts(&details.document),
        adoption,
        groups: groups.into_iter().map(|(id, name, role)| Group { id, name, role }).collect(),
        sso,
        sessions,
        events,
        invite: invite.map(|invite| PendingInvite {
            invited_by: invite.invited_by,
            sent_at: invite.sent_at,
            expires_at: invite.expires_at,
        }),
        created_at: row.created_at,
        last_sign_in_at: row.last_sign_in_at,
        notice: page_state.notice,
        notice_subject: request.done_about.clone(),
        open,
        locked,
        blocked,
        selected_method: page_state.chosen_method,
        selected_roles: page_state.chosen_roles,
        problem: page_state.problem,
        unchanged: page_state.unchanged,
        id: row.id,
    };
    Ok(Content::team(page))
}
