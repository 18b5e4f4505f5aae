//! Showing a key, this once: the server writes the dialog into the answer to the form that made the key.
//!
//! With JavaScript, leaving it asks first if the key was not copied (`browser::reveal`).

use crate::components::{
    banner::Banner,
    copy_field::CopyField,
    dialog::{Title, lead_id, title_id},
};
use leptos::prelude::*;

/// The dialog's `id`.
const ID: &str = "reveal";
/// The `id` of the question about a key that was not copied.
const ASKED: &str = "reveal.asked";
/// The dialog's title.
const TITLE: &str = "Copy your SCIM API key";

/// That the key is shown this once; describes the dialog. The guides open beside the page, because the key is gone with it.
#[component]
fn Warning(
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

/// "Copy your SCIM API key".
#[component]
pub(crate) fn KeyReveal(
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
                <div class="actions" data-leave="">
                    <a class="btn btn-primary" href=done_href.clone() data-in-place="" data-done="">
                        "Done"
                    </a>
                </div>
                <div class="field" data-asking="" hidden=true>
                    <p class="error" role="alert" id=ASKED>
                        "You haven't copied the key. Once you close this, no one can see it again."
                    </p>
                    <div class="actions">
                        <button class="btn" type="button" data-back="" aria-describedby=ASKED>
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
