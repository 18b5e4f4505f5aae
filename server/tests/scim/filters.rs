//! Lists: filters, pages and sort order.

use crate::{
    api::{Api, ENTERPRISE, USER, encoded},
    db::{Db, on_both_engines},
    world::person,
};
use axum::http::{Method, StatusCode};
use domain::{plan::Plan, role::Role};
use serde_json::json;

/// Ada (created manually), and three Users of the directory: Barbara, Babs (deactivated) and Charles, her report.
struct People {
    api: Api,
    ids: [String; 4],
}

impl People {
    async fn new(db: Db) -> Self {
        let api = Api::new(db).await;
        let ada = api.world.ada.to_string();
        api.world.pass(1_000);
        let barbara = json!({
            "schemas": [USER, ENTERPRISE], "userName": "Barbara@Acme.test", "externalId": "jyoung",
            "displayName": "Barbara", "name": {"givenName": "Barbara", "familyName": "Employee"}, "title": "",
            "emails": [
                {"value": "Work@Example.org", "type": "work", "primary": true},
                {"value": "home@example.com", "type": "home"},
            ],
            ENTERPRISE: {"department": "Tour Operations", "employeeNumber": "701984"},
        });
        let barbara = api.post("/Users", &barbara).await.id();
        api.world.pass(1_000);
        let babs = json!({
            "userName": "babs", "externalId": "0a21", "active": false, "name": {"familyName": "Employee"},
            "emails": [{"value": "work@example.net", "type": "other"}],
        });
        let babs = api.post("/Users", &babs).await.id();
        api.world.pass(1_000);
        let charles = json!({
            "userName": "O'Neil \"Chuck\"", "displayName": "Charles", "title": "Tour Guide",
            ENTERPRISE: {"manager": {"value": barbara}},
        });
        let charles = api.post("/Users", &charles).await.id();
        Self { api, ids: [ada, barbara, babs, charles] }
    }

    /// The letters of the matching Users: A, B, b, C.
    async fn matches(&self, filter: &str) -> String {
        let answer = self.api.find("/Users", filter).await;
        assert_eq!(answer.status, StatusCode::OK, "{filter}: {}", answer.body);
        let results: String = answer.each("id").iter().map(|id| self.letter(id)).collect();
        assert_eq!(answer.counts(), [results.len() as u64, 1, results.len() as u64], "{filter}");
        results
    }

    fn letter(&self, id: &str) -> char {
        let place = self.ids.iter().position(|other| other == id).unwrap();
        ['A', 'B', 'b', 'C'][place]
    }
}

