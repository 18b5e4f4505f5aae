//! What of the log the address asks for, and what the form offers.

use crate::{request_id, web::request::PageRequest};
use app::model::{ActivityForm, Offer};
use domain::{
    activity::{
        ActivityActor,
        filter::{ActivityFilter, ActivitySource},
    },
    id::{MemberId, TeamId},
    validation::text::{SEARCH_MAX, fold},
};
use store::{LogActor, Store, StoreError};

/// The part of an address that names one request, which is shown opened.
const REQUEST: &str = "request";

/// What is asked for. Anyone who is named by an id is shown by the userName, which people can read.
pub(super) async fn filter(request: &PageRequest, team: &TeamId) -> Result<ActivityFilter, StoreError> {
    let mut filter = ActivityFilter::read(|name| request.query_value(name));
    let named = request.query_value(REQUEST).filter(|name| request_id::record(name).is_some());
    let typed: String = named.unwrap_or(filter.member.clone()).chars().take(SEARCH_MAX).collect();
    filter.member.clone_from(&typed);
    if typed.is_empty() {
        return Ok(filter);
    }
    filter.request = request_id::record(&typed);
    if filter.request.is_some() {
        return Ok(filter);
    }
    let store = &request.state.store;
    match store.member_user_name(team, &typed).await? {
        Some(user_name) => {
            filter.member = user_name;
            filter.members = vec![MemberId::new(typed)];
        }
        None => {
            filter.members = store.ids_named_like(team, &typed).await?;
            filter.text = Some(typed);
        }
    }
    Ok(filter)
}

/// The form, filled in.
pub(super) async fn form(store: &Store, team: &TeamId, filter: ActivityFilter) -> Result<ActivityForm, StoreError> {
    let mut offers: Vec<Offer> = store.log_actors(team).await?.into_iter().filter_map(offer).collect();
    // An address may name someone of whom the log has nothing any longer.
    if !offers.iter().any(|offer| offer.by == filter.by) {
        offers.extend(match &filter.by {
            // Keys of self-tests are not offered, but the page of one leads here.
            ActivitySource::Key(id) => match store.key_by_id(id).await?.filter(|row| row.team.id == *team) {
                Some(row) => offer(LogActor::Key(row.key.id, row.key.name, row.key.tail)),
                None => named(&filter.by),
            },
            other => named(other),
        });
    }
    offers.sort_by_cached_key(|offer| (fold(&offer.label), offer.by.name()));
    let (keys, people) = offers.into_iter().partition(|offer| matches!(offer.by, ActivitySource::Key(_)));
    Ok(ActivityForm { filter, people, keys })
}

fn offer(actor: LogActor) -> Option<Offer> {
    match actor {
        LogActor::Key(id, name, tail) => {
            Some(Offer { by: ActivitySource::Key(id), label: format!("{name} (…{tail})") })
        }
        LogActor::Other(ActivityActor::Member { name }) => named(&ActivitySource::Person(name)),
        LogActor::Other(ActivityActor::Operator) => named(&ActivitySource::Operator),
        LogActor::Other(ActivityActor::System) => named(&ActivitySource::System),
        LogActor::Other(ActivityActor::Provider { .. }) => None,
    }
}

/// Someone who is not offered to everyone anyway.
fn named(by: &ActivitySource) -> Option<Offer> {
    let label = match by {
        ActivitySource::Anyone | ActivitySource::People | ActivitySource::Providers => return None,
        ActivitySource::Person(name) => name.clone(),
        ActivitySource::Operator => "The operator".to_owned(),
        ActivitySource::System => "Rollcall".to_owned(),
        ActivitySource::Key(id) => format!("Unknown key {id}"),
    };
    Some(Offer { by: by.clone(), label })
}
