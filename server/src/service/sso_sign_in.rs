//! The sign-in of a person whom an identity provider identified: finds the member by its link, or links it, or creates it. The
//! response is used up in the same transaction.

use super::{actor::ActorInfo, unit_of_work::UnitOfWork};
use crate::{
    clock::Clock,
    ids,
    sso::identity::{SsoIdentity, SsoRefusal},
    team_change::{log_entry::NewActivityEntry, new_document, own_document},
};
use domain::{
    Error, UnixMs,
    activity::Change,
    id::MemberId,
    member::MemberStatus,
    sso::{
        CreationAllowed, LinkAttribute, LinkCandidate, LinkDecision, LinkFacts, SsoChange, SsoFailure, review_link,
        review_linked,
    },
    user_name::Renames,
    validation::text,
};
use store::{MemberRecord, MemberSource, MemberWrite, NewLink, SsoMethodRow, Store, StoreError, retry};

/// A verified response, which signs in once.
#[derive(Clone, Copy, Debug)]
pub struct SsoResponse<'a> {
    /// The assertion's ID, or the state.
    pub id: &'a str,
    /// The ID of the request, or the state.
    pub request_id: &'a str,
    /// Until then, the response is remembered as used.
    pub expires_at: UnixMs,
}

/// The purpose of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SsoSignInPurpose<'a> {
    /// The person signs in.
    SignIn,
    /// This signed-in member confirms their identity.
    StepUp(&'a MemberId),
    /// This member, who signed in with a password, confirms that the account is theirs.
    Link(&'a MemberId),
}

impl SsoSignInPurpose<'_> {
    /// The only member who may be the person.
    const fn only(&self) -> Option<&MemberId> {
        match self {
            SsoSignInPurpose::SignIn => None,
            SsoSignInPurpose::StepUp(member) | SsoSignInPurpose::Link(member) => Some(member),
        }
    }
}

/// The data of a sign-in.
#[derive(Clone, Copy, Debug)]
pub struct SsoSignIn<'a> {
    /// The method.
    pub method: &'a SsoMethodRow,
    /// Who the person is.
    pub identity: &'a SsoIdentity,
    /// The response that says so.
    pub response: SsoResponse<'a>,
    /// The purpose.
    pub purpose: SsoSignInPurpose<'a>,
    /// The client's address, if known.
    pub address: Option<&'a str>,
}

/// Why no one is signed in.
#[derive(Debug)]
pub enum SsoSignInError {
    /// The person is refused. Nothing was written.
    Refused(SsoRefusal),
    /// The database is unavailable, or there is an internal error.
    Failed(Error),
}

impl From<Error> for SsoSignInError {
    fn from(error: Error) -> Self {
        SsoSignInError::Failed(error)
    }
}

impl From<StoreError> for SsoSignInError {
    fn from(error: StoreError) -> Self {
        SsoSignInError::Failed(error.into())
    }
}

impl From<SsoRefusal> for SsoSignInError {
    fn from(refusal: SsoRefusal) -> Self {
        SsoSignInError::Refused(refusal)
    }
}

impl From<SsoFailure> for SsoSignInError {
    fn from(failure: SsoFailure) -> Self {
        SsoRefusal::from(failure).into()
    }
}

/// Finds, links or creates the member, and uses up the response. Returns the member's id and name. The caller makes the session.
///
/// # Errors
/// [`SsoSignInError`]. Then nothing was written.
pub async fn sso_sign_in(
    store: &Store,
    clock: &Clock,
    sign_in: SsoSignIn<'_>,
) -> Result<(MemberId, String), SsoSignInError> {
    sign_in.identity.check()?;
    let result: Result<_, SsoSignInError> = retry!(attempt, async {
        let tx = store.begin_for_team_id(&attempt, &sign_in.method.team.id).await?;
        let now = clock.now();
        let actor = ActorInfo { address: sign_in.address.map(str::to_owned), ..ActorInfo::rollcall() };
        let mut work = UnitOfWork { tx, now, actor };
        let response = sign_in.response;
        let method = &sign_in.method.method;
        let times = (now, response.expires_at);
        if !work.tx.sso_response_use(&method.id, (response.id, response.request_id), times).await? {
            return Err(SsoFailure::Used.into());
        }
        let (member, name, changes) = find(&mut work, &sign_in).await?;
        if sign_in.purpose.only().is_some_and(|only| *only != member) {
            return Err(SsoFailure::OtherAccount.into());
        }
        // The member is the author of their own sign-in.
        work.actor.member = Some((member.clone(), name.clone()));
        work.actor.is_rollcall = false;
        let method = method.name.clone();
        let own = match sign_in.purpose {
            SsoSignInPurpose::StepUp(_) => SsoChange::SsoSteppedUp { method },
            SsoSignInPurpose::SignIn | SsoSignInPurpose::Link(_) => SsoChange::SsoSignedIn { method },
        };
        let of_member = |change: SsoChange| NewActivityEntry::from((&member, Change::from(change)));
        let mut entries: Vec<NewActivityEntry> = changes.into_iter().chain([own]).map(of_member).collect();
        let first = entries.remove(0);
        work.commit_all(first, entries).await?;
        Ok((member, name))
    });
    result.map_err(|error| match error {
        SsoSignInError::Refused(refusal) => refusal.about(sign_in.identity).into(),
        error => error,
    })
}

