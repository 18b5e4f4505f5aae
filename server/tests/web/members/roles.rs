//! Changes of several members' roles.

use super::{LIST, get, group, page_of};
use crate::{
    app::TestApp,
    db::{Db, on_both_engines},
};
use axum::http::StatusCode;
use domain::{Denial, MINUTE, member::MemberDenial, role::Role, validation::field_error::FieldError};

on_both_engines! {
    async fn several_members_get_a_role_after_a_confirmation(db: Db) {
        let app = TestApp::new(db).await;
        let (one, two) = (app.member(Role::Developer).await, app.member(Role::Billing).await);
        let (one, two) = (app.id(&one).await, app.id(&two).await);
        let mut ada = app.ada().await;
        let path = format!("{LIST}/roles");
        let mut form = vec![("member", one.as_str()), ("member", &two), ("role", "admin"), ("do", "give"), ("query", "status=active")];
        let redirect = ada.post(&path, &form).await;
        let to = redirect.header("location").to_owned();
        assert_eq!(to, format!("{LIST}?status=active&member={one}&member={two}&chosen=admin&dialog=several&do=give"));
        let dialog = ada.get(&to).await;
        let title = dialog.part("several.title").unwrap();
        assert!(title.contains("Admin") && title.contains("2 members"), "{title}");
        assert!(dialog.parts("bulk-gets").iter().any(|line| line.starts_with("Developer :")), "{}", dialog.text());
        assert!(!get(&mut ada, "?role=admin").await.shows("2 members"), "before it is confirmed");
        form.push(("sure", "yes"));
        let response = ada.post(&path, &form).await;
        assert_eq!(response.summary(), format!("303 {LIST}?status=active&changed=2&chosen=admin&done=roles-changed"));
        let list = ada.get(response.header("location")).await;
        assert!(list.done().is_some_and(|done| done.contains("2 members")), "{:?}", list.done());
        assert!(list.shows("Admin also Billing"), "{}", list.text());
        assert!(list.body.contains("<option value=\"admin\" selected"), "the role stays chosen");
        let repeat = ada.post(&path, &form).await;
        assert!(repeat.status == StatusCode::OK && repeat.alert().is_none() && repeat.done().is_none(), "{}", repeat.text());
        let unchanged = repeat.note().unwrap();
        form.pop();
        let redirect = ada.post(&path, &form).await;
        let redirect = ada.get(redirect.header("location")).await;
        assert!(redirect.has_note(&unchanged) && !redirect.body.contains("id=\"several\""), "no confirmation is needed: {}", redirect.text());
        let own = app.id("ada@acme.test").await;
        let mut take = vec![("member", one.as_str()), ("member", &own), ("role", "super_admin"), ("do", "take")];
        let dialog = ada.post(&path, &take).await;
        let dialog = ada.get(dialog.header("location")).await;
        let refusals = dialog.parts("bulk-refused");
        assert_eq!(refusals, [format!("Ada Lovelace : {}.", MemberDenial::LastSuperAdmin)], "{}", dialog.text());
        assert!(!dialog.body.contains("id=\"several\"") && dialog.body.contains(&format!("value=\"{own}\" checked")), "to deselect them");
        take.push(("sure", "yes"));
        let rejection = ada.post(&path, &take).await;
        assert_eq!(rejection.status, StatusCode::FORBIDDEN);
        let denial = Denial::Member { name: "Ada Lovelace".into(), denial: MemberDenial::LastSuperAdmin };
        assert!(rejection.refuses(denial), "{:?}", rejection.alert());
        assert!(rejection.body.contains(&format!("value=\"{one}\" checked")) && rejection.body.contains("<option value=\"super_admin\" selected"));
        let without_members = ada.post(&path, &[("role", "admin"), ("do", "give")]).await;
        assert_eq!(without_members.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(without_members.alert(), Some(FieldError::NoMember.to_string()));
        for role in [&[][..], &[("role", "owner")]] {
            let unknown = ada.post(&path, &[&[("member", one.as_str()), ("do", "give")], role].concat()).await;
            assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "as in the browser");
            assert!(unknown.body.contains(&format!("value=\"{one}\" checked")));
        }
        assert_eq!(ada.post(&path, &[("member", &one), ("role", "admin")]).await.status, StatusCode::BAD_REQUEST);
        for role in ["admin", "billing"] {
            let with_forged_id = ada.post(&path, &[("member", "forged"), ("member", &one), ("role", role), ("do", "give")]).await;
            assert_eq!(with_forged_id.status, StatusCode::NOT_FOUND);
            assert!(with_forged_id.alert().is_some(), "{}", with_forged_id.text());
            assert!(with_forged_id.body.contains(&format!("value=\"{one}\" checked")), "the others stay chosen");
        }
    }

    async fn the_confirmation_lists_the_effect_on_each_member(db: Db) {
        let app = TestApp::new(db).await;
        let falls = app.member(Role::Admin).await;
        app.add("acme", "Grace Hopper", "grace@acme.test", Role::Admin).await;
        group(&app, "grace@acme.test", "IT", "admin").await;
        app.world.db.sql("UPDATE members SET group_roles = 32 WHERE email = 'grace@acme.test'").await;
        let (falls, keeps) = (app.id(&falls).await, app.id("grace@acme.test").await);
        let billing = app.member(Role::Billing).await;
        let same = app.id(&billing).await;
        let mut ada = app.ada().await;
        let form = [("member", falls.as_str()), ("member", &keeps), ("member", &same), ("role", "admin"), ("do", "take")];
        let dialog = ada.post(&format!("{LIST}/roles"), &form).await;
        let dialog = ada.get(dialog.header("location")).await;
        let title = dialog.part("several.title").unwrap();
        assert!(title.contains("Admin") && title.contains("2 members"), "{title}");
        for (part, name, words) in [
            ("bulk-falls-back", "Admin :", "Developer"),
            ("bulk-keeps", "Grace Hopper :", "IT"),
            ("bulk-same", "", "Billing"),
        ] {
            let [line] = &dialog.parts(part)[..] else { panic!("{part}: {}", dialog.text()) };
            assert!(line.starts_with(name) && line.contains(words), "{line}");
        }
    }

    async fn an_admin_cannot_assign_super_admin(db: Db) {
        let app = TestApp::new(db).await;
        let (admin, bob) = (app.member(Role::Admin).await, app.member(Role::Developer).await);
        let bob = app.id(&bob).await;
        let mut admin = app.signed_in(&admin).await;
        let list = get(&mut admin, "").await;
        assert!(list.body.contains("<option value=\"super_admin\" disabled"), "{}", list.body);
        assert!(list.part("bulk-ceiling").is_some(), "{}", list.text());
        assert!(list.part(&format!("member.{}.why", app.world.ada)).is_some(), "{}", list.text());
        let dialog = admin.post(&format!("{LIST}/roles"), &[("member", &bob), ("role", "super_admin"), ("do", "give")]).await;
        let dialog = admin.get(dialog.header("location")).await;
        let [refusal] = &dialog.parts("bulk-refused")[..] else { panic!("{}", dialog.text()) };
        assert!(refusal.ends_with(&format!(": {}.", MemberDenial::Grant)), "{refusal}");
    }

    async fn the_selection_returns_after_verification(db: Db) {
        let app = TestApp::new(db).await;
        let bob = app.member(Role::Developer).await;
        let (path, bob) = (page_of(&app, &bob).await, app.id(&bob).await);
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let redirect = ada.post(&format!("{path}/roles"), &[("role", "admin")]).await;
        assert!(redirect.summary().starts_with("303 /teams/acme/verify?next="), "{}", redirect.summary());
        let verify = ada.get(redirect.header("location")).await;
        let next = verify.value("next").unwrap();
        assert_eq!(next, format!("{path}?dialog=roles&role=admin"));
        let back = ada.get(&next).await;
        assert!(back.body.contains("id=\"roles\" open") && back.body.contains("value=\"admin\" checked"), "{}", back.body);
        let several = [("member", bob.as_str()), ("role", "billing"), ("do", "give"), ("query", "q=dev")];
        let redirect = ada.post(&format!("{LIST}/roles"), &several).await;
        let verify = ada.get(redirect.header("location")).await;
        let back = ada.get(&verify.value("next").unwrap()).await;
        assert!(back.body.contains(&format!("value=\"{bob}\" checked")), "{}", back.body);
        assert!(back.body.contains("<option value=\"billing\" selected"));
    }
}
