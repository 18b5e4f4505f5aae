//! `GET /teams/{slug}/settings/general?dialog=..&done=..`: everybody sees the team; what changes it says who may.

use crate::{
    auth::SignedIn,
    web::request::{PageError, PageRequest, value},
};
use app::{
    model::{Content, General, GeneralForm, GeneralNotice, Sent, Usage, UsageOf, WayIn, general_field},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    team::{TeamAction, review},
    validation::text::join_names_or,
};
use store::{self, Quotas, Status, TeamRow};

pub(in crate::web) async fn general(visit: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = visit.in_team(&slug).await?;
    let notice = visit.done.as_deref().and_then(GeneralNotice::parse);
    let pairs = resume::parse(visit.query());
    let form = value(&pairs, resume::DIALOG).and_then(|name| GeneralForm::parse(&name));
    let sent = form.map(|form| (form, Sent { typed: carried(pairs), ..Sent::default() }));
    page(&visit, &signed_in, StatusCode::OK, notice, sent).await
}

/// So many are named who can help.
const NAMED: usize = 3;

/// The page's path.
pub(in crate::web) fn path(slug: &str) -> String {
    ["/teams/", slug, "/settings/general"].concat()
}

/// What of a form comes back with the answer to it.
pub(in crate::web) fn typed(typed: Vec<(String, String)>) -> Vec<(String, String)> {
    let fields = [general_field::NAME, general_field::SLUG, general_field::MEMBER, general_field::CONFIRMATION];
    typed.into_iter().filter(|(name, _)| fields.contains(&name.as_str())).collect()
}

/// What of a form an address holds: not the confirmation, so that no link to the page has it typed already.
pub(in crate::web) fn carried(typed: Vec<(String, String)>) -> Vec<(String, String)> {
    let fields = [general_field::NAME, general_field::SLUG, general_field::MEMBER];
    typed.into_iter().filter(|(name, _)| fields.contains(&name.as_str())).collect()
}

/// The page, with what was done or came back.
pub(in crate::web) async fn page(
    visit: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    notice: Option<GeneralNotice>,
    sent: Option<(GeneralForm, Sent)>,
) -> Result<Response, PageError> {
    let (store, team, role) = (&visit.state.store, &signed_in.me.team, signed_in.role());
    let why = |action| review(action, role).err().map(|denial| denial.to_string());
    let blocked = match why(TeamAction::Rename) {
        Some(reason) => {
            let helpers = store.team_admins(&team.id, &signed_in.me.member_id).await?;
            let names: Vec<&str> = helpers.iter().take(NAMED).map(|helper| helper.name.as_str()).collect();
            let ask = if names.is_empty() { String::new() } else { [". Ask ", &join_names_or(&names)].concat() };
            Some(reason + &ask)
        }
        None => None,
    };
    // Who may not change the team does not learn either who its ways in are.
    let (ways_in, keys) = match blocked {
        None => tokio::try_join!(store.ways_in(&team.id), store.keys_working(&team.id, visit.state.clock.now()))?,
        Some(_) => (Vec::new(), 0),
    };
    let (marked, others): (Vec<_>, Vec<_>) = ways_in.into_iter().partition(|member| member.break_glass);
    let general = General {
        created_at: team.created_at,
        usage: usage(team, store.quotas()),
        contact: visit.state.config.contact.clone(),
        blocked,
        break_glass_blocked: why(TeamAction::Unmark),
        everyone_blocked: why(TeamAction::SignEveryoneOut),
        break_glass: marked.into_iter().map(way_in).collect(),
        candidates: others.into_iter().map(way_in).collect(),
        keys,
        notice,
        done_about: visit.done_about.clone(),
        sent,
    };
    Ok(visit.team_page(status, signed_in, Content::General(Box::new(general))))
}

fn usage(team: &TeamRow, quotas: Quotas) -> Vec<Usage> {
    let usage = |of, used, limit| Usage { of, used, limit };
    vec![
        usage(UsageOf::Members, team.member_count, quotas.members),
        usage(UsageOf::Groups, team.group_count, quotas.groups),
        usage(UsageOf::Bytes, team.stored_bytes, quotas.bytes),
    ]
}

fn way_in(member: store::WayIn) -> WayIn {
    let trouble = match (member.status, member.has_password, member.roles.highest().manages_authentication()) {
        (Status::Active, true, true) => None,
        (Status::Active, false, _) => {
            Some("No password, so this member can't sign in without single sign-on.".to_owned())
        }
        (Status::Active, _, false) => Some("No longer an Admin or Super Admin.".to_owned()),
        _ => Some("Can't sign in right now.".to_owned()),
    };
    WayIn {
        id: member.id.to_string(),
        name: member.name,
        email: member.email,
        role: member.roles.highest().label().to_owned(),
        trouble,
    }
}
