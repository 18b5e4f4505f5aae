//! The last step of a link that the member has to confirm: the account of the identity provider, and the member.

use crate::{
    components::{
        form::{Form, Submit},
        provider_text::{SENTENCE_MAX, provider_text},
    },
    model::SsoConfirm,
    pages::centered_page::CenteredPage,
};
use leptos::prelude::*;

#[component]
pub(crate) fn SsoConfirmScreen(data: SsoConfirm) -> impl IntoView {
    let SsoConfirm { method, account, member, action, cancel } = data;
    let account = provider_text(&account, SENTENCE_MAX);
    view! {
        <CenteredPage
            title="Confirm that this is you".to_owned()
            lead=["Your first sign-in through ", &method, " needs your confirmation."].concat()
        >
            <p>
                <b>{account}</b>
                {[" at ", &method, " will be able to sign in as you ("].concat()}
                <b>{member}</b>
                "). If this account isn't yours, select Cancel."
            </p>
            <Form action=action>
                <Submit label="Link account" busy="Linking" class="btn btn-primary btn-wide"/>
                <a class="btn btn-quiet btn-wide" href=cancel>
                    "Cancel"
                </a>
            </Form>
        </CenteredPage>
    }
}
