//! The sort orders of members: for each order, the keys in SQL and the same order in the member search.
//!
//! The order with the URL name `last-sign-in` has the index `members_by_last_sign_in`.

use crate::{
    MemberSource, MemberStatus, StoreError,
    db::{planner::unindexed, row::Row},
    roles::role_rank,
};
use domain::{UnixMs, role::Roles, sort::MemberSort};

/// A text that sorts a later sign-in first. The same expression as in the index.
macro_rules! since_sign_in {
    ($table:literal) => {
        concat!("COALESCE(CAST(9999999999999 - ", $table, ".last_sign_in_at AS TEXT), 'x')")
    };
}
pub(crate) use since_sign_in;

/// The expressions of an order over a member `m`. The last one is the id, so that no two members are equal.
pub(crate) struct SortKeys {
    /// The expressions of the order's index, which can be read from any member on.
    pub(crate) indexed: &'static [&'static str],
    /// The same values without an index: few members are found by another index, and then sorted.
    pub(crate) unindexed: &'static [&'static str],
}

/// The keys of an order.
pub(crate) const fn sort_keys(by: MemberSort) -> SortKeys {
    match by {
        MemberSort::Name => SortKeys {
            indexed: &["m.display_name_key", "m.id"],
            unindexed: &[unindexed!("m.display_name_key"), "m.id"],
        },
        MemberSort::Email => SortKeys {
            indexed: &["COALESCE(m.email_key, m.user_name_key)", "m.id"],
            unindexed: &[unindexed!("COALESCE(m.email_key, m.user_name_key)"), "m.id"],
        },
        MemberSort::Role => SortKeys {
            indexed: &[concat!(role_rank!("m."), " || m.display_name_key"), "m.id"],
            unindexed: &[concat!(role_rank!("m."), " || ", unindexed!("m.display_name_key")), "m.id"],
        },
        MemberSort::Status => SortKeys {
            indexed: &["m.status || m.display_name_key", "m.id"],
            unindexed: &[unindexed!("m.status || m.display_name_key"), "m.id"],
        },
        MemberSort::LastSignIn => SortKeys {
            indexed: &[concat!(since_sign_in!("m"), " || m.display_name_key"), "m.id"],
            // Only read for the matches, because the index that finds them does not have the column.
            unindexed: &[
                concat!(
                    "(SELECT ",
                    since_sign_in!("s"),
                    " FROM members s WHERE s.team_id = m.team_id AND s.id = m.id) || m.display_name_key"
                ),
                "m.id",
            ],
        },
        MemberSort::Newest => SortKeys { indexed: &["m.id"], unindexed: &[unindexed!("m.id")] },
    }
}

/// The columns of [`MemberFacets`].
macro_rules! facet_columns {
    () => {
        "status, source, roles, group_roles"
    };
}
pub(crate) use facet_columns;

/// The facts about a member that filters and sort orders depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberFacets {
    pub(crate) status: MemberStatus,
    pub(crate) source: MemberSource,
    pub(crate) roles: Roles,
}

impl MemberFacets {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            status: row.parse_enum("status", MemberStatus::from_name)?,
            source: row.parse_enum("source", MemberSource::from_name)?,
            roles: row.roles()?,
        })
    }
}

/// A member of the member search, with the facts that determine its position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RankedMember {
    pub(crate) facets: MemberFacets,
    /// The position in the order of the ids, which is the order of creation.
    pub(crate) position_by_id: u32,
    /// The position in the order of addresses, or userNames of members without one.
    pub(crate) position_by_email: u32,
    /// 0 is never.
    pub(crate) last_sign_in_at: UnixMs,
}

impl RankedMember {
    /// The rank in an order, where a lower rank comes first. Members with the same rank are sorted by name.
    pub(crate) fn rank(self, by: MemberSort) -> u64 {
        match by {
            MemberSort::Name => 0,
            MemberSort::Email => self.position_by_email.into(),
            MemberSort::Role => u64::MAX - self.facets.roles.bits().unsigned_abs(),
            MemberSort::Status => match self.facets.status {
                MemberStatus::Active => 0,
                MemberStatus::Deactivated => 1,
                MemberStatus::Deleted => 2,
                MemberStatus::Invited => 3,
            },
            MemberSort::LastSignIn => u64::MAX - self.last_sign_in_at.unsigned_abs(),
            MemberSort::Newest => u64::MAX - u64::from(self.position_by_id),
        }
    }
}

#[cfg(test)]
impl MemberFacets {
    /// The facts of a test member.
    pub(crate) fn of(status: MemberStatus, source: MemberSource, roles: Roles) -> Self {
        Self { status, source, roles }
    }
}

/// The index of an order.
#[cfg(test)]
pub(crate) fn index_of(by: MemberSort) -> String {
    ["members_by_", &by.name().replace('-', "_")].concat()
}
