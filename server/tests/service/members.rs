//! Changes of Admins to roles, sign-ins and memberships, and changes that no member may make.

use crate::{
    db::{Db, on_both_engines},
    world::World,
};
use domain::{
    Conflict, Denial, Error, Unchanged,
    activity::Change,
    id::MemberId,
    member::MemberDenial,
    role::{Role, Roles},
    validation::field_error::{Field, FieldError},
};
use server::service::RoleEdit;
use store::{MemberRow, MemberStatus, Origin};

fn set(role: Role) -> RoleEdit {
    RoleEdit::Set(role.into())
}

async fn row(world: &World, id: &MemberId) -> Option<MemberRow> {
    world.store().member_details(&world.team, id).await.unwrap().map(|details| details.row)
}

async fn roles(world: &World, id: &MemberId) -> Roles {
    row(world, id).await.unwrap().own_roles
}

/// Makes a member managed by the directory.
async fn manage(world: &World, id: &MemberId) {
    world.db.sql(&format!("UPDATE members SET source = 'directory' WHERE id = '{id}'")).await;
}

fn denied(name: &str, denial: MemberDenial) -> Error {
    Denial::Member { name: name.into(), denial }.into()
}

on_both_engines! {
    async fn setting_roles_is_logged(db: Db) {
        let world = World::new(db).await;
        let bob = world.member(Role::Developer).await;
        let to = Roles::from_bits(40);
        let result = world.ada().members_change_roles("acme", std::slice::from_ref(&bob), RoleEdit::Set(to)).await;
        assert_eq!(result.unwrap(), 1);
        assert_eq!(roles(&world, &bob).await, to);
        let entry = world.log().await.remove(0).change;
        assert_eq!(entry, Change::MemberRolesChanged { name: "Developer".into(), from: Role::Developer.into(), to });
        let log = world.log().await.len();
        let repeat = world.ada().members_change_roles("acme", &[bob], RoleEdit::Set(to)).await;
        assert_eq!((repeat.unwrap(), world.log().await.len()), (0, log), "no change, no entry");
    }

    async fn roles_of_groups_stay(db: Db) {
        let world = World::new(db).await;
        let bob = world.member(Role::Developer).await;
        world.db.sql(&format!("UPDATE members SET group_roles = 32 WHERE id = '{bob}'")).await;
        world.ada().members_change_roles("acme", std::slice::from_ref(&bob), set(Role::Billing)).await.unwrap();
        let row = row(&world, &bob).await.unwrap();
        assert_eq!((row.own_roles, row.group_roles), (Role::Billing.into(), Some(Role::Admin.into())));
    }

    async fn several_members_are_changed_together_or_not_at_all(db: Db) {
        let world = World::new(db).await;
        let (bob, carl) = (world.member(Role::Developer).await, world.member(Role::Billing).await);
        let admin = world.member(Role::Admin).await;
        let ids = [bob.clone(), carl.clone(), world.ada.clone()];
        let result = world.by(&admin).members_change_roles("acme", &ids, RoleEdit::Give(Role::Admin)).await;
        assert_eq!(result.unwrap_err(), denied("Ada Lovelace", MemberDenial::MaxRole));
        assert_eq!(roles(&world, &bob).await, Role::Developer.into(), "no member was changed");
        assert_eq!(world.last_entry().await, "was blocked from changing member Ada Lovelace");
        let log = world.log().await.len();
        let result = world.by(&admin).members_change_roles("acme", &ids[..2], RoleEdit::Give(Role::Admin)).await;
        assert_eq!((result.unwrap(), world.log().await.len()), (2, log + 2));
        assert_eq!(roles(&world, &carl).await, Roles::from(Role::Billing).union(Role::Admin.into()));
        let removal = world.ada().members_change_roles("acme", &ids[..2], RoleEdit::Take(Role::Admin)).await;
        assert_eq!((removal.unwrap(), roles(&world, &carl).await), (2, Role::Billing.into()));
        let many = vec![bob; 201];
        let many = world.ada().members_change_roles("acme", &many, RoleEdit::Give(Role::Admin)).await;
        assert!(matches!(many.unwrap_err(), Error::Invalid(problems) if problems.of(Field::Member) == Some(&FieldError::TooManyMembers(200))));
    }

    async fn denied_changes_are_logged(db: Db) {
        let world = World::new(db).await;
        let (admin, bob) = (world.member(Role::Admin).await, world.member(Role::Developer).await);
        world.db.sql(&format!("UPDATE members SET break_glass = 1 WHERE id = '{bob}'")).await;
        let (ada, by_admin) = (world.ada(), world.by(&admin));
        let last = denied("Ada Lovelace", MemberDenial::LastSuperAdmin);
        let mine = [world.ada.clone()];
        assert_eq!(ada.members_change_roles("acme", &mine, set(Role::Admin)).await.unwrap_err(), last);
        assert_eq!(by_admin.member_deactivate("acme", &world.ada).await.unwrap_err(), last);
        assert_eq!(by_admin.member_remove("acme", &world.ada).await.unwrap_err(), last);
        let max_role = denied("Ada Lovelace", MemberDenial::MaxRole);
        assert_eq!(by_admin.member_sign_out("acme", &world.ada).await.unwrap_err(), max_role);
        let grant = by_admin.members_change_roles("acme", std::slice::from_ref(&admin), set(Role::SuperAdmin)).await;
        assert_eq!(grant.unwrap_err(), denied("Admin", MemberDenial::Grant));
        let glass = denied("Developer", MemberDenial::BreakGlass);
        assert_eq!(ada.member_deactivate("acme", &bob).await.unwrap_err(), glass);
        assert_eq!(ada.member_remove("acme", &bob).await.unwrap_err(), glass);
        let entries = world.log().await;
        let refusals = entries.iter().filter(|entry| matches!(entry.change, Change::MemberProtected { .. })).count();
        assert_eq!(refusals, 7);
        assert_eq!(row(&world, &world.ada).await.unwrap().status, MemberStatus::Active);
    }

    async fn roles_below_admin_cannot_change_members(db: Db) {
        let world = World::new(db).await;
        let (billing, bob) = (world.member(Role::Billing).await, world.member(Role::Developer).await);
        let by = world.by(&billing);
        let forbidden = Error::Forbidden;
        let result = by.members_change_roles("acme", std::slice::from_ref(&billing), set(Role::SuperAdmin)).await;
        assert_eq!(result.unwrap_err(), forbidden);
        assert_eq!(by.member_remove("acme", &bob).await.unwrap_err(), forbidden);
        assert_eq!(by.member_sign_out("acme", &bob).await.unwrap_err(), forbidden);
    }

    async fn deactivating_ends_sessions_and_reactivating_restores_the_member(db: Db) {
        let world = World::new(db).await;
        let bob = world.member(Role::Billing).await;
        world.store().session_create("hash", world.now()).await.unwrap();
        assert!(world.store().sign_in_add("hash", (&world.team, &bob), &Origin::default(), world.now()).await.unwrap());
        world.ada().member_deactivate("acme", &bob).await.unwrap();
        assert_eq!(world.log().await[0].change, Change::MemberDeactivated { name: "Billing".into(), sessions: 1 });
        assert!(!world.store().sign_in_add("hash", (&world.team, &bob), &Origin::default(), world.now()).await.unwrap());
        let log = world.log().await.len();
        let repeat = world.ada().member_deactivate("acme", &bob).await.unwrap_err();
        assert_eq!(repeat, Unchanged::Deactivated.into());
        assert_eq!(world.log().await.len(), log, "twice is once");
        world.ada().member_reactivate("acme", &bob).await.unwrap();
        let repeat = world.ada().member_reactivate("acme", &bob).await.unwrap_err();
        assert_eq!(repeat, Unchanged::Active.into());
        assert_eq!(world.last_entry().await, "reactivated member Billing");
        let row = row(&world, &bob).await.unwrap();
        assert_eq!((row.status, row.own_roles), (MemberStatus::Active, Role::Billing.into()));
    }

    async fn signing_a_member_out_only_ends_its_sessions(db: Db) {
        let world = World::new(db).await;
        let bob = world.member(Role::Billing).await;
        let log = world.log().await.len();
        let nowhere = world.ada().member_sign_out("acme", &bob).await.unwrap_err();
        assert_eq!(nowhere, Unchanged::NoSession.into());
        assert_eq!(world.log().await.len(), log, "there was no session");
        for hash in ["a", "b"] {
            world.store().session_create(hash, world.now()).await.unwrap();
            world.store().sign_in_add(hash, (&world.team, &bob), &Origin::default(), world.now()).await.unwrap();
        }
        world.ada().member_sign_out("acme", &bob).await.unwrap();
        assert_eq!(world.log().await[0].change, Change::MemberSignedOut { name: "Billing".into(), sessions: 2 });
        assert_eq!(row(&world, &bob).await.unwrap().status, MemberStatus::Active);
    }

    async fn removing_a_member_updates_the_count(db: Db) {
        let world = World::new(db).await;
        let bob = world.member(Role::Billing).await;
        let members = async || world.store().team_by_slug("acme").await.unwrap().unwrap().member_count;
        let before = members().await;
        world.ada().member_remove("acme", &bob).await.unwrap();
        assert_eq!((row(&world, &bob).await, members().await), (None, before - 1));
        let repeat = world.ada().member_remove("acme", &bob).await.unwrap_err();
        assert_eq!(repeat, Error::NotFound);
    }

    async fn members_of_the_directory_cannot_be_changed_while_scim_is_on(db: Db) {
        let world = World::on(db).await;
        let bob = world.member(Role::Billing).await;
        manage(&world, &bob).await;
        let ada = world.ada();
        for result in [
            ada.member_deactivate("acme", &bob).await,
            ada.member_reactivate("acme", &bob).await,
            ada.member_remove("acme", &bob).await,
        ] {
            assert_eq!(result.unwrap_err(), Conflict::ManagedByProvider.into());
        }
        ada.members_change_roles("acme", std::slice::from_ref(&bob), set(Role::Developer)).await.unwrap();
        assert!(matches!(ada.member_sign_out("acme", &bob).await.unwrap_err(), Error::Unchanged(Unchanged::NoSession)));
        ada.scim_turn_off("acme", "Acme").await.unwrap();
        ada.member_remove("acme", &bob).await.unwrap();
    }

    async fn members_cannot_deactivate_or_remove_themselves(db: Db) {
        let world = World::new(db).await;
        let admin = world.member(Role::Admin).await;
        let by = world.by(&admin);
        assert_eq!(by.member_deactivate("acme", &admin).await.unwrap_err(), Conflict::OwnMembership.into());
        assert_eq!(by.member_remove("acme", &admin).await.unwrap_err(), Conflict::OwnMembership.into());
    }

    async fn a_member_of_another_team_is_not_found(db: Db) {
        let world = World::new(db).await;
        let owner = crate::world::person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        world.operator().team_create("globex", "Globex", domain::plan::Plan::Free, owner).await.unwrap();
        let not_found = Error::NotFound;
        assert_eq!(world.operator().member_remove("globex", &world.ada).await.unwrap_err(), not_found);
        let ids = [world.ada.clone()];
        let result = world.operator().members_change_roles("globex", &ids, set(Role::Admin)).await;
        assert_eq!(result.unwrap_err(), not_found);
    }

    async fn two_super_admins_cannot_demote_each_other_at_the_same_time(db: Db) {
        let world = World::new(db).await;
        for round in 0..8 {
            let name = format!("Eve {round}");
            let email = format!("eve{round}@acme.test");
            let person = crate::world::person(&name, &email, Role::SuperAdmin);
            let eve = world.operator().member_add("acme", person).await.unwrap();
            let ada = world.ada.clone();
            let one = tokio::spawn({
                let (world, ada, eve) = (world.clone(), ada.clone(), eve.clone());
                async move { world.by(&ada).members_change_roles("acme", &[eve], set(Role::Developer)).await }
            });
            let other = tokio::spawn({
                let (world, ada, eve) = (world.clone(), ada.clone(), eve.clone());
                async move {
                    match round % 3 {
                        0 => world.by(&eve).members_change_roles("acme", &[ada], set(Role::Developer)).await.map(|_| ()),
                        1 => world.by(&eve).member_deactivate("acme", &ada).await.map(|_| ()),
                        _ => world.by(&eve).member_remove("acme", &ada).await.map(|_| ()),
                    }
                }
            });
            let (one, other) = (one.await.unwrap(), other.await.unwrap());
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
            // Restores Ada for the next round.
            world.db.sql(&format!("UPDATE members SET roles = 128, status = 'active' WHERE id = '{ada}'")).await;
            world.db.sql(&format!("UPDATE members SET roles = 2 WHERE id = '{eve}'")).await;
        }
    }
}
