//! `POST /teams/{slug}/settings/groups/{id}/role`: which role a group gives.

use super::{
    pages::{self, GroupShown},
    see_other,
};
use crate::service::NotMapped;
use crate::web::{
    error_pages, flash,
    request::{PageError, PageRequest, value},
};
use app::{
    model::{Gone, GroupPage},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;

pub(super) async fn map(
    visit: PageRequest,
    Path((slug, id)): Path<(String, String)>,
    body: String,
) -> Result<Response, PageError> {
    let typed = value(&resume::parse(&body), GroupPage::ROLE).unwrap_or_default();
    let asked = pages::group_role(&typed);
    let here = [&pages::groups_path(&slug), "/", &id].concat();
    // Only a known name stands in an address.
    let again = match asked {
        Some(_) => [&here, "?", &resume::write(&[(GroupPage::ROLE.to_owned(), typed)])].concat(),
        None => here.clone(),
    };
    let signed_in = visit.in_team_from(&slug, &again).await?;
    let mapped = async {
        let service = visit.service(&slug).await?;
        service.group_map(&slug, &id, asked).await
    };
    let failure = match mapped.await {
        Ok(Some(entry)) => return Ok(flash::see_other(&here, entry.as_str())),
        Ok(None) => {
            let visit = Visit { here, ..visit };
            let shown = GroupShown { unchanged: true, ..GroupShown::default() };
            return pages::group_page(&visit, &signed_in, StatusCode::OK, &id, shown).await;
        }
        Err(NotMapped::Failed(Error::VerifyAgain)) => return Ok(see_other(&resume::verify_path(&slug, &again))),
        Err(failure) => failure,
    };
    let status = match &failure {
        NotMapped::NoRole => StatusCode::UNPROCESSABLE_ENTITY,
        NotMapped::Denied(_) => StatusCode::FORBIDDEN,
        NotMapped::Failed(Error::NotFound) => {
            let visit = PageRequest { here: pages::groups_path(&slug), ..visit };
            return Ok(pages::gone(&visit, &signed_in, Gone::Group));
        }
        NotMapped::Failed(failure @ Error::Malformed) => return Err(failure.clone().into()),
        NotMapped::Failed(failure) => error_pages::status_of(failure),
    };
    let visit = PageRequest { here: again, ..visit };
    let problem = match &failure {
        NotMapped::Failed(error) => error_pages::sentence_of(error),
        refused => refused.to_string(),
    };
    let shown = GroupShown { asked, problem: Some(problem), ..GroupShown::default() };
    pages::group_page(&visit, &signed_in, status, &id, shown).await
}
