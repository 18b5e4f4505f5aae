//! Links that start a sign-in through an SSO method. They are no forms, because the Content-Security-Policy's `form-action`
//! also refuses the redirect to the identity provider.

use super::{avatar::Avatar, icon::Icon};
use crate::model::SignInMethod;
use leptos::prelude::*;

/// One link as a button, or several as a list.
#[component]
pub(crate) fn MethodLinks(methods: Vec<SignInMethod>) -> impl IntoView {
    match <[SignInMethod; 1]>::try_from(methods) {
        Ok([SignInMethod { name, href, .. }]) => view! { <MethodLink name=name href=href/> }.into_any(),
        Err(methods) => view! {
            <ul class="card rows" aria-label="Providers">
                {methods
                    .into_iter()
                    .map(|method| {
                        let label = continue_with(&method.name);
                        view! {
                            <li>
                                <a class="row row-link" href=method.href data-provider=method.provider.name()>
                                    <Avatar name=method.name tile=true/>
                                    <b class="grow">{label}</b>
                                    <Icon name="right"/>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        }
        .into_any(),
    }
}

/// The link of one method, as a button.
#[component]
pub(crate) fn MethodLink(
    /// The method's name.
    name: String,
    href: String,
) -> impl IntoView {
    view! {
        <a class="btn btn-primary btn-wide" href=href>
            <Icon name="shield"/>
            {continue_with(&name)}
        </a>
    }
}

/// The label of a link or button that leads to a method.
pub(crate) fn continue_with(method: &str) -> String {
    ["Continue with ", method].concat()
}
