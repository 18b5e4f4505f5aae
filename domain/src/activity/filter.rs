//! What of the log is asked for: by whom, with which result, since when. How it stands in addresses.

use crate::{DAY, HOUR, UnixMs, id::MemberId, key::KeyId};
use serde::{Deserialize, Serialize};

/// What of the log is asked for; at first everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityFilter {
    /// Whose lines.
    pub by: ActivitySource,
    /// With which result.
    pub result: ActivityOutcome,
    /// Since when.
    pub within: ActivityPeriod,
    /// About whom or what, as it was typed: a part of a name, of an email address, a userName or a group's name, an id, or
    /// the name of a request; empty: about anyone.
    pub member: String,
    /// The members and groups that this is, once they were looked up.
    #[serde(skip)]
    pub members: Vec<MemberId>,
    /// The text that stands in the names of what is asked for, too.
    #[serde(skip)]
    pub text: Option<String>,
    /// The id of the one request that is asked for.
    #[serde(skip)]
    pub request: Option<String>,
}

/// Whose lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActivitySource {
    /// Everyone's.
    #[default]
    Anyone,
    /// Those of people, the operator and Rollcall itself: of all but providers.
    People,
    /// Those of identity providers.
    Providers,
    /// One person's, by the name at that time.
    Person(String),
    /// The operator's.
    Operator,
    /// Rollcall's.
    System,
    /// One key's.
    Key(KeyId),
}

/// With which result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActivityOutcome {
    /// Whatever came of it.
    #[default]
    Anything,
    /// What went well.
    Succeeded,
    /// What changed something.
    Changes,
    /// What was refused or went wrong.
    Failures,
}

/// Since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActivityPeriod {
    /// From the beginning.
    #[default]
    Ever,
    /// The last hour.
    Hour,
    /// The last 24 hours.
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
}

/// The last 24 hours are so many, the one that is not over yet among them: never less than 24.
pub const DAY_HOURS: i64 = 25;

impl ActivityFilter {
    /// The names of its parts in an address.
    pub const BY: &str = "actor";
    /// See [`ActivityFilter::BY`].
    pub const RESULT: &str = "result";
    /// See [`ActivityFilter::BY`].
    pub const WITHIN: &str = "within";

    /// See [`ActivityFilter::BY`].
    pub const MEMBER: &str = "member";

    /// About one member, from the beginning.
    pub fn about(member: MemberId) -> Self {
        Self { member: member.as_str().to_owned(), members: vec![member], ..Self::default() }
    }

    /// From the parts of an address; what is not understood asks for everything.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| value(name).unwrap_or_default();
        let (result, within) = (text(Self::RESULT), text(Self::WITHIN));
        Self {
            by: ActivitySource::parse(&text(Self::BY)),
            result: ActivityOutcome::ALL.into_iter().find(|one| one.name() == result).unwrap_or_default(),
            within: ActivityPeriod::ALL.into_iter().find(|one| one.name() == within).unwrap_or_default(),
            member: text(Self::MEMBER).trim().to_owned(),
            ..Self::default()
        }
    }

    /// As parts of an address; those that ask for everything are left out.
    pub fn write(&self) -> Vec<(String, String)> {
        let parts = [
            (Self::BY, self.by.name()),
            (Self::RESULT, self.result.name().to_owned()),
            (Self::WITHIN, self.within.name().to_owned()),
            (Self::MEMBER, self.member.clone()),
        ];
        parts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Does it ask for everything?
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

impl ActivitySource {
    const PERSON: &str = "person:";
    const KEY: &str = "key:";

    /// The stable name in addresses.
    pub fn name(&self) -> String {
        match self {
            ActivitySource::Anyone => String::new(),
            ActivitySource::People => "people".to_owned(),
            ActivitySource::Providers => "providers".to_owned(),
            ActivitySource::Operator => "operator".to_owned(),
            ActivitySource::System => "rollcall".to_owned(),
            ActivitySource::Person(name) => [Self::PERSON, name].concat(),
            ActivitySource::Key(id) => [Self::KEY, id.as_str()].concat(),
        }
    }

    /// ActivitySource its stable name.
    pub fn parse(name: &str) -> Self {
        match name {
            "people" => ActivitySource::People,
            "providers" => ActivitySource::Providers,
            "operator" => ActivitySource::Operator,
            "rollcall" => ActivitySource::System,
            _ => match (name.strip_prefix(Self::PERSON), name.strip_prefix(Self::KEY)) {
                (Some(person), _) => ActivitySource::Person(person.to_owned()),
                (_, Some(key)) => ActivitySource::Key(KeyId::new(key)),
                _ => ActivitySource::Anyone,
            },
        }
    }
}

impl ActivityOutcome {
    /// All, in the order in which they are offered.
    pub const ALL: [ActivityOutcome; 4] =
        [ActivityOutcome::Anything, ActivityOutcome::Succeeded, ActivityOutcome::Changes, ActivityOutcome::Failures];

    /// The stable name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            ActivityOutcome::Anything => "",
            ActivityOutcome::Succeeded => "succeeded",
            ActivityOutcome::Changes => "changes",
            ActivityOutcome::Failures => "failures",
        }
    }

    /// As it is offered.
    pub const fn label(self) -> &'static str {
        match self {
            ActivityOutcome::Anything => "Any result",
            ActivityOutcome::Succeeded => "Succeeded",
            ActivityOutcome::Changes => "Changes",
            ActivityOutcome::Failures => "Failures",
        }
    }
}

impl ActivityPeriod {
    /// All, in the order in which they are offered.
    pub const ALL: [ActivityPeriod; 5] =
        [ActivityPeriod::Ever, ActivityPeriod::Hour, ActivityPeriod::Day, ActivityPeriod::Week, ActivityPeriod::Month];

    /// The stable name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            ActivityPeriod::Ever => "",
            ActivityPeriod::Hour => "hour",
            ActivityPeriod::Day => "day",
            ActivityPeriod::Week => "week",
            ActivityPeriod::Month => "month",
        }
    }

    /// As it is offered.
    pub const fn label(self) -> &'static str {
        match self {
            ActivityPeriod::Ever => "Any time",
            ActivityPeriod::Hour => "Last hour",
            ActivityPeriod::Day => "Last 24 hours",
            ActivityPeriod::Week => "Last 7 days",
            ActivityPeriod::Month => "Last 30 days",
        }
    }

    /// When it begins, seen from `now`. Days begin with a full hour, as a connection's health counts them: what is counted
    /// there is what is listed here.
    pub const fn since(self, now: UnixMs) -> Option<UnixMs> {
        match self {
            ActivityPeriod::Ever => None,
            ActivityPeriod::Hour => Some(now - HOUR),
            ActivityPeriod::Day => Some((now.div_euclid(HOUR) - DAY_HOURS + 1) * HOUR),
            ActivityPeriod::Week => Some(now - 7 * DAY),
            ActivityPeriod::Month => Some(now - 30 * DAY),
        }
    }
}
