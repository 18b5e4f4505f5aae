//! Which members are wanted: as conditions, and as an index of their own where they are few.

use crate::{
    MemberSource, MemberStatus,
    db::{
        planner::{JOIN_IN_ORDER, unindexed},
        statement::Statement,
    },
    roles::{IS_ABOVE_DEVELOPER, has_role, is_any_admin},
};
use domain::{id::TeamId, role::Role};

/// Which members are wanted; all of it holds for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Folded; each of its words stands in the name, the email address or the userName. Empty: anything.
    pub search: String,
    /// What the member is.
    pub status: Option<MemberStatus>,
    /// Where the member comes from.
    pub source: Option<MemberSource>,
    /// A role that the member has, manually or by a group.
    pub role: Option<Role>,
    /// A group that the member is in.
    pub group: Option<InGroup>,
}

/// The members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InGroup {
    /// The group's id. It may be any: the members are always those of the team.
    pub id: String,
    /// How many members it has.
    pub members: i64,
}

impl InGroup {
    /// Up to so many members are read one by one, and sorted. A larger group is found along the list of all members, of
    /// whom then so many are in it that a page is full soon.
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

    /// Are all members wanted?
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// Are they few, whatever is counted?
    pub(crate) fn is_in_small_group(&self) -> bool {
        self.group.as_ref().is_some_and(InGroup::is_small)
    }

    /// Where those who are wanted are found if they are few, without going through all members: the ids of some of them,
    /// from an index of their own.
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
        // What is looked for may be far fewer than these.
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
        if let Some(wanted) = self.source {
            text.extend([" AND ", source, " = '", wanted.name(), "'"]);
        }
        if let Some(role) = self.role {
            text.extend([" AND ", &has_role(role, "")]);
        }
        Some(text)
    }

    /// Appends the tables, and the condition on the one called `m`; the pattern of the search's first word is `$2`, the group
    /// `$3`; `first`: the number of the first value for [`MemberFilter::bind_rest`]. With `narrow`, its ids are looked at, else all members.
    pub(crate) fn write(&self, text: &mut String, narrow: Option<&str>, first: usize) {
        match narrow {
            Some(ids) => {
                text.extend(["(", ids, ") AS d", JOIN_IN_ORDER, "members m WHERE m.team_id = $1 AND m.id = d.id"]);
            }
            None => text.push_str("members m WHERE m.team_id = $1"),
        }
        // PostgreSQL has to know every value's type.
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

    /// `$1` to `$3`. Every statement has all three, so that the numbers after them are the same.
    pub(crate) fn bind(&self, statement: Statement, team: &TeamId) -> Statement {
        let group = self.group.as_ref().map_or("", |group| group.id.as_str());
        statement.text(team.as_str()).text(&pattern(words(&self.search).next().unwrap_or_default())).text(group)
    }

    /// The last values of a statement: the search's words after the first.
    pub(crate) fn bind_rest(&self, statement: Statement) -> Statement {
        words(&self.search).skip(1).fold(statement, |statement, word| statement.text(&pattern(word)))
    }
}

/// The words of a search, in which order they may be; few different statements.
pub(crate) fn words(search: &str) -> impl Iterator<Item = &str> {
    search.split_whitespace().take(WORDS)
}

/// So many words are looked for; more say nothing new.
const WORDS: usize = 6;

/// Anything around the text, in which nothing stands for anything else.
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
    fn a_search_stands_for_nothing_but_itself() {
        for (search, wanted) in [("", "%%"), ("ada", "%ada%"), ("100%_!\\'", "%100!%!_!!\\'%")] {
            assert_eq!(pattern(search), wanted);
        }
    }
}
