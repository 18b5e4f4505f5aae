//! Showing a key, this once.
//!
//! The key stands in a signal of the page and in this dialog, and is gone from both when the dialog closes.

use super::{
    keys::HOME,
    reveal::{ID, TITLE, Warning},
    state::{ShownKey, State},
};
use crate::components::erased::{change, maybe, part, press};
use crate::components::{
    copy::Copy,
    dialog::{Title, lead_id, title_id},
    dom,
};
use leptos::prelude::*;

/// The `id` of the question about a key that was not copied.
const ASKED: &str = "reveal.asked";

/// "Copy your SCIM API key", while there is one to show.
#[component]
pub(super) fn Reveal(state: State) -> impl IntoView {
    let copied = RwSignal::new(false);
    // Leaving the page with a key that nobody has yet asks first.
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let _ = window_event_listener(leptos::ev::beforeunload, move |event| {
            if state.shown.with_untracked(Option::is_some) && !copied.get_untracked() {
                event.prevent_default();
            }
        });
    });
    maybe(move || {
        let shown = state.shown.get()?;
        copied.set(false);
        Some(view! { <Shown state=state shown=shown copied=copied/> })
    })
}

#[component]
fn Shown(state: State, shown: ShownKey, copied: RwSignal<bool>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let base_url = state.peek(|known| known.data.base_url.clone());
    let finish = move || {
        dom::close(ID);
        // Not before the dialog has closed: its focus goes back to what opened it.
        dom::soon(move || state.shown.set(None));
        dom::give_focus_back(HOME);
    };
    let done = move |_| {
        if copied.get_untracked() {
            finish();
        } else {
            asking.set(true);
            dom::soon(|| dom::focus("reveal.back"));
        }
    };
    let go_back = move |_| {
        asking.set(false);
        dom::soon(|| dom::focus(&title_id(ID)));
    };
    view! {
        <dialog
            class="dialog"
            id=ID
            closedby="none"
            aria-labelledby=title_id(ID)
            aria-describedby=lead_id(ID)
            on:cancel=change(|event| event.prevent_default())
        >
            <div class="dialog-body">
                <div>
                    <Title dialog=ID start=true>{TITLE}</Title>
                    <p class="muted">{shown.name}</p>
                </div>
                <div class="field">
                    <h3>"Key"</h3>
                    <Copy
                        id="reveal.key"
                        label="Copy SCIM API key"
                        value=shown.key
                        strong=true
                        copied=copied
                    />
                </div>
                <div class="field">
                    <h3>"SCIM base URL"</h3>
                    <Copy id="reveal.base-url" label="Copy SCIM base URL" value=base_url/>
                </div>
                <Warning page=crate::resume::authentication_path(&state.slug())/>
                {part(move || {
                    if asking.get() && !copied.get() {
                        view! {
                            <p class="error" role="alert" id=ASKED>
                                "You haven't copied the key. Once you close this, no one can see it again."
                            </p>
                            <div class="actions">
                                <button class="btn" type="button" id="reveal.back" aria-describedby=ASKED on:click=press(go_back)>
                                    "Go back"
                                </button>
                                <button class="btn btn-danger" type="button" on:click=press(move |_| finish())>
                                    "Close without copying"
                                </button>
                            </div>
                        }
                            .into_any()
                    } else {
                        view! {
                            <div class="actions">
                                <button class="btn btn-primary" type="button" on:click=press(done)>
                                    "Done"
                                </button>
                            </div>
                        }
                            .into_any()
                    }
                })}
            </div>
        </dialog>
    }
    .into_any()
}
