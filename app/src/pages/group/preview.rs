//! What a mapping would change, in numbers and names, and the button that changes it.

use crate::{
    components::{banner::Banner, form::Form, number::thousands},
    forms::{Check, Rule},
    model::{self, GroupPage},
};
use domain::{group_role::NO_ROLE, id::MemberId, role::Role};
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
    let same = step.is_none().then(|| "No change. The group already assigns this.".to_owned());
    let reason = denied.clone().or_else(|| same.clone());
    let free = reason.is_none();
    let lines = lines(&preview, data.role);
    let changes = same.is_none();
    let action = [&path, "/role"].concat();
    let button = button(data.role, &preview);
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
        <Form class="card-foot" action=action labelled_by="preview" check=Check::new(Rule::GroupRole)>
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
        </Form>
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

/// "Assign Admin to everyone in IT?"
fn title(name: &str, from: Option<Role>, to: Option<Role>) -> String {
    match (from, to) {
        (_, Some(to)) => format!("Assign {to} to everyone in {name}?"),
        (Some(from), None) => format!("Stop assigning {from} to {name}?"),
        (None, None) => format!("Leave {name} without a role?"),
    }
}

/// "Assign Admin to 14 people", "Remove Admin from 1 person".
fn button(from: Option<Role>, preview: &model::Preview) -> String {
    let figures = preview.figures;
    match (from, preview.to) {
        (_, Some(to)) if figures.gain > 0 => format!("Assign {to} to {}", people(figures.gain)),
        (_, Some(to)) => format!("Assign {to}"),
        (Some(from), None) if figures.lose > 0 => format!("Remove {from} from {}", people(figures.lose)),
        (Some(from), None) => format!("Stop assigning {from}"),
        (None, None) => "Leave without a role".to_owned(),
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
            let are = if figures.have == 1 { "is" } else { "are" };
            say(figures.have, format!("{} {are} already {to}", people(figures.have)), &[]);
        }
    }
    if let Some(old) = old {
        let says = format!("{} would lose {old}{}", people(figures.lose), later(figures.lose, figures.lose_later));
        say(figures.lose, says, &preview.lose);
        if figures.keep > 0 {
            let keep = if figures.keep == 1 { "keeps" } else { "keep" };
            let says = format!("{} {keep} {old}, assigned manually or by another group", people(figures.keep));
            say(figures.keep, says, &[]);
        }
    }
    if figures.above > 0 {
        let says = match figures.above {
            1 => "1 person stays a Super Admin".to_owned(),
            more => format!("{} people stay Super Admins", thousands(more)),
        };
        say(figures.above, says, &[]);
    }
    lines
}

/// How many of them it does not touch before they can sign in again.
fn later(all: i64, later: i64) -> String {
    match later {
        0 => String::new(),
        1 if all == 1 => ", who can't sign in right now".to_owned(),
        later if later == all => ", none of whom can sign in right now".to_owned(),
        later => [", ", &thousands(later), " of whom can't sign in right now"].concat(),
    }
}

fn people(count: i64) -> String {
    match count {
        0 => "No one".to_owned(),
        1 => "1 person".to_owned(),
        more => [&thousands(more), " people"].concat(),
    }
}

/// A role's name in the form.
pub(super) fn value(role: Option<Role>) -> &'static str {
    role.map_or(NO_ROLE, Role::name)
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
                "3 people are already Billing",
                "2 people would lose Admin",
                "1 person keeps Admin, assigned manually or by another group",
                "1 person stays a Super Admin",
            ]
        );
        assert_eq!(said(None, Some(Role::Admin), MappingImpact::default()), ["No one would become Admin"]);
        assert_eq!(
            said(None, Some(Role::Admin), MappingImpact { gain: 1_020, gain_later: 30, ..MappingImpact::default() }),
            ["1,020 people would become Admin, 30 of whom can't sign in right now"]
        );
        assert_eq!(
            said(Some(Role::Admin), None, MappingImpact { lose: 1, ..MappingImpact::default() }),
            ["1 person would lose Admin"]
        );
    }

    #[test]
    fn of_those_who_would_change_none_may_be_able_to_sign_in() {
        let gain = |gain, gain_later| MappingImpact { gain, gain_later, ..MappingImpact::default() };
        assert_eq!(later(1, 1), ", who can't sign in right now");
        assert_eq!(
            said(None, Some(Role::Admin), gain(2, 2)),
            ["2 people would become Admin, none of whom can sign in right now"]
        );
    }

    #[test]
    fn the_title_asks_what_is_done() {
        assert_eq!(title("IT", None, Some(Role::Admin)), "Assign Admin to everyone in IT?");
        assert_eq!(title("IT", Some(Role::Admin), None), "Stop assigning Admin to IT?");
        assert_eq!(title("IT", None, None), "Leave IT without a role?");
    }

    #[test]
    fn the_button_says_to_how_many() {
        let says = |from, to, figures| {
            button(from, &model::Preview { to, figures, gain: Vec::new(), lose: Vec::new(), denied: None })
        };
        let (admin, billing) = (Some(Role::Admin), Some(Role::Billing));
        let figures = MappingImpact { gain: 1_200, lose: 1, ..MappingImpact::default() };
        assert_eq!(says(admin, billing, figures), "Assign Billing to 1,200 people");
        assert_eq!(says(admin, None, figures), "Remove Admin from 1 person");
        assert_eq!(says(None, admin, MappingImpact::default()), "Assign Admin", "an empty group");
        assert_eq!(says(admin, None, MappingImpact::default()), "Stop assigning Admin");
    }
}
