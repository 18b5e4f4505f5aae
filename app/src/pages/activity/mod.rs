//! `/teams/{slug}/settings/activity`: changes and requests with actor, time and address, the newest first.

mod difference;
mod exchange;
mod facts;
mod filter;
mod following;
pub(crate) mod model;
mod request;
mod sso;

use crate::{
    components::{
        avatar::Avatar,
        empty::Empty,
        head::Head,
        icon::Icon,
        local_time::{Moment, TimeFormat},
        number::thousands,
    },
    model::{Activity, Event, Exchange, Shell, Total, Via},
    pages::{Section, TeamPage},
};
use difference::Differences;
use domain::{
    UnixMs,
    activity::{ActivityActor, Change, Entry},
    sso::SsoChange,
};
use exchange::ExchangeDetails;
use facts::{EntryFact, facts};
use filter::{FilterForm, address};
use following::Following;
pub(crate) use following::{EventGap, EventGapProps};
use leptos::prelude::*;
use request::{KeyFact, ReadsEvent, RequestEvent, RequestSender, tile_text};
use sso::FailedSignIn;
pub(crate) use sso::cause;

impl TeamPage for Activity {
    fn title(&self) -> &str {
        "Activity"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Activity)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <ActivityPage shell=shell data=*self now=now/> }.into_any()
    }
}

/// One page of the log.
#[component]
pub(super) fn ActivityPage(shell: Shell, data: Activity, now: UnixMs) -> impl IntoView {
    let Activity {
        events,
        count,
        total,
        form,
        older,
        searched_until,
        is_request,
        live,
        newest,
        retention_days,
        request_days,
    } = data;
    let path = Section::Activity.path(&shell.team.slug);
    let request_retention = if request_days == 0 {
        "Read-only requests aren't recorded.".to_owned()
    } else {
        format!("Request details are kept for {request_days}.", request_days = days(request_days))
    };
    let team = &shell.team.name;
    let lead = format!(
        "Every change to {team}, by people and providers. Changes are kept for {}. {request_retention}",
        days(retention_days)
    );
    let match_count = match total {
        Total::Exactly(total) => Some(events_text(total)),
        Total::MoreThan(total) => Some(["more than ", &events_text(total)].concat()),
        Total::Unknown => None,
    };
    let range = range(newest, older.is_some(), (count, events.len()), total);
    let export = address(&[&path, "/export"].concat(), &form.filter.write());
    let older_label = if searched_until.is_some() { "Search further back" } else { "Show older" };
    let query = form.filter.write();
    let is_filtered = !form.filter.is_everything();
    let older = older.map(|id| {
        let before = ("before".to_owned(), id);
        address(&path, &query.iter().cloned().chain([before]).collect::<Vec<_>>())
    });
    let follow = live.map(|after| (address(&[&path, "/events"].concat(), &query), after, address(&path, &query)));
    let (action, all_url, newest_path) = (path.clone(), path.clone(), address(&path, &query));
    let none = events.is_empty();
    view! {
        <Head title="Activity".to_owned() lead=lead>
            <a class="btn" href=export>
                "Export NDJSON"
            </a>
        </Head>
        <FilterForm path=action form=form match_count=match_count/>
        {follow.map(|(href, after, page_url)| view! { <Following href=href after=after list=LIST page_url=page_url/> })}
        <section class="card" id=LIST aria-label="Events">
            {none.then(|| view! { <Nothing is_filtered=is_filtered all_url=all_url/> })}
            <Events events=events now=now open=is_request/>
            {(!none || older.is_some())
                .then(|| {
                    view! {
                        <nav class="pager hint" aria-label="Pages">
                            <span>
                                {range} " " <span data-new-count></span>
                                {searched_until
                                    .map(|at| view! { ", searched back to " <Moment at=at now=now kind=TimeFormat::Inline/> })}
                            </span>
                            <span class="toolbar">
                                {(!newest).then(|| view! { <a class="btn" href=newest_path>"Show newest"</a> })}
                                {older.map(|href| view! { <a class="btn" href=href>{older_label}</a> })}
                            </span>
                        </nav>
                    }
                })}
        </section>
    }
}

const LIST: &str = "events";

