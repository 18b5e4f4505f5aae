//! The General page: `GET /teams/{slug}/settings/general`, which every member may read, and `POST .../general/...` for changes
//! to the team by Admins and Super Admins.

use super::{
    flash,
    form::{self, FormValues, TeamForm},
};
use crate::{
    auth::SignedIn,
    web::request::{PageError, PageRequest, value},
};
use app::{
    error::AppError,
    form_encoding,
    model::{BreakGlassMember, General, GeneralForm, GeneralNotice, SubmittedForm, Usage, UsageOf, general_field},
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    id::MemberId,
    member::MemberStatus,
    team::{TeamAction, review},
    validation::{
        field_error::{self, Field, FieldErrors},
        text::join_names_or,
    },
};
use store::{self, Quotas, TeamRow};

/// The addresses of all forms.
pub(super) fn paths() -> impl Iterator<Item = (&'static str, GeneralForm)> {
    GeneralForm::ALL.into_iter().map(|form| {
        let path = match form {
            GeneralForm::Name => "/teams/{slug}/settings/general/name",
            GeneralForm::Slug => "/teams/{slug}/settings/general/slug",
            GeneralForm::Mark => "/teams/{slug}/settings/general/mark",
            GeneralForm::Unmark => "/teams/{slug}/settings/general/unmark",
            GeneralForm::SignOut => "/teams/{slug}/settings/general/sign-out",
            GeneralForm::RevokeKeys => "/teams/{slug}/settings/general/revoke-keys",
        };
        (path, form)
    })
}

pub(super) async fn show(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let notice = request.notice.as_deref().and_then(GeneralNotice::from_name);
    let pairs = form_encoding::parse(request.query());
    let form = value(&pairs, return_to::DIALOG).and_then(|name| GeneralForm::from_name(&name));
    let form_state =
        form.map(|form| (form, SubmittedForm { values: carried_values(pairs), ..SubmittedForm::default() }));
    page(&request, &signed_in, StatusCode::OK, notice, form_state).await
}

/// Upper bound of the named members who can help.
const NAMED: usize = 3;

fn path(slug: &str) -> String {
    ["/teams/", slug, "/settings/general"].concat()
}

/// The values that the response may contain.
fn submitted_values(values: Vec<(String, String)>) -> Vec<(String, String)> {
    let fields = [general_field::NAME, general_field::SLUG, general_field::MEMBER, general_field::CONFIRMATION];
    values.into_iter().filter(|(name, _)| fields.contains(&name.as_str())).collect()
}

/// The values that an address may contain. The confirmation is not among them, because no link may have it filled in.
fn carried_values(values: Vec<(String, String)>) -> Vec<(String, String)> {
    let fields = [general_field::NAME, general_field::SLUG, general_field::MEMBER];
    values.into_iter().filter(|(name, _)| fields.contains(&name.as_str())).collect()
}

/// The page, with a notice or a returned form.
async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    notice: Option<GeneralNotice>,
    form_state: Option<(GeneralForm, SubmittedForm)>,
) -> Result<Response, PageError> {
    let (store, team, role) = (&request.state.store, &signed_in.me.team, signed_in.role());
    let reason = |action| review(action, role).err().map(|denial| denial.to_string());
    let blocked = match reason(TeamAction::Configure) {
        Some(reason) => {
            let helpers = store.team_admins(&team.id, &signed_in.me.member_id).await?;
            let names: Vec<&str> = helpers.iter().take(NAMED).map(|helper| helper.name.as_str()).collect();
            let advice = if names.is_empty() { String::new() } else { [". Ask ", &join_names_or(&names)].concat() };
            Some(reason + &advice)
        }
        None => None,
    };
    // Roles that may not change the team do not see its break-glass members either.
    let (break_glass_candidates, keys) = match blocked {
        None => tokio::try_join!(
            store.break_glass_candidates(&team.id),
            store.working_key_count(&team.id, request.state.clock.now())
        )?,
        Some(_) => (Vec::new(), 0),
    };
    let (marked, others): (Vec<_>, Vec<_>) = break_glass_candidates.into_iter().partition(|member| member.break_glass);
    let general = General {
        created_at: team.created_at,
        usage: usage(team, store.quotas()),
        contact: request.state.config.contact.clone(),
        blocked,
        break_glass_blocked: reason(TeamAction::Unmark),
        everyone_blocked: reason(TeamAction::SignEveryoneOut),
        break_glass: marked.into_iter().map(break_glass_member).collect(),
        candidates: others.into_iter().map(break_glass_member).collect(),
        keys,
        notice,
        notice_subject: request.done_about.clone(),
        submission: form_state,
    };
    Ok(request.team_page(status, signed_in, Content::team(general)))
}

