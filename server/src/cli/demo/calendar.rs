//! What happens when, from the first sync to now: the same every time.

use domain::{DAY, HOUR, MINUTE, UnixMs};
use std::collections::VecDeque;

/// One in so many has left since the first sync.
const LEAVERS: usize = 40;
/// So many days ago what the provider sends begins to be on record.
pub(super) const RECORDED_DAYS: i64 = 29;

/// Something that the provider sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// These people are created, by their numbers.
    Join(std::ops::Range<usize>),
    /// Everybody who joined since the last time is put into their groups.
    Group,
    /// These are deactivated.
    Leave(Vec<usize>),
    /// Somebody has a new job.
    Promote(usize),
    /// Somebody joins the managers.
    Manage(usize),
    /// It looks whether everybody is there.
    Poll,
    /// A report that somebody wrote against the API asks for what there is not.
    Report,
}

/// The events to come, the next one first.
pub(super) struct Calendar(VecDeque<(UnixMs, Event)>);

impl Calendar {
    /// How many people the first sync creates, of so many.
    pub(super) const fn first(members: usize) -> usize {
        members * 6 / 10
    }

    /// From the first sync of so many people at `start` up to `now`.
    pub(super) fn of(members: usize, start: UnixMs, now: UnixMs) -> Self {
        let mut events = Vec::new();
        let days = (now - start) / DAY - 1;
        let slots: Vec<i64> = (2..days).rev().filter(|day| *day <= RECORDED_DAYS || day % 4 == 0).collect();
        if members > 0 {
            people(&mut events, members, &slots, now);
        }
        for ago in (1..12).rev() {
            events.push((now - ago * 2 * HOUR + 7 * MINUTE, Event::Poll));
        }
        events.extend([(now - 19 * HOUR, Event::Report), (now - 5 * HOUR - 3 * MINUTE, Event::Report)]);
        events.push((now - 3 * MINUTE, Event::Poll));
        events.sort_by_key(|(at, _)| *at);
        Self(events.into())
    }

    /// The next event, if it is not after `until`.
    pub(super) fn next(&mut self, until: UnixMs) -> Option<(UnixMs, Event)> {
        if self.0.front().is_some_and(|(at, _)| *at <= until) { self.0.pop_front() } else { None }
    }
}

fn people(events: &mut Vec<(UnixMs, Event)>, members: usize, slots: &[i64], now: UnixMs) {
    let first = Calendar::first(members);
    let parts = slots.len().max(1);
    let leavers: Vec<usize> = (0..members / LEAVERS).map(|number| (number * 23 + 11) % first.max(1)).collect();
    let part = |all: usize, slot: usize| all * slot / parts..all * (slot + 1) / parts;
    for (slot, day) in slots.iter().enumerate() {
        // In the hours of work.
        let at = now - day * DAY + i64::try_from(slot * 37 % 480).unwrap_or(0) * MINUTE - 4 * HOUR;
        let joining = part(members - first, slot);
        if !joining.is_empty() {
            events.push((at, Event::Join(first + joining.start..first + joining.end)));
        }
        if *day <= RECORDED_DAYS {
            if day % 5 == 2 {
                events.push((at + 2 * MINUTE, Event::Group));
            }
            events.push((at + 95 * MINUTE, Event::Promote(slot * 17 % first.max(1))));
        }
        let leaving = leavers.get(part(leavers.len(), slot)).unwrap_or_default();
        if !leaving.is_empty() {
            events.push((at + 3 * HOUR, Event::Leave(leaving.to_vec())));
        }
    }
    for (ago, number) in [(1370, 3), (1210, 9), (980, 14), (760, 1), (515, 21), (340, 33), (95, 0), (71, 40), (38, 5)] {
        events.push((now - ago * MINUTE, Event::Promote(number % first.max(1))));
    }
    events.extend([(now - 655 * MINUTE, Event::Manage(12)), (now - 12 * MINUTE, Event::Manage(2))]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_joins_once_and_time_goes_on() {
        for members in [1, 300, 10_000] {
            let (start, now) = (0, 300 * DAY);
            let mut calendar = Calendar::of(members, start, now);
            let (mut joined, mut last) = (Calendar::first(members), start);
            while let Some((at, event)) = calendar.next(now) {
                assert!(at >= last && at <= now);
                last = at;
                if let Event::Join(range) = event {
                    assert_eq!(range.start, joined);
                    joined = range.end;
                }
            }
            assert_eq!(joined, members);
        }
    }
}
