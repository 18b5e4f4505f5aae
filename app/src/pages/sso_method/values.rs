//! The values to copy into the identity provider's console.

use super::labels;
use crate::{
    components::copy_field::CopyField,
    model::{SsoAddresses, SsoProtocolAddresses},
};
use domain::sso::SsoMethod;
use leptos::prelude::*;

#[component]
pub(super) fn ProviderValues(method: SsoMethod, addresses: SsoAddresses) -> impl IntoView {
    let provider = method.provider_name().to_owned();
    let labels = labels::of(method.provider, method.protocol);
    let mut values = match addresses.protocol {
        SsoProtocolAddresses::Saml { entity_id, acs } => {
            vec![(labels.acs, acs), (labels.entity_id, entity_id.clone()), ("Metadata URL, with all values", entity_id)]
        }
        SsoProtocolAddresses::Oidc { redirect_uri } => vec![(labels.redirect_uri, redirect_uri)],
    };
    values.push((labels.start, addresses.start));
    let values = values.into_iter().enumerate().map(|(index, (label, value))| {
        view! {
            <dt>{label}</dt>
            <dd>
                <CopyField id=format!("value.{index}") label=label value=value/>
            </dd>
        }
    });
    view! {
        <section class="card" aria-labelledby="values">
            <div class="card-head">
                <div>
                    <h2 id="values">"Values for " {provider.clone()}</h2>
                    <p>"For this SSO method only. They never change."</p>
                </div>
            </div>
            <div class="row-block">
                <dl class="facts facts-copy" data-testid="provider-values">
                    {values.collect_view()}
                </dl>
            </div>
            {(!labels.is_known)
                .then(|| view! { <p class="card-foot hint">{provider} " may have other names for these fields."</p> })}
        </section>
    }
}