fn usage(team: &TeamRow, quotas: Quotas) -> Vec<Usage> {
    let usage = |of, used, limit| Usage { of, used, limit };
    vec![
        usage(UsageOf::Members, team.member_count, quotas.members),
        usage(UsageOf::Groups, team.group_count, quotas.groups),
        usage(UsageOf::Bytes, team.stored_bytes, quotas.bytes),
    ]
}

fn break_glass_member(member: store::BreakGlassCandidate) -> BreakGlassMember {
    let warning = match (member.status, member.has_password, member.roles.highest().manages_authentication()) {
        (MemberStatus::Active, true, true) => None,
        (MemberStatus::Active, false, _) => {
            Some("No password, so this member can't sign in without single sign-on.".to_owned())
        }
        (MemberStatus::Active, _, false) => Some("No longer an Admin or Super Admin.".to_owned()),
        _ => Some("Can't sign in right now.".to_owned()),
    };
    BreakGlassMember {
        id: member.id.to_string(),
        name: member.name,
        email: member.email,
        role: member.roles.highest().label().to_owned(),
        warning,
    }
}

/// Handles a form of the page.
pub(super) async fn submit(
    request: PageRequest,
    Path(slug): Path<String>,
    body: String,
    form: GeneralForm,
) -> Result<Response, PageError> {
    let submitted = SubmittedGeneral { slug: slug.clone(), form, values: form_encoding::parse(&body) };
    form::respond(request, &slug, submitted).await
}

struct SubmittedGeneral {
    slug: String,
    form: GeneralForm,
    values: FormValues,
}

impl TeamForm for SubmittedGeneral {
    fn return_to(&self) -> String {
        form::dialog_address(&path(&self.slug), self.form.name(), carried_values(self.values.clone()))
    }

    async fn submit(&mut self, request: &PageRequest, _: &SignedIn) -> Result<Response, AppError> {
        let (slug, notice) = (&self.slug, self.form.done().name());
        let service = request.service(slug).await?;
        let field = |name| value(&self.values, name).unwrap_or_default();
        let confirmation = field(general_field::CONFIRMATION);
        match self.form {
            GeneralForm::Name => service.team_rename(slug, &field(general_field::NAME)).await?,
            GeneralForm::Slug => {
                let slug = service.team_set_slug(slug, &field(general_field::SLUG), &confirmation).await?;
                return Ok(flash::see_other(&path(&slug), notice));
            }
            GeneralForm::Mark | GeneralForm::Unmark => {
                let choice = field(general_field::MEMBER);
                let marks = self.form == GeneralForm::Mark;
                let result = service.break_glass_set(slug, &MemberId::new(&choice), marks).await;
                let name = result.map_err(|error| match (&error, field_error::choice(&choice)) {
                    // After the rule, because the reason of a reader who may not mark anyone comes first.
                    (domain::Error::NotFound, Err(missing)) if marks => FieldErrors::one(Field::Member, missing).into(),
                    _ => error,
                })?;
                return Ok(flash::see_other_about(&path(slug), notice, &name));
            }
            GeneralForm::SignOut => {
                service.team_sign_everyone_out(slug, &confirmation).await?;
                // The session of the request has ended too.
                return Ok(flash::sign_in(&path(slug), notice));
            }
            GeneralForm::RevokeKeys => service.key_revoke_all(slug, &confirmation).await?,
        }
        Ok(flash::see_other(&path(slug), notice))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let (status, form_state) = form::rejection(error, submitted_values(self.values))?;
        let request = PageRequest { page_path: path(&self.slug), ..request };
        page(&request, signed_in, status, None, Some((self.form, form_state))).await
    }
}
