//! Changes the page into another one with as few changes as possible, so that focus, scroll position, open menus and
//! other input stay.
//!
//! Two elements are the same if they have the same name and the same key: `data-key`, or else `id`. An element without a key
//! is the same as the one at its position among its siblings, less what was inserted or removed before it.

use super::dom;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlDialogElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement, Node,
};

/// The values of fields after a change of the page.
#[derive(Clone)]
pub(super) enum Fields {
    /// A field keeps its value unless the server changed it.
    Keep,
    /// Like [`Fields::Keep`], but the fields of this form get the server's values.
    Reset(Element),
    /// Every field gets the server's value, for another page or an earlier state of this one.
    ResetAll,
}

impl Fields {
    fn resets(&self, field: &Element) -> bool {
        match self {
            Fields::Keep => false,
            // Includes a field that belongs to the form by its attribute.
            Fields::Reset(form) => {
                form.contains(Some(field))
                    || field.get_attribute("form").is_some_and(|id| !id.is_empty() && id == form.id())
            }
            Fields::ResetAll => true,
        }
    }
}

/// Attributes that only the browser's part sets, or that need more than a plain assignment.
const OURS: [&str; 3] = ["data-hydrated", "open", "nonce"];

/// Gives an element the attributes and the content of another one with the same name.
pub(super) fn morph(old: &Element, new: &Element, fields: &Fields) {
    let had = field_state(old);
    attributes(old, new);
    children(old, new, fields);
    field(old, new, had, fields);
    if let Some(dialog) = old.dyn_ref::<HtmlDialogElement>() {
        match (dialog.open(), new.has_attribute("open")) {
            (true, false) => dialog.close(),
            // `dialogs::show_open` makes it modal when the whole page is ready.
            (false, true) => dialog.set_open(true),
            _ => {}
        }
    }
}

/// Changes the children of an element, as [`morph`].
pub(super) fn children(old: &Node, new: &Node, fields: &Fields) {
    let mut next = old.first_child();
    let mut target = new.first_child();
    while let Some(node) = target {
        target = node.next_sibling();
        if is_skipped(&node) {
            continue;
        }
        let mut place = next.clone();
        while place.as_ref().is_some_and(is_skipped) {
            place = place.and_then(|place| place.next_sibling());
        }
        match find_same(place.as_ref(), &node) {
            Some(same) => {
                next = bring(old, &same, place);
                update(&same, &node, fields);
            }
            None => {
                if let Ok(copy) = dom::document().import_node_with_deep(&node, true) {
                    let _ = old.insert_before(&copy, place.as_ref());
                }
                next = place;
            }
        }
    }
    while let Some(rest) = next {
        next = rest.next_sibling();
        if !is_skipped(&rest) {
            close_dialogs(&rest);
            let _ = old.remove_child(&rest);
        }
    }
}

/// Brings a child to its place. Returns the place of the next one. What has the focus is not moved, because it would lose it.
fn bring(parent: &Node, child: &Node, place: Option<Node>) -> Option<Node> {
    let has_focus = child.contains(dom::document().active_element().as_deref());
    let mut passed = place.clone();
    while let Some(node) = passed.take_if(|node| !node.is_same_node(Some(child))) {
        if !has_focus {
            let _ = parent.insert_before(child, place.as_ref());
            return place;
        }
        passed = node.next_sibling();
        let _ = parent.insert_before(&node, child.next_sibling().as_ref());
    }
    child.next_sibling()
}

fn update(old: &Node, new: &Node, fields: &Fields) {
    match (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) {
        (Some(old), Some(new)) => morph(old, new, fields),
        _ => {
            if old.node_value() != new.node_value() {
                old.set_node_value(new.node_value().as_deref());
            }
        }
    }
}

/// Scripts run once. Comments are the places where the server wrote nothing.
fn is_skipped(node: &Node) -> bool {
    node.node_name() == "SCRIPT" || node.node_type() == Node::COMMENT_NODE
}

