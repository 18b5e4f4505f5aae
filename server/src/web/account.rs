//! The account page: `GET /teams/{slug}/account`, and `POST /teams/{slug}/account/...` for changes by members to themselves.

use super::{
    flash,
    form::{self, FormValues, TeamForm},
    see_other,
};
use crate::{
    auth::{
        SignedIn,
        session_store::{self, Renewal},
        sign_in::{self, SignInError},
    },
    service::{Service, SessionSelection},
    web::request::{PageError, PageRequest, value},
};
use app::{
    error::AppError,
    form_encoding,
    model::{AccountForm, AccountNotice, AccountPage, Blocked, SubmittedForm, account_field},
    pages::Content,
    return_to,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    Error,
    member::{
        MemberSource, Subject,
        self_service::{SelfServiceAction, SelfServiceContext, advice, review},
    },
    role::Role,
    validation::field_error::{Field, FieldError, FieldErrors},
};
use secrecy::SecretString;
use store::AccountRow;

/// The addresses of all forms.
pub(super) fn paths() -> impl Iterator<Item = (&'static str, AccountForm)> {
    AccountForm::ALL.into_iter().map(|form| {
        let path = match form {
            AccountForm::Name => "/teams/{slug}/account/name",
            AccountForm::Email => "/teams/{slug}/account/email",
            AccountForm::Password => "/teams/{slug}/account/password",
            AccountForm::SignOut => "/teams/{slug}/account/sign-out",
            AccountForm::Leave => "/teams/{slug}/account/leave",
        };
        (path, form)
    })
}

pub(super) async fn show(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    let notice = request.notice.as_deref().and_then(AccountNotice::from_name);
    let pairs = form_encoding::parse(request.query());
    let form = value(&pairs, return_to::DIALOG).and_then(|name| AccountForm::from_name(&name));
    let form_state =
        form.map(|form| (form, SubmittedForm { values: without_secrets(pairs), ..SubmittedForm::default() }));
    page(&request, &signed_in, StatusCode::OK, notice, form_state).await
}

pub(super) fn path(slug: &str) -> String {
    ["/teams/", slug, "/account"].concat()
}

/// The values that may be returned to the browser.
fn without_secrets(values: Vec<(String, String)>) -> Vec<(String, String)> {
    values.into_iter().filter(|(name, _)| matches!(name.as_str(), account_field::NAME | account_field::EMAIL)).collect()
}

/// The page, with a notice or a returned form.
async fn page(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    notice: Option<AccountNotice>,
    form_state: Option<(AccountForm, SubmittedForm)>,
) -> Result<Response, PageError> {
    let (store, me) = (&request.state.store, &signed_in.me);
    let row = row(request, signed_in).await?;
    let this = session_store::hash(&request.session).unwrap_or_default();
    let (others, sessions, provider) = tokio::try_join!(
        store.team_admins(&me.team.id, &me.member_id),
        store.own_sessions(&me.team.id, &me.member_id, &this, request.state.clock.now()),
        store.provider_name(&me.team.id),
    )?;
    let others: Vec<(&str, Role)> = others.iter().map(|helper| (helper.name.as_str(), helper.role)).collect();
    let provider = provider.unwrap_or_else(|| "your identity provider".to_owned());
    let page = AccountPage {
        blocked: blocked(signed_in, &row, &provider, &others),
        name: row.name,
        user_name: Some(row.user_name).filter(|_| row.source == MemberSource::Directory && me.team.scim_on),
        email: row.email,
        has_password: row.has_password,
        sessions,
        notice,
        submission: form_state,
    };
    Ok(request.team_page(status, signed_in, Content::team(page)))
}

/// The signed-in member's current row.
async fn row(request: &PageRequest, signed_in: &SignedIn) -> Result<AccountRow, Error> {
    let me = &signed_in.me;
    request.state.store.account(&me.team.id, &me.member_id).await?.ok_or(Error::SignedOut)
}

/// The reason for each action that is not possible, with advice. The service uses the same rule.
fn blocked(signed_in: &SignedIn, row: &AccountRow, provider: &str, others: &[(&str, Role)]) -> Blocked {
    let context = context(signed_in, row);
    let provider = Some(provider).filter(|_| context.from_directory);
    let reason = |action| {
        let denial = review(action, context).err()?;
        let help = advice(denial, provider, others, context.subject);
        Some([&denial.to_string(), ". ", &help].concat().trim_end().to_owned())
    };
    Blocked {
        name: reason(SelfServiceAction::Name),
        email: reason(SelfServiceAction::Email),
        password: reason(SelfServiceAction::Password),
        leave: reason(SelfServiceAction::Leave),
    }
}

fn context(signed_in: &SignedIn, row: &AccountRow) -> SelfServiceContext {
    SelfServiceContext {
        scim_on: signed_in.me.team.scim_on,
        from_directory: row.source == MemberSource::Directory,
        subject: Subject {
            roles: row.roles,
            active: true,
            break_glass: row.break_glass,
            last_super_admin: row.last_super_admin,
        },
    }
}

