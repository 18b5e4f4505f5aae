//! The preview of a change of the group's role in numbers and names, and the button to apply it.

use crate::{
    components::{banner::Banner, form::Form, number::thousands},
    forms::{Check, Rule},
    model::{self, GroupPage},
};
use domain::{group_role::NO_ROLE, id::MemberId, role::Role};
use leptos::prelude::*;

/// The `id` of the reason that the change is refused.
const REASON: &str = "mapping-reason";

#[component]
pub(super) fn MappingPreview(data: GroupPage, preview: model::Preview, path: String, people: String) -> impl IntoView {
    let title = title(&data.name, data.role, preview.to);
    let denial = preview.denial.clone();
    let free = denial.is_none();
    let lines = lines(&preview, data.role);
    let action = [&path, "/role"].concat();
    let button = button(data.role, &preview);
    view! {
        <div class="row-block" role="region" aria-labelledby="preview">
            <h3 id="preview">{title}</h3>
            {denial
                .map(|denial| {
                    view! {
                        <Banner tone="danger" role="alert" id=REASON>
                            {denial} "."
                        </Banner>
                    }
                })}
            <ul class="effect-list">
                {lines.into_iter().map(|line| view! { <Effect line=line people=people.clone()/> }).collect_view()}
            </ul>
        </div>
        <Form class="card-foot" action=action labelled_by="preview" check=Check::new(Rule::GroupRole)>
            <input type="hidden" name=GroupPage::ROLE value=value(preview.to)/>
            <button
                class="btn btn-primary"
                data-testid="mapping-save"
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

/// An effect on some of the members.
struct Line {
    /// What happens, for tests: "gain", "have", "lose", "keep" or "above".
    kind: &'static str,
    text: String,
    /// The number of members.
    count: i64,
    some: Vec<(MemberId, String)>,
}

#[component]
fn Effect(line: Line, people: String) -> impl IntoView {
    let more = line.count - line.some.len() as i64;
    let last = line.some.len().saturating_sub(1);
    let linked_names = !line.some.is_empty();
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
        <li data-testid=["effect-", line.kind].concat()>
            <b>{line.text}</b>
            {linked_names
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
    let impact = preview.impact;
    match (from, preview.to) {
        (_, Some(to)) if impact.gain > 0 => format!("Assign {to} to {}", people(impact.gain)),
        (_, Some(to)) => format!("Assign {to}"),
        (Some(from), None) if impact.lose > 0 => format!("Remove {from} from {}", people(impact.lose)),
        (Some(from), None) => format!("Stop assigning {from}"),
        (None, None) => "Leave without a role".to_owned(),
    }
}

/// Every effect, including no effect: members who have the new role already, and members who keep the old one.
fn lines(preview: &model::Preview, from: Option<Role>) -> Vec<Line> {
    let impact = preview.impact;
    let old = from.filter(|from| Some(*from) != preview.to);
    let mut lines = Vec::new();
    let mut say = |kind: &'static str, count: i64, text: String, some: &[(MemberId, String)]| {
        lines.push(Line { kind, text, count, some: some.to_vec() });
    };
    if let Some(to) = preview.to {
        let text = format!("{} would become {to}{}", people(impact.gain), later(impact.gain, impact.gain_later));
        say("gain", impact.gain, text, &preview.gain);
        if impact.have > 0 {
            let are = if impact.have == 1 { "is" } else { "are" };
            say("have", impact.have, format!("{} {are} already {to}", people(impact.have)), &[]);
        }
    }
    if let Some(old) = old {
        let text = format!("{} would lose {old}{}", people(impact.lose), later(impact.lose, impact.lose_later));
        say("lose", impact.lose, text, &preview.lose);
        if impact.keep > 0 {
            let keep = if impact.keep == 1 { "keeps" } else { "keep" };
            let text = format!("{} {keep} {old}, assigned manually or by another group", people(impact.keep));
            say("keep", impact.keep, text, &[]);
        }
    }
    if impact.above > 0 {
        let text = match impact.above {
            1 => "1 person stays a Super Admin".to_owned(),
            more => format!("{} people stay Super Admins", thousands(more)),
        };
        say("above", impact.above, text, &[]);
    }
    lines
}

/// The number of members on whom it has an effect only when they can sign in again.
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

/// The value of a role in the form.
pub(super) fn value(role: Option<Role>) -> &'static str {
    role.map_or(NO_ROLE, Role::name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::group_role::MappingImpact;

    fn texts(from: Option<Role>, to: Option<Role>, impact: MappingImpact) -> Vec<String> {
        let preview = model::Preview { to, impact, gain: Vec::new(), lose: Vec::new(), denial: None };
        lines(&preview, from).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn every_number_has_a_line() {
        let impact = MappingImpact { above: 1, gain: 1_200, have: 3, lose: 2, keep: 1, ..MappingImpact::default() };
        assert_eq!(
            texts(Some(Role::Admin), Some(Role::Billing), impact),
            [
                "1,200 people would become Billing",
                "3 people are already Billing",
                "2 people would lose Admin",
                "1 person keeps Admin, assigned manually or by another group",
                "1 person stays a Super Admin",
            ]
        );
        assert_eq!(texts(None, Some(Role::Admin), MappingImpact::default()), ["No one would become Admin"]);
        assert_eq!(
            texts(None, Some(Role::Admin), MappingImpact { gain: 1_020, gain_later: 30, ..MappingImpact::default() }),
            ["1,020 people would become Admin, 30 of whom can't sign in right now"]
        );
        assert_eq!(
            texts(Some(Role::Admin), None, MappingImpact { lose: 1, ..MappingImpact::default() }),
            ["1 person would lose Admin"]
        );
    }

    #[test]
    fn the_preview_counts_members_who_cannot_sign_in() {
        let gain = |gain, gain_later| MappingImpact { gain, gain_later, ..MappingImpact::default() };
        assert_eq!(later(1, 1), ", who can't sign in right now");
        assert_eq!(
            texts(None, Some(Role::Admin), gain(2, 2)),
            ["2 people would become Admin, none of whom can sign in right now"]
        );
    }

    #[test]
    fn the_title_is_a_question_about_the_change() {
        assert_eq!(title("IT", None, Some(Role::Admin)), "Assign Admin to everyone in IT?");
        assert_eq!(title("IT", Some(Role::Admin), None), "Stop assigning Admin to IT?");
        assert_eq!(title("IT", None, None), "Leave IT without a role?");
    }

    #[test]
    fn the_button_contains_the_number() {
        let text = |from, to, impact| {
            button(from, &model::Preview { to, impact, gain: Vec::new(), lose: Vec::new(), denial: None })
        };
        let (admin, billing) = (Some(Role::Admin), Some(Role::Billing));
        let impact = MappingImpact { gain: 1_200, lose: 1, ..MappingImpact::default() };
        assert_eq!(text(admin, billing, impact), "Assign Billing to 1,200 people");
        assert_eq!(text(admin, None, impact), "Remove Admin from 1 person");
        assert_eq!(text(None, admin, MappingImpact::default()), "Assign Admin", "an empty group");
        assert_eq!(text(admin, None, MappingImpact::default()), "Stop assigning Admin");
    }
}
