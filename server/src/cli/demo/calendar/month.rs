//! A month of a small team: busy in working hours, quiet at night and at weekends. The last day is always a busy one, because
//! pages show it first.

use super::{
    super::seed::{ADMIN, BILLING, DEVELOPER, MAPPED, OTHER_ADMIN, SIGN_INS, SIGNED_IN},
    CalendarEvent, MONTH, Office, is_weekend, share,
};
use domain::{DAY, HOUR, MINUTE, UnixMs, role::Role};

/// Earlier events have a working day. Later ones have a time of day, or minutes before now.
const LAST_DAY: UnixMs = 26 * HOUR;
/// Events with a time of day are further back than this.
const FRESH: UnixMs = 80 * MINUTE;
/// The first working hour.
const OPENS: i64 = 7;
/// One person of this many never signs in.
const NEVER: usize = 11;

/// The first sync creates three of four people.
pub(super) const fn first(members: usize) -> usize {
    members - members / 4
}

/// The first working day, at 9:40.
pub(super) fn first_sync(now: UnixMs) -> UnixMs {
    workdays(now).next().unwrap_or_else(|| now.div_euclid(DAY) - MONTH + 1) * DAY + 9 * HOUR + 40 * MINUTE
}

/// The working days of the month, by their numbers since 1970. The whole first one is within the month.
fn workdays(now: UnixMs) -> impl Iterator<Item = i64> {
    let (first, last) = (now.div_euclid(DAY) - MONTH + 1, (now - LAST_DAY).div_euclid(DAY));
    (first..=last).filter(|day| !is_weekend(*day))
}

pub(super) fn events(members: usize, now: UnixMs) -> Vec<(UnixMs, CalendarEvent)> {
    let mut month = Month { members: members.max(1), first: first(members).max(1), sign_ins: 0, events: Vec::new() };
    if members == 0 {
        month.imports(now);
        return month.events;
    }
    let days: Vec<i64> = workdays(now).collect();
    // The last one joins on the last day.
    let joining = (members - first(members)).saturating_sub(1);
    for (slot, day) in days.iter().enumerate() {
        month.day(slot, *day);
        if slot > 0 {
            let joining = share(joining, slot - 1, days.len() - 1);
            month
                .join(day * DAY + 8 * HOUR + 30 * MINUTE, first(members) + joining.start..first(members) + joining.end);
        }
    }
    month.plan(&days);
    month.nights(now);
    month.events.retain(|(at, _)| *at > first_sync(now) && *at < now - LAST_DAY);
    month.sign_ins_of_staff(now);
    month.last_day(members, now);
    month.imports(now);
    month.events
}

struct Month {
    members: usize,
    /// The count of people that the first sync created.
    first: usize,
    sign_ins: usize,
    events: Vec<(UnixMs, CalendarEvent)>,
}

impl Month {
    fn add(&mut self, at: UnixMs, event: CalendarEvent) {
        self.events.push((at, event));
    }

    /// A person that the first sync created.
    fn person(&self, number: usize) -> usize {
        number % self.first
    }

    /// The events of every working day.
    fn day(&mut self, slot: usize, day: i64) {
        let at = |hour: i64, minute: i64| day * DAY + hour * HOUR + minute * MINUTE;
        for turn in 0..4 + slot % 3 {
            let minute = 38 + 19 * turn + slot * 7 % 19;
            self.sign_in(at(OPENS, i64::try_from(minute).unwrap_or(0)));
        }
        for (turn, (hour, minute)) in [(9, 5), (11, 20), (14, 10), (16, 45)].into_iter().enumerate() {
            self.look_up(at(hour, minute), slot * 5 + turn * 3, 1 + (slot + turn) % 4);
        }
        if slot.is_multiple_of(2) {
            self.add(at(10, 15), CalendarEvent::Update(self.person(slot * 17)));
        }
        if slot.is_multiple_of(3) {
            self.add(at(15, 40), CalendarEvent::Update(self.person(slot * 11 + 5)));
        }
        let admin = if slot.is_multiple_of(2) { ADMIN } else { OTHER_ADMIN };
        self.add(at(8, 5), CalendarEvent::Office(Office::SignIn(admin)));
    }

    /// The next person in turn signs in, unless this person never does.
    fn sign_in(&mut self, at: UnixMs) {
        let number = (self.sign_ins * 7 + 3) % self.members;
        self.sign_ins += 1;
        if number % NEVER != NEVER - 1 {
            self.add(at, CalendarEvent::SignIn(number));
        }
    }

    fn look_up(&mut self, at: UnixMs, from: usize, count: usize) {
        let people = (0..count).map(|step| self.person(from + step * 7)).collect();
        self.add(at, CalendarEvent::LookUp(people));
    }

    fn join(&mut self, at: UnixMs, people: std::ops::Range<usize>) {
        if !people.is_empty() {
            self.add(at, CalendarEvent::LookUp(people.clone().collect()));
            self.add(at + 1_000, CalendarEvent::Join(people));
            self.add(at + 2 * MINUTE, CalendarEvent::Group);
        }
    }

