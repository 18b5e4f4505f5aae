//! Completes a page that the server wrote: what needs the reader's time zone, or a script.

use super::{lists, live, protocols, times};

pub(super) fn complete() {
    times::localize();
    lists::count();
    protocols::apply();
    live::follow();
}
