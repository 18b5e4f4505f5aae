//! A value for pasting elsewhere. One click selects it. The browser's part makes the button copy it
//! (`browser::copy_field`).

use super::icon::Icon;
use leptos::prelude::*;

#[component]
pub(crate) fn CopyField(
    #[prop(into)] id: String,
    /// The name of the value: "SCIM base URL".
    #[prop(into)]
    label: String,
    value: String,
    /// A button with a border, for a secret that is shown once.
    #[prop(optional)]
    secret: bool,
) -> impl IntoView {
    let is_long = value.contains('\n');
    view! {
        <div class="copy-field" class:copy-field-long=is_long data-secret=secret.then_some("")>
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
        <p class="visually-hidden" aria-live="polite"></p>
    }
}
