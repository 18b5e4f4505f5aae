//! The requests of identity providers, and the log that they share with changes.

use crate::{
    db::{Db, on_both_engines},
    world::{START, World, person},
};
use domain::{
    activity::{Entry, filter::ActivityFilter},
    id::TeamId,
    key::KeyId,
    plan::Plan,
    role::Role,
    scim_operation::ScimOperation,
};
use store::{DETAILS, LogLine, ScimRequest};

fn request(world: &World, number: usize) -> ScimRequest {
    ScimRequest {
        // Later than every entry of these tests.
        id: format!("0f000000-0000-7000-8000-{number:012}"),
        team: world.team.clone(),
        at: START + number as i64,
        key: KeyId::new("key"),
        key_name: "Okta".into(),
        address: Some("192.0.2.1".into()),
        user_agent: Some("Okta SCIM Client 1.0.0".into()),
        method: "GET".into(),
        path: "/scim/v2/Users".into(),
        operation: "user_get".into(),
        target: Some("id".into()),
        target_name: Some("ada".into()),
        status: 200,
        micros: 7,
        detail: Some("detail".into()),
        notes: vec!["active: string converted to boolean".into()],
        request: Some("{}".into()),
        answer: Some("[]".into()),
        changed: false,
        origin: domain::scim_client::RequestOrigin::Provider,
    }
}

fn bare(world: &World, number: usize) -> ScimRequest {
    ScimRequest {
        address: None,
        user_agent: None,
        target: None,
        target_name: None,
        detail: None,
        notes: vec![],
        request: None,
        answer: None,
        ..request(world, number)
    }
}

on_both_engines! {
    async fn requests_are_read_as_written(db: Db) {
        let world = World::new(db).await;
        let store = world.store();
        // More rows than fit into one statement, and every size of a statement.
        let mut rows: Vec<_> = (0..95).map(|number| request(&world, number)).collect();
        rows.push(bare(&world, 95));
        store.scim_requests_add(&rows).await.unwrap();
        store.scim_requests_add(&rows[90..]).await.unwrap();
        store.scim_requests_add(&[]).await.unwrap();
        assert_eq!(store.log_requests_count(&world.team, 1_000).await.unwrap(), 96);
        assert_eq!(store.log_requests_count(&world.team, 10).await.unwrap(), 10);
        let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
        let mut some = store.scim_requests_by_id(&world.team, &ids[93..]).await.unwrap();
        some.sort_by(|one, other| one.id.cmp(&other.id));
        assert_eq!(some, rows[93..]);
        assert_eq!(store.scim_requests_by_id(&world.team, &ids).await.unwrap().len(), DETAILS);
        assert_eq!(store.scim_requests_by_id(&world.team, &[]).await.unwrap(), []);
        assert_eq!(store.scim_requests_by_id(&TeamId::new("other"), &ids).await.unwrap(), []);
    }

    async fn requests_are_written_together_or_not_at_all(db: Db) {
        let world = World::new(db).await;
        let mut rows: Vec<_> = (0..40).map(|number| request(&world, number)).collect();
        rows[39].team = TeamId::new("no such team");
        assert!(world.store().scim_requests_add(&rows).await.is_err());
        assert_eq!(world.store().log_requests_count(&world.team, 1_000).await.unwrap(), 0);
    }

    async fn requests_are_deleted_by_age(db: Db) {
        let world = World::new(db).await;
        let rows: Vec<_> = (0..1_200).map(|number| bare(&world, number)).collect();
        for part in rows.chunks(256) {
            world.store().scim_requests_add(part).await.unwrap();
        }
        assert_eq!(world.store().scim_requests_sweep(START).await.unwrap(), 0);
        assert_eq!(world.store().scim_requests_sweep(START + 1_100).await.unwrap(), 1_100);
        assert_eq!(world.store().log_requests_count(&world.team, 1_000).await.unwrap(), 100);
    }

    async fn requests_and_changes_are_one_list(db: Db) {
        let world = World::on(db).await;
        let owner = person("Grace Hopper", "grace@globex.test", Role::SuperAdmin);
        let globex = world.operator().team_create("globex", "Globex", Plan::Free, owner).await.unwrap();
        let store = world.store();
        let request_with_change = ScimRequest { changed: true, ..request(&world, 1) };
        let theirs = ScimRequest { team: globex.id, ..request(&world, 2) };
        let unknown = ScimRequest { target_name: None, operation: "newer".into(), ..request(&world, 3) };
        // Older than every change.
        let first = ScimRequest { id: "00000000-0000-7000-8000-000000000000".into(), ..request(&world, 0) };
        store.scim_requests_add(&[first.clone(), request_with_change.clone(), theirs, unknown.clone()]).await.unwrap();
        let entries = world.log().await;
        world.db.sql(&format!("UPDATE activity SET request_id = '{}' WHERE id = '{}'", request_with_change.id, entries[0].id)).await;

        let log_lines = store.log_page(&world.team, &ActivityFilter::default(), 0, None, 100).await.unwrap();
        assert_eq!(log_lines.len(), entries.len() + 2);
        assert!(log_lines.iter().rev().map(LogLine::id).is_sorted());
        let LogLine::Request(line) = log_lines.last().unwrap() else { panic!("{log_lines:?}") };
        assert_eq!((line.id.as_str(), line.operation, line.target.as_deref()), (first.id.as_str(), ScimOperation::UserGet, Some("ada")));
        assert_eq!((line.status, line.detail.as_deref(), line.key_name.as_str()), (200, Some("detail"), "Okta"));
        let entry_of_request = Entry { request: Some(request_with_change.id.clone()), ..entries[0].clone() };
        assert!(log_lines.contains(&LogLine::Change(entry_of_request, Some(request_with_change.id))));
        let LogLine::Request(line) = log_lines.iter().find(|line| line.id() == unknown.id).unwrap() else { panic!("{log_lines:?}") };
        assert_eq!((line.operation, line.target.as_deref()), (ScimOperation::Unknown, Some("id")));

        let (mut lines, mut before) = (Vec::new(), None);
        loop {
            let page = store.log_page(&world.team, &ActivityFilter::default(), 0, before.as_deref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id().to_owned());
            lines.extend(page);
        }
        assert_eq!(lines, log_lines);
    }
}
