//! The orders of lists.

use domain::sort::{GroupSort, MemberOrder, MemberSort};
use std::collections::BTreeSet;

#[test]
fn each_order_has_its_own_name_and_label() {
    let names: BTreeSet<_> = MemberOrder::ALL.map(MemberOrder::name).into();
    let labels: BTreeSet<_> = MemberOrder::ALL.map(MemberOrder::label).into();
    assert_eq!((names.len(), labels.len()), (12, 12));
    let names: BTreeSet<_> = GroupSort::ALL.map(GroupSort::name).into();
    let labels: BTreeSet<_> = GroupSort::ALL.map(GroupSort::label).into();
    assert_eq!((names.len(), labels.len()), (3, 3));
}

#[test]
fn a_minus_before_the_name_reverses_the_order() {
    for order in MemberOrder::ALL {
        let minus = if order.reversed { "-" } else { "" };
        assert_eq!(order.name(), format!("{minus}{}", order.by.name()));
    }
    assert_eq!(MemberOrder::default(), MemberSort::Name.into());
}

/// The most powerful role, the last sign-in and the newest member come first, so their columns are descending.
#[test]
fn columns_show_their_sort_direction() {
    for (order, aria) in [
        (MemberSort::Name.into(), "ascending"),
        (MemberSort::Role.into(), "descending"),
        (MemberSort::LastSignIn.into(), "descending"),
        (MemberOrder { by: MemberSort::Name, reversed: true }, "descending"),
        (MemberOrder { by: MemberSort::Newest, reversed: true }, "ascending"),
    ] {
        assert_eq!(order.aria(), aria, "{order:?}");
    }
}
