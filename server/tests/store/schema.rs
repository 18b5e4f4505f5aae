//! Guarantees of the schema for all writes.

use crate::{
    db::{Db, on_both_engines},
    world::World,
};
use domain::{
    group_role::mappable,
    key::Purpose,
    plan::Plan,
    role::{Role, Roles},
    scim_client::RequestOrigin as Origin,
    sso::{LinkAttribute, Protocol, SsoProvider as Provider},
};
use std::{collections::BTreeSet, path::Path};

/// Tables that belong to no team, or are the team.
const GLOBAL: [&str; 6] = ["_sqlx_migrations", "instances", "sessions", "settings", "teams", "throttle"];

/// Keys, unique indexes and foreign keys of team tables that do not begin with the team. `sessions` has no team.
const SQLITE: &str = "SELECT COALESCE(group_concat(name, ', '), '') FROM (\
     SELECT DISTINCT i.name AS name FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c \
     WHERE t.type = 'table' AND i.\"unique\" = 1 AND c.seqno = 0 AND c.name <> 'team_id' \
     AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'team_id') \
     UNION SELECT t.name || ' -> ' || k.\"table\" FROM sqlite_master t, pragma_foreign_key_list(t.name) k \
     WHERE t.type = 'table' AND k.seq = 0 AND k.\"from\" <> 'team_id' AND k.\"table\" <> 'sessions')";
const POSTGRES: &str = "SELECT COALESCE(string_agg(name, ', '), '') FROM (\
     SELECT i.indexrelid::regclass::text AS name FROM pg_index i \
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
     WHERE i.indisunique AND a.attname <> 'team_id' \
     AND EXISTS (SELECT 1 FROM pg_attribute t WHERE t.attrelid = i.indrelid AND t.attname = 'team_id') \
     UNION SELECT k.conname::text FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] \
     WHERE k.contype = 'f' AND a.attname <> 'team_id' AND k.confrelid <> 'sessions'::regclass) AS found";

/// Indexes of tables with a team that do not begin with it: the lookups without a team of docs/decisions/schema.md.
const WITHOUT_TEAM: [&str; 10] = [
    "activity_by_time",
    "invites_token",
    "members_sign_in",
    "members_signed_in",
    "scim_hours_by_time",
    "scim_keys_id",
    "scim_requests_by_time",
    "sign_ins_session",
    "sso_methods_id",
    "sso_responses_by_expiry",
];
const SQLITE_WITHOUT_TEAM: &str = "SELECT group_concat(name, ' ') FROM (\
     SELECT i.name AS name FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c \
     WHERE t.type = 'table' AND c.seqno = 0 AND COALESCE(c.name, '') <> 'team_id' \
     AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'team_id') ORDER BY i.name)";
const POSTGRES_WITHOUT_TEAM: &str = "SELECT string_agg(name, ' ') FROM (\
     SELECT i.indexrelid::regclass::text AS name FROM pg_index i \
     JOIN pg_attribute t ON t.attrelid = i.indrelid AND t.attname = 'team_id' AND t.attnum <> i.indkey[0] \
     ORDER BY i.indexrelid::regclass::text COLLATE \"C\") AS found";

/// Columns that hold JSON, which the store parses as a whole.
const JSON: [&str; 3] = ["actor", "body", "notes"];

/// The columns of the schema that the store reads as one of few names (`text`), or as a flag, by the store's own source.
fn enumerated(folder: &Path, columns: &mut BTreeSet<(&'static str, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            enumerated(&path, columns);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for (call, kind) in [("parse_enum(\"", "text"), (".flag(\"", "bigint")] {
            let names = source.split(call).skip(1).map(|rest| rest.split('"').next().unwrap());
            let names =
                names.map(|name| name.strip_prefix("team_").unwrap_or(name)).filter(|name| !JSON.contains(name));
            columns.extend(names.map(|name| (kind, name.to_owned())));
        }
    }
}

/// The tables with a column of this name and type.
async fn tables_with(db: &Db, kind: &str, column: &str) -> Vec<String> {
    let query = match db.is_sqlite() {
        true => format!(
            "SELECT COALESCE(group_concat(t.name, ' '), '') FROM sqlite_master t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.name = '{column}' AND lower(c.type) = '{kind}'"
        ),
        false => format!(
            "SELECT COALESCE(string_agg(table_name, ' '), '') FROM information_schema.columns \
             WHERE table_schema = 'public' AND column_name = '{column}' AND data_type = '{kind}'"
        ),
    };
    db.text(&query).await.unwrap().split_whitespace().map(str::to_owned).collect()
}

