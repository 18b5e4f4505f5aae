//! Roles in SQL. The numbers are the bits of [`domain::role::Roles`], and only this module contains them.

/// The bit of a role in the columns `roles` (manual) and `group_roles` (from groups).
macro_rules! role_bit {
    (super_admin) => {
        "8"
    };
    (admin) => {
        "4"
    };
    (billing) => {
        "2"
    };
    (developer) => {
        "1"
    };
    (all) => {
        "15"
    };
}
pub(crate) use role_bit;

/// SQL condition: the member has this role, manually or through a group. `$m` is the table's prefix, such as `"m."`.
macro_rules! has_role {
    // A member without any role is a Developer.
    (developer, $m:literal) => {
        concat!(
            "(((",
            $m,
            "roles | ",
            $m,
            "group_roles) & ",
            $crate::roles::role_bit!(developer),
            ") <> 0 OR (",
            $m,
            "roles | ",
            $m,
            "group_roles) = 0)"
        )
    };
    ($role:ident, $m:literal) => {
        concat!("((", $m, "roles | ", $m, "group_roles) & ", $crate::roles::role_bit!($role), ") <> 0")
    };
}

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

/// SQL expression: one character, lower for more powerful roles. The expression of the index `members_by_role`, word for word.
macro_rules! role_rank {
    ($m:literal) => {
        concat!("substr('0123456789abcdef', CAST(16 - (", $m, "roles | ", $m, "group_roles) AS INTEGER), 1)")
    };
}
pub(crate) use role_rank;

/// SQL expression, over the groups `g` of a member: the bits of the roles that they give.
macro_rules! bits_of_group_roles {
    () => {
        concat!(
            "MAX(CASE g.role WHEN 'admin' THEN ",
            $crate::roles::role_bit!(admin),
            " ELSE 0 END) \
             + MAX(CASE g.role WHEN 'billing' THEN ",
            $crate::roles::role_bit!(billing),
            " ELSE 0 END) \
             + MAX(CASE g.role WHEN 'developer' THEN ",
            $crate::roles::role_bit!(developer),
            " ELSE 0 END)"
        )
    };
}
pub(crate) use bits_of_group_roles;

use domain::role::Role;

/// [`has_role!`] of the table `members`.
pub(crate) const fn role_condition(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => has_role!(super_admin, ""),
        Role::Admin => has_role!(admin, ""),
        Role::Billing => has_role!(billing, ""),
        Role::Developer => has_role!(developer, ""),
    }
}

/// [`has_role!`] of the table `m` of the statement.
pub(crate) const fn m_role_condition(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => has_role!(super_admin, "m."),
        Role::Admin => has_role!(admin, "m."),
        Role::Billing => has_role!(billing, "m."),
        Role::Developer => has_role!(developer, "m."),
    }
}

#[cfg(test)]
mod tests {
    use super::role_condition;
    use domain::role::{Role, Roles};
    use rusqlite::Connection;

    #[test]
    fn bits_are_those_of_the_domain() {
        let bit = |role: Role| Roles::from(role).bits().to_string();
        assert_eq!(role_bit!(super_admin), bit(Role::SuperAdmin));
        assert_eq!(role_bit!(admin), bit(Role::Admin));
        assert_eq!(role_bit!(billing), bit(Role::Billing));
        assert_eq!(role_bit!(developer), bit(Role::Developer));
        let all = Role::ALL.into_iter().map(Roles::from).reduce(Roles::union).unwrap();
        assert_eq!(role_bit!(all), all.bits().to_string());
    }

    /// Every combination of bits has the same meaning in SQL and in the domain.
    #[test]
    fn conditions_agree_with_the_domain() {
        let database = Connection::open_in_memory().unwrap();
        let holds = |condition: &str, own: i64, from_groups: i64| -> bool {
            let statement = format!("SELECT {condition} FROM (SELECT {own} AS roles, {from_groups} AS group_roles)");
            database.query_row(&statement, [], |row| row.get(0)).unwrap()
        };
        for (own, from_groups) in (0..16).flat_map(|own| (0..8).map(move |from_groups| (own, from_groups))) {
            let roles = Roles::from_bits(own | from_groups);
            for role in Role::ALL {
                assert_eq!(
                    holds(role_condition(role), own, from_groups),
                    roles.contains(role),
                    "{role} of {own} and {from_groups}"
                );
            }
            assert_eq!(
                holds(is_any_admin!(""), own, from_groups),
                roles.highest() <= Role::Admin,
                "{own} and {from_groups}"
            );
            assert_eq!(
                holds(is_super_admin!(""), own, from_groups),
                roles.contains(Role::SuperAdmin),
                "{own} and {from_groups}"
            );
        }
    }

    #[test]
    fn the_most_powerful_roles_rank_first() {
        let database = Connection::open_in_memory().unwrap();
        let rank = |bits: i64| -> String {
            let statement = format!("SELECT {} FROM (SELECT {bits} AS roles, 0 AS group_roles)", role_rank!(""));
            database.query_row(&statement, [], |row| row.get(0)).unwrap()
        };
        let ranks: Vec<String> = Role::ALL.map(|role| rank(Roles::from(role).bits())).into();
        assert!(ranks.is_sorted() && ranks.iter().all(|rank| rank.len() == 1), "{ranks:?}");
    }
}
