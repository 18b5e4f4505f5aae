//! A value and its Copy button.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "used by the browser's part"))]

use super::erased::{attr, part, press, text};
use super::icon::Icon;
use leptos::prelude::*;

/// A value that can be copied. One click on it selects all of it; the button copies it, says so for two seconds, and
/// announces it. Where the browser refuses, the value is selected and the person copies it with the keyboard.
#[component]
pub(crate) fn Copy(
    /// The `id` of the value.
    id: &'static str,
    /// What the button is called: "Copy SCIM base URL".
    label: &'static str,
    /// The value. Never a part of the page's data where it is secret.
    value: String,
    /// Set when it is copied: at once, and taken back where the browser refuses.
    #[prop(optional)]
    copied: Option<RwSignal<bool>>,
    /// A button with an edge, for the one value that matters.
    #[prop(optional)]
    strong: bool,
) -> impl IntoView {
    let said = RwSignal::new(Said::Nothing);
    let tell = move |is_copied: bool| {
        if let Some(copied) = copied {
            copied.set(is_copied);
        }
    };
    let by_hand = move |_| {
        tell(true);
        said.set(Said::Copied);
        live::forget_later(said);
    };
    let copy = {
        let value = value.clone();
        move |_| {
            tell(true);
            live::copy(id, &value, said, move || tell(false));
        }
    };
    let is_copied = move || said.get() == Said::Copied;
    view! {
        <div class="copy">
            <code id=id on:copy=by_hand>
                {value}
            </code>
            <button
                class=if strong { "btn" } else { "btn btn-quiet" }
                type="button"
                aria-label=Some(label.to_owned())
                data-copied=attr(move || is_copied().then_some(""))
                on:click=press(copy)
            >
                {part(move || if is_copied() { view! { <Icon name="check"/> }.into_any() } else { view! { <Icon name="copy"/> }.into_any() })}
                " "
                {text(move || if is_copied() { "Copied" } else { "Copy" })}
            </button>
        </div>
        <p class=text(move || if matches!(said.get(), Said::PressKeys { .. }) { "hint" } else { "vh" }) aria-live="polite">
            {text(move || said.get().sentence())}
        </p>
    }
}

/// What the button says at the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Copied,
    PressKeys { mac: bool },
}

impl Said {
    const fn sentence(self) -> &'static str {
        match self {
            Said::Nothing => "",
            Said::Copied => "Copied.",
            Said::PressKeys { mac: true } => "Your browser blocked copying. Press Cmd+C.",
            Said::PressKeys { mac: false } => "Your browser blocked copying. Press Ctrl+C.",
        }
    }
}

#[cfg(feature = "hydrate")]
pub(super) mod live {
    use super::Said;
    use leptos::{
        prelude::{RwSignal, Set, document, set_timeout, window},
        task::spawn_local,
    };
    use std::time::Duration;
    use wasm_bindgen::JsValue;

    /// How long the button says "Copied".
    pub(crate) const SHOWN: Duration = Duration::from_secs(2);

    pub(super) fn copy(id: &'static str, value: &str, said: RwSignal<Said>, refused: impl Fn() + 'static) {
        let value = value.to_owned();
        spawn_local(async move {
            if write(&value).await {
                let _ = said.try_set(Said::Copied);
                forget_later(said);
            } else {
                refused();
                select(id);
                let _ = said.try_set(said_by_keys());
            }
        });
    }

    fn said_by_keys() -> Said {
        let platform = window().navigator().platform().unwrap_or_default();
        Said::PressKeys { mac: platform.contains("Mac") }
    }

    /// How to copy by hand.
    pub(crate) fn keys() -> &'static str {
        said_by_keys().sentence()
    }

    pub(super) fn forget_later(said: RwSignal<Said>) {
        set_timeout(move || _ = said.try_set(Said::Nothing), SHOWN);
    }

    /// Writes to the clipboard, which only exists where the page came over TLS or from this machine.
    pub(crate) async fn write(value: &str) -> bool {
        let navigator = window().navigator();
        let there = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
        if !there.is_ok_and(|clipboard| clipboard.is_object()) {
            return false;
        }
        js_sys::futures::JsFuture::from(navigator.clipboard().write_text(value)).await.is_ok()
    }

    pub(crate) fn select(id: &str) {
        if let (Some(code), Ok(Some(selection))) = (document().get_element_by_id(id), window().get_selection()) {
            let _ = selection.select_all_children(&code);
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod live {
    use super::Said;
    use leptos::prelude::RwSignal;

    pub(super) fn copy(_: &'static str, _: &str, _: RwSignal<Said>, _: impl Fn() + 'static) {}
    pub(super) fn forget_later(_: RwSignal<Said>) {}
}
