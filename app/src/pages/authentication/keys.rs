//! The keys of the team.

use super::{
    generate::GenerateButton, hand_over::HandOvers, overlap::OverlapKey, revoke::RevokeKey, roll::RollKey, state::State,
};
use crate::components::erased::{each, maybe, part, press, text};
use crate::{
    components::{
        banner::Banner,
        dom,
        empty::Empty,
        icon::Icon,
        menu::{Menu, Opens},
        time::{Time, until},
    },
    model::Dialog,
};
use domain::key::{KeyId, KeyStatus, Overlap, ScimKey};
use leptos::prelude::*;

/// The `id` of the section's heading.
pub(super) const HOME: &str = "keys";

/// The card with the keys. While provisioning is off it only shows when there are some.
#[component]
pub(super) fn Keys(state: State) -> impl IntoView {
    let shows = Memo::new(move |_| state.is_on() || state.data.with(|data| !data.keys.is_empty()));
    maybe(move || shows.get().then(|| view! { <Card state=state/> }))
}

#[component]
fn Card(state: State) -> impl IntoView {
    let none = Memo::new(move |_| state.data.with(|data| data.keys.is_empty()));
    let off = Memo::new(move |_| !state.is_on() && state.usable_keys() > 0);
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"API keys"</h2>
                    <p>"A provider signs in with one of these. Each key is shown once, when you generate it."</p>
                </div>
                <GenerateButton state=state/>
            </div>
            {maybe(move || {
                off.get()
                    .then(|| {
                        view! {
                            <Banner tone="warning">
                                "No key works while SCIM provisioning is off. They work again once it is on."
                            </Banner>
                        }
                    })
            })}
            <Expiring state=state/>
            <HandOvers state=state/>
            {part(move || {
                if none.get() {
                    view! { <Empty title="No API keys yet">"Generate one for each provider that connects."</Empty> }.into_any()
                } else {
                    view! { <Table state=state/> }.into_any()
                }
            })}
        </section>
    }
    .into_any()
}

/// Says in time which keys are about to expire.
#[component]
fn Expiring(state: State) -> impl IntoView {
    let soon = Memo::new(move |_| {
        state.data.with(|data| {
            let expiring = data.keys.iter().filter_map(|key| match key.status(data.now) {
                KeyStatus::Expiring { at } => Some(format!("“{}” expires {}.", key.name, until(at, data.now))),
                _ => None,
            });
            expiring.collect::<Vec<_>>()
        })
    });
    maybe(move || {
        let soon = soon.get();
        (!soon.is_empty()).then(|| {
            view! {
                <Banner tone="warning">
                    {soon.join(" ")}
                    " Roll it in time, and give your provider the new key."
                </Banner>
            }
        })
    })
}

#[component]
fn Table(state: State) -> impl IntoView {
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-labelledby=HOME>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Key"</th>
                        <th role="columnheader" scope="col">"Created"</th>
                        <th role="columnheader" scope="col">"Last used"</th>
                        <th role="columnheader" scope="col">"Status"</th>
                        <th role="columnheader" scope="col">
                            <span class="vh">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {each(
                        move || ids(state, |_| true),
                        move |id| view! { <Row state=state id=KeyId::new(id)/> }.into_any(),
                    )}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The dialogs of the keys that still work.
#[component]
pub(super) fn KeyDialogs(state: State) -> impl IntoView {
    each(move || ids(state, KeyStatus::is_usable), move |id| dialogs(state, KeyId::new(id)))
}

/// The dialogs of a key; others, once it was rolled.
fn dialogs(state: State, id: KeyId) -> AnyView {
    let key = key(state, id.clone());
    let rolled = Memo::new(move |_| key.with(|key| key.as_ref().is_some_and(|key| key.replaced_by.is_some())));
    part(move || {
        let id = id.clone();
        if rolled.get() {
            view! { <OverlapKey state=state id=id/> }.into_any()
        } else {
            view! {
                <RollKey state=state id=id.clone()/>
                <RevokeKey state=state id=id/>
            }
            .into_any()
        }
    })
    .into_any()
}

fn ids(state: State, wanted: fn(KeyStatus) -> bool) -> Vec<String> {
    state.data.with(|data| {
        let keys = data.keys.iter().filter(|key| wanted(key.status(data.now)));
        keys.map(|key| key.id.to_string()).collect()
    })
}

/// A key as it is now; as it was last, when it is gone.
pub(super) fn key(state: State, id: KeyId) -> Memo<Option<ScimKey>> {
    Memo::new(move |last: Option<&Option<ScimKey>>| {
        let found = state.data.with(|data| data.keys.iter().find(|key| key.id == id).cloned());
        found.or_else(|| last.cloned().flatten())
    })
}

/// A part of a key as text; empty when there is no key. Reactive.
pub(super) fn detail(key: Memo<Option<ScimKey>>, detail: fn(&ScimKey) -> String) -> String {
    key.with(|key| key.as_ref().map(detail).unwrap_or_default())
}

/// A key's name. Reactive.
pub(super) fn name(key: Memo<Option<ScimKey>>) -> String {
    detail(key, |key| key.name.clone())
}

/// A key's last four characters. Reactive.
pub(super) fn tail(key: Memo<Option<ScimKey>>) -> String {
    detail(key, |key| key.tail.clone())
}

/// One key.
#[component]
fn Row(state: State, id: KeyId) -> impl IntoView {
    let key = key(state, id);
    let status = Memo::new(move |_| key.with(|key| key.as_ref().map(|key| key.status(state.now()))));
    let ended = move || status.get().is_some_and(|status| !status.is_usable());
    let created = move || {
        let key = key.get()?;
        let by = key.created_by.clone().unwrap_or_else(|| "the operator".to_owned());
        Some(view! {
            <span>
                <Time at=key.created_at now=state.now()/>
                " "
                <span class="sub sub-inline">"by " {by}</span>
            </span>
        })
    };
    let last_used = Memo::new(move |_| key.with(|key| key.as_ref().and_then(|key| key.last_used_at)));
    let last_used = move || match last_used.get() {
        Some(at) => view! { <Time at=at now=state.now()/> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <tr role="row" class=text(move || if ended() { "off" } else { "" })>
            <th role="rowheader" scope="row">
                <b>{text(move || name(key))}</b>
                " "
                <code class="sub">{text(move || detail(key, ScimKey::hint))}</code>
            </th>
            <td role="cell" data-label="Created">
                {maybe(created)}
            </td>
            <td role="cell" data-label="Last used">
                {part(last_used)}
            </td>
            <td role="cell" data-label="Status">
                {maybe(move || key.get().map(|key| view! { <Status state=state key=key/> }.into_any()))}
            </td>
            <td role="cell" class="end">
                <Actions state=state key=key status=status/>
            </td>
        </tr>
    }
    .into_any()
}

/// What a key is at the moment, and for how long.
#[component]
fn Status(state: State, key: ScimKey) -> impl IntoView {
    let end = key.expires_at;
    part(move || {
        let now = state.now();
        let filled = |tone: &'static str, text: String| {
            view! {
                <span class="badge" data-tone=tone>
                    <Icon name="clock"/>
                    {text}
                </span>
            }
            .into_any()
        };
        let over = |text: &'static str, at| {
            view! {
                <span>
                    <span class="badge badge-line">{text}</span>
                    " "
                    <span class="sub sub-inline">
                        <Time at=at now=now/>
                    </span>
                </span>
            }
            .into_any()
        };
        match key.status(now) {
            KeyStatus::Active => view! {
                <span>
                    <span class="badge badge-plain" data-tone="success">
                        <i class="dot"></i>
                        "Active"
                    </span>
                    " "
                    <span class="sub sub-inline">
                        {match end {
                            Some(at) => view! { "Expires "<Time at=at now=now inline=true/> }.into_any(),
                            None => "Never expires".into_any(),
                        }}
                    </span>
                </span>
            }
            .into_any(),
            KeyStatus::Expiring { at } | KeyStatus::HandingOver { until: at } => {
                filled("warning", format!("Expires {}", until(at, now)))
            }
            KeyStatus::Expired { at } => over("Expired", at),
            KeyStatus::Revoked { at } => over("Revoked", at),
        }
    })
}

