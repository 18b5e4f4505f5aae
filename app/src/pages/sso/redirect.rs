//! The page between an entered email address and the identity provider.

use crate::{
    components::method_links::{MethodLink, continue_with},
    model::{SsoContinue, SsoPost},
    pages::centered_page::CenteredPage,
};
use leptos::prelude::*;

#[component]
pub(crate) fn SsoContinueScreen(data: SsoContinue) -> impl IntoView {
    let SsoContinue { method, team, email, href, post } = data;
    let title = match post {
        None => ["Taking you to ", &method].concat(),
        Some(_) => continue_with(&method),
    };
    let lead = match &team {
        Some((team, _)) => [team, " signs in through ", &method, "."].concat(),
        None => ["Your sign-in continues at ", &method, "."].concat(),
    };
    view! {
        <CenteredPage title=title lead=lead>
            {email.map(|email| view! { <EnteredEmail email=email/> })}
            {match post {
                None => {
                    view! {
                        <MethodLink name=method href=href/>
                        <p class="hint">"Nothing happening? Press the button."</p>
                    }
                        .into_any()
                }
                Some(post) => view! { <PostForm method=method post=post/> }.into_any(),
            }}
            {team
                .map(|(_, slug)| {
                    view! {
                        <p class="hint">
                            <a href=["/teams/", &slug, "/sign-in"].concat()>"Use a password instead"</a>
                        </p>
                    }
                })}
        </CenteredPage>
    }
}

/// The entered email address, with a link to the page where it was entered.
#[component]
pub(crate) fn EnteredEmail(email: String) -> impl IntoView {
    view! {
        <div class="field">
            <div class="field-head">
                <span>"Email"</span>
                <a class="small" href="/sign-in" aria-label="Change email">
                    "Change"
                </a>
            </div>
            <p class="centered-page-value">{email}</p>
        </div>
    }
}

/// The request to the identity provider. It has a target, because the browser's part must not send it (`browser::forms`).
#[component]
fn PostForm(method: String, post: SsoPost) -> impl IntoView {
    view! {
        <form method="post" action=post.action target="_self" autocomplete="off">
            {post
                .fields
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view()}
            <button class="btn btn-primary btn-wide">{continue_with(&method)}</button>
        </form>
    }
}
