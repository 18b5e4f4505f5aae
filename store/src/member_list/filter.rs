//! The filter of a member list, as SQL conditions, and as a separate index for filters with few matches.

use crate::{
    MemberSource, MemberStatus,
    db::{
        planner::{JOIN_IN_ORDER, unindexed},
        statement::Statement,
    },
    roles::{IS_ABOVE_DEVELOPER, has_role, is_any_admin},
};
use domain::{id::TeamId, role::Role};

/// A filter of members. Every part must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Folded. Each of its words is contained in the name, the email address or the userName. Empty matches every
    /// member.
    pub search: String,
    /// What the member is.
    pub status: Option<MemberStatus>,
    /// Where the member comes from.
    pub source: Option<MemberSource>,
    /// A role that the member has, manually or by a group.
    pub role: Option<Role>,
    /// A group of the member.
    pub group: Option<InGroup>,
}

/// The members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InGroup {
    /// The group's id. It may be from another team, because the members are always those of this team.
    pub id: String,
    /// The number of members.
    pub members: i64,
}

impl InGroup {
    /// Upper bound of the members that are read one by one and sorted. In a larger group, the statement scans the list
    /// of all members, because enough of them are in the group to fill a page soon.
    const FEW: i64 = 2_000;

    fn is_small(&self) -> bool {
        self.members <= Self::FEW
    }
}

impl MemberFilter {
    /// All members of a group.
    pub fn of_group(group: InGroup) -> Self {
        Self { group: Some(group), ..Self::default() }
    }

    /// Does the filter match every member?
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// Is the filter a small group, whose members are few in any case?
    pub(crate) fn is_in_small_group(&self) -> bool {
        self.group.as_ref().is_some_and(InGroup::is_small)
    }

    /// A condition that selects the ids of the matches by an index of their own, if they are few. Then not all members
    /// are scanned.
    pub(crate) fn narrow(&self) -> Option<String> {
        if self.is_in_small_group() {
            return Some("SELECT member_id AS id FROM group_members WHERE team_id = $1 AND group_id = $3".to_owned());
        }
        // The index is that of the role, where there is one.
        let role_index = match self.role {
            Some(role) if role <= Role::Admin => Some(is_any_admin!("")),
            Some(role) if role < Role::Developer => Some(IS_ABOVE_DEVELOPER),
            _ => None,
        };
        let state = self.status.is_some() || self.source.is_some();
        // The search may match far fewer members than these.
        if role_index.is_none() && (!self.search.is_empty() || !state) {
            return None;
        }
        let mut text = "SELECT id FROM members WHERE team_id = $1".to_owned();
        let (status, source) = match role_index {
            Some(condition) => {
                text.extend([" AND ", condition]);
                (unindexed!("status"), unindexed!("source"))
            }
            None => ("status", "source"),
        };
        text.extend([" AND ", status, " <> 'deleted'"]);
        match self.status {
            Some(wanted) => text.extend([" AND ", status, " = '", wanted.name(), "'"]),
            None if role_index.is_none() => text.push_str(" AND status IN ('active', 'invited', 'deactivated')"),
            None => {}
        }
        if let Some(value) = self.source {
            text.extend([" AND ", source, " = '", value.name(), "'"]);
        }
        if let Some(role) = self.role {
            text.extend([" AND ", &has_role(role, "")]);
        }
        Some(text)
    }

    /// Appends the tables, and the condition on the table `m`. The pattern of the search's first word is `$2`, the
    /// group `$3`. `first`: the number of the first value for [`MemberFilter::bind_rest`]. With `narrow`, only its ids
    /// are read.
    pub(crate) fn write(&self, text: &mut String, narrow: Option<&str>, first: usize) {
        match narrow {
            Some(ids) => {
                text.extend(["(", ids, ") AS d", JOIN_IN_ORDER, "members m WHERE m.team_id = $1 AND m.id = d.id"]);
            }
            None => text.push_str("members m WHERE m.team_id = $1"),
        }
        // PostgreSQL must know every value's type.
        text.push_str(" AND CAST($2 AS TEXT) IS NOT NULL AND CAST($3 AS TEXT) IS NOT NULL AND m.status <> 'deleted'");
        if self.group.is_some() && !self.is_in_small_group() {
            text.push_str(
                " AND EXISTS (SELECT 1 FROM group_members gm WHERE gm.team_id = $1 AND gm.group_id = $3 AND gm.member_id = m.id)",
            );
        }
        for (at, _) in words(&self.search).enumerate() {
            let number = if at == 0 { 2 } else { first + at - 1 };
            let like = format!(" LIKE ${number} ESCAPE '!'");
            text.extend([" AND (m.display_name_key", &like, " OR m.email_key", &like]);
            text.extend([" OR m.user_name_key", &like, ")"]);
        }
        if let Some(status) = self.status {
            text.extend([concat!(" AND ", unindexed!("m.status"), " = '"), status.name(), "'"]);
        }
        if let Some(source) = self.source {
            text.extend([concat!(" AND ", unindexed!("m.source"), " = '"), source.name(), "'"]);
        }
        if let Some(role) = self.role {
            text.extend([" AND ", &has_role(role, "m.")]);
        }
    }

    /// Binds `$1` to `$3`. Every statement has all three, so that the numbers after them are the same.
    pub(crate) fn bind(&self, statement: Statement, team: &TeamId) -> Statement {
        let group = self.group.as_ref().map_or("", |group| group.id.as_str());
        statement.text(team.as_str()).text(&pattern(words(&self.search).next().unwrap_or_default())).text(group)
    }

    /// Binds the last values of a statement: the search's words after the first.
    pub(crate) fn bind_rest(&self, statement: Statement) -> Statement {
        words(&self.search).skip(1).fold(statement, |statement, word| statement.text(&pattern(word)))
    }
}

/// The words of a search, up to a limit, so that there are few different statements.
pub(crate) fn words(search: &str) -> impl Iterator<Item = &str> {
    search.split_whitespace().take(WORDS)
}

/// Upper bound of the words in a search. More words rarely change the result.
const WORDS: usize = 6;

/// The pattern for a text at any position, without other wildcards.
pub(crate) fn pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for c in search.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_escapes_every_wildcard() {
        for (search, expected) in [("", "%%"), ("ada", "%ada%"), ("100%_!\\'", "%100!%!_!!\\'%")] {
            assert_eq!(pattern(search), expected);
        }
    }
}
