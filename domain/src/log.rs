//! What of the log is asked for: by whom, with which result, since when. How it stands in addresses.

use crate::{DAY, HOUR, UnixMs, id::MemberId, key::KeyId};
use serde::{Deserialize, Serialize};

/// What of the log is asked for; at first everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Whose lines.
    pub by: By,
    /// With which result.
    pub result: Outcome,
    /// Since when.
    pub within: Within,
    /// About whom or what, as it was typed: a part of a name, of an e-mail address, a userName or a group's name, an id, or
    /// the name of a request; empty: about anybody.
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
pub enum By {
    /// Everybody's.
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
pub enum Outcome {
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
pub enum Within {
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

impl Filter {
    /// The names of its parts in an address.
    pub const BY: &str = "actor";
    /// See [`Filter::BY`].
    pub const RESULT: &str = "result";
    /// See [`Filter::BY`].
    pub const WITHIN: &str = "within";

    /// See [`Filter::BY`].
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
            by: By::parse(&text(Self::BY)),
            result: Outcome::ALL.into_iter().find(|one| one.name() == result).unwrap_or_default(),
            within: Within::ALL.into_iter().find(|one| one.name() == within).unwrap_or_default(),
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

impl By {
    const PERSON: &str = "person:";
    const KEY: &str = "key:";

    /// The stable name in addresses.
    pub fn name(&self) -> String {
        match self {
            By::Anyone => String::new(),
            By::People => "people".to_owned(),
            By::Providers => "providers".to_owned(),
            By::Operator => "operator".to_owned(),
            By::System => "rollcall".to_owned(),
            By::Person(name) => [Self::PERSON, name].concat(),
            By::Key(id) => [Self::KEY, id.as_str()].concat(),
        }
    }

    /// By its stable name.
    pub fn parse(name: &str) -> Self {
        match name {
            "people" => By::People,
            "providers" => By::Providers,
            "operator" => By::Operator,
            "rollcall" => By::System,
            _ => match (name.strip_prefix(Self::PERSON), name.strip_prefix(Self::KEY)) {
                (Some(person), _) => By::Person(person.to_owned()),
                (_, Some(key)) => By::Key(KeyId::new(key)),
                _ => By::Anyone,
            },
        }
    }
}

impl Outcome {
    /// All, in the order in which they are offered.
    pub const ALL: [Outcome; 4] = [Outcome::Anything, Outcome::Succeeded, Outcome::Changes, Outcome::Failures];

    /// The stable name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Anything => "",
            Outcome::Succeeded => "succeeded",
            Outcome::Changes => "changes",
            Outcome::Failures => "failures",
        }
    }

    /// As it is offered.
    pub const fn label(self) -> &'static str {
        match self {
            Outcome::Anything => "Any result",
            Outcome::Succeeded => "Succeeded",
            Outcome::Changes => "Changes",
            Outcome::Failures => "Failures",
        }
    }
}

impl Within {
    /// All, in the order in which they are offered.
    pub const ALL: [Within; 5] = [Within::Ever, Within::Hour, Within::Day, Within::Week, Within::Month];

    /// The stable name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Within::Ever => "",
            Within::Hour => "hour",
            Within::Day => "day",
            Within::Week => "week",
            Within::Month => "month",
        }
    }

    /// As it is offered.
    pub const fn label(self) -> &'static str {
        match self {
            Within::Ever => "Any time",
            Within::Hour => "Last hour",
            Within::Day => "Last 24 hours",
            Within::Week => "Last 7 days",
            Within::Month => "Last 30 days",
        }
    }

    /// When it begins, seen from `now`. Days begin with a full hour, as a connection's health counts them: what is counted
    /// there is what is listed here.
    pub const fn since(self, now: UnixMs) -> Option<UnixMs> {
        match self {
            Within::Ever => None,
            Within::Hour => Some(now - HOUR),
            Within::Day => Some((now.div_euclid(HOUR) - DAY_HOURS + 1) * HOUR),
            Within::Week => Some(now - 7 * DAY),
            Within::Month => Some(now - 30 * DAY),
        }
    }
}