/// Handles a form of the page.
pub(super) async fn submit(
    request: PageRequest,
    Path(slug): Path<String>,
    body: String,
    form: AccountForm,
) -> Result<Response, PageError> {
    let submitted = SubmittedAccount { page_path: path(&slug), form, values: form_encoding::parse(&body) };
    form::respond(request, &slug, submitted).await
}

struct SubmittedAccount {
    page_path: String,
    form: AccountForm,
    values: FormValues,
}

impl TeamForm for SubmittedAccount {
    fn return_to(&self) -> String {
        form::dialog_address(&self.page_path, self.form.name(), without_secrets(self.values.clone()))
    }

    async fn submit(&mut self, request: &PageRequest, signed_in: &SignedIn) -> Result<Response, AppError> {
        let (slug, service) = (&signed_in.me.team.slug, own_service(request, signed_in));
        let notice = match self.form {
            AccountForm::Name => {
                service.account_set_name(slug, &self.field(account_field::NAME)).await?;
                AccountNotice::NameChanged
            }
            AccountForm::Email => {
                require_verified(request, signed_in)?;
                service.account_set_email(slug, &self.field(account_field::EMAIL)).await?;
                AccountNotice::EmailChanged
            }
            AccountForm::Password => {
                self.set_password(request, signed_in).await?;
                AccountNotice::PasswordChanged
            }
            AccountForm::SignOut => {
                let (session, own) = (self.field(account_field::SESSION), own_session(request)?);
                let (selection, notice) = match session.as_str() {
                    account_field::OTHERS => (SessionSelection::Others(&own), AccountNotice::OthersSignedOut),
                    mark => (SessionSelection::One(mark), AccountNotice::SignedOut),
                };
                service.account_end_sessions(slug, selection).await?;
                notice
            }
            AccountForm::Leave => {
                require_verified(request, signed_in)?;
                service.account_leave(slug).await?;
                let is_last = !signed_in.is_signed_in_elsewhere();
                return Ok(if is_last { flash::see_other("/sign-in", "left") } else { see_other("/") });
            }
        };
        Ok(flash::see_other(&self.page_path, notice.name()))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let (status, form_state) = form::rejection(error, without_secrets(self.values))?;
        let request = PageRequest { page_path: self.page_path, ..request };
        page(&request, signed_in, status, None, Some((self.form, form_state))).await
    }
}

impl SubmittedAccount {
    fn field(&self, name: &str) -> String {
        value(&self.values, name).unwrap_or_default()
    }

    /// Checks the old password and the rules for the new one, changes it, and gives the session a new id.
    async fn set_password(&self, request: &PageRequest, signed_in: &SignedIn) -> Result<(), AppError> {
        let me = &signed_in.me;
        let row = row(request, signed_in).await?;
        review(SelfServiceAction::Password, context(signed_in, &row)).map_err(Error::from)?;
        let new = self.field(account_field::PASSWORD);
        let current = SecretString::from(self.field(account_field::CURRENT));
        let email = row.email.unwrap_or_else(|| me.email.clone());
        domain::validation::password::check(&new, &email, &row.name)
            .map_err(|problem| FieldErrors::one(Field::Password, problem))?;
        let verification = sign_in::check_again(&request.state, &request.session, me, current, request.address);
        let turn = verification.await.map_err(wrong_current_password)?;
        let hash = turn.hash(SecretString::from(new)).await.map_err(|error| {
            tracing::error!(%error, "could not hash a new password");
            Error::Internal
        })?;
        drop(turn);
        let own = own_session(request)?;
        own_service(request, signed_in).account_set_password(&me.team.slug, &hash, &own).await?;
        let renewal = Renewal::Verify(&me.team.id, &me.member_id);
        if let Err(error) = session_store::renew(&request.state, &request.session, renewal).await {
            tracing::warn!(%error, "could not give the session a new id after a new password");
        }
        Ok(())
    }
}

fn wrong_current_password(error: SignInError) -> AppError {
    let wrong = |problem| FieldErrors::one(Field::CurrentPassword, problem).into();
    match error {
        SignInError::Invalid(problems) => {
            wrong(problems.of(Field::Password).cloned().unwrap_or(FieldError::WrongPassword))
        }
        SignInError::Wrong | SignInError::ManyTeams(_) => wrong(FieldError::WrongPassword),
        SignInError::Throttled(wait) => AppError::TooManyAttempts(wait.seconds),
        SignInError::Busy(busy) => AppError::HashingBusy(busy.seconds),
        SignInError::Failed(failure) => failure.into(),
    }
}

/// The hash of the request's own session.
fn own_session(request: &PageRequest) -> Result<String, Error> {
    session_store::hash(&request.session).ok_or(Error::SignedOut)
}

fn require_verified(request: &PageRequest, signed_in: &SignedIn) -> Result<(), Error> {
    if signed_in.is_proven(request.state.clock.now()) { Ok(()) } else { Err(Error::VerifyAgain) }
}

/// The service for a change of one's own membership, which every role may make.
fn own_service<'a>(request: &'a PageRequest, signed_in: &SignedIn) -> Service<'a> {
    let actor = signed_in.themselves(request.address.map(|address| address.to_string()));
    Service::new(&request.state.store, &request.state.secrets, &request.state.clock, actor)
}