/// The member, its name, and the changes before the sign-in.
async fn find(
    work: &mut UnitOfWork,
    sign_in: &SsoSignIn<'_>,
) -> Result<(MemberId, String, Vec<SsoChange>), SsoSignInError> {
    let (identity, method) = (sign_in.identity, &sign_in.method.method);
    let subject = identity.subject.as_str();
    if let Some(member) = work.tx.sso_linked_member(&method.id, subject).await? {
        review_linked(member.status)?;
        work.tx.sso_link_touch((&method.id, subject), Some(identity.account()), work.now).await?;
        return Ok((member.id, member.display_name, Vec::new()));
    }
    let rule = &sign_in.method.link_rule;
    let claim = rule.claim_name(method.protocol);
    let value = if claim == "sub" { Some(subject) } else { identity.claim(claim) };
    let Some(value) = value else {
        let names: Vec<&str> = identity.claims.iter().map(|(name, _)| name.as_str()).collect();
        let refusal = SsoRefusal::from(SsoFailure::NoMatch);
        return Err(refusal.with_fact(claim, Some("one value".to_owned()), Some(names.join(", "))).into());
    };
    let matches = work.tx.sso_matches(&method.id, rule.attribute, value).await?;
    let new = SsoPerson::of(identity, rule.attribute, value);
    let similar = work.tx.members_like(&new.user_name, new.external_id.as_deref(), new.email.as_deref()).await?;
    let others: Vec<LinkCandidate> = similar.iter().map(|member| candidate(member, false)).collect();
    let candidates: Vec<LinkCandidate> = matches.iter().map(|(member, linked)| candidate(member, *linked)).collect();
    let facts = LinkFacts {
        email_verified: identity.email_verified(),
        provisions: work.tx.team().scim_on && sign_in.method.is_only_method,
        confirmed: matches!(sign_in.purpose, SsoSignInPurpose::Link(_)),
    };
    let explain = |failure: SsoFailure| {
        let expected = format!("one active member with this {}", rule.attribute.label());
        let refusal = SsoRefusal::from(failure).with_fact(claim, Some(expected), Some(value.to_owned()));
        let is_invited = matches.iter().any(|(member, _)| member.status == MemberStatus::Invited);
        let detail = match failure {
            SsoFailure::NoMatch if rule.creates_members || is_invited => None,
            SsoFailure::NoMatch | SsoFailure::TwoMatch => Some(rule.attribute.label().to_owned()),
            _ => None,
        };
        SsoRefusal { detail, ..refusal }
    };
    let (member, name, created) = match review_link(rule, facts, &candidates, &others).map_err(explain)? {
        LinkDecision::Link(index) => {
            let (member, _) = matches.into_iter().nth(index).ok_or(Error::Internal)?;
            (member.id, member.display_name, None)
        }
        LinkDecision::Create(allowed) => {
            let tombstone = similar.iter().find(|member| member.user_name_key == text::fold(&new.user_name));
            // A removed member keeps the link, so another account does not bring it back.
            if let Some(tombstone) = tombstone
                && work.tx.sso_is_linked(&method.id, &tombstone.id).await?
            {
                return Err(explain(SsoFailure::OtherAccount).into());
            }
            let (id, name) = create(work, &new, tombstone, allowed).await.map_err(|error| match error {
                StoreError::Quota(_) => explain(SsoFailure::NoSeat).into(),
                error => SsoSignInError::from(error),
            })?;
            (id, name.clone(), Some(SsoChange::SsoMemberCreated { name, method: method.name.clone() }))
        }
    };
    let link =
        NewLink { method: &method.id, subject, member: &member, account: Some(identity.account()), now: work.now };
    work.tx.sso_link_insert(&link).await?;
    let linked = SsoChange::SsoLinked { name: name.clone(), method: method.name.clone(), subject: subject.to_owned() };
    Ok((member, name, created.into_iter().chain([linked]).collect()))
}

fn candidate(member: &MemberRecord, has_other_link: bool) -> LinkCandidate {
    LinkCandidate {
        status: member.status,
        source: member.source,
        role: member.roles.highest(),
        break_glass: member.break_glass,
        has_other_link,
    }
}

/// The values of a member whom a first sign-in creates.
struct SsoPerson {
    user_name: String,
    email: Option<String>,
    external_id: Option<String>,
    name: String,
}

impl SsoPerson {
    fn of(identity: &SsoIdentity, attribute: LinkAttribute, value: &str) -> Self {
        let email = identity.email().and_then(|email| text::email(email).ok());
        let user_name = match attribute {
            LinkAttribute::UserName | LinkAttribute::Email => value.to_owned(),
            LinkAttribute::ExternalId => email.clone().unwrap_or_else(|| value.to_owned()),
        };
        let external_id = (attribute == LinkAttribute::ExternalId).then(|| value.to_owned());
        let name = identity.display_name().map_or_else(|| user_name.clone(), str::to_owned);
        Self { user_name, email, external_id, name }
    }
}

/// Adds the person as a Developer. A removed member with this userName comes back with its id.
async fn create(
    work: &mut UnitOfWork,
    new: &SsoPerson,
    tombstone: Option<&MemberRecord>,
    allowed: CreationAllowed,
) -> Result<(MemberId, String), StoreError> {
    let document = new_document(&new.user_name, &new.name, new.email.as_deref());
    let name = new.name.clone();
    if let Some(tombstone) = tombstone {
        let state = (MemberStatus::Active, MemberSource::Manual);
        own_document::write(&mut work.tx, tombstone, &document, state, work.now, allowed).await?;
        return Ok((tombstone.id.clone(), name));
    }
    let id = MemberId::new(ids::next(work.now));
    let member = MemberWrite {
        user_name: &new.user_name,
        email: new.email.as_deref(),
        other_emails: &[],
        display_name: &new.name,
        external_id: new.external_id.as_deref(),
        document: &document,
        status: MemberStatus::Active,
        active_present: true,
        source: MemberSource::Manual,
        renames: Renames::default(),
        now: work.now,
    };
    work.tx.member_provision(&id, &member).await?;
    Ok((id, name))
}