/// The placeholder of an empty list.
#[component]
fn Nothing(is_filtered: bool, all_url: String) -> impl IntoView {
    match is_filtered {
        true => view! {
            <Empty title="No matching events" state="no-match">
                "No events match these filters. " <a href=all_url>"Clear filters"</a>
            </Empty>
        }
        .into_any(),
        false => view! {
            <Empty title="No activity yet">
                "Changes to the team's sign-in, provisioning, and keys appear here as they happen."
            </Empty>
        }
        .into_any(),
    }
}

/// The events, grouped by day. The day of an event depends on the reader's time zone, so every event has a heading, and
/// repeated ones are hidden.
#[component]
pub(crate) fn Events(
    events: Vec<Event>,
    now: UnixMs,
    /// Are the events open?
    #[prop(optional)]
    open: bool,
    /// The URL of the log on another page.
    #[prop(optional, into)]
    path: String,
) -> impl IntoView {
    let mut above = String::new();
    events
        .into_iter()
        .map(|event| {
            let at = match &event {
                Event::Change(entry, ..) => entry.at,
                Event::Request(request, _) => request.at,
                Event::Reads(reads) => reads.at,
            };
            let heading = TimeFormat::Day.words(at, now, 0);
            let repeated = heading == std::mem::replace(&mut above, heading.clone());
            view! {
                <h2 class="event-day" hidden=repeated>
                    <Moment at=at now=now kind=TimeFormat::Day/>
                </h2>
                {match event {
                    Event::Change(entry, via, exchange) => {
                        view! { <ChangeEvent entry=entry via=via exchange=exchange now=now open=open/> }.into_any()
                    }
                    Event::Request(request, exchange) => {
                        view! { <RequestEvent request=request exchange=exchange now=now open=open/> }.into_any()
                    }
                    Event::Reads(reads) => view! { <ReadsEvent reads=reads now=now path=path.clone()/> }.into_any(),
                }}
            }
        })
        .collect_view()
}

/// One line with details.
#[component]
fn ChangeEvent(entry: Entry, via: Option<Via>, exchange: Option<Exchange>, now: UnixMs, open: bool) -> impl IntoView {
    let Entry { at, actor, address, change, .. } = entry;
    let (verb, object) = change.sentence();
    let differences = change.differences();
    let refusal = match &change {
        Change::MemberProtected { .. } | Change::SignInFailed { .. } | Change::StepUpFailed { .. } => Some("warning"),
        Change::Sso(SsoChange::SsoSignInFailed { .. }) => Some("danger"),
        _ => None,
    };
    let failed_sign_in = match &change {
        Change::Sso(SsoChange::SsoSignInFailed { failure, facts, .. }) => Some((*failure, facts.clone())),
        _ => None,
    };
    let answer = exchange.as_ref().filter(|_| refusal.is_none()).map(|exchange| exchange.answer.clone());
    let key = via.clone();
    let kind = change.name();
    view! {
        <details class="event" data-testid="event" data-kind=kind open=open>
            <summary>
                <Moment at=at now=now kind=TimeFormat::Clock/>
                <ActorAvatar actor=actor.clone() via=via.clone()/>
                <span>
                    {match via {
                        Some(via) => view! { <RequestSender via=via/> }.into_any(),
                        None => view! { <b>{who(&actor)}</b> }.into_any(),
                    }}
                    " "
                    {verb}
                    " "
                    <b>{object}</b>
                </span>
                <ResponseStatus refusal=refusal answer=answer/>
                <Icon name="right"/>
            </summary>
            <div class="event-detail">
                {failed_sign_in.map(|(failure, facts)| view! { <FailedSignIn failure=failure facts=facts/> })}
                {(!differences.is_empty()).then(|| view! { <Differences differences=differences/> })}
                <dl class="facts">
                    {facts(change)
                        .into_iter()
                        .map(|(label, fact)| view! { <FactRow label=label fact=fact now=now/> })
                        .collect_view()} {key.map(|via| view! { <KeyFact via=via/> })} <FactRow label="When" fact=EntryFact::Moment(at) now=now/>
                    {from(&actor, address).map(|from| view! { <FactRow label="From" fact=EntryFact::Text(from) now=now/> })}
                </dl>
                {exchange.map(|exchange| view! { <ExchangeDetails exchange=exchange/> })}
            </div>
        </details>
    }
}

