//! `/teams/{slug}/settings/activity`: what was changed and what providers asked for, by whom, when and from where, the
//! newest first.

mod exchange;
mod request;

use super::members::labels;
use crate::{
    components::{
        avatar::Avatar,
        empty::Empty,
        head::Head,
        icon::Icon,
        moment::{Kind, Moment},
        number::thousands,
        shell::Section,
    },
    model::{Activity, Event, Exchange, Shell},
};
use domain::{
    UnixMs,
    activity::{Actor, Change, Entry},
};
use exchange::Exchanged;
use leptos::prelude::*;
use request::{ReadsEvent, RequestEvent};

/// One page of the log.
#[component]
pub(super) fn ActivityPage(shell: Shell, data: Activity, now: UnixMs) -> impl IntoView {
    let Activity { events, shown, total, and_more, older, newest, kept_days, request_days } = data;
    let path = Section::Activity.path(&shell.team.slug);
    let kept = if request_days == 0 {
        "Requests that change nothing are not recorded.".to_owned()
    } else {
        format!("What providers sent is kept for {request_days}.", request_days = days(request_days))
    };
    let team = &shell.team.name;
    let lead = format!("Every change to {team}, by people and by providers. Kept for {}. {kept}", days(kept_days));
    let in_all = if and_more { ["more than ", &thousands(total)].concat() } else { thousands(total) };
    let shown = match (newest, shown) {
        (true, shown) if shown >= total => format!("{} in all", counted(total)),
        (true, shown) => format!("Newest {} of {in_all}", thousands(shown)),
        (false, shown) => format!("{} older, of {in_all} in all", counted(shown)),
    };
    let older = older.map(|id| [&path, "?before=", &id].concat());
    let none = events.is_empty();
    view! {
        <Head title="Activity".to_owned() lead=lead/>
        <section class="card" aria-label="Events">
            {none
                .then(|| {
                    view! {
                        <Empty title="Nothing here yet">
                            "Changes to the team's sign-in, provisioning and keys appear here as they happen."
                        </Empty>
                    }
                })}
            <Events events=events now=now/>
            {(!none)
                .then(|| {
                    view! {
                        <nav class="pager hint" aria-label="Pages">
                            <span>{shown}</span>
                            <span class="toolbar">
                                {(!newest).then(|| view! { <a class="btn" href=path>"Show newest"</a> })}
                                {older.map(|href| view! { <a class="btn" href=href>"Show older"</a> })}
                            </span>
                        </nav>
                    }
                })}
        </section>
    }
}

/// The events, each day under its heading. In which day an event falls depends on the reader's zone, so every event has
/// a heading; those that repeat the one above are hidden.
#[component]
fn Events(events: Vec<Event>, now: UnixMs) -> impl IntoView {
    let mut above = String::new();
    events
        .into_iter()
        .map(|event| {
            let at = match &event {
                Event::Change(entry, _) => entry.at,
                Event::Request(request, _) => request.at,
                Event::Reads(reads) => reads.at,
            };
            let heading = Kind::Day.words(at, now, 0);
            let repeated = heading == std::mem::replace(&mut above, heading.clone());
            view! {
                <h2 class="day" hidden=repeated>
                    <Moment at=at now=now kind=Kind::Day/>
                </h2>
                {match event {
                    Event::Change(entry, exchange) => {
                        view! { <ChangeEvent entry=entry exchange=exchange now=now/> }.into_any()
                    }
                    Event::Request(request, exchange) => {
                        view! { <RequestEvent request=request exchange=exchange now=now/> }.into_any()
                    }
                    Event::Reads(reads) => view! { <ReadsEvent reads=reads now=now/> }.into_any(),
                }}
            }
        })
        .collect_view()
}

