//! The keys of the team.

use super::{
    generate::GenerateButton,
    key_rollover::HandOvers,
    state::{PageFacts, State},
};
use crate::{
    components::{
        banner::Banner,
        dialog::RequestDialog,
        empty::Empty,
        icon::Icon,
        local_time::{Moment, TimeFormat},
        menu::Menu,
        time::until,
    },
    model::Dialog,
};
use domain::{
    UnixMs,
    key::{KeyStatus, ScimKey},
};
use leptos::prelude::*;

pub(super) const HOME: &str = "keys";

/// The card with the keys. While provisioning is off, it only shows existing keys.
#[component]
pub(super) fn KeySection(state: State) -> impl IntoView {
    let (shows, none) = state.with(|facts| {
        let none = facts.data.keys.is_empty();
        (facts.data.scim_on || !none, none)
    });
    shows.then(|| view! { <Card state=state none=none/> })
}

#[component]
fn Card(state: State, none: bool) -> impl IntoView {
    let warnings = state.with(|facts| [off(facts), expiring(facts)]);
    view! {
        <section class="card" aria-labelledby=HOME>
            <div class="card-head">
                <div>
                    <h2 id=HOME tabindex="-1">"API keys"</h2>
                    <p>"Your identity provider connects with one of these keys. Each key is shown only once."</p>
                </div>
                <GenerateButton state=state/>
            </div>
            {warnings
                .map(|warning| warning.map(|text| view! { <Banner tone="warning">{text}</Banner> }))
                .into_iter()
                .collect_view()}
            <HandOvers state=state/>
            {if none {
                view! { <Empty title="No API keys yet">"Generate one for each provider you connect."</Empty> }.into_any()
            } else {
                view! { <KeyTable state=state/> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// The warning that no key works.
fn off(facts: &PageFacts) -> Option<String> {
    (!facts.data.scim_on && facts.usable().next().is_some())
        .then(|| "Keys don't work while SCIM provisioning is off. They work again when you turn it on.".to_owned())
}

/// The warning that keys expire soon.
fn expiring(facts: &PageFacts) -> Option<String> {
    let now = facts.data.now;
    let mut text = String::new();
    for key in &facts.data.keys {
        if let KeyStatus::Expiring { at } = key.status(now) {
            text.extend(["“", &key.name, "” expires ", &until(at, now), ". "]);
        }
    }
    (!text.is_empty()).then(|| text + "Roll it and update your provider before then.")
}

#[component]
fn KeyTable(state: State) -> impl IntoView {
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
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {state.with(|facts| facts.data.keys.iter().map(|key| row(facts, key)).collect_view())}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(facts: &PageFacts, key: &ScimKey) -> AnyView {
    let now = facts.data.now;
    let status = key.status(now);
    let by = key.created_by.clone().unwrap_or_else(|| "the operator".to_owned());
    let last_used = match key.last_used_at {
        Some(at) => view! { <Moment at=at now=now kind=TimeFormat::Relative/> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <tr role="row" data-key=key.id.to_string() class=if status.is_usable() { "" } else { "table-row-off" }>
            <th role="rowheader" scope="row">
                <b>{key.name.clone()}</b>
                " "
                <code class="table-sub">{key.hint()}</code>
            </th>
            <td role="cell" data-label="Created">
                <span>
                    <Moment at=key.created_at now=now kind=TimeFormat::Relative/>
                    " "
                    <span class="table-sub table-sub-inline">"by " {by}</span>
                </span>
            </td>
            <td role="cell" data-label="Last used">
                {last_used}
            </td>
            <td role="cell" data-label="Status">
                <Status status=status end=key.expires_at now=now/>
            </td>
            <td role="cell" class="table-end">
                {status.is_usable().then(|| actions(facts, key))}
            </td>
        </tr>
    }
    .into_any()
}

/// The status of a key, and its end.
#[component]
fn Status(status: KeyStatus, end: Option<UnixMs>, now: UnixMs) -> impl IntoView {
    let over = |text: &'static str, at| {
        view! {
            <span>
                <span class="badge badge-line">{text}</span>
                " "
                <span class="table-sub table-sub-inline">
                    <Moment at=at now=now kind=TimeFormat::Relative/>
                </span>
            </span>
        }
        .into_any()
    };
    match status {
        KeyStatus::Active => view! {
            <span>
                <span class="badge badge-plain" data-tone="success">
                    <i class="dot"></i>
                    "Active"
                </span>
                " "
                <span class="table-sub table-sub-inline">
                    {match end {
                        Some(at) => view! { "Expires "<Moment at=at now=now kind=TimeFormat::Inline/> }.into_any(),
                        None => "Never expires".into_any(),
                    }}
                </span>
            </span>
        }
        .into_any(),
        KeyStatus::Expiring { at } | KeyStatus::HandingOver { until: at } => view! {
            <span class="badge" data-tone="warning">
                <Icon name="clock"/>
                {["Expires ", &until(at, now)].concat()}
            </span>
        }
        .into_any(),
        KeyStatus::Expired { at } => over("Expired", at),
        KeyStatus::Revoked { at } => over("Revoked", at),
    }
}

/// The menu of a working key.
fn actions(facts: &PageFacts, key: &ScimKey) -> AnyView {
    let id = &key.id;
    let items = match &key.replaced_by {
        Some(new) => {
            let successor = facts.key(new).map(|new| new.tail.clone());
            view! {
                {successor.map(|tail| view! { <p class="item-note">"Replaced by …" {tail}</p> })}
                <RequestDialog dialog=Dialog::OverlapKey(id.clone()).id() class="item" icon="clock" label="Extend…"/>
                <RequestDialog dialog=Dialog::EndKey(id.clone()).id() class="item" icon="ban" label="End now…" danger=true/>
            }
            .into_any()
        }
        None => {
            let reason = facts.no_roll();
            let why = reason.as_ref().map(|_| ["key.", id.as_str(), ".why"].concat());
            let roll = Dialog::RollKey(id.clone()).id();
            view! {
                <RequestDialog dialog=roll class="item" icon="roll" label="Roll…" blocked=why.clone()/>
                {reason.map(|reason| view! { <p class="item-note" id=why>{reason}</p> })}
                <RequestDialog dialog=Dialog::RevokeKey(id.clone()).id() class="item" icon="ban" label="Revoke…" danger=true/>
            }
            .into_any()
        }
    };
    let label = ["Actions for ", &key.name, ", ", &key.tail].concat();
    view! {
        <Menu id=["key.", id.as_str(), ".menu"].concat() label=label>
            {items}
        </Menu>
    }
    .into_any()
}
