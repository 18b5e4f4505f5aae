//! `/sign-in` and `/teams/{slug}/sign-in`. The form works without JavaScript.

pub(crate) mod model;

use super::centered_page::CenteredPage;
use crate::{
    components::{
        banner::Banner,
        field::{InputKind, TextField},
        form::{Form, Submit},
        method_links::MethodLinks,
    },
    form_encoding,
    forms::{Check, Rule},
    model::{SignIn, SignInProblem, SubmittedForm},
};
use domain::validation::{field_error::Field, text::join_names_or};
use leptos::prelude::*;

#[component]
pub(super) fn SignInPage(data: SignIn) -> impl IntoView {
    let SignIn { team, host, next, email, problem, methods, is_required } = data;
    let (title, action) = match team {
        Some((name, slug)) => (["Sign in to ", &name].concat(), ["/teams/", &slug, "/sign-in"].concat()),
        None => ("Sign in to Rollcall".to_owned(), "/sign-in".to_owned()),
    };
    let submission = submission(email, &problem);
    let known = !submission.value(Field::Email.name()).unwrap_or_default().is_empty() && submission.errors.is_empty();
    // The same for everyone, because it must not reveal the number of teams of an address.
    let for_all = action == "/sign-in" && problem == Some(SignInProblem::Wrong);
    let site = host.clone();
    let many = match &problem {
        Some(SignInProblem::ManyTeams(teams)) => teams.clone(),
        _ => Vec::new(),
    };
    let has_methods = !methods.is_empty();
    let names = join_names_or(&methods.iter().map(|method| method.name.as_str()).collect::<Vec<_>>());
    let is_emergency = is_required && has_methods;
    let lead = if is_emergency { ["This team signs in through ", &names, " only."].concat() } else { host };
    let is_refused =
        problem.as_ref().is_some_and(|problem| !matches!(problem, SignInProblem::Ended | SignInProblem::Left));
    let (label, class) = match has_methods {
        true => ("Sign in with password", "btn btn-wide"),
        false => ("Sign in", "btn btn-primary btn-wide"),
    };
    let form_next = next.clone();
    let form = view! {
        <Form action=action check=Check::new(Rule::SignIn)>
            {form_next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <TextField
                scope="sign-in"
                name=Field::Email.name()
                label="Email"
                kind=InputKind::Email
                autocomplete="username"
                submission=submission.clone()
                start=!known && !has_methods
                large=true
            />
            <TextField
                scope="sign-in"
                name=Field::Password.name()
                label="Password"
                kind=InputKind::Password
                autocomplete="current-password"
                submission=submission
                start=known
                large=true
            />
            <Submit label=label busy="Signing in" class=class/>
        </Form>
    };
    view! {
        <CenteredPage title=title lead=lead>
            <ProblemBanner problem=problem.clone()/>
            {(!many.is_empty())
                .then(|| {
                    view! {
                        <TeamLinks teams=many next=next/>
                        // Not every password is compared, so there may be more teams.
                        <p class="hint">
                            "Don't see your team? Sign in at " {[&site, "/teams/your-team/sign-in"].concat()}
                        </p>
                    }
                })}
            {has_methods.then(|| view! { <MethodLinks methods=methods/> })}
            {if is_emergency {
                view! {
                    <EmergencyAccess methods=names open=is_refused>
                        {form}
                    </EmergencyAccess>
                }
                    .into_any()
            } else {
                view! {
                    {has_methods.then(|| view! { <p class="field-or hint">"or with a password"</p> })}
                    {form}
                }
                    .into_any()
            }}
            {for_all
                .then(|| {
                    view! {
                        <p class="hint">
                            "In many teams? Choose a team first by signing in at "
                            {[&site, "/teams/your-team/sign-in"].concat()}
                        </p>
                    }
                })}
            {(!is_emergency)
                .then(|| {
                    view! {
                        <p class="hint">
                            "No account? Ask a team admin to invite you."
                            {has_methods.then(|| view! { " " <a href="/sign-in">"Another team"</a> })}
                        </p>
                    }
                })}
        </CenteredPage>
    }
}

/// The form of a team that requires single sign-on. It is closed, because only break-glass members need it.
#[component]
pub(crate) fn EmergencyAccess(
    /// The names of the methods in a sentence.
    methods: String,
    /// Is the form open, because it was refused?
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="centered-page-fold" data-testid="emergency-access" open=open>
            <summary>"Emergency access with a password"</summary>
            <p class="hint">
                {["For break-glass members when ", &methods, " isn't available. Other passwords don't work for this team."]
                    .concat()}
            </p>
            {children()}
        </details>
    }
}

