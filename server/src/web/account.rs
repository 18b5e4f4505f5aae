//! What members change about themselves: `POST /teams/{slug}/account/...`.

use super::{pages, see_other};
use crate::web::{
    error_pages, flash,
    request::{PageError, PageRequest, value},
};
use crate::{
    auth::{
        SignedIn,
        hashing::Busy,
        session_store::{self, Renewal},
        sign_in::{self, SignInError},
        throttle::Wait,
    },
    service::{NotYours, Service, SessionSelection},
};
use app::{
    model::{AccountForm, AccountNotice, Sent, account_field},
    resume,
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::Error;
use domain::validation::field_error::{Field, FieldError};
use secrecy::SecretString;

/// The address of every form.
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

/// Changes whoever sent it.
pub(super) async fn change(
    visit: PageRequest,
    Path(slug): Path<String>,
    body: String,
    form: AccountForm,
) -> Result<Response, PageError> {
    let typed = resume::parse(&body);
    let here = pages::account_path(&slug);
    let again = again(&here, form, &typed);
    let signed_in = visit.in_team_from(&slug, &again).await?;
    let change = Change { visit: &visit, signed_in: &signed_in, typed: &typed };
    match change.run(form).await {
        Ok(Done::Told(notice)) => Ok(flash::see_other(&here, notice.name())),
        Ok(Done::Left { elsewhere: true }) => Ok(see_other("/")),
        Ok(Done::Left { elsewhere: false }) => Ok(flash::see_other("/sign-in", "left")),
        Err(Not::Done(NotYours::Failed(Error::VerifyAgain))) => Ok(see_other(&resume::verify_path(&slug, &again))),
        Err(not) => {
            let (status, sent) = not.explain()?;
            let wait = match &not {
                Not::Throttled(wait) => Some(wait.seconds),
                Not::Busy(busy) => Some(busy.seconds),
                _ => None,
            };
            // Where nothing was to be done the page shows what is saved.
            let typed = if sent.unchanged.is_some() { Vec::new() } else { pages::without_secrets(typed.clone()) };
            let sent = Sent { typed, ..sent };
            let visit = PageRequest { here, ..visit.clone() };
            let mut response = pages::account_page(&visit, &signed_in, status, None, Some((form, sent))).await?;
            if let Some(seconds) = wait {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Ok(response)
        }
    }
}

/// The page with the form as it was filled in, less what is secret.
fn again(here: &str, form: AccountForm, typed: &[(String, String)]) -> String {
    let mut pairs = vec![(resume::DIALOG.to_owned(), form.name().to_owned())];
    let fits = |(_, value): &(String, String)| value.len() <= resume::VALUE_MAX;
    pairs.extend(pages::without_secrets(typed.to_vec()).into_iter().filter(fits));
    [here, "?", &resume::write(&pairs)].concat()
}

/// What was done.
enum Done {
    Told(AccountNotice),
    /// The team was left; is the browser signed in to another one?
    Left {
        elsewhere: bool,
    },
}

/// Why nothing was done.
enum Not {
    /// The service says so.
    Done(NotYours),
    /// A field is wrong.
    Field(&'static str, String),
    /// Not here, whoever asks.
    Blocked(String),
    /// Too many tries.
    Throttled(Wait),
    /// Too many passwords are hashed right now.
    Busy(Busy),
}

impl From<NotYours> for Not {
    fn from(why: NotYours) -> Self {
        Not::Done(why)
    }
}

impl From<Error> for Not {
    fn from(failure: Error) -> Self {
        Not::Done(failure.into())
    }
}

impl Not {
    /// The status, and how the page says it; or what the page cannot say.
    fn explain(&self) -> Result<(StatusCode, Sent), PageError> {
        let wrong = |field: &str, problem: String| Sent::wrong(vec![(field.to_owned(), problem)]);
        Ok(match self {
            Not::Done(why @ NotYours::EmailTaken) => {
                (StatusCode::CONFLICT, wrong(account_field::EMAIL, why.to_string()))
            }
            Not::Done(why @ (NotYours::Nothing(_) | NotYours::NoSession)) => {
                (StatusCode::OK, Sent::unchanged(why.to_string()))
            }
            Not::Done(why @ NotYours::Denied(_)) => (StatusCode::FORBIDDEN, Sent::refused(why.to_string())),
            Not::Done(NotYours::Failed(Error::Invalid(problems))) => {
                let problems = problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string()));
                (StatusCode::UNPROCESSABLE_ENTITY, Sent::wrong(problems.collect()))
            }
            Not::Done(NotYours::Failed(failure @ (Error::NotFound | Error::SignedOut | Error::Malformed))) => {
                return Err(failure.clone().into());
            }
            Not::Done(NotYours::Failed(failure)) => {
                (error_pages::status_of(failure), Sent::refused(error_pages::sentence_of(failure)))
            }
            Not::Field(field, problem) => (StatusCode::UNPROCESSABLE_ENTITY, wrong(field, problem.clone())),
            Not::Blocked(why) => (StatusCode::FORBIDDEN, Sent::refused(why.clone())),
            Not::Busy(busy) => {
                let says =
                    format!("Too many people are signing in right now. Try again in {} seconds.", busy.seconds.max(2));
                (StatusCode::SERVICE_UNAVAILABLE, Sent::refused(says))
            }
            Not::Throttled(wait) => {
                let unit = if wait.seconds == 1 { "second" } else { "seconds" };
                let says = format!("Too many attempts. Try again in {} {unit}.", wait.seconds);
                (StatusCode::TOO_MANY_REQUESTS, Sent::refused(says))
            }
        })
    }
}

struct Change<'a> {
    visit: &'a PageRequest,
    signed_in: &'a SignedIn,
    typed: &'a [(String, String)],
}

