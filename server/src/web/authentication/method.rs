//! `GET /teams/{slug}/settings/authentication/methods/{id}`, for Admins and Super Admins, and its form `POST .../match`.

use crate::{
    auth::SignedIn,
    service::LinkRuleEdit,
    sso::saml_sign_in::SamlAddresses,
    state::AppState,
    web::{
        flash,
        forbidden::{forbidden, gone},
        form::{self, FormValues, TeamForm},
        request::{PageError, PageRequest, value},
    },
};
use app::{
    error::AppError,
    form_encoding,
    forms::{CREATES_MEMBERS, REMOVES_LINKS, TRUSTS_EMAIL, link_rule_form},
    model::{
        Gone, LastSsoSignIn, SsoAddresses, SsoFailureCount, SsoMethodPage, SsoProtocolAddresses, SsoUsage,
        SubmittedForm,
    },
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    DAY, Error,
    id::MethodId,
    sso::{Protocol, Settings, SsoMethod},
    validation::field_error::Field,
};
use saml::SigningCertificate;
use store::{MethodUsage, TeamRow};

/// The name of the form, for the way back to it and for the notice.
const MATCH: &str = "match";

/// The form's fields.
const FIELDS: [&str; 6] = [
    Field::Identifier.name(),
    Field::Claim.name(),
    Field::Attribute.name(),
    TRUSTS_EMAIL,
    CREATES_MEMBERS,
    REMOVES_LINKS,
];

pub(in crate::web) async fn show(
    request: PageRequest,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let pairs = form_encoding::parse(request.query());
    let is_filled_in = value(&pairs, return_to::DIALOG).as_deref() == Some(MATCH);
    // The box that removes links is not filled in, because no link may prepare that.
    let values = known(pairs).filter(|(name, _)| name != REMOVES_LINKS).collect();
    let submission = is_filled_in.then(|| SubmittedForm { values, ..SubmittedForm::default() });
    page(&request, &signed_in, StatusCode::OK, &MethodId::new(id), submission).await
}

/// The page. Other roles get the 403 page.
async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    id: &MethodId,
    submission: Option<SubmittedForm>,
) -> Result<Response, PageError> {
    if !signed_in.role().manages_authentication() {
        return forbidden(request, signed_in, "Authentication").await;
    }
    let (state, team) = (&request.state, &signed_in.me.team);
    let stored = state.store.sso_method(id).await?.filter(|stored| stored.team.id == team.id);
    let Some(stored) = stored else { return Ok(gone(request, signed_in, Gone::SsoMethod)) };
    let now = state.clock.now();
    let (usage, failures) = tokio::try_join!(
        state.store.sso_usage(&team.id, id, now),
        state.store.sso_failures(&team.id, &stored.method.name, now - DAY),
    )?;
    let reasons = failures.reasons.into_iter();
    let page = SsoMethodPage {
        addresses: addresses(state, &stored.method),
        fingerprint: fingerprint(&stored.method),
        token_auth: stored.token_auth,
        rule: stored.link_rule,
        identifier: stored.subject_attribute,
        usage: sso_usage(team, usage),
        failures: reasons
            .map(|reason| SsoFailureCount { failure: reason.failure, count: reason.count, last_at: reason.last_at })
            .collect(),
        has_more_failures: failures.has_more,
        is_saved: request.notice.as_deref() == Some(MATCH),
        submission,
        method: stored.method,
    };
    Ok(request.team_page(status, signed_in, Content::team(page)))
}

fn addresses(state: &AppState, method: &SsoMethod) -> SsoAddresses {
    let public_url = &state.config.public_url;
    let at = |path: &str| [public_url, "/sso/", method.id.as_str(), path].concat();
    let protocol = match method.protocol {
        Protocol::Saml => {
            let SamlAddresses { entity_id, acs } = SamlAddresses::new(public_url, method.id.as_str());
            SsoProtocolAddresses::Saml { entity_id, acs }
        }
        Protocol::Oidc => SsoProtocolAddresses::Oidc { redirect_uri: at("/oidc/callback") },
    };
    SsoAddresses { start: at("/start"), protocol }
}

/// The SHA-256 fingerprint of the method's signing certificate.
fn fingerprint(method: &SsoMethod) -> Option<String> {
    let Some(Settings::Saml { certificate, .. }) = &method.settings else { return None };
    Some(SigningCertificate::read(certificate).ok()?.fingerprint().to_owned())
}

fn sso_usage(team: &TeamRow, usage: MethodUsage) -> SsoUsage {
    SsoUsage {
        members: team.member_count,
        links: usage.links,
        linked: usage.linked,
        deactivated: usage.deactivated,
        invited: usage.invited,
        break_glass: usage.break_glass,
        last: usage.last.map(|last| LastSsoSignIn { at: last.at, member: last.member, name: last.name }),
    }
}

/// Handles the form "Match people".
pub(in crate::web) async fn set_link_rule(
    request: PageRequest,
    Path((slug, id)): Path<(String, String)>,
    body: String,
) -> Result<Response, PageError> {
    let id = MethodId::new(id);
    let page_path = return_to::sso_method_path(&slug, &id);
    let submitted = SubmittedRule { slug: slug.clone(), id, page_path, values: form_encoding::parse(&body) };
    form::respond(request, &slug, submitted).await
}

struct SubmittedRule {
    slug: String,
    id: MethodId,
    page_path: String,
    values: FormValues,
}

impl TeamForm for SubmittedRule {
    fn return_to(&self) -> String {
        let values = known(self.values.clone()).filter(|(name, _)| name != REMOVES_LINKS);
        form::dialog_address(&self.page_path, MATCH, values)
    }

    async fn submit(&mut self, request: &PageRequest, _: &SignedIn) -> Result<Response, AppError> {
        let service = request.service(&self.slug).await?;
        let removes_links = value(&self.values, REMOVES_LINKS).as_deref() == Some("true");
        let edit = LinkRuleEdit::of(link_rule_form(&self.values), removes_links)?;
        service.sso_set_link_rule(&self.slug, &self.id, edit).await?;
        Ok(flash::see_other(&self.page_path, MATCH))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let request = PageRequest { page_path: self.page_path, ..request };
        if error == AppError::Domain(Error::NotFound) {
            return Ok(gone(&request, signed_in, Gone::SsoMethod));
        }
        let (status, submission) = form::rejection(error, known(self.values).collect())?;
        page(&request, signed_in, status, &self.id, Some(submission)).await
    }
}

/// The values that the response may contain.
fn known(values: FormValues) -> impl Iterator<Item = (String, String)> {
    values.into_iter().filter(|(name, _)| FIELDS.contains(&name.as_str()))
}
