//! Icons: one sprite in the document, used by name.

use leptos::{prelude::*, tachys::html::InertElement};

/// An icon of the sprite. It is decorative, because the text beside it or the control's label has the meaning.
#[component]
pub(crate) fn Icon(
    /// The name without "i-", from [`SPRITE`].
    name: &'static str,
) -> impl IntoView {
    // Inert, because it never changes and there are many of them.
    InertElement::new(["<svg aria-hidden=\"true\"><use href=\"#i-", name, "\"></use></svg>"].concat())
}

/// The name of every icon, and its drawing in a box of 16 by 16.
const SPRITE: &[(&str, &str)] = &[
    ("activity", r#"<path d="M1.75 8h2.75l2-5 3 10 2-5h2.75"/>"#),
    ("alert", r#"<path d="M8 2.25 14.25 13H1.75ZM8 6.5v3M8 11.25v.01"/>"#),
    ("ban", r#"<circle cx="8" cy="8" r="6"/><path d="m3.9 3.9 8.2 8.2"/>"#),
    ("check", r#"<path d="M3 8.5 6.5 12 13 4.5"/>"#),
    ("clock", r#"<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.25 1.5"/>"#),
    (
        "copy",
        r#"<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>"#,
    ),
    ("dots", r#"<path d="M3.5 8v.01M8 8v.01M12.5 8v.01" stroke-width="2.5"/>"#),
    ("down", r#"<path d="M3.5 6 8 10.5 12.5 6"/>"#),
    ("edit", r#"<path d="m10.5 3 2.5 2.5-7.5 7.5H3v-2.5Z"/>"#),
    ("info", r#"<circle cx="8" cy="8" r="6.25"/><path d="M8 7.5v3.25M8 5.25v.01"/>"#),
    ("key", r#"<circle cx="5" cy="11" r="2.75"/><path d="m7 9 6.5-6.5M11 5l2 2"/>"#),
    ("left", r#"<path d="M10 3.5 5.5 8l4.5 4.5"/>"#),
    ("lock", r#"<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>"#),
    ("mark", r#"<path d="M2.5 4.5h7M2.5 8h4.5M2.5 11.5h3M7.5 10.75l2.25 2.25L14 7"/>"#),
    ("menu", r#"<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>"#),
    ("moon", r#"<path d="M13 9.75A5.75 5.75 0 0 1 6.25 3 5.5 5.5 0 1 0 13 9.75Z"/>"#),
    (
        "people",
        r#"<circle cx="6" cy="5.25" r="2.25"/><path d="M2 13c0-2.2 1.8-3.75 4-3.75S10 10.8 10 13M10.5 3.25a2.1 2.1 0 0 1 0 4M11.75 9.4c1.4.5 2.25 1.8 2.25 3.6"/>"#,
    ),
    ("plus", r#"<path d="M8 3v10M3 8h10"/>"#),
    ("right", r#"<path d="M6 3.5 10.5 8 6 12.5"/>"#),
    ("roll", r#"<path d="M13.25 8a5.25 5.25 0 0 1-9.5 3.1M2.75 8a5.25 5.25 0 0 1 9.5-3.1M12.5 2v3h-3M3.5 14v-3h3"/>"#),
    ("screen", r#"<rect x="2" y="3" width="12" height="8" rx="1.5"/><path d="M5.5 13.5h5"/>"#),
    ("search", r#"<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/>"#),
    ("shield", r#"<path d="M8 1.75 13 3.5v4c0 3.2-2 5.6-5 6.75-3-1.15-5-3.55-5-6.75v-4ZM5.75 8l1.6 1.6 3-3.2"/>"#),
    (
        "sliders",
        r#"<path d="M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6"/><circle cx="10.25" cy="5" r="1.75"/><circle cx="5.75" cy="11" r="1.75"/>"#,
    ),
    ("stack", r#"<path d="M8 2.25 14 5.25 8 8.25 2 5.25ZM2.25 8.25 8 11l5.75-2.75M2.25 11 8 13.75 13.75 11"/>"#),
    (
        "sun",
        r#"<circle cx="8" cy="8" r="2.75"/><path d="M8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.05 1.05M11.55 11.55l1.05 1.05M3.4 12.6l1.05-1.05M11.55 4.45l1.05-1.05"/>"#,
    ),
    ("terminal", r#"<rect x="2" y="3" width="12" height="10" rx="1.5"/><path d="M4.75 6 7 8l-2.25 2M8.5 10h2.75"/>"#),
    ("up", r#"<path d="M3.5 10 8 5.5 12.5 10"/>"#),
    ("updown", r#"<path d="m5 6 3-3 3 3M5 10l3 3 3-3"/>"#),
    ("x", r#"<path d="m4 4 8 8M12 4l-8 8"/>"#),
];

/// Writes the sprite, once per document.
pub(crate) fn write_sprite(html: &mut String) {
    html.push_str("<svg hidden>");
    for (name, drawing) in SPRITE {
        for part in ["<symbol id=\"i-", name, "\" viewBox=\"0 0 16 16\">", drawing, "</symbol>"] {
            html.push_str(part);
        }
    }
    html.push_str("</svg>");
}
