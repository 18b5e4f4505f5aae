//! The moving parts of a view, with one type for all of a kind.
//!
//! The compiler writes the code that makes a closure part of a view anew for every closure. Behind one type it is written
//! once, which spares the browser about a fifth of what it loads.
//!
//! For the same reason an attribute is an `Option` wherever it is one elsewhere: it is written for one type, not for two.

use leptos::{ev, prelude::*};

/// A text that follows what it reads.
pub(crate) type Text = Box<dyn FnMut() -> String + Send>;
/// A part of a view that follows what it reads.
pub(crate) type Part = Box<dyn FnMut() -> AnyView + Send>;
/// The value of an attribute that follows what it reads; `None`: no such attribute.
pub(crate) type Attr = Box<dyn FnMut() -> Option<String> + Send>;
/// What happens when something is pressed.
pub(crate) type Press = Box<dyn FnMut(ev::MouseEvent)>;

/// See [`Text`].
pub(crate) fn text<T: Into<String>>(mut read: impl FnMut() -> T + Send + 'static) -> Text {
    Box::new(move || read().into())
}

/// See [`Part`].
pub(crate) fn part<V: IntoAny>(mut read: impl FnMut() -> V + Send + 'static) -> Part {
    Box::new(move || read().into_any())
}

/// A [`Part`] that is not always there.
pub(crate) fn maybe<V: IntoAny>(mut read: impl FnMut() -> Option<V> + Send + 'static) -> Part {
    Box::new(move || read().map_or_else(|| ().into_any(), IntoAny::into_any))
}

/// See [`Attr`].
pub(crate) fn attr<T: Into<String>>(mut read: impl FnMut() -> Option<T> + Send + 'static) -> Attr {
    Box::new(move || read().map(Into::into))
}

/// An attribute that is there, without a value, or not.
pub(crate) fn flag(mut read: impl FnMut() -> bool + Send + 'static) -> Attr {
    Box::new(move || read().then(String::new))
}

/// What happens when something else is chosen, or a dialog closes.
pub(crate) type Change = Box<dyn FnMut(ev::Event)>;

/// See [`Change`].
pub(crate) fn change(act: impl FnMut(ev::Event) + 'static) -> Change {
    Box::new(act)
}

/// What happens when a form is sent.
pub(crate) type Submit = Box<dyn FnMut(ev::SubmitEvent)>;

/// See [`Submit`].
pub(crate) fn submit(act: impl FnMut(ev::SubmitEvent) + 'static) -> Submit {
    Box::new(act)
}

/// See [`Press`].
pub(crate) fn press(act: impl FnMut(ev::MouseEvent) + 'static) -> Press {
    Box::new(act)
}

/// A view for each id, kept as long as the id is among them.
pub(crate) fn each(
    ids: impl Fn() -> Vec<String> + Send + Sync + 'static,
    view: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let ids: Box<dyn Fn() -> Vec<String> + Send + Sync> = Box::new(ids);
    let view: Box<dyn Fn(String) -> AnyView + Send + Sync> = Box::new(view);
    all(ids, view)
}

fn all(ids: Box<dyn Fn() -> Vec<String> + Send + Sync>, view: Box<dyn Fn(String) -> AnyView + Send + Sync>) -> AnyView {
    let view = std::sync::Arc::new(view);
    view! { <For each=ids key=String::clone children=move |id| view(id)/> }.into_any()
}