/// The sign-in pages of these teams.
#[component]
fn TeamLinks(teams: Vec<(String, String)>, next: Option<String>) -> impl IntoView {
    let query =
        next.map(|next| ["?", &form_encoding::write(&[("next".to_owned(), next)])].concat()).unwrap_or_default();
    view! {
        <ul>
            {teams
                .into_iter()
                .map(|(name, slug)| {
                    let href = ["/teams/", &slug, "/sign-in", &query].concat();
                    view! {
                        <li>
                            <a href=href>"Sign in to " {name}</a>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// The error, if it is not about one field.
#[component]
pub(super) fn ProblemBanner(problem: Option<SignInProblem>) -> impl IntoView {
    let sentence = problem.as_ref().and_then(sentence)?;
    let state = problem.as_ref().map_or("", state);
    let (tone, role) = match problem {
        Some(SignInProblem::Ended | SignInProblem::Left) => ("accent", "status"),
        Some(SignInProblem::Throttled(_) | SignInProblem::Busy(_) | SignInProblem::ManyTeams(_)) => {
            ("warning", "alert")
        }
        _ => ("danger", "alert"),
    };
    Some(view! { <Banner tone=tone role=role id="sign-in-problem" state=state>{sentence}</Banner> })
}

const fn state(problem: &SignInProblem) -> &'static str {
    match problem {
        SignInProblem::Wrong => "wrong",
        SignInProblem::Throttled(_) => "throttled",
        SignInProblem::Busy(_) => "busy",
        SignInProblem::ManyTeams(_) => "many-teams",
        SignInProblem::Invalid(_) => "invalid",
        SignInProblem::Ended => "session-ended",
        SignInProblem::Left => "left",
        SignInProblem::Unavailable => "unavailable",
    }
}

/// The submitted form. The password is never rendered.
pub(super) fn submission(email: String, problem: &Option<SignInProblem>) -> SubmittedForm {
    let problems = match problem {
        Some(SignInProblem::Invalid(problems)) => {
            problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string())).collect()
        }
        _ => Vec::new(),
    };
    SubmittedForm {
        values: vec![(Field::Email.name().to_owned(), email)],
        errors: problems,
        ..SubmittedForm::default()
    }
}

fn sentence(problem: &SignInProblem) -> Option<String> {
    Some(match problem {
        // One sentence for an unknown person and for a wrong password, so that no one learns who is a member.
        SignInProblem::Wrong => "Incorrect email or password. Try again.".to_owned(),
        SignInProblem::Throttled(seconds) => {
            ["Too many attempts. Try again in ", &wait(*seconds), "."].concat()
        }
        SignInProblem::Busy(seconds) => {
            ["Too many people are signing in right now. Try again in ", &wait(*seconds), "."].concat()
        }
        SignInProblem::ManyTeams(_) => {
            "Your password is correct, but you're in too many teams to sign in to all of them together. Choose a team first."
                .to_owned()
        }
        SignInProblem::Invalid(_) => return None,
        SignInProblem::Ended => {
            "Your session ended. Sign in to pick up where you left off. What you typed is kept, except for passwords and other secrets.".to_owned()
        }
        SignInProblem::Left => "You've left the team and are signed out.".to_owned(),
        SignInProblem::Unavailable => {
            "Rollcall couldn't sign you in because its database isn't available. Try again in a moment.".to_owned()
        }
    })
}

/// "1 second", "45 seconds", "2 minutes": rounded up.
pub(super) fn wait(seconds: i64) -> String {
    let (number, unit) = match seconds.max(1) {
        seconds if seconds < 60 => (seconds, "second"),
        seconds => ((seconds + 59) / 60, "minute"),
    };
    [number.to_string().as_str(), " ", unit, if number == 1 { "" } else { "s" }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_rounded_up() {
        for (seconds, words) in [
            (-5, "1 second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (900, "15 minutes"),
        ] {
            assert_eq!(wait(seconds), words);
        }
    }
}
