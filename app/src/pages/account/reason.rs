//! Why a part of the Account page is not available.

use crate::components::banner::Banner;
use leptos::prelude::*;

/// Why something cannot be done here, and what helps.
#[component]
pub(super) fn BlockedReason(
    /// The `id`, for `aria-describedby`.
    id: &'static str,
    /// Why.
    reason: String,
) -> impl IntoView {
    view! {
        <Banner tone="accent" id=id>
            {reason}
        </Banner>
    }
}