on_both_engines! {
    /// Every form of filter that identity providers send.
    async fn user_filters(db: Db) {
        let people = People::new(db).await;
        let [ada, barbara, ..] = &people.ids;
        for (filter, expected) in [
            (r#"userName eq "BARBARA@acme.test""#, "B"),
            (r#"UserName Eq "barbara@acme.test""#, "B"),
            (&format!(r#"{USER}:userName eq "barbara@acme.test""#), "B"),
            (r#"userName eq "7f3c0c5e-0000-4000-8000-000000000000""#, ""),
            (r#"userName eq "O'Neil \"Chuck\"""#, "C"),
            (r#"userName ne "babs""#, "ABC"),
            (r#"userName sw "BA""#, "Bb"),
            (r#"userName ew "acme.test""#, "AB"),
            (r#"userName co "neil""#, "C"),
            (r#"userName gt "babs""#, "BC"),
            (r#"userName eq "ada@acme.test" or externalId eq "0a21""#, "Ab"),
            (r#"externalId eq "jyoung""#, "B"),
            (r#"externalId eq "JYOUNG""#, ""),
            ("externalId eq jyoung", "B"),
            ("externalId pr", "Bb"),
            ("not (externalId pr)", "AC"),
            ("externalId eq null", "AC"),
            (&format!(r#"id eq "{barbara}""#), "B"),
            (&format!(r#"id eq "{}""#, barbara.to_uppercase()), ""),
            (&format!(r#"id eq "{ada}" and manager eq "{barbara}""#), ""),
            (&format!(r#"manager eq "{barbara}" and id eq "{}""#, people.ids[3]), "C"),
            (r#"emails[type eq "work"].value eq "work@example.ORG""#, "B"),
            (r#"emails[type eq "work" and value eq "work@example.org"]"#, "B"),
            (r#"emails[type eq "home" and value eq "work@example.org"]"#, ""),
            (r#"emails.value eq "HOME@example.com""#, "B"),
            (r#"emails eq "home@example.com""#, "B"),
            (r#"emails.value co "example""#, "Bb"),
            (r#"emails.value eq "ada@acme.test""#, "A"),
            (r#"emails.value eq "barbara@acme.test""#, ""),
            (r#"displayName eq "BARBARA""#, "B"),
            (r#"DisplayName eq "charles""#, "C"),
            (r#"displayName eq "employee""#, ""),
            ("active eq true", "ABC"),
            ("active eq \"False\"", "b"),
            ("active eq false and externalId eq \"0a21\"", "b"),
            ("active ne false", "ABC"),
            ("title pr", "C"),
            (r#"title eq """#, "B"),
            (
                r#"name.FamilyName eq Employee and (emails.Value co "example.com" or emails.Value co "example.net")"#,
                "Bb",
            ),
            (&format!(r#"{ENTERPRISE}:department sw "tour""#), "B"),
            (r#"meta.lastModified gt "2026-06-01T00:00:01Z""#, "bC"),
            (r#"meta.lastModified ge "2026-06-01T00:00:01Z" and meta.lastModified lt "2026-06-01T00:00:03Z""#, "Bb"),
            (r#"meta.Created gt 2015-10-10T14:38:21.8617979-07:00"#, "ABbC"),
            (r#"meta.created le "2026-06-01T02:00:01+02:00""#, "AB"),
            (r#"roles.value eq "super_admin""#, "A"),
            (r#"meta.resourceType eq "User""#, "ABbC"),
            (r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, "ABbC"),
            (r#"userName eq "a\u0000b""#, ""),
            (r#"userName eq "a\u0000b" or userName eq "babs""#, "b"),
        ] {
            assert_eq!(people.matches(filter).await, expected, "{filter}");
        }
    }

    async fn group_filters(db: Db) {
        let api = Api::new(db).await;
        let (a, b) = (api.user("a").await, api.user("b").await);
        let first = api.group("Test SCIMv2", &[&a, &b]).await;
        let second = api.post("/Groups", &serde_json::json!({"displayName": "Other", "externalId": "8aa1"})).await.id();
        for (filter, expected) in [
            (r#"displayName eq "test scimV2""#.to_owned(), vec![&first]),
            (r#"displayName eq "Test""#.to_owned(), vec![]),
            (r#"displayName sw "Test""#.to_owned(), vec![&first]),
            (r#"externalId eq "8aa1""#.to_owned(), vec![&second]),
            (format!(r#"id eq "{first}""#), vec![&first]),
            (format!(r#"members.value eq "{a}""#), vec![&first]),
            (format!(r#"members[value eq "{a}"]"#), vec![&first]),
            (format!(r#"members eq "{a}" and displayName eq "Other""#), vec![]),
            (format!(r#"id eq "{first}" or id eq "{second}""#), vec![&first, &second]),
            ("members pr".to_owned(), vec![&first]),
            ("not (members pr)".to_owned(), vec![&second]),
            (r#"members.display eq "B""#.to_owned(), vec![&first]),
            (r#"meta.lastModified gt "2026-01-01T00:00:00Z""#.to_owned(), vec![&first, &second]),
        ] {
            let results = api.find("/Groups", &filter).await;
            assert_eq!(results.status, StatusCode::OK, "{filter}: {}", results.body);
            assert_eq!(results.each("id").iter().collect::<Vec<_>>(), expected, "{filter}");
        }
        assert_eq!(api.find("/Users", &format!("groups.value eq \"{first}\"")).await.each("id"), [&*a, &*b]);
        assert_eq!(api.find("/Users", r#"groups.display eq "test scimv2""#).await.each("id"), [&*a, &*b]);
        let entra = format!("/Groups?excludedAttributes=members&filter={}", encoded(r#"displayName eq "Test SCIMv2""#));
        let results = api.get(&entra).await;
        assert_eq!((results.each("id"), results.json["Resources"][0].get("members")), (vec![first], None));
    }

    async fn unsupported_filters_are_rejected(db: Db) {
        let api = Api::new(db).await;
        for (filter, expected) in [
            (r#"foo eq "x""#, "Users have no attribute “foo”"),
            (r#"name.first eq "x""#, "name has no sub-attribute “first”. It has formatted, familyName, givenName"),
            ("userName", ""),
            ("userName eq", ""),
            (r#"userName xx "a""#, ""),
            (r#"userName eq "a"#, ""),
            (r#"(userName eq "a""#, ""),
            (r#"userName eq "a")"#, ""),
            (r#"userName eq "a" and"#, ""),
            (r#"emails[type eq "work""#, ""),
            (r#"active gt true"#, ""),
            (r#"active eq "maybe""#, ""),
            (r#"meta.lastModified gt "yesterday""#, ""),
            ("\u{0}", ""),
        ] {
            let answer = api.find("/Users", filter).await;
            assert!(answer.summary().starts_with("400 invalidFilter filter"), "{filter}: {}", answer.summary());
            assert!(answer.summary().contains(expected), "{filter}: {}", answer.summary());
        }
        // The error names the supported attributes.
        let detail = api.find("/Users", r#"login eq "x""#).await.summary();
        for name in ["userName", "externalId", "emails", "displayName", "active", "meta"] {
            assert!(detail.contains(name), "{detail}");
        }
        for filter in [
            "(".repeat(4_000),
            format!("{}userName pr{}", "(".repeat(17), ")".repeat(17)),
            vec!["userName pr"; 33].join(" and "),
            format!("userName eq \"{}\"", "a".repeat(8_192)),
        ] {
            let answer = api.find("/Users", &filter).await;
            assert!(answer.summary().starts_with("400 invalidFilter"), "{}", answer.summary());
        }
    }

    async fn lists_can_be_sorted(db: Db) {
        let people = People::new(db).await;
        for (query, expected) in [
            ("sortBy=userName", "AbBC"),
            ("sortBy=USERNAME&sortOrder=Descending", "CBbA"),
            ("sortBy=externalId", "bBAC"),
            ("sortBy=name.familyName&sortOrder=ascending", "BbAC"),
            ("sortBy=meta.lastModified&sortOrder=descending", "CbBA"),
            ("sortBy=emails.value", "AbBC"),
            ("sortBy=active", "bABC"),
            ("sortBy=userName&startIndex=2&count=2", "bB"),
            ("sortBy=userName&startIndex=5", ""),
            ("sortBy=userName&filter=active%20eq%20true&count=2", "AB"),
        ] {
            let answer = people.api.get(&format!("/Users?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
            let order: String = answer.each("id").iter().map(|id| people.letter(id)).collect();
            assert_eq!(order, expected, "{query}");
            assert_eq!(answer.counts()[0], if query.contains("filter") { 3 } else { 4 });
        }
        for query in ["sortBy=nothing", "sortBy=userName&sortOrder=up", "sortBy="] {
            let answer = people.api.get(&format!("/Users?{query}")).await;
            assert!(
                answer.status == StatusCode::OK || answer.summary().starts_with("400 invalidValue"),
                "{}",
                answer.summary()
            );
        }
    }

    /// Pages by number and by cursor, with an index or a scan: each resource appears once, and the total is exact.
    async fn each_resource_is_on_one_page(db: Db) {
        let api = Api::new(db).await;
        for number in 0..23 {
            let body = json!({"userName": format!("u{number}"), "title": if number % 2 == 0 { "even" } else { "odd" }});
            api.post("/Users", &body).await;
        }
        for (query, total) in [
            ("", 24),
            ("filter=active%20eq%20true", 24),
            ("filter=title%20eq%20%22odd%22", 11),
            ("filter=userName%20sw%20%22u1%22", 11),
            ("filter=userName%20eq%20%22u1%22%20or%20userName%20eq%20%22u7%22", 2),
            ("sortBy=userName", 24),
            ("sortBy=userName&sortOrder=descending&filter=title%20eq%20%22odd%22", 11),
        ] {
            let all = api.get(&format!("/Users?{query}")).await;
            assert_eq!(all.counts(), [total, 1, total], "{query}");
            let all = all.each("id");
            for count in [1, 4, 11, 23, 24, 200] {
                let mut by_number = Vec::new();
                loop {
                    let start = by_number.len() + 1;
                    let page = api.get(&format!("/Users?{query}&startIndex={start}&count={count}")).await;
                    let ids = page.each("id");
                    assert_eq!(page.counts(), [total, start as u64, ids.len() as u64], "{query}");
                    if ids.is_empty() {
                        break;
                    }
                    by_number.extend(ids);
                }
                assert_eq!(by_number, all, "{query} by {count}");
                let mut by_cursor = Vec::new();
                let mut cursor = String::new();
                loop {
                    let page = api.get(&format!("/Users?{query}&cursor={cursor}&count={count}")).await;
                    assert_eq!(page.json["totalResults"], total, "{query}");
                    assert_eq!(page.json.get("startIndex"), None);
                    let ids = page.each("id");
                    assert_eq!(page.json["itemsPerPage"], ids.len());
                    assert!(!ids.is_empty(), "{query}: a cursor that leads to nothing");
                    by_cursor.extend(ids);
                    match page.json["nextCursor"].as_str() {
                        Some(next) => next.clone_into(&mut cursor),
                        None => break,
                    }
                }
                assert_eq!(by_cursor, all, "{query} by {count}");
            }
            let none = api.get(&format!("/Users?{query}&count=0")).await;
            assert_eq!(none.counts(), [total, 1, 0]);
            let none = api.get(&format!("/Users?{query}&count=0&cursor=")).await;
            assert_eq!((&none.json["totalResults"], none.json.get("nextCursor")), (&json!(total), None));
        }
    }

    async fn cursors_of_another_query_are_rejected(db: Db) {
        let api = Api::new(db).await;
        api.user("a").await;
        let first = api.get("/Users?cursor=&count=1").await;
        let next = first.json["nextCursor"].as_str().unwrap();
        for query in [
            format!("cursor={next}&filter=active%20eq%20true"),
            format!("cursor={next}&sortBy=userName"),
            "cursor=nonsense".to_owned(),
            format!("cursor={next}x"),
        ] {
            assert!(api.get(&format!("/Users?{query}")).await.summary().starts_with("400 invalidCursor"), "{query}");
        }
        assert!(api.get(&format!("/Groups?cursor={next}")).await.summary().starts_with("400 invalidCursor"));
        assert!(api.get(&format!("/Users?cursor={next}&count=x")).await.summary().starts_with("400 invalidCount"));
        assert!(api.get(&format!("/Users?cursor={next}&startIndex=1")).await.summary().starts_with("400 invalidValue"));
        // A User that is deleted meanwhile does not end the list.
        api.delete(&format!("/Users/{}", first.each("id")[0])).await;
        assert_eq!(api.get(&format!("/Users?cursor={next}")).await.each("userName"), ["a"]);
    }

    /// The root has resources of both types (RFC 7644, section 3.4.2.1).
    async fn the_root_lists_both_types(db: Db) {
        let api = Api::new(db).await;
        let (a, group) = (api.user("a").await, api.group("G", &[]).await);
        let ada = api.world.ada.to_string();
        let all = [ada.clone(), a.clone(), group.clone()];
        for path in ["", "/", "/?aadOptscim062020"] {
            let results = api.get(path).await;
            assert_eq!((results.counts(), results.each("id")), ([3, 1, 3], all.to_vec()), "{path}");
        }
        for count in 1..5 {
            let (mut walked, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = api.get(&format!("/?cursor={cursor}&count={count}")).await;
                assert_eq!(page.json["totalResults"], 3);
                walked.extend(page.each("id"));
                match page.json["nextCursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            assert_eq!(walked, all);
            let mut numbered = Vec::new();
            while numbered.len() < 3 {
                numbered
                    .extend(api.get(&format!("/?startIndex={}&count={count}", numbered.len() + 1)).await.each("id"));
            }
            assert_eq!(numbered, all);
        }
        assert_eq!(api.find("", r#"displayName eq "G""#).await.each("id"), [&*group]);
        assert_eq!(api.find("", r#"userName eq "A""#).await.each("id"), [&*a]);
        assert_eq!(api.find("", r#"meta.resourceType eq "Group""#).await.each("id"), [&*group]);
        assert!(api.find("", r#"foo eq "x""#).await.summary().starts_with("400 invalidFilter"));
    }

    async fn search_requests_have_the_results_of_queries(db: Db) {
        let people = People::new(db).await;
        let api = &people.api;
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "attributes": ["userName"],
            "filter": "userName sw \"ba\"",
            "sortBy": "userName",
            "sortOrder": "descending",
            "startIndex": 1,
            "count": 1,
        });
        for path in ["/Users/.search", "/.search"] {
            let results = api.post(path, &body).await;
            assert_eq!(results.counts(), [2, 1, 1], "{path} {}", results.body);
            let only = json!([{"schemas": [USER, ENTERPRISE], "id": people.ids[1], "userName": "Barbara@Acme.test"}]);
            let resources = &results.json["Resources"];
            assert_eq!(resources[0]["userName"], only[0]["userName"]);
            assert_eq!(resources[0].get("displayName"), None);
        }
        let groups = api.post("/Groups/.search", &json!({"filter": "displayName eq \"x\""})).await;
        assert_eq!(groups.counts(), [0, 1, 0]);
        for (body, detail) in [
            (json!({"filter": 5}), "400 invalidValue filter: expected a string, got a number"),
            (json!({"count": "ten"}), "400 invalidValue count must be an integer"),
            (json!({"schemas": ["x"]}), "400 invalidSyntax schemas: expected an array that includes"),
        ] {
            let answer = api.post("/Users/.search", &body).await;
            assert!(answer.summary().starts_with(detail), "{}", answer.summary());
        }
        assert!(api.raw(Method::POST, "/.search", "").await.summary().starts_with("400 invalidSyntax"));
    }

    async fn resources_of_other_teams_are_never_returned(db: Db) {
        let api = Api::new(db).await;
        let bob = person("Bob", "bob@other.test", Role::SuperAdmin);
        api.world.operator().team_create("other", "Other", Plan::Enterprise, bob).await.unwrap();
        api.world.operator().sso_add("other", crate::world::oidc("Okta"), true).await.unwrap();
        api.world.operator().scim_turn_on("other").await.unwrap();
        let key = api.world.operator().key_generate("other", "Theirs", domain::key::Expiry::Days90).await.unwrap();
        let theirs = api.with_key(key.key.expose());
        let emails = json!([{"value": "m@x.test"}, {"value": "n@x.test"}]);
        let body = json!({"userName": "x", "externalId": "e", "displayName": "D", "emails": emails});
        let user = theirs.post("/Users", &body).await.id();
        let group = theirs.group("D", &[&user]).await;
        for (path, filter) in [
            ("/Users", format!(r#"id eq "{user}""#)),
            ("/Users", r#"userName eq "x""#.into()),
            ("/Users", r#"externalId eq "e""#.into()),
            ("/Users", r#"displayName eq "D""#.into()),
            ("/Users", r#"emails.value eq "m@x.test""#.into()),
            ("/Users", r#"emails.value eq "n@x.test""#.into()),
            ("/Users", format!(r#"groups.value eq "{group}""#)),
            ("/Users", r#"userName sw "x""#.into()),
            ("/Users", format!(r#"id eq "{user}" or userName eq "x""#)),
            ("/Groups", format!(r#"id eq "{group}""#)),
            ("/Groups", r#"displayName eq "D""#.into()),
            ("/Groups", format!(r#"members.value eq "{user}""#)),
            ("/Groups", format!(r#"id eq "{group}" or displayName eq "D""#)),
        ] {
            assert_eq!(theirs.find(path, &filter).await.counts()[0], 1, "{filter}");
            assert_eq!(api.find(path, &filter).await.counts()[0], 0, "{filter}");
        }
        assert_eq!(api.get("/").await.counts()[0], 1);
        // A cursor to them has no effect: it determines where a list begins, and not the team.
        let cursor = theirs.get("/Users?cursor=&count=1").await.json["nextCursor"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&format!("/Users?cursor={cursor}")).await.json["totalResults"], 1);
    }
}