/// One line that opens.
#[component]
fn ChangeEvent(entry: Entry, exchange: Option<Exchange>, now: UnixMs) -> impl IntoView {
    let Entry { at, actor, address, change, .. } = entry;
    let (verb, object) = change.sentence();
    view! {
        <details class="event">
            <summary>
                <Moment at=at now=now kind=Kind::Clock/>
                <Who actor=actor.clone()/>
                <span>
                    <b>{who(&actor)}</b>
                    " "
                    {verb}
                    " "
                    <b>{object}</b>
                </span>
                <span class="badge badge-plain">
                    <i class="dot"></i>
                    "Done"
                </span>
                <Icon name="right"/>
            </summary>
            <div class="event-detail">
                <dl class="facts">
                    {facts(change)
                        .into_iter()
                        .map(|(label, fact)| view! { <Line label=label fact=fact now=now/> })
                        .collect_view()} <Line label="When" fact=Fact::Moment(at) now=now/>
                    {from(&actor, address).map(|from| view! { <Line label="From" fact=Fact::Text(from) now=now/> })}
                </dl>
                {exchange.map(|exchange| view! { <Exchanged exchange=exchange/> })}
            </div>
        </details>
    }
}

/// A person's initials, or a tile for a program.
#[component]
fn Who(actor: Actor) -> impl IntoView {
    match actor {
        Actor::Member { name } => view! { <Avatar name=name/> }.into_any(),
        Actor::Provider { key_name, .. } => view! { <Avatar name=key_name tile=true/> }.into_any(),
        Actor::Operator | Actor::System => view! {
            <span class="avatar tile" aria-hidden="true">
                <Icon name="terminal"/>
            </span>
        }
        .into_any(),
    }
}

/// One fact of an entry.
#[component]
fn Line(label: &'static str, fact: Fact, now: UnixMs) -> impl IntoView {
    let (moment, text, code) = match fact {
        Fact::Text(text) => (None, text, None),
        Fact::Moment(at) => (Some(at), String::new(), None),
        Fact::Hint(hint) => (None, String::new(), Some(hint)),
        Fact::HintUntil(hint, at) => (Some(at), ", works until ".to_owned(), Some(hint)),
    };
    view! {
        <dt>{label}</dt>
        <dd>
            {code.map(|code| view! { <code>{code}</code> })} {text}
            {moment.map(|at| view! { <Moment at=at now=now kind=Kind::Exact/> })}
        </dd>
    }
}

/// What stands beside a label.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Text(String),
    Moment(UnixMs),
    Hint(String),
    HintUntil(String, UnixMs),
}

/// What there is to know beyond the sentence.
fn facts(change: Change) -> Vec<(&'static str, Fact)> {
    match change {
        Change::MemberAdded { role, .. } => vec![("Role", Fact::Text(role.label().to_owned()))],
        Change::MemberRolesChanged { from, to, .. } => {
            vec![("Before", Fact::Text(labels(from))), ("Now", Fact::Text(labels(to)))]
        }
        Change::SsoAdded { provider, protocol, .. } => {
            vec![("Type", Fact::Text([provider.label(), ", ", protocol.label()].concat()))]
        }
        Change::SsoEdited { changed, .. } if !changed.is_empty() => {
            vec![("Changed", Fact::Text(changed.join(", ")))]
        }
        Change::KeyGenerated { hint, expires_at, .. } => {
            let expires = expires_at.map_or_else(|| Fact::Text("Never".to_owned()), Fact::Moment);
            vec![("Key", Fact::Hint(hint)), ("Expires", expires)]
        }
        Change::KeyRolled { old, new, until, .. } => {
            vec![("New key", Fact::Hint(new)), ("Old key", Fact::HintUntil(old, until))]
        }
        Change::KeyOverlapChanged { hint, until, .. } => vec![("Old key", Fact::HintUntil(hint, until))],
        Change::KeyRevoked { hint, .. } => vec![("Key", Fact::Hint(hint))],
        _ => Vec::new(),
    }
}

fn who(actor: &Actor) -> String {
    match actor {
        Actor::Member { name } => name.clone(),
        Actor::Operator => "The operator".to_owned(),
        Actor::Provider { key_name, .. } => key_name.clone(),
        Actor::System => "Rollcall".to_owned(),
    }
}

fn from(actor: &Actor, address: Option<String>) -> Option<String> {
    match actor {
        Actor::Operator => Some("The command line".to_owned()),
        _ => address,
    }
}

fn counted(number: i64) -> String {
    [thousands(number).as_str(), if number == 1 { " event" } else { " events" }].concat()
}

fn days(number: i64) -> String {
    [thousands(number).as_str(), if number == 1 { " day" } else { " days" }].concat()
}