/// The status: plain for a success, highlighted otherwise.
#[component]
fn ResponseStatus(
    /// The tone of a refusal.
    refusal: Option<&'static str>,
    answer: Option<String>,
) -> impl IntoView {
    if refusal.is_some() {
        return view! { <span class="badge" data-tone=refusal>"Refused"</span> }.into_any();
    }
    let tone = answer.is_some().then_some("success");
    view! {
        <span class="badge badge-plain" data-tone=tone>
            <i class="dot"></i>
            {answer.unwrap_or_else(|| "Done".to_owned())}
        </span>
    }
    .into_any()
}

/// The initials of a member, or a tile for a program.
#[component]
fn ActorAvatar(actor: ActivityActor, via: Option<Via>) -> impl IntoView {
    match actor {
        ActivityActor::Member { name } => view! { <Avatar name=name/> }.into_any(),
        ActivityActor::Provider { key_name, .. } => {
            view! { <Avatar name=via.as_ref().map_or(key_name, tile_text) tile=true/> }.into_any()
        }
        ActivityActor::Operator | ActivityActor::System => view! {
            <span class="avatar avatar-tile" aria-hidden="true">
                <Icon name="terminal"/>
            </span>
        }
        .into_any(),
    }
}

/// A fact of an entry.
#[component]
fn FactRow(label: &'static str, fact: EntryFact, now: UnixMs) -> impl IntoView {
    let (moment, text, code) = match fact {
        EntryFact::Text(text) => (None, text, None),
        EntryFact::Moment(at) => (Some(at), String::new(), None),
        EntryFact::Hint(hint) => (None, String::new(), Some(hint)),
        EntryFact::HintUntil(hint, at) => (Some(at), ", stops working ".to_owned(), Some(hint)),
    };
    view! {
        <dt>{label}</dt>
        <dd>
            {code.map(|code| view! { <code>{code}</code> })} {text}
            {moment.map(|at| view! { <Moment at=at now=now kind=TimeFormat::Exact/> })}
        </dd>
    }
}

fn who(actor: &ActivityActor) -> String {
    match actor {
        ActivityActor::Member { name } => name.clone(),
        ActivityActor::Operator => "The operator".to_owned(),
        ActivityActor::Provider { key_name, .. } => key_name.clone(),
        ActivityActor::System => "Rollcall".to_owned(),
    }
}

fn from(actor: &ActivityActor, address: Option<String>) -> Option<String> {
    match actor {
        ActivityActor::Operator => Some("The command line".to_owned()),
        _ => address,
    }
}

/// The range of the events on this page, and the total.
fn range(newest: bool, has_older: bool, (count, lines): (i64, usize), total: Total) -> String {
    let in_lines = if i64::try_from(lines).is_ok_and(|lines| lines != count) {
        [", in ", &thousands(i64::try_from(lines).unwrap_or(i64::MAX)), if lines == 1 { " line" } else { " lines" }]
            .concat()
    } else {
        String::new()
    };
    let in_all = match total {
        Total::Exactly(total) => thousands(total),
        Total::MoreThan(total) => ["more than ", &thousands(total)].concat(),
        Total::Unknown => {
            let text = match (newest, has_older) {
                (true, true) => ["Newest ", &matching_events(count)].concat(),
                (true, false) if count == 1 => "1 event matches".to_owned(),
                (true, false) => [&events_text(count), " match"].concat(),
                (false, _) => [&events_text(count), " older"].concat(),
            };
            return [text, in_lines].concat();
        }
    };
    let range = match newest {
        true if !has_older => events_text(count),
        true => format!("Newest {} of {in_all} events", thousands(count)),
        false => format!("{} older of {in_all} events", thousands(count)),
    };
    [range, in_lines].concat()
}

fn events_text(number: i64) -> String {
    [thousands(number).as_str(), if number == 1 { " event" } else { " events" }].concat()
}

fn matching_events(number: i64) -> String {
    [thousands(number).as_str(), " matching", if number == 1 { " event" } else { " events" }].concat()
}

fn days(number: i64) -> String {
    [thousands(number).as_str(), if number == 1 { " day" } else { " days" }].concat()
}
