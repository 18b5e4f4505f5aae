//! After the sign-out here: the way to the one at the identity provider.

use crate::{model::SsoSignOut, pages::centered_page::CenteredPage};
use leptos::prelude::*;

#[component]
pub(crate) fn SsoSignOutScreen(data: SsoSignOut) -> impl IntoView {
    let SsoSignOut { method, href } = data;
    view! {
        <CenteredPage
            title="You're signed out of Rollcall".to_owned()
            lead=["You're still signed in at ", &method, ", which may sign you in to other products too."].concat()
        >
            <a class="btn btn-primary btn-wide" href=href>
                {["Sign out of ", &method].concat()}
            </a>
            <a class="btn btn-quiet btn-wide" href="/sign-in">
                "Sign in again"
            </a>
        </CenteredPage>
    }
}
