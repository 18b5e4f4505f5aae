//! SCIM API keys.

use crate::{
    db::{Db, on_both_engines},
    world::{START, World, oidc, rejection},
};
use domain::{Conflict, Denial, Error};
use domain::{
    DAY, HOUR, MINUTE,
    activity::Change,
    key::{self, Expiry, KeyId, KeyStatus, Overlap},
    plan::Plan,
    provisioning::Reason,
    role::Role,
    validation::field_error::{Field, FieldError},
};

fn name_problem<T>(result: Result<T, Error>) -> FieldError {
    match rejection(result) {
        Error::Invalid(problems) => problems.of(Field::Name).unwrap().clone(),
        other => panic!("{other:?}"),
    }
}

on_both_engines! {
    async fn a_new_key_is_stored_as_a_hash(db: Db) {
        let world = World::on(db).await;
        let new = world.ada().key_generate("acme", "  Okta  ", Expiry::Days90).await.unwrap();
        let key_text = new.key.expose();
        assert_eq!(key::parse(key_text).as_ref(), Some(&new.record.id));
        assert!(key_text.ends_with(&new.record.tail) && new.record.tail.len() == 4);
        assert_eq!(new.record.name, "Okta");
        assert_eq!(new.record.created_by.as_deref(), Some("Ada Lovelace"));
        assert_eq!((new.record.created_at, new.record.expires_at), (START, Some(START + 90 * DAY)));
        assert_eq!(world.keys().await, std::slice::from_ref(&new.record));
        let row = world.store().key_by_id(&new.record.id).await.unwrap().unwrap();
        assert!(world.secrets.key_matches(key_text, &row.hash));
        assert_eq!(
            world.log().await[0].change,
            Change::KeyGenerated { name: "Okta".into(), hint: new.record.hint(), expires_at: new.record.expires_at }
        );
        assert!(!format!("{new:?}").contains(key_text));
        assert!(!serde_json::to_string(&world.log().await).unwrap().contains(&key_text[20..]));
    }

    async fn a_key_expires_after_the_chosen_time(db: Db) {
        let world = World::on(db).await;
        for (expiry, days) in [(Expiry::Days90, 90), (Expiry::Days180, 180), (Expiry::Days365, 365)] {
            let key = world.ada().key_generate("acme", expiry.name(), expiry).await.unwrap().record;
            assert_eq!(key.expires_at, Some(world.now() + days * DAY));
        }
        let key = world.ada().key_generate("acme", "ever", Expiry::Never).await.unwrap().record;
        assert_eq!(key.expires_at, None);
    }

    async fn a_key_of_the_operator_has_no_creator_and_the_highest_maximum_role(db: Db) {
        let world = World::on(db).await;
        let key = world.operator().key_generate("acme", "ci", Expiry::Days365).await.unwrap().record;
        assert_eq!(key.created_by, None);
        assert_eq!(world.store().key_by_id(&key.id).await.unwrap().unwrap().max_role, Role::SuperAdmin);
    }

    async fn active_keys_have_unique_names(db: Db) {
        let world = World::on(db).await;
        let generate = async |name: &str| world.ada().key_generate("acme", name, Expiry::Days365).await;
        assert!(matches!(name_problem(generate("   ").await), FieldError::Missing(_)));
        assert_eq!(name_problem(generate(&"x".repeat(65)).await), FieldError::TooLong { max: 64, actual: 65 });
        assert_eq!(name_problem(generate("a\u{202E}b").await), FieldError::InvisibleCharacters);
        assert_eq!(name_problem(generate("a\0b").await), FieldError::InvisibleCharacters);
        let emoji = generate("Schlüssel 🔑").await.unwrap().record;
        assert_eq!(name_problem(generate("SCHLÜSSEL 🔑").await), FieldError::KeyNameTaken);
        world.ada().key_revoke("acme", &emoji.id, "Schlüssel 🔑").await.unwrap();
        generate("schlüssel 🔑").await.unwrap();
        let expiring = world.ada().key_generate("acme", "short", Expiry::Days90).await.unwrap().record;
        world.pass(90 * DAY);
        assert_eq!(world.key_record(&expiring).await.status(world.now()), KeyStatus::Expired { at: world.now() });
        generate("short").await.unwrap();
    }

    async fn a_team_has_at_most_five_active_keys(db: Db) {
        let world = World::on(db).await;
        for name in ["1", "2", "3", "4"] {
            world.key(name).await;
        }
        let fifth = world.key("5").await.record;
        // A rolled key no longer counts. Its successor does.
        let sixth = world.ada().key_roll("acme", &fifth.id, Overlap::Days7).await.unwrap().record;
        let full = async || rejection(world.ada().key_generate("acme", "6", Expiry::Days365).await);
        assert_eq!(full().await, Error::TooManyKeys(5));
        world.ada().key_revoke("acme", &fifth.id, "").await.unwrap();
        assert_eq!(full().await, Error::TooManyKeys(5));
        world.ada().key_revoke("acme", &sixth.id, "").await.unwrap();
        world.key("6").await;
    }

    async fn generating_a_key_needs_the_whole_rule_and_the_switch(db: Db) {
        let world = World::ready(db).await;
        let generate = async || rejection(world.ada().key_generate("acme", "x", Expiry::Days365).await);
        assert_eq!(generate().await, Error::Conflict(Conflict::ScimOff));
        world.ada().scim_turn_on("acme").await.unwrap();
        let key = world.key("kept").await.record;
        let roll = async || rejection(world.ada().key_roll("acme", &key.id, Overlap::Day).await);

        world.operator().team_set_plan("acme", Plan::Professional).await.unwrap();
        for failure in [generate().await, roll().await] {
            let Error::Denied(Denial::Provisioning(denial)) = failure else { panic!("{failure:?}") };
            assert_eq!(denial.reasons(), [Reason::Plan(Plan::Professional)]);
        }
        world.operator().team_set_plan("acme", Plan::Enterprise).await.unwrap();
        world.ada().sso_add("acme", oidc("Second"), false).await.unwrap();
        let second = world.method("Second").await;
        world.ada().sso_set_enabled("acme", &second, true, true).await.unwrap();
        for failure in [generate().await, roll().await] {
            assert!(matches!(failure, Error::Denied(_)), "{failure:?}");
        }
        // The existing key keeps working, and can be revoked.
        assert!(world.key_record(&key).await.status(world.now()).is_usable());
        world.ada().sso_keep_only("acme", &second).await.unwrap();
        world.ada().scim_turn_off("acme", "Acme").await.unwrap();
        for failure in [generate().await, roll().await] {
            assert_eq!(failure, Error::Conflict(Conflict::ScimOff));
        }
        world.ada().key_revoke("acme", &key.id, "kept").await.unwrap();
    }

    async fn a_rolled_key_keeps_working_beside_the_new_one(db: Db) {
        let world = World::on(db).await;
        let old = world.ada().key_generate("acme", "Okta", Expiry::Days180).await.unwrap().record;
        world.pass(10 * DAY);
        let new = world.ada().key_roll("acme", &old.id, Overlap::Day).await.unwrap().record;
        assert_eq!((new.name.as_str(), new.expires_at), ("Okta", Some(world.now() + 180 * DAY)));
        let now = world.now();
        let old_now = world.key_record(&old).await;
        assert_eq!(old_now.status(now), KeyStatus::HandingOver { until: now + DAY });
        assert_eq!(
            world.log().await[0].change,
            Change::KeyRolled { name: "Okta".into(), old: old.hint(), new: new.hint(), until: now + DAY }
        );
        assert_eq!(rejection(world.ada().key_roll("acme", &old.id, Overlap::Day).await), Error::Conflict(Conflict::KeyReplaced));
        world.pass(DAY);
        assert!(!world.key_record(&old).await.status(world.now()).is_usable());
        assert_eq!(rejection(world.ada().key_roll("acme", &old.id, Overlap::Day).await), Error::Conflict(Conflict::KeyReplaced));
        assert_eq!(rejection(world.ada().key_set_overlap("acme", &old.id, Overlap::Day).await), Error::Conflict(Conflict::KeyEnded));
    }

    async fn a_key_can_be_rolled_with_every_overlap(db: Db) {
        let world = World::on(db).await;
        let mut key = world.key("Okta").await.record;
        for overlap in Overlap::ALL {
            let old = key;
            key = world.ada().key_roll("acme", &old.id, overlap).await.unwrap().record;
            let old = world.key_record(&old).await;
            assert_eq!(old.expires_at, Some(world.now() + overlap.length()), "{overlap:?}");
            assert_eq!(old.status(world.now()).is_usable(), overlap != Overlap::None);
        }
    }

    async fn at_most_two_keys_of_a_chain_work(db: Db) {
        let world = World::on(db).await;
        let first = world.key("Okta").await.record;
        let second = world.ada().key_roll("acme", &first.id, Overlap::Days7).await.unwrap().record;
        world.pass(MINUTE);
        let third = world.ada().key_roll("acme", &second.id, Overlap::Days7).await.unwrap().record;
        let usable = async |key| world.key_record(key).await.status(world.now()).is_usable();
        assert!(!usable(&first).await);
        assert!(usable(&second).await && usable(&third).await);
        assert_eq!(rejection(world.ada().key_set_overlap("acme", &first.id, Overlap::Days7).await), Error::Conflict(Conflict::KeyEnded));
    }

    async fn rolling_does_not_extend_the_life_of_a_key(db: Db) {
        let world = World::on(db).await;
        let old = world.ada().key_generate("acme", "Okta", Expiry::Days90).await.unwrap().record;
        world.pass(88 * DAY);
        world.ada().key_roll("acme", &old.id, Overlap::Days7).await.unwrap();
        assert_eq!(world.key_record(&old).await.expires_at, Some(START + 90 * DAY));
        world.ada().key_set_overlap("acme", &old.id, Overlap::Hour).await.unwrap();
        assert_eq!(world.key_record(&old).await.expires_at, Some(world.now() + HOUR));
        world.ada().key_set_overlap("acme", &old.id, Overlap::Days7).await.unwrap();
        assert_eq!(world.key_record(&old).await.expires_at, Some(START + 90 * DAY), "remembered through the roll");
    }

    async fn the_overlap_can_be_extended_and_ended(db: Db) {
        let world = World::on(db).await;
        let old = world.ada().key_generate("acme", "Okta", Expiry::Never).await.unwrap().record;
        assert_eq!(rejection(world.ada().key_set_overlap("acme", &old.id, Overlap::Day).await), Error::NotFound);
        world.ada().key_roll("acme", &old.id, Overlap::Hour).await.unwrap();
        world.pass(30 * MINUTE);
        // Revoking must always be possible, and a roll in progress can be completed.
        world.operator().team_set_plan("acme", Plan::Free).await.unwrap();
        world.ada().key_set_overlap("acme", &old.id, Overlap::Days3).await.unwrap();
        let until = world.now() + 3 * DAY;
        assert_eq!(world.key_record(&old).await.expires_at, Some(until));
        assert_eq!(
            world.log().await[0].change,
            Change::KeyOverlapChanged { name: "Okta".into(), hint: old.hint(), until }
        );
        world.ada().key_set_overlap("acme", &old.id, Overlap::None).await.unwrap();
        assert!(!world.key_record(&old).await.status(world.now()).is_usable());
    }

    async fn a_key_is_revoked_at_once_and_only_once(db: Db) {
        let world = World::on(db).await;
        let key = world.key("Okta").await.record;
        let other = world.key("Entra").await.record;
        world.pass(MINUTE);
        world.ada().key_revoke("acme", &key.id, "").await.unwrap();
        assert_eq!(world.key_record(&key).await.revoked_at, Some(world.now()));
        assert_eq!(world.log().await[0].change, Change::KeyRevoked { name: "Okta".into(), hint: key.hint() });
        assert_eq!(rejection(world.ada().key_revoke("acme", &key.id, "").await), Error::Conflict(Conflict::KeyEnded));
        assert_eq!(rejection(world.ada().key_roll("acme", &key.id, Overlap::Day).await), Error::Conflict(Conflict::KeyEnded));
        assert_eq!(rejection(world.ada().key_revoke("acme", &KeyId::new("nothing"), "").await), Error::NotFound);
        // The last usable one.
        let Error::Invalid(problems) = rejection(world.ada().key_revoke("acme", &other.id, "Okta").await) else { panic!() };
        assert_eq!(problems.of(Field::Confirmation), Some(&FieldError::NotConfirmed("Entra".into())));
        world.ada().key_revoke("acme", &other.id, " Entra ").await.unwrap();
        let last = world.key("Last").await.record;
        world.operator().key_revoke("acme", &last.id, "").await.unwrap();
    }

    async fn a_key_stays_valid_after_its_creator_leaves(db: Db) {
        let world = World::on(db).await;
        let admin = world.member(Role::Admin).await;
        let key = world.by(&admin).key_generate("acme", "Okta", Expiry::Days365).await.unwrap().record;
        world.db.sql(&format!("DELETE FROM members WHERE id = '{admin}'")).await;
        assert_eq!(world.keys().await, [key]);
    }

    async fn a_rolled_key_has_the_maximum_role_of_the_member_who_rolls_it(db: Db) {
        let world = World::on(db).await;
        let admin = world.member(Role::Admin).await;
        let old = world.key("Okta").await.record;
        let new = world.by(&admin).key_roll("acme", &old.id, Overlap::Day).await.unwrap().record;
        let max_role = async |id| world.store().key_by_id(id).await.unwrap().unwrap().max_role;
        assert_eq!((max_role(&old.id).await, max_role(&new.id).await), (Role::SuperAdmin, Role::Admin));
    }
}
