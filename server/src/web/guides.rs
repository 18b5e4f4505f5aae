//! `GET /teams/{slug}/settings/authentication/guides` and `.../guides/{provider}`: only for Admins and Super Admins.
//! `.../guides/{provider}/events` sends new requests to an open guide.

use super::{authentication::connection, forbidden::forbidden};
use crate::{
    config::{self, Config},
    state::AppState,
    web::{
        request::{PageError, PageRequest},
        sse::{self, EventPiece, EventSource},
    },
};
use app::{
    document,
    model::{Guide, GuideList, GuidePage, GuideProgress, Reach},
    pages::{Content, Section},
};
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::Error;
use domain::{activity::ActivityActor, id::TeamId};
use store::StoreError;

pub(in crate::web) async fn guides(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !Section::Authentication.is_open_to(signed_in.role()) {
        return forbidden(&request, &signed_in, "Authentication").await;
    }
    Ok(request.team_page(StatusCode::OK, &signed_in, Content::team(GuideList)))
}

pub(in crate::web) async fn guide(
    request: PageRequest,
    Path((slug, provider)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !Section::Authentication.is_open_to(signed_in.role()) {
        return forbidden(&request, &signed_in, "Authentication").await;
    }
    let guide = Guide::from_name(&provider).ok_or(Error::NotFound)?;
    let (state, team, now) = (&request.state, &signed_in.me.team, request.state.clock.now());
    let (data, connection, turned_on) = tokio::try_join!(
        state.store.authentication_data(&team.id, now),
        connection::load(&state.store, &team.id, now),
        state.store.scim_turned_on(&team.id)
    )?;
    let usable = data.keys.iter().filter(|key| key.status(now).is_usable());
    let page = GuidePage {
        guide,
        base_url: state.config.scim_base_url(),
        reach: reach(&state.config),
        scim_on: team.scim_on,
        turned_on: turned_on.map(|entry| (by(entry.actor), entry.at)),
        keys: usable.map(|key| (key.name.clone(), key.hint())).collect(),
        connection,
    };
    Ok(request.team_page(StatusCode::OK, &signed_in, Content::team(page)))
}

/// The actor's name within a sentence.
fn by(actor: ActivityActor) -> String {
    match actor {
        ActivityActor::Member { name } => name,
        ActivityActor::Provider { key_name, .. } => key_name,
        ActivityActor::Operator => "the operator".to_owned(),
        ActivityActor::System => "Rollcall".to_owned(),
    }
}

fn reach(config: &Config) -> Reach {
    match config.is_https() {
        true => Reach::Public,
        false if config::is_local(&config.public_url) => Reach::Local,
        false => Reach::NotHttps,
    }
}

/// `after`: the state that the page shows.
pub(in crate::web) async fn guide_events(
    request: PageRequest,
    Path((slug, provider)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !Section::Authentication.is_open_to(signed_in.role()) {
        return forbidden(&request, &signed_in, "Authentication").await;
    }
    let guide = Guide::from_name(&provider).ok_or(Error::NotFound)?;
    let last_mark = sse::last_seen(&request, &headers);
    let team = signed_in.me.team.id.clone();
    sse::answer(&request, &signed_in, Wait { team, slug, guide, last_mark })
}

struct Wait {
    team: TeamId,
    slug: String,
    guide: Guide,
    last_mark: String,
}

impl EventSource for Wait {
    const SECTION: Section = Section::Authentication;

    async fn next(&mut self, state: &AppState) -> Result<Option<EventPiece>, StoreError> {
        let now = state.clock.now();
        let connection = connection::load(&state.store, &self.team, now).await?;
        let mark = GuideProgress::mark(self.guide, connection.as_ref());
        if mark == self.last_mark || connection.is_none() {
            return Ok(None);
        }
        self.last_mark.clone_from(&mark);
        let html = document::waiting(&self.slug, self.guide, connection, now);
        Ok(Some(EventPiece { html, cursor: mark }))
    }
}
