//! A large company: most people join with the first sync, the others in the months since.

use super::{
    super::seed::{ADMIN, MAPPED},
    AGE, CalendarEvent, Office, RECORDED_DAYS, share,
};
use domain::{DAY, HOUR, MINUTE, UnixMs};

/// One person of this many has left since the first sync.
const LEAVERS: usize = 40;

pub(super) const fn first(members: usize) -> usize {
    members * 6 / 10
}

pub(super) fn events(members: usize, now: UnixMs) -> Vec<(UnixMs, CalendarEvent)> {
    let mut events = Vec::new();
    let slots: Vec<i64> = (2..AGE - 1).rev().filter(|day| *day < RECORDED_DAYS || day % 4 == 0).collect();
    let first = first(members);
    let parts = slots.len().max(1);
    let leavers: Vec<usize> = (0..members / LEAVERS).map(|number| (number * 23 + 11) % first.max(1)).collect();
    for (group, role) in MAPPED {
        events.push((now - (AGE - 2) * DAY, CalendarEvent::Office(Office::Map(ADMIN, group, Some(role)))));
    }
    for (slot, day) in slots.iter().enumerate() {
        // In working hours.
        let at = now - day * DAY + i64::try_from(slot * 37 % 480).unwrap_or(0) * MINUTE - 4 * HOUR;
        let joining = share(members - first, slot, parts);
        if !joining.is_empty() {
            events.push((at, CalendarEvent::Join(first + joining.start..first + joining.end)));
        }
        if *day < RECORDED_DAYS {
            if day % 5 == 2 {
                events.push((at + 2 * MINUTE, CalendarEvent::Group));
            }
            events.push((at + 95 * MINUTE, CalendarEvent::Update(slot * 17 % first.max(1))));
        }
        let leaving = leavers.get(share(leavers.len(), slot, parts)).unwrap_or_default();
        if !leaving.is_empty() {
            events.push((at + 3 * HOUR, CalendarEvent::Leave(leaving.to_vec())));
        }
    }
    for (ago, number) in [(1370, 3), (1210, 9), (980, 14), (760, 1), (515, 21), (340, 33), (95, 0), (71, 40), (38, 5)] {
        events.push((now - ago * MINUTE, CalendarEvent::Update(number % first.max(1))));
    }
    events.extend([(now - 655 * MINUTE, CalendarEvent::Manage(12)), (now - 12 * MINUTE, CalendarEvent::Manage(2))]);
    for ago in (1..12).rev() {
        events.push((now - ago * 2 * HOUR + 7 * MINUTE, CalendarEvent::Import));
    }
    events.push((now - 3 * MINUTE, CalendarEvent::Import));
    events
}
