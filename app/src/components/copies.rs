//! Values with a Copy button on the pages that are not made live. One click selects a value; the button copies it once the
//! browser's part is there.

#[cfg(feature = "ssr")]
use super::icon::Icon;
#[cfg(feature = "ssr")]
use leptos::prelude::*;

/// A value to paste elsewhere.
#[cfg(feature = "ssr")]
#[component]
pub(crate) fn Copies(
    /// The `id` of the value.
    id: String,
    /// What the value is: "SCIM base URL".
    label: String,
    /// The value.
    value: String,
) -> impl IntoView {
    let long = value.contains('\n');
    view! {
        <div class="copy" class:copy-long=long>
            <code id=id.clone() tabindex=long.then_some("0") role=long.then_some("group") aria-label=long.then(|| label.clone())>
                {value}
            </code>
            <button class="btn btn-quiet" type="button" data-copies=id aria-label=["Copy ", &label].concat()>
                <Icon name="copy"/>
                " "
                <span>"Copy"</span>
            </button>
        </div>
        <p class="vh" aria-live="polite"></p>
    }
}

#[cfg(feature = "hydrate")]
pub(crate) use live::start;

#[cfg(feature = "hydrate")]
mod live {
    use crate::{
        browser::all,
        components::copy::live::{SHOWN, keys, select, write},
    };
    // Leptos's own wants a page that was made live.
    use js_sys::futures::spawn_local;
    use leptos::prelude::{document, set_timeout};
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::Element;

    /// Makes the buttons work.
    pub(crate) fn start() {
        for button in all("[data-copies]") {
            let act: Box<dyn FnMut()> = Box::new({
                let button = button.clone();
                move || spawn_local(copy(button.clone()))
            });
            let act = Closure::wrap(act);
            let _ = button.add_event_listener_with_callback("click", act.as_ref().unchecked_ref());
            act.forget();
        }
    }

    async fn copy(button: Element) {
        let id = button.get_attribute("data-copies").unwrap_or_default();
        let Some(value) = document().get_element_by_id(&id).and_then(|code| code.text_content()) else { return };
        let told = button.parent_element().and_then(|copy| copy.next_element_sibling());
        let tell = move |words: &str, class: &str| {
            if let Some(told) = &told {
                told.set_class_name(class);
                told.set_text_content(Some(words));
            }
        };
        if !write(&value).await {
            select(&id);
            return tell(keys(), "hint");
        }
        let label = button.query_selector("span").ok().flatten();
        let say = move |words: &str| {
            if let Some(label) = &label {
                label.set_text_content(Some(words));
            }
        };
        let _ = button.set_attribute("data-copied", "");
        say("Copied");
        tell("Copied.", "vh");
        set_timeout(
            move || {
                let _ = button.remove_attribute("data-copied");
                say("Copy");
                tell("", "vh");
            },
            SHOWN,
        );
    }
}