impl Change<'_> {
    async fn run(&self, form: AccountForm) -> Result<Done, Not> {
        let slug = &self.signed_in.me.team.slug;
        Ok(Done::Told(match form {
            AccountForm::Name => {
                self.service().account_set_name(slug, &self.field(account_field::NAME)).await?;
                AccountNotice::NameChanged
            }
            AccountForm::Email => {
                self.delicate()?;
                self.service().account_set_email(slug, &self.field(account_field::EMAIL)).await?;
                AccountNotice::EmailChanged
            }
            AccountForm::Password => {
                self.password().await?;
                AccountNotice::PasswordChanged
            }
            AccountForm::SignOut => {
                let session = self.field(account_field::SESSION);
                let this = self.this()?;
                let (which, notice) = match session.as_str() {
                    account_field::OTHERS => (SessionSelection::Others(&this), AccountNotice::OthersSignedOut),
                    mark => (SessionSelection::One(mark), AccountNotice::SignedOut),
                };
                self.service().account_end_sessions(slug, which).await?;
                notice
            }
            AccountForm::Leave => {
                self.delicate()?;
                self.service().account_leave(slug).await?;
                return Ok(Done::Left { elsewhere: self.signed_in.is_signed_in_elsewhere() });
            }
        }))
    }

    /// The password as it is, the rules for the new one, the change; then the session gets a new id.
    async fn password(&self) -> Result<(), Not> {
        let (visit, me) = (self.visit, &self.signed_in.me);
        let row = pages::account_row(visit, self.signed_in).await?;
        if let Some(why) = pages::account_blocked(self.signed_in, &row, None, &[]).password {
            return Err(Not::Blocked(why));
        }
        let new = self.field(account_field::PASSWORD);
        let current = SecretString::from(self.field(account_field::CURRENT));
        let email = row.email.unwrap_or_else(|| me.email.clone());
        domain::validation::password::check(&new, &email, &row.name)
            .map_err(|problem| Not::Field(account_field::PASSWORD, problem.to_string()))?;
        let checked = sign_in::check_again(&visit.state, &visit.session, me, current, visit.address);
        let turn = checked.await.map_err(|refusal| match refusal {
            SignInError::Invalid(problems) => {
                let missing = problems.of(Field::Password).map(ToString::to_string).unwrap_or_default();
                Not::Field(account_field::CURRENT, missing)
            }
            SignInError::Wrong | SignInError::ManyTeams(_) => {
                Not::Field(account_field::CURRENT, FieldError::WrongPassword.to_string())
            }
            SignInError::Throttled(wait) => Not::Throttled(wait),
            SignInError::Busy(busy) => Not::Busy(busy),
            SignInError::Failed(failure) => failure.into(),
        })?;
        let hash = turn.hash(SecretString::from(new)).await.map_err(|error| {
            tracing::error!(%error, "a new password");
            Error::Internal
        })?;
        drop(turn);
        self.service().account_set_password(&me.team.slug, &hash, &self.this()?).await?;
        if let Err(error) = session_store::renew(&visit.state, &visit.session, Renewal::Verify(&me.member_id)).await {
            tracing::warn!(%error, "the session keeps its id after a new password");
        }
        Ok(())
    }

    fn field(&self, name: &str) -> String {
        value(self.typed, name).unwrap_or_default()
    }

    /// The hash of the session that asks.
    fn this(&self) -> Result<String, Error> {
        session_store::hash(&self.visit.session).ok_or(Error::SignedOut)
    }

    fn delicate(&self) -> Result<(), Error> {
        if self.signed_in.is_proven(self.visit.state.clock.now()) { Ok(()) } else { Err(Error::VerifyAgain) }
    }

    fn service(&self) -> Service<'_> {
        let actor = self.signed_in.themselves(self.visit.address.map(|address| address.to_string()));
        let state = &self.visit.state;
        Service::new(&state.store, &state.secrets, &state.clock, actor)
    }
}
