//! The start of a document, up to `<body>`.

use crate::{
    model::Theme,
    pages::{self, Page},
};

/// The hashed names of the built files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// `/pkg/rollcall.HASH.js`
    pub js: String,
    /// `/pkg/rollcall.HASH.wasm`
    pub wasm: String,
    /// `/pkg/rollcall.HASH.css`
    pub css: String,
}

impl Assets {
    /// The names of files that are not hashed.
    pub fn without_hashes() -> Self {
        Self { js: "/pkg/rollcall.js".into(), wasm: "/pkg/rollcall.wasm".into(), css: "/pkg/rollcall.css".into() }
    }
}

/// Does the browser's part start?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Live {
    Yes,
    No,
}

/// Everything up to and including `<body>`. `page_url`: the page whose address the browser is to show, whatever its query, so that
/// neither loading it again nor coming back sends a form once more.
pub(super) fn write_head(html: &mut String, page: &Page, assets: &Assets, live: Live, page_url: Option<&str>) {
    html.push_str("<!doctype html><html lang=\"en\" data-now=\"");
    html.push_str(&page.now.to_string());
    html.push('"');
    if let Some(page_url) = page_url {
        html.push_str(" data-page-url=\"");
        push_escaped(html, page_url.split('?').next().unwrap_or_default());
        html.push('"');
    }
    let scheme = match page.theme {
        Theme::System => "light dark",
        chosen => {
            html.push_str(" data-theme=\"");
            html.push_str(chosen.name());
            html.push('"');
            chosen.name()
        }
    };
    html.push_str(
        "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"",
    );
    html.push_str(scheme);
    html.push_str("\"><title>");
    push_escaped(html, &pages::title(page));
    html.push_str("</title><link rel=\"stylesheet\" href=\"");
    push_escaped(html, &assets.css);
    html.push_str("\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">");
    if let Some(url) = pages::refresh_url(page) {
        html.push_str("<meta http-equiv=\"refresh\" content=\"0;url=");
        push_escaped(html, url);
        html.push_str("\">");
    }
    if live == Live::Yes {
        html.push_str("<link rel=\"modulepreload\" href=\"");
        push_escaped(html, &assets.js);
        html.push_str("\"><link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"");
        push_escaped(html, &assets.wasm);
        html.push_str("\">");
    }
    html.push_str("</head><body class=\"");
    html.push_str(pages::body_class(page));
    html.push_str("\">");
}

/// For text and for attributes in double quotes.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}
