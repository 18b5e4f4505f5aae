//! The provider's values, as they are configured.

use crate::{
    components::{
        banner::Banner,
        local_time::{Moment, TimeFormat},
        time::until,
    },
    model::{Dialog, ReturnedForm, SsoMethodPage},
};
use domain::{
    UnixMs,
    format::date::date,
    sso::{CertificateWarning, Settings, SsoMethod},
};
use leptos::prelude::*;

#[component]
pub(super) fn ProviderSettings(slug: String, data: SsoMethodPage, now: UnixMs) -> impl IntoView {
    let SsoMethodPage { method, fingerprint, token_auth, .. } = data;
    let edit = ReturnedForm::address(&slug, &Dialog::EditMethod(method.id.clone()), &[]);
    let warning = warning(&method, now);
    let facts = match method.settings.clone() {
        None => view! { <p class="row-block muted">"Not configured yet."</p> }.into_any(),
        Some(Settings::Saml { entity_id, sign_in_url, certificate_expires, .. }) => view! {
            <div class="row-block">
                <dl class="facts facts-wide">
                    <dt>"Issuer (entity ID)"</dt>
                    <dd><code>{entity_id}</code></dd>
                    <dt>"Sign-in URL"</dt>
                    <dd><code>{sign_in_url}</code></dd>
                    <dt>"Certificate, SHA-256"</dt>
                    <dd data-testid="fingerprint">
                        {match fingerprint {
                            Some(fingerprint) => view! { <code>{fingerprint}</code> }.into_any(),
                            None => "Can't be read. Replace it.".into_any(),
                        }}
                    </dd>
                    <dt>{if certificate_expires > now { "Expires" } else { "Expired" }}</dt>
                    <dd>
                        <Moment at=certificate_expires now=now kind=TimeFormat::Relative/>
                    </dd>
                </dl>
            </div>
        }
        .into_any(),
        Some(Settings::Oidc { issuer, client_id }) => view! {
            <div class="row-block">
                <dl class="facts facts-wide">
                    <dt>"Issuer"</dt>
                    <dd><code>{issuer}</code></dd>
                    <dt>"Client ID"</dt>
                    <dd><code>{client_id}</code></dd>
                    <dt>"Client secret"</dt>
                    <dd>"Stored encrypted and never shown."</dd>
                    {token_auth
                        .map(|token_auth| {
                            view! {
                                <dt>"Sent as"</dt>
                                <dd><code>{token_auth}</code></dd>
                            }
                        })}
                </dl>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="card" aria-labelledby="settings">
            <div class="card-head">
                <div>
                    <h2 id="settings">"Settings"</h2>
                    <p>"The values from " {method.provider_name().to_owned()} "."</p>
                </div>
                <a class="btn" href=edit>
                    {if method.settings.is_some() { "Edit" } else { "Configure" }}
                </a>
            </div>
            {warning}
            {facts}
        </section>
    }
}

/// The warning about a certificate that expires soon or has expired.
fn warning(method: &SsoMethod, now: UnixMs) -> Option<AnyView> {
    let Some(Settings::Saml { certificate_expires, .. }) = method.settings else { return None };
    let warning = CertificateWarning::of(certificate_expires, now)?;
    let provider = method.provider_name().to_owned();
    let what = match warning {
        CertificateWarning::Expired => format!("The certificate expired on {}.", date(certificate_expires)),
        _ => format!("The certificate expires {}.", until(certificate_expires, now)),
    };
    Some(
        view! {
            <div data-testid="certificate-warning" data-state=warning.name()>
                <Banner tone=warning.tone()>
                    <p>
                        <b>{what}</b>
                        " Sign-in keeps working while " {provider.clone()} " signs with it. When " {provider}
                        " changes to another certificate, paste that one here."
                    </p>
                </Banner>
            </div>
        }
        .into_any(),
    )
}
