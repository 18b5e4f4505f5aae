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
        Ok(Done { slug, about }) => {
            let (path, done) = (pages::general_path(&slug), form.done().name());
            return Ok(match (form, about) {
                // Whoever signed everyone out is among them.
                (GeneralForm::SignOut, _) => flash::sign_in(&path, done),
                (_, Some(name)) => flash::see_other_about(&path, done, &name),
                (_, None) => flash::see_other(&path, done),
            });
        }
        Err(NotSet::Failed(Error::VerifyAgain)) => return Ok(see_other(&resume::verify_path(&slug, &again))),
        Err(refused) => refused,
    };
    let (status, sent) = explain(&refused)?;
    // Where nothing was to be done the page shows what is saved.
    let typed = if sent.unchanged.is_some() { Vec::new() } else { pages::general_typed(typed) };
    let sent = Sent { typed, ..sent };
    let visit = PageRequest { here, ..visit };
    pages::general_page(&visit, &signed_in, status, None, Some((form, sent))).await
}

/// What was done.
struct Done {
    /// The slug that the team has afterwards.
    slug: String,
    /// The name of the member whom it was about.
    about: Option<String>,
}

async fn run(visit: &PageRequest, slug: &str, form: GeneralForm, typed: &[(String, String)]) -> Result<Done, NotSet> {
    let service = visit.service(slug).await?;
    let field = |name| value(typed, name).unwrap_or_default();
    let confirmation = field(general_field::CONFIRMATION);
    let mut done = Done { slug: slug.to_owned(), about: None };
    match form {
        GeneralForm::Name => service.team_rename(slug, &field(general_field::NAME)).await?,
        GeneralForm::Slug => {
            done.slug = service.team_set_slug(slug, &field(general_field::SLUG), &confirmation).await?;
        }
        GeneralForm::Mark | GeneralForm::Unmark => {
            let id = MemberId::new(field(general_field::MEMBER));
            done.about = Some(service.break_glass_set(slug, &id, form == GeneralForm::Mark).await?);
        }
        GeneralForm::SignOut => service.team_sign_everyone_out(slug, &confirmation).await?,
        GeneralForm::RevokeKeys => service.key_revoke_all(slug, &confirmation).await?,
    }
    Ok(done)
}

/// The page with the form as it was filled in.
fn again(here: &str, form: GeneralForm, typed: &[(String, String)]) -> String {
    let mut pairs = vec![(resume::DIALOG.to_owned(), form.name().to_owned())];
    let fits = |(_, value): &(String, String)| value.len() <= resume::VALUE_MAX;
    pairs.extend(pages::general_carried(typed.to_vec()).into_iter().filter(fits));
    [here, "?", &resume::write(&pairs)].concat()
}

/// The status, and how the page says it; or what the page cannot say.
fn explain(refused: &NotSet) -> Result<(StatusCode, Sent), PageError> {
    let slug = || Sent::wrong(vec![(general_field::SLUG.to_owned(), refused.to_string())]);
    Ok(match refused {
        NotSet::Denied(_) => (StatusCode::FORBIDDEN, Sent::refused(refused.to_string())),
        NotSet::Nothing(_) => (StatusCode::OK, Sent::unchanged(refused.to_string())),
        NotSet::Slug(_) => (StatusCode::UNPROCESSABLE_ENTITY, slug()),
        NotSet::SlugTaken => (StatusCode::CONFLICT, slug()),
        NotSet::Failed(Error::Invalid(problems)) => {
            let problems = problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string()));
            (StatusCode::UNPROCESSABLE_ENTITY, Sent::wrong(problems.collect()))
        }
        NotSet::Failed(failure @ (Error::NotFound | Error::SignedOut | Error::Malformed)) => {
            return Err(failure.clone().into());
        }
        NotSet::Failed(failure) => (error_pages::status_of(failure), Sent::refused(error_pages::sentence_of(failure))),
    })
}
