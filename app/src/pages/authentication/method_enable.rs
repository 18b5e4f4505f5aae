//! The confirmation to enable a second SSO method while SCIM provisioning is on.

use super::{
    form::SettingsForm,
    state::{State, submission},
};
use crate::{
    api::sso::SetEnabled,
    components::{
        dialog::{Cancel, Title, lead_id},
        form::Submit,
        icon::Icon,
        notice::Alert,
    },
    model::ReturnedForm,
    return_to,
};
use domain::id::MethodId;
use leptos::{prelude::*, server_fn::ServerFn};

/// "Enable “Google”?", for a second method, or to continue after a sign-in.
pub(super) fn content(state: State, returned: &ReturnedForm, method_id: &MethodId) -> Option<AnyView> {
    let (title, second) = state.with(|facts| {
        let method = facts.method(method_id).filter(|method| !method.enabled)?;
        Some((["Enable “", &method.name, "”?"].concat(), facts.would_be_second(method_id)))
    })?;
    let id = returned.dialog.id();
    let (method_id, submission) = (method_id.to_string(), submission(returned, &[]));
    let means = if second {
        view! { <Consequences/> }.into_any()
    } else {
        view! { <p class="muted">"It becomes one of this team's enabled SSO methods."</p> }.into_any()
    };
    let view = view! {
        <SettingsForm state=state action=SetEnabled::PATH>
            <input type="hidden" name=return_to::ID value=method_id/>
            <input type="hidden" name=return_to::ENABLED value="true"/>
            <input type="hidden" name=return_to::CONFIRMED value="true"/>
            <Title dialog=&id start=true>{title}</Title>
            <div id=lead_id(&id)>{means}</div>
            <Alert why=submission.refusal/>
            <div class="dialog-actions">
                <Cancel dialog=&id/>
                <Submit label="Enable" busy="Enabling" class="btn btn-primary"/>
            </div>
        </SettingsForm>
    };
    Some(view.into_any())
}

#[component]
fn Consequences() -> impl IntoView {
    view! {
        <p class="muted">"SCIM provisioning is on and needs exactly one enabled SSO method. This would be a second one."</p>
        <ul class="point-list">
            <li>
                <Icon name="key"/>
                <span>"Existing keys keep working."</span>
            </li>
            <li>
                <Icon name="lock"/>
                <span>"You can't generate or roll keys until only one method is enabled."</span>
            </li>
        </ul>
    }
}