fn is_same(old: &Node, new: &Node) -> bool {
    old.node_name() == new.node_name() && key(old) == key(new)
}

/// The node at this place if it is the same, else the next element that is. An element without a key is not looked for where
/// something was inserted: that is, where the element at this position comes later in the new page.
fn find_same(place: Option<&Node>, target: &Node) -> Option<Node> {
    let place = place?;
    if is_same(place, target) {
        return Some(place.clone());
    }
    let is_element = target.node_type() == Node::ELEMENT_NODE;
    let is_insertion = key(target).is_none() && next_same(target, place).is_some();
    if is_element && !is_insertion { next_same(place, target) } else { None }
}

/// The first sibling after a node that is the same as another one.
fn next_same(node: &Node, other: &Node) -> Option<Node> {
    let mut next = node.next_sibling();
    while let Some(sibling) = next {
        if is_same(&sibling, other) {
            return Some(sibling);
        }
        next = sibling.next_sibling();
    }
    None
}

fn key(node: &Node) -> Option<String> {
    let element = node.dyn_ref::<Element>()?;
    element.get_attribute("data-key").or_else(|| element.get_attribute("id"))
}

fn attributes(old: &Element, new: &Element) {
    // A heading that was made focusable would lose the focus.
    let has_focus = dom::document().active_element().as_ref() == Some(old);
    for name in old.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        let is_kept = OURS.contains(&name.as_str()) || has_focus && name == "tabindex";
        if !is_kept && !new.has_attribute(&name) {
            dom::unset(old, &name);
        }
    }
    for name in new.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        let value = new.get_attribute(&name).unwrap_or_default();
        if !OURS.contains(&name.as_str()) && old.get_attribute(&name).as_ref() != Some(&value) {
            dom::set(old, &name, &value);
        }
    }
}

/// The server's previous value of a field.
fn field_state(element: &Element) -> Option<String> {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        return Some(if is_box(input) { input.default_checked().to_string() } else { input.default_value() });
    }
    if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        return area.default_value().ok();
    }
    element.dyn_ref::<HtmlSelectElement>().map(|select| default_index(select).to_string())
}

/// The server's selected option, or else the first.
fn default_index(select: &HtmlSelectElement) -> i32 {
    let options = select.options();
    let is_default = |index: &u32| {
        let option = options.get_with_index(*index).and_then(|option| option.dyn_into::<HtmlOptionElement>().ok());
        option.is_some_and(|option| option.default_selected())
    };
    (0..options.length()).find(is_default).and_then(|index| i32::try_from(index).ok()).unwrap_or_default()
}

/// An attribute is only the initial value of a field, so the current value is set separately.
fn field(old: &Element, new: &Element, had: Option<String>, fields: &Fields) {
    let Some(had) = had else { return };
    if field_state(new).as_ref() == Some(&had) && !fields.resets(old) {
        return;
    }
    if let Some(input) = old.dyn_ref::<HtmlInputElement>() {
        if is_box(input) {
            input.set_checked(input.default_checked());
        } else {
            input.set_value(&input.default_value());
        }
    } else if let Some(area) = old.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(&area.default_value().unwrap_or_default());
    } else if let Some(select) = old.dyn_ref::<HtmlSelectElement>() {
        select.set_selected_index(default_index(select));
    }
}

fn is_box(input: &HtmlInputElement) -> bool {
    matches!(input.type_().as_str(), "checkbox" | "radio")
}

/// A dialog that is removed while it is open would keep the focus from its opener.
fn close_dialogs(node: &Node) {
    let Some(element) = node.dyn_ref::<Element>() else { return };
    let itself = element.matches("dialog[open]").unwrap_or(false).then(|| element.clone());
    for dialog in itself.into_iter().chain(dom::all_within(element, "dialog[open]")) {
        if let Ok(dialog) = dialog.dyn_into::<HtmlDialogElement>() {
            dialog.close();
        }
    }
}
