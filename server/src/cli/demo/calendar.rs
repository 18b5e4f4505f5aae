//! The events of a demo, from the first sync to now. They are the same each time.

mod month;
mod years;

use domain::{DAY, HOUR, UnixMs, role::Role};
use std::{collections::VecDeque, ops::Range};

/// A team of this size or more is a large company: its provider was connected [`AGE`] days ago, and not [`MONTH`].
const LARGE: usize = 1_000;
/// The age of the provider's key in days, in a large company and in a small team.
const AGE: i64 = 300;
const MONTH: i64 = 30;
/// The server keeps requests of providers for this many days.
pub(super) const RECORDED_DAYS: i64 = 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CalendarEvent {
    /// The provider creates these people, by their numbers.
    Join(Range<usize>),
    /// The provider adds all people who joined since the last time to their groups.
    Group,
    /// The provider looks these people up before it creates or changes them.
    LookUp(Vec<usize>),
    /// The provider reads a page of all members and groups.
    Import,
    /// The provider deactivates these people.
    Leave(Vec<usize>),
    /// The provider reactivates a person.
    Return(usize),
    /// The provider sends a change of a profile.
    Update(usize),
    /// The provider moves a person to another department.
    Move(usize, &'static str),
    /// The provider adds a person to the managers.
    Manage(usize),
    /// The provider creates a group of these people.
    Found(&'static str, Vec<usize>),
    /// The provider tries to create a person whose userName another member has.
    Duplicate(usize),
    /// A person from the directory signs in.
    SignIn(usize),
    /// An admin, or a person in the settings, acts on a page.
    Office(Office),
}

/// Actions of members on the pages. A member is given by the local part of the email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Office {
    SignIn(&'static str),
    /// This many wrong passwords in a row.
    FailedSignIns(&'static str, usize),
    /// A group gives another role, or none any more.
    Map(&'static str, &'static str, Option<Role>),
    /// A member gets a role manually.
    Give(&'static str, usize, Role),
    /// A Super Admin is marked as break-glass.
    BreakGlass(&'static str),
    /// A second SSO method is added, to be configured later.
    AddMethod(&'static str),
}

/// The future events, next one first.
pub(super) struct Calendar(VecDeque<(UnixMs, CalendarEvent)>);

impl Calendar {
    /// The age of the provider's key in days.
    pub(super) const fn age(members: usize) -> i64 {
        if members < LARGE { MONTH } else { AGE }
    }

    /// The count of people that the first sync creates, and its time.
    pub(super) fn first(members: usize, now: UnixMs) -> (usize, UnixMs) {
        match members {
            ..LARGE => (month::first(members), month::first_sync(now)),
            _ => (years::first(members), now - AGE * DAY + HOUR),
        }
    }

    /// The events from the first sync up to `now`.
    pub(super) fn of(members: usize, now: UnixMs) -> Self {
        let mut events = match members {
            ..LARGE => month::events(members, now),
            _ => years::events(members, now),
        };
        events.sort_by_key(|(at, _)| *at);
        Self(events.into())
    }

    /// The next event, if it is not after `until`.
    pub(super) fn next(&mut self, until: UnixMs) -> Option<(UnixMs, CalendarEvent)> {
        if self.0.front().is_some_and(|(at, _)| *at <= until) { self.0.pop_front() } else { None }
    }
}

/// An hour of the day this many days ago, or of the Friday before it if that is a weekend day.
pub(super) fn office_hour(now: UnixMs, days_ago: i64, hour: i64) -> UnixMs {
    let mut day = now.div_euclid(DAY) - days_ago;
    while is_weekend(day) {
        day -= 1;
    }
    day * DAY + hour * HOUR
}

/// Whether the day is a weekend day. Its number counts from 1970-01-01, a Thursday.
const fn is_weekend(day: i64) -> bool {
    matches!((day + 4).rem_euclid(7), 0 | 6)
}

/// The range of `all` that belongs to one of the slots.
const fn share(all: usize, slot: usize, slots: usize) -> Range<usize> {
    all * slot / slots..all * (slot + 1) / slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MINUTE;

    /// 2026-06-01T00:00:00Z, a Monday.
    const MONDAY: UnixMs = 1_780_272_000_000;

    #[test]
    fn each_person_joins_once_and_events_are_in_order() {
        for members in [1, 2, 5, 48, 300, 999, 1_000, 10_000] {
            for now in (0..14).map(|half| MONDAY + half * DAY / 2 + 7 * MINUTE) {
                let mut calendar = Calendar::of(members, now);
                let (mut joined, mut last) = Calendar::first(members, now);
                assert!(now - last < Calendar::age(members) * DAY);
                while let Some((at, event)) = calendar.next(now) {
                    assert!(at >= last && at <= now, "{members} {event:?}");
                    last = at;
                    if let CalendarEvent::Join(range) = event {
                        assert_eq!(range.start, joined);
                        joined = range.end;
                    }
                }
                assert_eq!(joined, members);
            }
        }
    }

    #[test]
    fn no_event_of_an_office_is_at_a_weekend() {
        assert!(!is_weekend(MONDAY / DAY) && is_weekend(MONDAY / DAY - 1) && is_weekend(MONDAY / DAY - 2));
        assert_eq!(office_hour(MONDAY, 0, 9), MONDAY + 9 * HOUR);
        assert_eq!(office_hour(MONDAY, 1, 9), MONDAY - 3 * DAY + 9 * HOUR);
    }
}
