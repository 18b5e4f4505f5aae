//! A value to paste elsewhere. One click selects it; the button copies it once the browser's part is there
//! (`browser::copy_field`).

use super::icon::Icon;
use leptos::prelude::*;

/// A value and its Copy button.
#[component]
pub(crate) fn CopyField(
    /// The `id` of the value.
    #[prop(into)]
    id: String,
    /// What the value is: "SCIM base URL".
    #[prop(into)]
    label: String,
    /// The value.
    value: String,
    /// A button with an edge, for the one value that matters: a secret that is shown once.
    #[prop(optional)]
    secret: bool,
) -> impl IntoView {
    let is_long = value.contains('\n');
    view! {
        <div class="copy" class:copy-long=is_long data-secret=secret.then_some("")>
            <code id=id tabindex=is_long.then_some("0") role=is_long.then_some("group") aria-label=is_long.then(|| label.clone())>
                {value}
            </code>
            <button
                class=if secret { "btn" } else { "btn btn-quiet" }
                type="button"
                data-copy=""
                aria-label=["Copy ", &label].concat()
            >
                <Icon name="copy"/>
                " "
                <span>"Copy"</span>
            </button>
        </div>
        <p class="vh" aria-live="polite"></p>
    }
}
