//! The dialog with a new key, which is shown once. The server renders it in the response to the form that created the
//! key.
//!
//! With JavaScript, closing it needs a confirmation if the key was not copied (`browser::reveal`).

use crate::components::{
    banner::Banner,
    copy_field::CopyField,
    dialog::{Title, lead_id, title_id},
};
use leptos::prelude::*;

const ID: &str = "reveal";
/// The `id` of the confirmation to close without copying.
const CONFIRMATION: &str = "reveal.confirmation";
const TITLE: &str = "Copy your SCIM API key";

/// The warning that the key is shown once, which describes the dialog. The links to guides open new tabs, because the
/// key is lost with the page.
#[component]
fn Warning(page: String) -> impl IntoView {
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

/// "Copy your SCIM API key".
#[component]
pub(crate) fn KeyReveal(
    name: String,
    key: String,
    base_url: String,
    /// The target of Done.
    done_href: String,
) -> impl IntoView {
    view! {
        <dialog
            class="dialog"
            id=ID
            open=true
            closedby="none"
            aria-labelledby=title_id(ID)
            aria-describedby=lead_id(ID)
            data-reveal=""
        >
            <div class="dialog-body">
                <div>
                    <Title dialog=ID start=true>{TITLE}</Title>
                    <p class="muted">{name}</p>
                </div>
                <div class="field">
                    <h3>"Key"</h3>
                    <CopyField id="reveal.key" label="SCIM API key" value=key secret=true/>
                </div>
                <div class="field">
                    <h3>"SCIM base URL"</h3>
                    <CopyField id="reveal.base-url" label="SCIM base URL" value=base_url/>
                </div>
                <Warning page=done_href.clone()/>
                <div class="dialog-actions" data-leave="">
                    <a class="btn btn-primary" href=done_href.clone() data-in-place="" data-done="">
                        "Done"
                    </a>
                </div>
                <div class="field" data-asking="" hidden=true>
                    <p class="field-error" role="alert" id=CONFIRMATION>
                        "You haven't copied the key. Once you close this, no one can see it again."
                    </p>
                    <div class="dialog-actions">
                        <button class="btn" type="button" data-back="" aria-describedby=CONFIRMATION>
                            "Go back"
                        </button>
                        <a class="btn btn-danger" href=done_href data-in-place="" data-insist="">
                            "Close without copying"
                        </a>
                    </div>
                </div>
            </div>
        </dialog>
    }
}