on_both_engines! {
    async fn every_key_of_a_team_table_begins_with_the_team(db: Db) {
        let results = db.text(if db.is_sqlite() { SQLITE } else { POSTGRES }).await;
        assert_eq!(results.as_deref(), Some(""));
        let indexes = db.text(if db.is_sqlite() { SQLITE_WITHOUT_TEAM } else { POSTGRES_WITHOUT_TEAM }).await;
        assert_eq!(indexes, Some(WITHOUT_TEAM.join(" ")));
        let without_team = match db.is_sqlite() {
            true => "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master t WHERE type = 'table' \
                     AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'team_id') ORDER BY name)",
            false => "SELECT string_agg(name, ' ') FROM (SELECT c.relname::text AS name FROM pg_class c \
                      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'migration_lease' \
                      AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'team_id') \
                      ORDER BY c.relname::text COLLATE \"C\") AS tables",
        };
        assert_eq!(db.text(without_team).await, Some(GLOBAL.join(" ")));
    }

    /// Every name of the domain is accepted, and no other. No column that the store reads as an enumeration is left out.
    async fn columns_accept_only_the_names_of_the_domain(db: Db) {
        let world = World::on(db).await;
        world.key("Okta").await;
        let team = &world.team;
        world
            .db
            .sql(&format!(
                "INSERT INTO groups (team_id, id, display_name, display_name_key, created_at, updated_at) \
                 VALUES ('{team}', 'g', 'G', 'g', 1, 1); \
                 INSERT INTO scim_requests (team_id, id, at, key_id, key_name, method, path, operation, status, micros, origin) \
                 VALUES ('{team}', 'r', 1, 'k', 'k', 'GET', '/', 'user_get', 200, 1, 'provider')"
            ))
            .await;
        let group_roles = mappable().map(Role::name).collect();
        let max_roles: Vec<_> =
            Role::ALL.into_iter().filter(|role| role.manages_authentication()).map(Role::name).collect();
        let origins = Origin::ALL.map(Origin::name);
        let sets: [(&str, &str, Vec<&str>); 11] = [
            ("teams", "plan", Plan::ALL.map(Plan::name).into()),
            ("members", "status", vec!["active", "invited", "deactivated", "deleted"]),
            ("members", "source", vec!["manual", "invited", "directory"]),
            ("groups", "role", group_roles),
            ("sso_methods", "provider", Provider::ALL.map(Provider::name).into()),
            ("sso_methods", "protocol", Protocol::ALL.map(Protocol::name).into()),
            ("sso_methods", "max_role", max_roles.clone()),
            ("sso_methods", "link_attribute", LinkAttribute::ALL.map(LinkAttribute::name).into()),
            ("scim_keys", "purpose", Purpose::ALL.map(Purpose::name).into()),
            ("scim_keys", "max_role", max_roles),
            ("scim_requests", "origin", origins.into()),
        ];
        world.db.sql("UPDATE sso_methods SET configured = 0").await;
        let mut checked = BTreeSet::new();
        for (table, column, names) in sets {
            checked.insert((table, column));
            for name in names {
                assert!(world.db.try_sql(&format!("UPDATE {table} SET {column} = '{name}'")).await, "{column} {name}");
            }
            assert!(!world.db.try_sql(&format!("UPDATE {table} SET {column} = 'other'")).await, "{column}");
        }
        for (table, column) in [
            ("teams", "scim_on"),
            ("members", "active_present"),
            ("members", "break_glass"),
            ("members", "user_name_freed"),
            ("sso_methods", "enabled"),
            ("sso_methods", "configured"),
            ("sso_methods", "trusts_email"),
            ("sso_methods", "creates_members"),
            ("scim_requests", "changed"),
        ] {
            checked.insert((table, column));
            for flag in [0, 1] {
                assert!(world.db.try_sql(&format!("UPDATE {table} SET {column} = {flag}")).await, "{column}");
            }
            for other in ["2", "-1", "NULL"] {
                assert!(!world.db.try_sql(&format!("UPDATE {table} SET {column} = {other}")).await, "{column} {other}");
            }
        }
        let mut columns = BTreeSet::new();
        enumerated(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/src"), &mut columns);
        assert!(columns.contains(&("text", "max_role".to_owned())) && columns.contains(&("bigint", "changed".to_owned())));
        for (kind, column) in columns {
            for table in tables_with(&world.db, kind, &column).await {
                assert!(checked.contains(&(table.as_str(), column.as_str())), "{table}.{column} is an enumeration");
            }
        }
        for column in ["roles", "group_roles", "removed_roles"] {
            assert!(world.db.try_sql(&format!("UPDATE members SET {column} = {}", Roles::ALL.bits())).await, "{column}");
            assert!(!world.db.try_sql(&format!("UPDATE members SET {column} = 256")).await, "{column}");
        }
        for together in [
            "UPDATE sso_methods SET configured = 1, protocol = 'oidc', issuer = NULL",
            "UPDATE teams SET deleted_at = 1",
            "UPDATE groups SET recount_after = ''",
            "UPDATE members SET email_key = NULL",
            "UPDATE scim_requests SET status = 99",
            "UPDATE scim_keys SET lifetime_days = 0",
        ] {
            assert!(!world.db.try_sql(together).await, "{together}");
        }
    }

    /// A row cannot refer to rows of another team.
    async fn references_stay_within_a_team(db: Db) {
        let world = World::new(db).await;
        let owner = crate::world::person("Grace", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", Plan::Free, owner).await.unwrap().id;
        let (ada, own) = (&world.ada, &world.team);
        world
            .db
            .sql(&format!(
                "INSERT INTO groups (team_id, id, display_name, display_name_key, created_at, updated_at) \
                 VALUES ('{globex}', 'g', 'G', 'g', 1, 1); \
                 INSERT INTO sessions (id, token_hash, created_at, last_seen_at) VALUES ('s', 's', 1, 1)"
            ))
            .await;
        for (team, is_kept) in [(&globex, false), (own, true)] {
            for statement in [
                format!("INSERT INTO member_emails (team_id, member_id, email_key) VALUES ('{team}', '{ada}', 'x')"),
                format!(
                    "INSERT INTO sign_ins (team_id, session_id, member_id, signed_in_at, verified_at) \
                     VALUES ('{team}', 's', '{ada}', 1, 1)"
                ),
                format!(
                    "INSERT INTO invites (team_id, member_id, token_hash, invited_by, sent_at, expires_at) \
                     VALUES ('{team}', '{ada}', 'h', 'x', 1, 1)"
                ),
            ] {
                assert_eq!(world.db.try_sql(&statement).await, is_kept, "{statement}");
            }
        }
        let join = format!("INSERT INTO group_members (team_id, group_id, member_id) VALUES ('{own}', 'g', '{ada}')");
        assert!(!world.db.try_sql(&join).await);
    }
}
