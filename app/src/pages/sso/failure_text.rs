//! The text of each failure, for the person who wants to sign in.

use crate::{
    components::provider_text::{SENTENCE_MAX, provider_text},
    model::SsoFailurePage,
};
use domain::sso::{SsoFailure, SsoProvider};

pub(super) struct FailureText {
    pub(super) title: String,
    /// What happened, after the account and the time or code if there is one.
    pub(super) happened: String,
    /// What to do.
    pub(super) advice: String,
}

/// The provider in sentences: its product, or the method's name for any other provider.
pub(super) fn provider_name(data: &SsoFailurePage) -> String {
    match data.provider {
        SsoProvider::CustomSaml | SsoProvider::CustomOidc => data.method.clone(),
        provider => provider.label().to_owned(),
    }
}

pub(super) fn text(data: &SsoFailurePage) -> FailureText {
    let (provider, team, method) = (provider_name(data), &data.team.0, &data.method);
    let detail = data.detail.as_deref().map(|detail| provider_text(detail, SENTENCE_MAX));
    let (title, happened, advice) = match data.failure {
        SsoFailure::NoMatch => (
            format!("{provider} signed you in, but Rollcall couldn't match you"),
            match detail {
                Some(attribute) => {
                    format!("No active member of {team} has this {attribute}, and signing in doesn't add new people.")
                }
                None => format!("No active member of {team} matches this account, and signing in can't add you."),
            },
            match data.other_account {
                Some(_) => format!(
                    "If you have several {provider} accounts, use the one for work. Otherwise, send this code to an admin of {team}. It leads them straight to this sign-in."
                ),
                None => {
                    format!("Send this code to an admin of {team}. It leads them straight to this sign-in.")
                }
            },
        ),
        SsoFailure::TwoMatch => {
            let attribute = detail.unwrap_or_else(|| "value".to_owned());
            (
                format!("{provider} signed you in, but more than one member matches"),
                format!("Several active members of {team} have this {attribute}."),
                format!("Send this code to an admin of {team}. Each of these members needs a different {attribute}."),
            )
        }
        SsoFailure::EmailUnverified => (
            format!("{provider} signed you in, but hasn't verified your email"),
            format!("{team} needs a verified email, and {provider} doesn't say that yours is."),
            format!("Ask your company's {provider} admin to verify your email. Then try again."),
        ),
        SsoFailure::OtherAccount => (
            format!("Your {provider} account has changed"),
            format!("In {team}, you're linked to an earlier {provider} account."),
            format!(
                "If you have several {provider} accounts, use the earlier one. Otherwise, send this code to an admin of {team}, who can move the link."
            ),
        ),
        SsoFailure::ConfirmLink => (
            "Confirm that this is you".to_owned(),
            format!(
                "An admin with a lower role than yours set up {method}, or you're a break-glass member. Your first sign-in needs your password too."
            ),
            format!("Sign in with your password once. Then confirm that this {provider} account is yours."),
        ),
        SsoFailure::Deactivated => (
            format!("You're deactivated in {team}"),
            "A deactivated account can't sign in.".to_owned(),
            format!(
                "If you should still have access, ask your company's {provider} admin to assign Rollcall to you again. You can also send this code to an admin of {team}."
            ),
        ),
        SsoFailure::NoSeat => (
            format!("{team} has no seats left"),
            match detail {
                Some(seats) => format!("Signing in would add you, but all {seats} seats are in use."),
                None => "Signing in would add you, but all seats are in use.".to_owned(),
            },
            format!("Send this code to an admin of {team}. Try again when a seat is free."),
        ),
        SsoFailure::Refused => (
            format!("{provider} refused to sign you in"),
            format!("Usually the Rollcall app isn't assigned to you in {provider}, or you canceled there."),
            format!("Try again. If it happens again, ask your company's {provider} admin to assign the app to you."),
        ),
        SsoFailure::TooSlow => (
            "This sign-in took too long".to_owned(),
            "It started more than 10 minutes ago.".to_owned(),
            format!("Start again, and finish at {provider} within 10 minutes."),
        ),
        SsoFailure::OtherBrowser => (
            "This sign-in started in another browser".to_owned(),
            "A sign-in has to finish in the browser where it started.".to_owned(),
            "Start again in this browser. If it happens again, allow cookies for this site.".to_owned(),
        ),
        SsoFailure::Used => (
            "This sign-in has already been used".to_owned(),
            "This usually happens when you select Back or reload.".to_owned(),
            "Start again. If you're already signed in, you'll go straight in.".to_owned(),
        ),
        SsoFailure::NotAsked => (
            "One more step to sign in".to_owned(),
            format!("You came from a tile in {provider}. For your safety, a sign-in has to start here."),
            format!("Select Continue with {method}."),
        ),
        SsoFailure::Clock => {
            let (title, happened) = clock(&provider, data.clock_difference);
            (
                title,
                happened,
                format!("Send this code to an admin of {team}. One of the two clocks has to be corrected."),
            )
        }
        SsoFailure::NotForUs => (
            format!("{provider}'s response is meant for another application"),
            "Its audience or URL isn't Rollcall's.".to_owned(),
            format!("Send this code to an admin of {team}, who can test the connection."),
        ),
        SsoFailure::BadSignature => (
            format!("Rollcall couldn't verify {provider}'s response"),
            format!("It was signed with a certificate or key that {team} doesn't trust, or changed in transit."),
            format!("Send this code to an admin of {team}, who can see the certificate."),
        ),
        SsoFailure::BadResponse => (
            format!("Rollcall couldn't use {provider}'s response"),
            "Something in it is missing or isn't valid.".to_owned(),
            format!(
                "Try again. If it happens again, send this code to an admin of {team}, who can see what was expected."
            ),
        ),
        SsoFailure::BadClient => (
            format!("{provider} doesn't accept Rollcall's request"),
            format!("{provider} refused the client ID or secret that {team} uses."),
            format!("Send this code to an admin of {team}, who can enter a new secret."),
        ),
        SsoFailure::Unreachable => (
            format!("{provider} isn't responding"),
            "Rollcall waited up to 5 seconds and got no response.".to_owned(),
            "Try again in a minute or sign in another way.".to_owned(),
        ),
        SsoFailure::NotEnabled => (
            format!("You can't sign in with {method} right now"),
            format!("This SSO method of {team} is disabled, or its setup isn't complete."),
            format!("Sign in another way, or send this code to an admin of {team}, who can enable it."),
        ),
    };
    FailureText { title, happened, advice }
}

