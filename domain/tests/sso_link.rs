//! The first sign-in of a person through an SSO method: one table of every fact that decides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    member::{MemberSource, MemberStatus},
    role::Role,
    sso::{
        EmailVerified, LinkAttribute, LinkCandidate, LinkDecision, LinkFacts, LinkRule, SsoFailure, review_link,
        review_linked,
    },
};

/// A rule that a Super Admin set, for userName.
const RULE: LinkRule = LinkRule {
    claim: None,
    attribute: LinkAttribute::UserName,
    trusts_email: false,
    creates_members: false,
    max_role: Role::SuperAdmin,
};
const BY_EMAIL: LinkRule = LinkRule { attribute: LinkAttribute::Email, ..RULE };
const CREATES: LinkRule = LinkRule { creates_members: true, ..RULE };
const CREATES_BY_EMAIL: LinkRule = LinkRule { creates_members: true, ..BY_EMAIL };

const FACTS: LinkFacts = LinkFacts { email_verified: EmailVerified::Absent, provisions: false, confirmed: false };
const VERIFIED: LinkFacts = LinkFacts { email_verified: EmailVerified::Yes, ..FACTS };
const DENIED: LinkFacts = LinkFacts { email_verified: EmailVerified::No, ..FACTS };
const PROVISIONS: LinkFacts = LinkFacts { provisions: true, ..FACTS };
const CONFIRMED: LinkFacts = LinkFacts { confirmed: true, ..FACTS };

/// An active member who was added here.
const MEMBER: LinkCandidate = LinkCandidate {
    status: MemberStatus::Active,
    source: MemberSource::Manual,
    role: Role::Developer,
    break_glass: false,
    has_other_link: false,
};
const OF_DIRECTORY: LinkCandidate = LinkCandidate { source: MemberSource::Directory, ..MEMBER };
const INVITED: LinkCandidate = LinkCandidate { status: MemberStatus::Invited, ..MEMBER };
const DEACTIVATED: LinkCandidate = LinkCandidate { status: MemberStatus::Deactivated, ..MEMBER };
const REMOVED: LinkCandidate = LinkCandidate { status: MemberStatus::Deleted, ..MEMBER };
const DEACTIVATED_BY_DIRECTORY: LinkCandidate = LinkCandidate { status: MemberStatus::Deactivated, ..OF_DIRECTORY };
const REMOVED_BY_DIRECTORY: LinkCandidate = LinkCandidate { status: MemberStatus::Deleted, ..OF_DIRECTORY };
const LINKED: LinkCandidate = LinkCandidate { has_other_link: true, ..MEMBER };
const BREAK_GLASS: LinkCandidate = LinkCandidate { break_glass: true, ..MEMBER };
const SUPER_ADMIN: LinkCandidate = LinkCandidate { role: Role::SuperAdmin, ..MEMBER };
const ADMIN: LinkCandidate = LinkCandidate { role: Role::Admin, ..MEMBER };

#[derive(Debug, PartialEq)]
enum Outcome {
    /// The candidate with this index.
    Link(usize),
    Create,
    Refuse(SsoFailure),
}
use Outcome::{Create, Link, Refuse};
use SsoFailure::{ConfirmLink, Deactivated, EmailUnverified, NoMatch, OtherAccount, TwoMatch};

fn outcome(rule: &LinkRule, facts: LinkFacts, matches: &[LinkCandidate], others: &[LinkCandidate]) -> Outcome {
    match review_link(rule, facts, matches, others) {
        Ok(LinkDecision::Link(index)) => Link(index),
        Ok(LinkDecision::Create(_)) => Create,
        Err(failure) => Refuse(failure),
    }
}

type Row<'a> = (&'a str, &'a LinkRule, LinkFacts, &'a [LinkCandidate], &'a [LinkCandidate], Outcome);