    /// Single events on certain working days.
    fn plan(&mut self, days: &[i64]) {
        let at = |slot: usize, hour: i64, minute: i64| {
            days.get(slot).map_or(UnixMs::MIN, |day| day * DAY + hour * HOUR + minute * MINUTE)
        };
        for (turn, (group, role)) in (0..).zip(MAPPED) {
            self.add(at(0, 13, 30 + 4 * turn), CalendarEvent::Office(Office::Map(ADMIN, group, Some(role))));
        }
        self.add(at(0, 15, 5), CalendarEvent::Office(Office::BreakGlass(ADMIN)));
        self.add(at(5, 14, 20), CalendarEvent::Office(Office::Give(OTHER_ADMIN, self.person(2), Role::Billing)));
        self.add(at(7, 11, 0), CalendarEvent::Office(Office::AddMethod(OTHER_ADMIN)));
        self.add(at(8, 13, 10), CalendarEvent::Office(Office::Map(OTHER_ADMIN, "Managers", Some(Role::Billing))));
        self.add(at(12, 15, 30), CalendarEvent::Office(Office::Map(ADMIN, "Managers", None)));
        for (slot, number) in [(4, 7), (9, 19), (13, 30), (17, 22)] {
            self.add(at(slot, 16, 5), CalendarEvent::Leave(vec![self.person(number)]));
        }
        self.add(at(14, 8, 50), CalendarEvent::Return(self.person(19)));
        for (slot, number, department) in [(6, 33, "People"), (11, 15, "IT"), (16, 27, "Customer Success")] {
            self.add(at(slot, 11, 45), CalendarEvent::Move(self.person(number), department));
        }
        let responders = [1, 4, 12, 16, 21].map(|number| self.person(number)).to_vec();
        self.add(at(10, 13, 20), CalendarEvent::Found("Incident Response", responders));
        self.add(at(12, 10, 30), CalendarEvent::Manage(self.person(14)));
    }

    /// Every night, the provider compares its people with ours.
    fn nights(&mut self, now: UnixMs) {
        for ago in (1..MONTH).rev() {
            self.add((now.div_euclid(DAY) - ago) * DAY + 2 * HOUR, CalendarEvent::Import);
        }
    }

    /// The sign-ins of the staff, at the times that their pages show.
    fn sign_ins_of_staff(&mut self, now: UnixMs) {
        for ((_, local, _), minutes) in SIGN_INS.into_iter().zip(SIGNED_IN) {
            self.events.retain(|(at, event)| {
                *at < now - minutes * MINUTE || *event != CalendarEvent::Office(Office::SignIn(local))
            });
            self.add(now - minutes * MINUTE, CalendarEvent::Office(Office::SignIn(local)));
            if local == BILLING {
                self.add(now - (minutes + 2) * MINUTE, CalendarEvent::Office(Office::FailedSignIns(local, 3)));
            }
        }
        self.add(now - 16 * DAY, CalendarEvent::Office(Office::SignIn(DEVELOPER)));
    }

    /// On the last day, the provider compares in every working hour, and in every third hour at night. It also looks some people
    /// up, more of them around noon.
    fn imports(&mut self, now: UnixMs) {
        for hours in (1..26).rev() {
            let at = now.div_euclid(HOUR) * HOUR - hours * HOUR + 7 * MINUTE;
            let hour = at.rem_euclid(DAY) / HOUR;
            match usize::try_from(hour - OPENS) {
                Ok(turn @ 0..12) => {
                    self.add(at, CalendarEvent::Import);
                    self.look_up(at + 5_000, turn * 5, 2 + turn * 5 % 6);
                }
                _ if hour % 3 == 0 => self.add(at, CalendarEvent::Import),
                _ => {}
            }
        }
        self.add(now - 3 * MINUTE, CalendarEvent::Import);
    }

    /// The events that pages show first: at working times, and four of them within the last hour.
    fn last_day(&mut self, members: usize, now: UnixMs) {
        let at = |hour: i64, minute: i64| {
            let at = (now.div_euclid(DAY) * 24 + hour) * HOUR + minute * MINUTE;
            if at > now - FRESH { at - DAY } else { at }
        };
        for (hour, minute, number) in [(8, 17, 3), (9, 41, 9), (11, 3, 14), (13, 25, 21), (15, 52, 0), (17, 14, 35)] {
            self.add(at(hour, minute), CalendarEvent::Update(self.person(number)));
        }
        for (hour, minute) in [(7, 44), (8, 2), (8, 39), (9, 12), (13, 1), (14, 33)] {
            self.sign_in(at(hour, minute));
        }
        if first(members) < members {
            self.join(at(9, 30), members - 1..members);
        }
        self.add(at(10, 47), CalendarEvent::Move(self.person(26), "Product"));
        self.add(at(11, 36), CalendarEvent::Duplicate(self.person(11)));
        self.add(at(14, 58), CalendarEvent::Manage(self.person(12)));
        self.add(now - 38 * MINUTE, CalendarEvent::Update(self.person(5)));
        self.sign_in(now - 21 * MINUTE);
        self.add(now - 12 * MINUTE, CalendarEvent::Manage(self.person(2)));
    }
}
