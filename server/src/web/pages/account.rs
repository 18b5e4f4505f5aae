//! `GET /teams/{slug}/account?done=..`: everybody's own.

use crate::{
    auth::{SignedIn, session_store},
    web::request::{PageError, PageRequest, value},
};
use app::{
    model::{AccountForm, AccountNotice, AccountPage, Blocked, Content, OwnSession, Sent, account_field},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use domain::{
    member::{
        Subject,
        self_service::{SelfServiceAction, SelfServiceContext, review, way_out},
    },
    role::Role,
};
use store::{AccountRow, Source};

pub(in crate::web) async fn account(visit: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = visit.in_team(&slug).await?;
    let notice = visit.done.as_deref().and_then(AccountNotice::parse);
    let pairs = resume::parse(visit.query());
    let form = value(&pairs, resume::DIALOG).and_then(|name| AccountForm::parse(&name));
    let sent = form.map(|form| (form, Sent { typed: without_secrets(pairs), ..Sent::default() }));
    page(&visit, &signed_in, StatusCode::OK, notice, sent).await
}

/// The page's path.
pub(in crate::web) fn path(slug: &str) -> String {
    ["/teams/", slug, "/account"].concat()
}

/// What of a form may be given back.
pub(in crate::web) fn without_secrets(typed: Vec<(String, String)>) -> Vec<(String, String)> {
    typed.into_iter().filter(|(name, _)| matches!(name.as_str(), account_field::NAME | account_field::EMAIL)).collect()
}

/// The page, with what was done or came back.
pub(in crate::web) async fn page(
    visit: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    notice: Option<AccountNotice>,
    sent: Option<(AccountForm, Sent)>,
) -> Result<Response, PageError> {
    let (store, me) = (&visit.state.store, &signed_in.me);
    let row = row(visit, signed_in).await?;
    let this = session_store::hash(&visit.session).unwrap_or_default();
    let (others, sessions, provider) = tokio::try_join!(
        store.team_admins(&me.team.id, &me.member_id),
        store.own_sessions(&me.team.id, &me.member_id, &this, visit.state.clock.now()),
        store.provider_name(&me.team.id),
    )?;
    let others: Vec<(&str, Role)> = others.iter().map(|helper| (helper.name.as_str(), helper.role)).collect();
    let provider = provider.unwrap_or_else(|| "your identity provider".to_owned());
    let page = AccountPage {
        blocked: blocked(signed_in, &row, Some(&provider), &others),
        name: row.name,
        user_name: Some(row.user_name).filter(|_| row.source == Source::Directory && me.team.scim_on),
        email: row.email,
        has_password: row.has_password,
        sessions: sessions
            .into_iter()
            .map(|session| OwnSession {
                mark: session.mark,
                is_this: session.is_this,
                since: session.since,
                last_seen_at: session.last_seen_at,
                browser: session.from.browser,
                address: session.from.address,
            })
            .collect(),
        notice,
        sent,
    };
    Ok(visit.team_page(status, signed_in, Content::Account(Box::new(page))))
}

/// The reader, as they are now.
pub(in crate::web) async fn row(visit: &PageRequest, signed_in: &SignedIn) -> Result<AccountRow, Error> {
    let me = &signed_in.me;
    visit.state.store.account(&me.team.id, &me.member_id).await?.ok_or(Error::SignedOut)
}

/// Why things cannot be done here, and what helps: the rule, asked to explain. The service asks it again to decide.
pub(in crate::web) fn blocked(
    signed_in: &SignedIn,
    row: &AccountRow,
    provider: Option<&str>,
    others: &[(&str, Role)],
) -> Blocked {
    let subject = Subject {
        roles: row.roles,
        active: true,
        break_glass: row.break_glass,
        last_super_admin: row.last_super_admin,
    };
    let from_directory = row.source == Source::Directory;
    let standing = SelfServiceContext { scim_on: signed_in.me.team.scim_on, from_directory, subject };
    let provider = provider.filter(|_| from_directory);
    let why = |action| {
        let denial = review(action, standing).err()?;
        let help = way_out(denial, provider, others, subject);
        Some([&denial.to_string(), ". ", &help].concat().trim_end().to_owned())
    };
    Blocked {
        name: why(SelfServiceAction::Name),
        email: why(SelfServiceAction::Email),
        password: why(SelfServiceAction::Password),
        leave: why(SelfServiceAction::Leave),
    }
}
