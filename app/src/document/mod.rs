//! HTML as the server writes it: a whole document, and the parts of one that is open.

mod body;
mod data;
mod head;

#[cfg(debug_assertions)]
pub use body::gallery;
pub use body::{render, render_with_invite, render_with_key};
pub use data::{connection, events, gap, test_result, waiting};
pub use head::Assets;
