//! The filter of the log in the address, and the choices of its form.

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

/// The part of an address that names one request. That request is shown open.
const REQUEST: &str = "request";

/// The filter. A member's id is shown as the userName, which people can read.
pub(super) async fn filter(request: &PageRequest, team: &TeamId) -> Result<ActivityFilter, StoreError> {
    let mut filter = ActivityFilter::read(|name| request.query_value(name));
    let request_name = request.query_value(REQUEST).filter(|name| request_id::record(name).is_some());
    let text: String = request_name.unwrap_or(filter.member.clone()).chars().take(SEARCH_MAX).collect();
    filter.member.clone_from(&text);
    if text.is_empty() {
        return Ok(filter);
    }
    filter.request = request_id::record(&text);
    if filter.request.is_some() {
        return Ok(filter);
    }
    let store = &request.state.store;
    match store.member_user_name(team, &text).await? {
        Some(user_name) => {
            filter.member = user_name;
            filter.members = vec![MemberId::new(text)];
        }
        None => {
            filter.members = store.ids_named_like(team, &text).await?;
            filter.text = Some(text);
        }
    }
    Ok(filter)
}

/// The form with the filter's values.
pub(super) async fn form(store: &Store, team: &TeamId, filter: ActivityFilter) -> Result<ActivityForm, StoreError> {
    let mut offers: Vec<Offer> = store.log_actors(team).await?.into_iter().filter_map(offer).collect();
    // The address may name an actor that no longer occurs in the log.
    if !offers.iter().any(|offer| offer.by == filter.by) {
        offers.extend(match &filter.by {
            // Keys of self-tests are not among the choices, but the page of a self-test links here.
            ActivitySource::Key(id) => match store.key_by_id(id).await?.filter(|row| row.team.id == *team) {
                Some(row) => offer(LogActor::Key(row.key.id, row.key.name, row.key.tail)),
                None => specific_choice(&filter.by),
            },
            other => specific_choice(other),
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
        LogActor::Other(ActivityActor::Member { name }) => specific_choice(&ActivitySource::Person(name)),
        LogActor::Other(ActivityActor::Operator) => specific_choice(&ActivitySource::Operator),
        LogActor::Other(ActivityActor::System) => specific_choice(&ActivitySource::System),
        LogActor::Other(ActivityActor::Provider { .. }) => None,
    }
}

/// The choice of an actor that is not among the general ones.
fn specific_choice(by: &ActivitySource) -> Option<Offer> {
    let label = match by {
        ActivitySource::Anyone | ActivitySource::People | ActivitySource::Providers => return None,
        ActivitySource::Person(name) => name.clone(),
        ActivitySource::Operator => "The operator".to_owned(),
        ActivitySource::System => "Rollcall".to_owned(),
        ActivitySource::Key(id) => format!("Unknown key {id}"),
    };
    Some(Offer { by: by.clone(), label })
}
