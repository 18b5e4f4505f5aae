//! Showing a key without JavaScript: the server writes the dialog into the answer to the form that made the key.

#[cfg(feature = "ssr")]
use crate::components::dialog::{Title, title_id};
use crate::components::{banner::Banner, dialog::lead_id};
use leptos::prelude::*;

/// The dialog's `id`.
pub(super) const ID: &str = "reveal";
/// The dialog's title.
pub(super) const TITLE: &str = "Copy your SCIM API key";

/// That the key is shown this once; describes the dialog. The guides open beside the page, because the key is gone with it.
#[component]
pub(super) fn Warning(
    /// The team's Authentication page.
    page: String,
) -> impl IntoView {
    view! {
        <div id=lead_id(ID)>
            <Banner tone="warning">
                <b>"This is the only time the key is shown. "</b>
                "Paste it into your provider now ("
                <a href=page + "/guides" target=Some("_blank")>"setup guides, opens in a new tab"</a>
                "). If you lose it, roll the key to get a new one."
            </Banner>
        </div>
    }
}

/// "Copy your SCIM API key", without JavaScript: the key can be selected with one click, and Done is a link.
#[cfg(feature = "ssr")]
#[component]
pub(crate) fn StaticReveal(
    /// The key's name.
    name: String,
    /// The key.
    key: String,
    /// The SCIM base URL.
    base_url: String,
    /// Where Done leads.
    done_href: String,
) -> impl IntoView {
    view! {
        <dialog class="dialog" id=ID open=true closedby="none" aria-labelledby=title_id(ID) aria-describedby=lead_id(ID)>
            <div class="dialog-body">
                <div>
                    <Title dialog=ID start=true>{TITLE}</Title>
                    <p class="muted">{name}</p>
                </div>
                <div class="field">
                    <h3>"Key"</h3>
                    <div class="copy">
                        <code id="reveal.key">{key}</code>
                    </div>
                </div>
                <div class="field">
                    <h3>"SCIM base URL"</h3>
                    <div class="copy">
                        <code id="reveal.base-url">{base_url}</code>
                    </div>
                </div>
                <Warning page=done_href.clone()/>
                <div class="actions">
                    <a class="btn btn-primary" href=done_href>
                        "Done"
                    </a>
                </div>
            </div>
        </dialog>
    }
}
