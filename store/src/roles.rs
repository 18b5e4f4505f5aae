//! Roles in SQL. The bits are those of [`Roles`]; only this module writes them, and the tests hold it to [`Role`].
//!
//! A role that is neither Admin nor Super Admin needs nothing here, because its conditions are built from [`Role`].

use domain::{
    group_role::mappable,
    role::{Role, Roles},
};

/// The bit of a role in the columns `roles` (assigned manually) and `group_roles` (given by groups), where an index depends on it.
macro_rules! role_bit {
    (super_admin) => {
        "128"
    };
    (admin) => {
        "32"
    };
    (developer) => {
        "2"
    };
}
pub(crate) use role_bit;

/// SQL condition: the member is an Admin or a Super Admin. The condition of the index `members_admins`, word for word.
macro_rules! is_any_admin {
    ($m:literal) => {
        concat!(
            "(",
            $m,
            "roles >= ",
            $crate::roles::role_bit!(admin),
            " OR ",
            $m,
            "group_roles >= ",
            $crate::roles::role_bit!(admin),
            ")"
        )
    };
}
pub(crate) use is_any_admin;

/// SQL condition: the member is a Super Admin. No group gives that role.
macro_rules! is_super_admin {
    ($m:literal) => {
        concat!($m, "roles >= ", $crate::roles::role_bit!(super_admin))
    };
}
pub(crate) use is_super_admin;

/// SQL expression: three digits, lower for more powerful roles. The expression of the index `members_by_role`, word for word.
macro_rules! role_rank {
    ($m:literal) => {
        concat!("CAST(999 - (", $m, "roles | ", $m, "group_roles) AS TEXT)")
    };
}
pub(crate) use role_rank;

/// SQL condition on the table `members`: the member has a role above Developer. The condition of the index `members_above_developer`.
pub(crate) const IS_ABOVE_DEVELOPER: &str = concat!("(roles | group_roles) > ", role_bit!(developer));

/// SQL condition: the member has this role, manually or through a group. `prefix` is the table's, such as `m.`.
pub(crate) fn has_role(role: Role, prefix: &str) -> String {
    let held = format!("({prefix}roles | {prefix}group_roles)");
    let bit = Roles::of(role).bits();
    match role {
        // A member without any role is a Developer.
        Role::Developer => format!("(({held} & {bit}) <> 0 OR {held} = 0)"),
        _ => format!("({held} & {bit}) <> 0"),
    }
}

/// SQL expression, over the groups `g` of a member: the bits of the roles that they give.
pub(crate) fn bits_of_group_roles() -> String {
    let bit =
        |role: Role| format!("MAX(CASE g.role WHEN '{}' THEN {} ELSE 0 END)", role.name(), Roles::of(role).bits());
    mappable().map(bit).collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    /// Of one member, with these roles assigned manually and given by groups.
    fn member(own: i64, given: i64) -> String {
        format!("(SELECT {own} AS roles, {given} AS group_roles)")
    }

    /// Every set of roles, and the empty one.
    fn sets() -> impl Iterator<Item = i64> + Clone {
        (0..=Roles::ALL.bits()).filter(|bits| bits & !Roles::ALL.bits() == 0)
    }

    #[test]
    fn bits_are_those_of_the_domain() {
        let bit = |role: Role| Roles::of(role).bits().to_string();
        assert_eq!(role_bit!(super_admin), bit(Role::SuperAdmin));
        assert_eq!(role_bit!(admin), bit(Role::Admin));
        assert_eq!(role_bit!(developer), bit(Role::Developer));
    }

    /// Every combination of roles means the same in SQL and in the domain.
    #[test]
    fn conditions_mean_what_the_domain_means() {
        let database = Connection::open_in_memory().unwrap();
        let ask = |condition: &str, own, given| -> bool {
            database
                .query_row(&format!("SELECT {condition} FROM {}", member(own, given)), [], |row| row.get(0))
                .unwrap()
        };
        let given = sets().filter(|bits| bits & Roles::of(Role::SuperAdmin).bits() == 0);
        for (own, given) in sets().flat_map(|own| given.clone().map(move |given| (own, given))) {
            let roles = Roles::from_bits(own | given);
            for role in Role::ALL {
                assert_eq!(ask(&has_role(role, ""), own, given), roles.contains(role), "{role} of {own} and {given}");
            }
            assert_eq!(ask(is_any_admin!(""), own, given), roles.highest() <= Role::Admin, "{own} and {given}");
            assert_eq!(ask(is_super_admin!(""), own, given), roles.contains(Role::SuperAdmin), "{own} and {given}");
            assert_eq!(ask(IS_ABOVE_DEVELOPER, own, given), roles.highest() < Role::Developer, "{own} and {given}");
        }
    }

    #[test]
    fn groups_give_what_they_are_mapped_to() {
        let database = Connection::open_in_memory().unwrap();
        for role in mappable() {
            let groups = format!("(SELECT '{}' AS role UNION ALL SELECT NULL) AS g", role.name());
            let statement = format!("SELECT {} FROM {groups}", bits_of_group_roles());
            let bits: i64 = database.query_row(&statement, [], |row| row.get(0)).unwrap();
            assert_eq!(bits, Roles::of(role).bits(), "{role}");
        }
    }

    #[test]
    fn the_most_powerful_roles_rank_first() {
        let database = Connection::open_in_memory().unwrap();
        let rank = |roles: Roles| -> String {
            let statement = format!("SELECT {} FROM {}", role_rank!(""), member(roles.bits(), 0));
            database.query_row(&statement, [], |row| row.get(0)).unwrap()
        };
        let mut sets: Vec<Roles> = sets().map(Roles::from_bits).collect();
        sets.sort_by_key(|roles| rank(*roles));
        assert!(sets.is_sorted_by_key(|roles| roles.highest()), "{sets:?}");
        assert!(sets.iter().all(|roles| rank(*roles).len() == 3), "{sets:?}");
    }
}