/// The title and the explanation of a difference of the clocks.
fn clock(provider: &str, difference: Option<i64>) -> (String, String) {
    let Some(seconds) = difference.filter(|seconds| *seconds != 0) else {
        return (
            format!("The clocks of {provider} and Rollcall differ too much"),
            "A time in the response is more than 60 seconds in the past or future.".to_owned(),
        );
    };
    let side = if seconds > 0 { "ahead of" } else { "behind" };
    (
        format!("The clocks of {provider} and Rollcall differ by {}", duration(seconds.unsigned_abs())),
        format!("{provider}'s clock is {side} Rollcall's. Only 60 seconds are allowed."),
    )
}

/// "84 seconds", "10 minutes and 4 seconds", "2 hours and 5 minutes".
fn duration(seconds: u64) -> String {
    let units = match seconds {
        0..120 => [(seconds, "second"), (0, "")],
        120..7_200 => [(seconds / 60, "minute"), (seconds % 60, "second")],
        _ => [(seconds / 3_600, "hour"), (seconds / 60 % 60, "minute")],
    };
    let parts = units.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> =
        parts.map(|(number, unit)| format!("{number} {unit}{}", if *number == 1 { "" } else { "s" })).collect();
    parts.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn page(failure: SsoFailure) -> SsoFailurePage {
        SsoFailurePage {
            method: "Okta production".into(),
            provider: SsoProvider::Okta,
            team: ("Acme".into(), "acme".into()),
            failure,
            account: Some("ada@acme.test".into()),
            detail: None,
            deactivated_at: None,
            clock_difference: None,
            reference: "7Q2F-K81D".into(),
            retry: "/sso/1/start".into(),
            other_account: None,
        }
    }

    #[test]
    fn every_failure_has_texts_of_its_own() {
        let mut texts = HashSet::new();
        for failure in SsoFailure::ALL {
            let FailureText { title, happened, advice } = text(&page(failure));
            assert!(!title.ends_with('.'), "{title}");
            for sentence in [&happened, &advice] {
                assert!(sentence.ends_with('.'), "{sentence}");
            }
            for text in [title, happened, advice] {
                assert!(text.len() > 10 && !text.contains("  "), "{text}");
                assert!(texts.insert(text.clone()), "{text}");
            }
        }
        assert_eq!(texts.len(), 3 * SsoFailure::ALL.len());
    }

    #[test]
    fn texts_name_the_product_or_else_the_method() {
        let mut data = page(SsoFailure::Unreachable);
        assert!(text(&data).title.starts_with("Okta isn't"));
        data.provider = SsoProvider::CustomOidc;
        assert!(text(&data).title.starts_with("Okta production isn't"));
    }

    #[test]
    fn a_difference_of_the_clocks_is_measured_and_has_a_direction() {
        let with = |difference| text(&SsoFailurePage { clock_difference: difference, ..page(SsoFailure::Clock) });
        for (difference, time) in [
            (84, "84 seconds"),
            (-120, "2 minutes"),
            (604, "10 minutes and 4 seconds"),
            (-661, "11 minutes and 1 second"),
            (7_500, "2 hours and 5 minutes"),
            (i64::MIN, "hours"),
        ] {
            let text = with(Some(difference));
            assert!(text.title.contains(time), "{}", text.title);
            assert_eq!(text.happened.contains("ahead of"), difference > 0, "{}", text.happened);
        }
        assert_eq!(with(None).title, with(Some(0)).title);
        assert!(!with(None).happened.contains("ahead"));
    }

    #[test]
    fn a_value_of_the_provider_is_short() {
        for failure in SsoFailure::ALL {
            let data = SsoFailurePage { detail: Some("x".repeat(10_000)), ..page(failure) };
            let FailureText { title, happened, advice } = text(&data);
            assert!(!title.contains("xxx") && [happened, advice].iter().all(|text| text.len() < 500));
        }
    }
}