/// The menu of a key that works.
#[component]
fn Actions(state: State, key: Memo<Option<ScimKey>>, status: Memo<Option<KeyStatus>>) -> impl IntoView {
    let kind = Memo::new(move |_| match status.get()? {
        KeyStatus::Active | KeyStatus::Expiring { .. } => Some(false),
        KeyStatus::HandingOver { .. } => Some(true),
        KeyStatus::Expired { .. } | KeyStatus::Revoked { .. } => None,
    });
    maybe(move || {
        let rolled = kind.get()?;
        let key_id = key.with_untracked(|key| key.as_ref().map(|key| key.id.clone()))?;
        let label = Signal::derive(move || format!("Actions for {}, {}", name(key), tail(key)));
        Some(view! {
            <Menu id=format!("key.{key_id}.menu") label=label>
                {if rolled {
                    view! { <RolledItems state=state key=key id=key_id/> }.into_any()
                } else {
                    view! { <Items state=state id=key_id/> }.into_any()
                }}
            </Menu>
        })
    })
}

#[component]
fn Items(state: State, id: KeyId) -> impl IntoView {
    let (roll, why) = (Dialog::RollKey(id.clone()).id(), format!("key.{id}.why"));
    view! {
        {part(move || match state.no_roll() {
            None => view! { <Opens dialog=roll.clone() icon="roll" label="Roll…"/> }.into_any(),
            Some(reason) => {
                view! {
                    <button class="item" type="button" aria-disabled="true" aria-describedby=why.clone()>
                        <Icon name="roll"/>
                        "Roll…"
                    </button>
                    <p class="item-note" id=why.clone()>
                        {reason}
                    </p>
                }
                    .into_any()
            }
        })}
        <Opens dialog=Dialog::RevokeKey(id).id() icon="ban" label="Revoke…" danger=true/>
    }
}

#[component]
fn RolledItems(state: State, key: Memo<Option<ScimKey>>, id: KeyId) -> impl IntoView {
    let successor = move || {
        let new = key.with(|key| key.as_ref().and_then(|key| key.replaced_by.clone()))?;
        let tail = state.data.with(|data| data.keys.iter().find(|key| key.id == new).map(|key| key.tail.clone()))?;
        Some(view! { <p class="item-note">"Replaced by …" {tail}</p> })
    };
    let dialog = Dialog::OverlapKey(id).id();
    let choose = |overlap: Overlap| {
        let dialog = dialog.clone();
        move |_| dom::choose(&dialog, overlap.value())
    };
    view! {
        {maybe(successor)}
        <div on:click=press(choose(Overlap::Day))>
            <Opens dialog=dialog.clone() icon="clock" label="Extend…"/>
        </div>
        <div on:click=press(choose(Overlap::None))>
            <Opens dialog=dialog.clone() icon="ban" label="End now…" danger=true/>
        </div>
    }
}
