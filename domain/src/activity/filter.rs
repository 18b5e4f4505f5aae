//! The filter of the activity log (actor, result, period, member) and its form in URLs.

use crate::{DAY, HOUR, UnixMs, id::MemberId, key::KeyId};
use serde::{Deserialize, Serialize};

/// A filter of the activity log. The default matches every entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityFilter {
    /// The actor.
    pub by: ActivitySource,
    /// The result.
    pub result: ActivityOutcome,
    /// The period.
    pub within: ActivityPeriod,
    /// The member or group, as entered: part of a name, email address, userName or group name, an id, or the name of a
    /// request. Empty matches every entry.
    pub member: String,
    /// The ids of the members and groups that [`Self::member`] matches, after the lookup.
    #[serde(skip)]
    pub members: Vec<MemberId>,
    /// Text that also matches the names in entries.
    #[serde(skip)]
    pub text: Option<String>,
    /// The id of one request.
    #[serde(skip)]
    pub request: Option<String>,
}

/// The actor of the matching entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActivitySource {
    /// Every actor.
    #[default]
    Anyone,
    /// Every actor but identity providers: members, the operator and Rollcall itself.
    People,
    /// Identity providers.
    Providers,
    /// One member, by the name at the time of the entry.
    Person(String),
    /// The operator.
    Operator,
    /// Rollcall itself.
    System,
    /// One key.
    Key(KeyId),
}

crate::names! {
    /// The result of the matching entries, in the order of the menu. The names are in URLs.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ActivityOutcome {
        /// Every result.
        #[default]
        Anything = "",
        /// Success.
        Succeeded = "succeeded",
        /// Requests and actions that changed something.
        Changes = "changes",
        /// Rejections and failures.
        Failures = "failures",
    }
}

crate::names! {
    /// The period of the matching entries, in the order of the menu. The names are in URLs.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ActivityPeriod {
        /// No limit.
        #[default]
        Ever = "",
        /// The last hour.
        Hour = "hour",
        /// The last 24 hours.
        Day = "day",
        /// The last 7 days.
        Week = "week",
        /// The last 30 days.
        Month = "month",
    }
}

/// The number of hours that "the last 24 hours" contains, including the current one, so that it never covers less than
/// 24 hours.
pub const DAY_HOURS: i64 = 25;

impl ActivityFilter {
    /// The names of the URL parameters.
    pub const BY: &str = "actor";
    /// See [`ActivityFilter::BY`].
    pub const RESULT: &str = "result";
    /// See [`ActivityFilter::BY`].
    pub const WITHIN: &str = "within";

    /// See [`ActivityFilter::BY`].
    pub const MEMBER: &str = "member";

    /// Matches the entries about one member, without a limit of time.
    pub fn about(member: MemberId) -> Self {
        Self { member: member.as_str().to_owned(), members: vec![member], ..Self::default() }
    }

    /// Reads the URL parameters. Unknown values are ignored.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| value(name).unwrap_or_default();
        Self {
            by: ActivitySource::parse(&text(Self::BY)),
            result: ActivityOutcome::from_name(&text(Self::RESULT)).unwrap_or_default(),
            within: ActivityPeriod::from_name(&text(Self::WITHIN)).unwrap_or_default(),
            member: text(Self::MEMBER).trim().to_owned(),
            ..Self::default()
        }
    }

    /// The URL parameters. A default value has none.
    pub fn write(&self) -> Vec<(String, String)> {
        let parts = [
            (Self::BY, self.by.name()),
            (Self::RESULT, self.result.name().to_owned()),
            (Self::WITHIN, self.within.name().to_owned()),
            (Self::MEMBER, self.member.clone()),
        ];
        parts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Does the filter match every entry?
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

impl ActivitySource {
    const PERSON: &str = "person:";
    const KEY: &str = "key:";

    /// The stable name in URLs.
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

    /// Parses the stable name.
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
    /// The label in the menu.
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
    /// The label in the menu.
    pub const fn label(self) -> &'static str {
        match self {
            ActivityPeriod::Ever => "Any time",
            ActivityPeriod::Hour => "Last hour",
            ActivityPeriod::Day => "Last 24 hours",
            ActivityPeriod::Week => "Last 7 days",
            ActivityPeriod::Month => "Last 30 days",
        }
    }

    /// The start of the period at `now`. A day begins with a full hour, as in the chart of a connection, so that both
    /// count the same requests.
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