#[test]
fn every_row_has_the_listed_outcome() {
    let set_by_admin = &LinkRule { max_role: Role::Admin, ..RULE };
    let trusts_email = &LinkRule { trusts_email: true, ..BY_EMAIL };
    let creates_and_trusts = &LinkRule { creates_members: true, ..trusts_email.clone() };
    let by_external_id = &LinkRule { attribute: LinkAttribute::ExternalId, ..RULE };
    let rows: &[Row<'_>] = &[
        // 4.2: one match links, none is refused or added, several are refused.
        ("one match", &RULE, FACTS, &[MEMBER], &[MEMBER], Link(0)),
        ("one match by externalId", by_external_id, FACTS, &[OF_DIRECTORY], &[OF_DIRECTORY], Link(0)),
        ("none", &RULE, FACTS, &[], &[], Refuse(NoMatch)),
        ("none, and new people are added", &CREATES, FACTS, &[], &[], Create),
        ("several", &RULE, FACTS, &[MEMBER, OF_DIRECTORY], &[], Refuse(TwoMatch)),
        ("several, and new people are added", &CREATES, FACTS, &[MEMBER, MEMBER], &[], Refuse(TwoMatch)),
        ("one active match among others", &RULE, FACTS, &[REMOVED, MEMBER, DEACTIVATED], &[], Link(1)),
        (
            "an active match beside one whom the directory removed",
            &RULE,
            FACTS,
            &[REMOVED_BY_DIRECTORY, MEMBER],
            &[],
            Link(1),
        ),
        ("an invited person", &RULE, FACTS, &[INVITED], &[INVITED], Refuse(NoMatch)),
        ("an invited person, and new people are added", &CREATES, FACTS, &[INVITED], &[INVITED], Refuse(NoMatch)),
        // F23: never a second member.
        ("linked to another account", &RULE, FACTS, &[LINKED], &[], Refuse(OtherAccount)),
        ("linked, and new people are added", &CREATES, FACTS, &[LINKED], &[LINKED], Refuse(OtherAccount)),
        ("linked, although confirmed", &RULE, CONFIRMED, &[LINKED], &[], Refuse(OtherAccount)),
        // F21: a member with the email or userName of the new one, whom the rule does not find.
        ("someone is in the way", &CREATES, FACTS, &[], &[MEMBER], Refuse(NoMatch)),
        ("an invited person is in the way", &CREATES, FACTS, &[], &[INVITED], Refuse(NoMatch)),
        ("a deactivated member is in the way", &CREATES, FACTS, &[], &[DEACTIVATED], Refuse(NoMatch)),
        ("a removed member comes back", &CREATES, FACTS, &[REMOVED], &[REMOVED], Create),
        ("a removed member does not come back by itself", &RULE, FACTS, &[REMOVED], &[REMOVED], Refuse(NoMatch)),
        // 4.3, F25, F27, F28: an email is evidence only if someone vouches for it.
        ("email, no statement", &BY_EMAIL, FACTS, &[MEMBER], &[], Refuse(EmailUnverified)),
        ("email, not verified", &BY_EMAIL, DENIED, &[MEMBER], &[], Refuse(EmailUnverified)),
        ("email, verified", &BY_EMAIL, VERIFIED, &[MEMBER], &[], Link(0)),
        ("email, the method trusts it", trusts_email, FACTS, &[MEMBER], &[], Link(0)),
        ("email, the method trusts it against the statement", trusts_email, DENIED, &[MEMBER], &[], Link(0)),
        (
            "email of the directory's member, from the provisioning provider",
            &BY_EMAIL,
            PROVISIONS,
            &[OF_DIRECTORY],
            &[],
            Link(0),
        ),
        (
            "email of the directory's member, from another provider",
            &BY_EMAIL,
            FACTS,
            &[OF_DIRECTORY],
            &[],
            Refuse(EmailUnverified),
        ),
        ("email of a member who was added here", &BY_EMAIL, PROVISIONS, &[MEMBER], &[], Refuse(EmailUnverified)),
        ("email of several members", &BY_EMAIL, FACTS, &[MEMBER, MEMBER], &[], Refuse(TwoMatch)),
        ("userName needs no email", &RULE, DENIED, &[MEMBER], &[], Link(0)),
        ("an unverified email of a linked member", &BY_EMAIL, FACTS, &[LINKED], &[], Refuse(EmailUnverified)),
        (
            "an unverified email of a break-glass member",
            &BY_EMAIL,
            CONFIRMED,
            &[BREAK_GLASS],
            &[],
            Refuse(EmailUnverified),
        ),
        ("a new person by email", &CREATES_BY_EMAIL, FACTS, &[], &[], Refuse(EmailUnverified)),
        ("a new person by email, not verified", &CREATES_BY_EMAIL, DENIED, &[], &[], Refuse(EmailUnverified)),
        (
            "a new person by email, from the provisioning provider",
            &CREATES_BY_EMAIL,
            PROVISIONS,
            &[],
            &[],
            Refuse(EmailUnverified),
        ),
        ("a new person by verified email", &CREATES_BY_EMAIL, VERIFIED, &[], &[], Create),
        ("a new person by trusted email", creates_and_trusts, FACTS, &[], &[], Create),
        // 4.4, F26: whom the directory took away is refused, whatever the rule says.
        ("deactivated by the directory", &CREATES, VERIFIED, &[DEACTIVATED_BY_DIRECTORY], &[], Refuse(Deactivated)),
        ("removed by the directory", &CREATES, VERIFIED, &[REMOVED_BY_DIRECTORY], &[], Refuse(Deactivated)),
        (
            "the same email as one whom the directory removed",
            &CREATES,
            VERIFIED,
            &[],
            &[REMOVED_BY_DIRECTORY],
            Refuse(Deactivated),
        ),
        (
            "the same email as one whom the directory deactivated",
            &CREATES,
            VERIFIED,
            &[],
            &[DEACTIVATED_BY_DIRECTORY],
            Refuse(Deactivated),
        ),
        (
            "deactivated by the directory, no new people",
            &RULE,
            FACTS,
            &[DEACTIVATED_BY_DIRECTORY],
            &[],
            Refuse(Deactivated),
        ),
        ("deactivated here", &CREATES, FACTS, &[DEACTIVATED], &[DEACTIVATED], Refuse(Deactivated)),
        // 4.5, F3: a link never gives more power than the configuring admin has.
        ("a Super Admin, by an admin's rule", set_by_admin, FACTS, &[SUPER_ADMIN], &[], Refuse(ConfirmLink)),
        ("a Super Admin who confirms", set_by_admin, CONFIRMED, &[SUPER_ADMIN], &[], Link(0)),
        ("an admin, by an admin's rule", set_by_admin, FACTS, &[ADMIN], &[], Link(0)),
        ("a Super Admin, by a Super Admin's rule", &RULE, FACTS, &[SUPER_ADMIN], &[], Link(0)),
        ("break-glass, by a Super Admin's rule", &RULE, FACTS, &[BREAK_GLASS], &[], Refuse(ConfirmLink)),
        ("break-glass, confirmed", &RULE, CONFIRMED, &[BREAK_GLASS], &[], Link(0)),
    ];
    for (name, rule, facts, matches, others, expected) in rows {
        assert_eq!(outcome(rule, *facts, matches, others), *expected, "{name}");
    }
}

