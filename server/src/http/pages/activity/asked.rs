//! What of the log the address asks for, and what the form offers.

use crate::{
    http::visit::Visit,
    store::{LogActor, Store, StoreError},
};
use app::model::{ActivityForm, Offer};
use domain::{
    activity::Actor,
    id::TeamId,
    log::{By, Filter},
};

pub(super) fn filter(visit: &Visit) -> Filter {
    Filter::read(|name| visit.query_value(name))
}

/// The form, filled in.
pub(super) async fn form(store: &Store, team: &TeamId, filter: Filter) -> Result<ActivityForm, StoreError> {
    let (mut people, mut keys) = (Vec::new(), Vec::new());
    for actor in store.log_actors(team).await? {
        match actor {
            LogActor::Key(id, name, tail) => keys.push(Offer { by: By::Key(id), label: format!("{name} (…{tail})") }),
            LogActor::Other(Actor::Member { name }) => people.push(Offer { by: By::Person(name.clone()), label: name }),
            LogActor::Other(Actor::Operator) => {
                people.push(Offer { by: By::Operator, label: "The operator".to_owned() });
            }
            LogActor::Other(Actor::System) => people.push(Offer { by: By::System, label: "Rollcall".to_owned() }),
            LogActor::Other(Actor::Provider { .. }) => {}
        }
    }
    // An address may name somebody of whom the log has nothing any more.
    let is_offered = |by: &By| people.iter().chain(&keys).any(|offer| offer.by == *by);
    match &filter.by {
        By::Person(name) if !is_offered(&filter.by) => {
            people.push(Offer { by: filter.by.clone(), label: name.clone() });
        }
        By::Key(id) if !is_offered(&filter.by) => {
            keys.push(Offer { by: filter.by.clone(), label: format!("Unknown key {id}") });
        }
        By::Operator if !is_offered(&filter.by) => {
            people.push(Offer { by: By::Operator, label: "The operator".to_owned() });
        }
        By::System if !is_offered(&filter.by) => people.push(Offer { by: By::System, label: "Rollcall".to_owned() }),
        _ => {}
    }
    for offers in [&mut people, &mut keys] {
        offers.sort_by_cached_key(|offer| (domain::text::fold(&offer.label), offer.by.name()));
    }
    Ok(ActivityForm { filter, people, keys })
}
