//! The rollover from an old key to its replacement: the use of both.

use super::state::State;
use crate::components::{
    banner::Banner,
    local_time::{Moment, TimeFormat},
    time::until,
};
use domain::{
    UnixMs,
    key::{KeyId, KeyStatus, ScimKey},
};
use leptos::prelude::*;

/// An old key in its overlap, and its replacement.
#[derive(Clone, PartialEq, Eq)]
struct Pair {
    name: String,
    old: KeyId,
    old_used: Option<UnixMs>,
    new_used: Option<UnixMs>,
    until: UnixMs,
}

/// One line for each rollover.
#[component]
pub(super) fn HandOvers(state: State) -> impl IntoView {
    state.with(|facts| {
        let now = facts.data.now;
        pairs(&facts.data.keys, now).into_iter().map(|pair| view! { <HandOver pair=pair now=now/> }).collect_view()
    })
}

fn pairs(keys: &[ScimKey], now: UnixMs) -> Vec<Pair> {
    let pair = |old: &ScimKey| {
        let KeyStatus::HandingOver { until } = old.status(now) else {
            return None;
        };
        let new = keys.iter().find(|key| Some(&key.id) == old.replaced_by.as_ref())?;
        Some(Pair {
            name: old.name.clone(),
            old: old.id.clone(),
            old_used: old.last_used_at,
            new_used: new.last_used_at,
            until,
        })
    };
    keys.iter().filter_map(pair).collect()
}

#[component]
fn HandOver(pair: Pair, now: UnixMs) -> impl IntoView {
    let Pair { name, old_used, new_used, until: end, .. } = pair;
    let used = move |at: Option<UnixMs>| match at {
        Some(at) => view! { "last used "<Moment at=at now=now kind=TimeFormat::Inline/>". " }.into_any(),
        None => "never used. ".into_any(),
    };
    let is_replaced = new_used.is_some() && new_used > old_used;
    let advice = if is_replaced {
        "Your provider is using the new key. You can end the old one."
    } else {
        "Add the new key to your provider."
    };
    view! {
        <Banner tone=if is_replaced { "accent" } else { "warning" }>
            <p>
                <b>"Replacing “" {name} "”. "</b>
                "Old key: "
                {used(old_used)}
                "New key: "
                {used(new_used)}
                "The old key stops working "
                {until(end, now)}
                ". "
                {advice}
            </p>
        </Banner>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    fn key(id: &str, expires_at: Option<UnixMs>, replaced_by: Option<&str>) -> ScimKey {
        ScimKey {
            id: KeyId::new(id),
            name: "Okta".into(),
            tail: "abcd".into(),
            created_by: None,
            created_at: 0,
            expires_at,
            revoked_at: None,
            last_used_at: None,
            replaced_by: replaced_by.map(KeyId::new),
        }
    }

    #[test]
    fn a_rollover_needs_a_working_old_key() {
        let keys = [key("new", None, None), key("old", Some(10), Some("new")), key("alone", Some(10), None)];
        let rollovers = pairs(&keys, 9);
        assert_eq!(rollovers.len(), 1);
        assert_eq!((&rollovers[0].old, rollovers[0].until), (&KeyId::new("old"), 10));
        assert!(pairs(&keys, 10).is_empty());
        assert!(pairs(&keys[1..], 9).is_empty());
    }
}