/// A role with less power than the configuring admin's never needs a confirmation.
#[test]
fn a_confirmation_is_needed_exactly_above_the_configuring_role() {
    for max_role in [Role::SuperAdmin, Role::Admin] {
        for role in Role::ALL {
            let member = LinkCandidate { role, ..MEMBER };
            let needs = max_role == Role::Admin && role == Role::SuperAdmin;
            let expected = if needs { Refuse(ConfirmLink) } else { Link(0) };
            assert_eq!(
                outcome(&LinkRule { max_role, ..RULE }, FACTS, &[member], &[]),
                expected,
                "{role} by {max_role}"
            );
        }
    }
}

/// No combination of facts links or adds a person whom the directory took away, or links an inactive member.
#[test]
fn only_active_members_are_linked() {
    let statuses = [MemberStatus::Active, MemberStatus::Invited, MemberStatus::Deactivated, MemberStatus::Deleted];
    let candidates = statuses.into_iter().flat_map(|status| {
        [MemberSource::Manual, MemberSource::Directory].map(|source| LinkCandidate { status, source, ..MEMBER })
    });
    let candidates: Vec<_> = candidates.collect();
    for rule in [RULE, BY_EMAIL, CREATES, CREATES_BY_EMAIL] {
        for facts in [FACTS, VERIFIED, DENIED, PROVISIONS, CONFIRMED] {
            for one in &candidates {
                for two in &candidates {
                    match outcome(&rule, facts, &[*one, *two], &[]) {
                        Link(index) => assert_eq!([one, two][index].status, MemberStatus::Active),
                        Create => assert!(
                            [one, two].iter().all(|member| {
                                member.status != MemberStatus::Active && member.source == MemberSource::Manual
                                    || member.status == MemberStatus::Invited
                            }),
                            "{one:?} {two:?}"
                        ),
                        Refuse(_) => {}
                    }
                }
            }
        }
    }
}

#[test]
fn a_linked_member_signs_in_while_active() {
    for (status, expected) in [
        (MemberStatus::Active, Ok(())),
        (MemberStatus::Invited, Err(NoMatch)),
        (MemberStatus::Deactivated, Err(Deactivated)),
        (MemberStatus::Deleted, Err(Deactivated)),
    ] {
        assert_eq!(review_linked(status), expected);
    }
}
