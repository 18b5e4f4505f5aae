//! What a mapping would change, in numbers and names, and the button that changes it.

use super::mapping::value;
use crate::{
    components::{banner::Banner, number::thousands},
    model::{self, GroupPage},
};
use domain::{id::MemberId, role::Role};
use leptos::prelude::*;

/// The `id` of the reason why it cannot be saved.
const REASON: &str = "mapping-reason";

/// The preview.
#[component]
pub(super) fn Preview(
    /// The group.
    data: GroupPage,
    /// What would change.
    preview: model::Preview,
    /// The page's path.
    path: String,
    /// The Members page's path.
    people: String,
) -> impl IntoView {
    let step = data.step(preview.to);
    let title = title(&data.name, data.role, preview.to);
    let denied = preview.denied.clone();
    let same = step.is_none().then(|| "Nothing would change: this is what the group gives already.".to_owned());
    let reason = denied.clone().or_else(|| same.clone());
    let free = reason.is_none();
    let lines = lines(&preview, data.role);
    let changes = same.is_none();
    let action = [&path, "/role"].concat();
    let button = ["Save mapping to ", preview.to.map_or("no role", Role::label)].concat();
    view! {
        <div class="row-block" role="region" aria-labelledby="preview">
            <h3 id="preview">{title}</h3>
            {denied
                .map(|denied| {
                    view! {
                        <Banner tone="danger" role="alert" id=REASON>
                            {denied} "."
                        </Banner>
                    }
                })}
            {same.map(|same| view! { <p id=REASON>{same}</p> })}
            {changes
                .then(|| {
                    view! {
                        <ul class="effects">
                            {lines
                                .into_iter()
                                .map(|line| view! { <Effect line=line people=people.clone()/> })
                                .collect_view()}
                        </ul>
                    }
                })}
        </div>
        <form class="card-foot" method="post" action=action aria-labelledby="preview">
            <input type="hidden" name=GroupPage::ROLE value=value(preview.to)/>
            <button
                class="btn btn-primary"
                type=if free { "submit" } else { "button" }
                aria-disabled=(!free).then_some("true")
                aria-describedby=(!free).then_some(REASON)
            >
                {button}
            </button>
            <a class="btn" href=path>
                "Cancel"
            </a>
        </form>
    }
}

/// What happens to some of the members.
struct Line {
    says: String,
    /// How many they are.
    count: i64,
    /// Some of them.
    some: Vec<(MemberId, String)>,
}

#[component]
fn Effect(line: Line, people: String) -> impl IntoView {
    let more = line.count - line.some.len() as i64;
    let last = line.some.len().saturating_sub(1);
    let named = !line.some.is_empty();
    let names: Vec<_> = line
        .some
        .into_iter()
        .enumerate()
        .map(|(index, (id, name))| {
            let before = match index {
                0 => "",
                _ if index == last && more == 0 => " and ",
                _ => ", ",
            };
            view! {
                {before}
                <a href=[&people, "/", id.as_str()].concat()>{name}</a>
            }
        })
        .collect();
    view! {
        <li>
            <b>{line.says}</b>
            {named
                .then(|| {
                    view! {
                        {": "}
                        {names}
                        {(more > 0).then(|| [" and ", &thousands(more), " more"].concat())}
                    }
                })}
        </li>
    }
}

/// "Map IT to Admin?"
fn title(name: &str, from: Option<Role>, to: Option<Role>) -> String {
    match (from, to) {
        (_, Some(to)) => format!("Map {name} to {to}?"),
        (Some(from), None) => format!("End the mapping of {name} to {from}?"),
        (None, None) => format!("Keep {name} without a role?"),
    }
}

/// Everything that would happen, also what would not: who has the new role already, who keeps the old one.
fn lines(preview: &model::Preview, from: Option<Role>) -> Vec<Line> {
    let figures = preview.figures;
    let old = from.filter(|from| Some(*from) != preview.to);
    let mut lines = Vec::new();
    let mut say = |count: i64, says: String, some: &[(MemberId, String)]| {
        lines.push(Line { says, count, some: some.to_vec() });
    };
    if let Some(to) = preview.to {
        let says = format!("{} would become {to}{}", people(figures.gain), later(figures.gain, figures.gain_later));
        say(figures.gain, says, &preview.gain);
        if figures.have > 0 {
            let have = if figures.have == 1 { "has" } else { "have" };
            say(figures.have, format!("{} {have} {to} already", people(figures.have)), &[]);
        }
    }
    if let Some(old) = old {
        let says = format!("{} would lose {old}{}", people(figures.lose), later(figures.lose, figures.lose_later));
        say(figures.lose, says, &preview.lose);
        if figures.keep > 0 {
            let keep = if figures.keep == 1 { "keeps" } else { "keep" };
            let says = format!("{} {keep} {old}, given by hand or by another group", people(figures.keep));
            say(figures.keep, says, &[]);
        }
    }
    if figures.above > 0 {
        let says = match figures.above {
            1 => "1 person is Super Admin, and stays it".to_owned(),
            more => format!("{} people are Super Admins, and stay it", thousands(more)),
        };
        say(figures.above, says, &[]);
    }
    lines
}

/// How many of them it does not touch before they can sign in again.
fn later(all: i64, later: i64) -> String {
    match later {
        0 => String::new(),
        1 if all == 1 => ", who can't sign in at present".to_owned(),
        later if later == all => ", all of whom can't sign in at present".to_owned(),
        later => [", ", &thousands(later), " of whom can't sign in at present"].concat(),
    }
}

fn people(count: i64) -> String {
    match count {
        0 => "Nobody".to_owned(),
        1 => "1 person".to_owned(),
        more => [&thousands(more), " people"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::group_role::MappingImpact;

    fn said(from: Option<Role>, to: Option<Role>, figures: MappingImpact) -> Vec<String> {
        let preview = model::Preview { to, figures, gain: Vec::new(), lose: Vec::new(), denied: None };
        lines(&preview, from).into_iter().map(|line| line.says).collect()
    }

    #[test]
    fn every_number_is_said() {
        let figures = MappingImpact { above: 1, gain: 1_200, have: 3, lose: 2, keep: 1, ..MappingImpact::default() };
        assert_eq!(
            said(Some(Role::Admin), Some(Role::Billing), figures),
            [
                "1,200 people would become Billing",
                "3 people have Billing already",
                "2 people would lose Admin",
                "1 person keeps Admin, given by hand or by another group",
                "1 person is Super Admin, and stays it",
            ]
        );
        assert_eq!(said(None, Some(Role::Admin), MappingImpact::default()), ["Nobody would become Admin"]);
        assert_eq!(
            said(None, Some(Role::Admin), MappingImpact { gain: 1_020, gain_later: 30, ..MappingImpact::default() }),
            ["1,020 people would become Admin, 30 of whom can't sign in at present"]
        );
        assert_eq!(
            said(Some(Role::Admin), None, MappingImpact { lose: 1, ..MappingImpact::default() }),
            ["1 person would lose Admin"]
        );
    }

    #[test]
    fn the_title_asks_what_is_done() {
        assert_eq!(title("IT", None, Some(Role::Admin)), "Map IT to Admin?");
        assert_eq!(title("IT", Some(Role::Admin), None), "End the mapping of IT to Admin?");
        assert_eq!(title("IT", None, None), "Keep IT without a role?");
    }
}
