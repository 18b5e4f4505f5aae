//! What is changed about the team itself: `POST /teams/{slug}/settings/general/...`.

use super::{pages, see_other};
use crate::service::NotSet;
use crate::web::{
    error_pages, flash,
    request::{PageError, PageRequest, value},
};
use app::{
    model::{GeneralForm, Sent, general_field},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use domain::id::MemberId;

/// The address of every form.
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

/// Changes the team.
pub(super) async fn change(
    visit: PageRequest,
    Path(slug): Path<String>,
    body: String,
    form: GeneralForm,
) -> Result<Response, PageError> {
    let typed = resume::parse(&body);
    let here = pages::general_path(&slug);
    let again = again(&here, form, &typed);
    let signed_in = visit.in_team_from(&slug, &again).await?;
    let refused = match run(&visit, &slug, form, &typed).await {
        Ok(slug) => {
            let (path, done) = (pages::general_path(&slug), form.done().name());
            // Whoever signed everyone out is among them.
            let is_out = form == GeneralForm::SignOut;
            return Ok(if is_out { flash::sign_in(&path, done) } else { flash::see_other(&path, done) });
        }
        Err(NotSet::Failed(Error::VerifyAgain)) => return Ok(see_other(&resume::verify_path(&slug, &again))),
        Err(refused) => refused,
    };
    let (status, problems, said) = explain(&refused)?;
    let sent = Sent { typed: pages::general_carried(typed), problems, refused: said };
    let visit = PageRequest { here, ..visit };
    pages::general_page(&visit, &signed_in, status, None, Some((form, sent))).await
}

/// Does it; the slug that the team has afterwards.
async fn run(visit: &PageRequest, slug: &str, form: GeneralForm, typed: &[(String, String)]) -> Result<String, NotSet> {
    let service = visit.service(slug).await?;
    let field = |name| value(typed, name).unwrap_or_default();
    let confirmation = field(general_field::CONFIRMATION);
    match form {
        GeneralForm::Name => service.team_rename(slug, &field(general_field::NAME)).await?,
        GeneralForm::Slug => return service.team_set_slug(slug, &field(general_field::SLUG), &confirmation).await,
        GeneralForm::Mark | GeneralForm::Unmark => {
            let id = MemberId::new(field(general_field::MEMBER));
            service.break_glass_set(slug, &id, form == GeneralForm::Mark).await?;
        }
        GeneralForm::SignOut => service.team_sign_everyone_out(slug, &confirmation).await?,
        GeneralForm::RevokeKeys => service.key_revoke_all(slug, &confirmation).await?,
    }
    Ok(slug.to_owned())
}

/// The page with the form as it was filled in.
fn again(here: &str, form: GeneralForm, typed: &[(String, String)]) -> String {
    let mut pairs = vec![(resume::DIALOG.to_owned(), form.name().to_owned())];
    let fits = |(_, value): &(String, String)| value.len() <= resume::VALUE_MAX;
    pairs.extend(pages::general_carried(typed.to_vec()).into_iter().filter(fits));
    [here, "?", &resume::write(&pairs)].concat()
}

/// The status, the problems by field, and what is said beside them.
type Explained = (StatusCode, Vec<(String, String)>, Option<String>);

/// How the page says it; or what it cannot say.
fn explain(refused: &NotSet) -> Result<Explained, PageError> {
    let slug = || vec![(general_field::SLUG.to_owned(), refused.to_string())];
    Ok(match refused {
        NotSet::Denied(_) => (StatusCode::FORBIDDEN, Vec::new(), Some(refused.to_string())),
        NotSet::Nothing(_) => (StatusCode::CONFLICT, Vec::new(), Some(refused.to_string())),
        NotSet::Slug(_) => (StatusCode::UNPROCESSABLE_ENTITY, slug(), None),
        NotSet::SlugTaken => (StatusCode::CONFLICT, slug(), None),
        NotSet::Failed(Error::Invalid(problems)) => {
            let problems = problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string()));
            (StatusCode::UNPROCESSABLE_ENTITY, problems.collect(), None)
        }
        NotSet::Failed(failure @ (Error::NotFound | Error::SignedOut | Error::Malformed)) => {
            return Err(failure.clone().into());
        }
        NotSet::Failed(failure) => (error_pages::status_of(failure), Vec::new(), Some(failure.to_string())),
    })
}
