//! The statement that reads one page of the log for a filter.

use crate::{db::statement::Statement, search_text};
use domain::{
    MINUTE, UnixMs,
    activity::{
        ActivityActor,
        filter::{ActivityFilter, ActivityOutcome, ActivitySource},
    },
};

/// The statement, and its values after the team, the line to continue from, and the number of lines.
pub(crate) struct PageQuery {
    pub(crate) text: String,
    pub(crate) values: Vec<PageValue>,
}

/// A value of the statement.
pub(crate) enum PageValue {
    Text(String),
    Number(i64),
}

impl PageValue {
    pub(crate) fn bind(statement: Statement, value: Self) -> Statement {
        match value {
            PageValue::Text(text) => statement.text(&text),
            PageValue::Number(number) => statement.number(number),
        }
    }
}

/// The order of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

const CHANGES: &str = "SELECT id, at, address, actor, body, request_id, member_id, CAST(NULL AS TEXT) AS key_id, \
    CAST(NULL AS TEXT) AS key_name, CAST(NULL AS TEXT) AS operation, CAST(NULL AS TEXT) AS target, \
    CAST(NULL AS BIGINT) AS status, CAST(NULL AS TEXT) AS detail, CAST(NULL AS TEXT) AS user_agent, \
    CAST(NULL AS TEXT) AS method, CAST(NULL AS TEXT) AS path, CAST(NULL AS BIGINT) AS micros, CAST(NULL AS TEXT) AS notes, \
    CAST(NULL AS TEXT) AS origin \
    FROM activity";
const REQUESTS: &str = "SELECT id, at, address, CAST(NULL AS TEXT) AS actor, CAST(NULL AS TEXT) AS body, \
    CAST(NULL AS TEXT) AS request_id, CAST(NULL AS TEXT) AS member_id, key_id, key_name, operation, COALESCE(target_name, \
    (SELECT display_name FROM members WHERE members.team_id = scim_requests.team_id AND members.id = target), \
    (SELECT display_name FROM groups WHERE groups.team_id = scim_requests.team_id AND groups.id = target), target) AS target, \
    status, detail, user_agent, method, path, micros, notes, origin FROM scim_requests";
const OF_PEOPLE: &str = "substr(actor, 1, 11) <> '{\"provider\"'";
/// The condition of the index, word for word.
pub(super) const REFUSED: &str = "(kind = 'member_protected' OR kind = 'sign_in_failed' OR kind = 'step_up_failed' \
    OR kind = 'sso_sign_in_failed')";
const NOT_REFUSED: &str = "kind NOT IN ('member_protected', 'sign_in_failed', 'step_up_failed', 'sso_sign_in_failed')";
/// The entries of events that neither changed nor refused anything.
const NO_CHANGE: &str = "kind NOT IN ('signed_in', 'signed_out', 'stepped_up', 'sso_signed_in', 'sso_stepped_up', 'members_exported', 'activity_exported')";
const FAILED: &str = "(status >= 400 OR status = 0 OR detail IS NOT NULL)";
const SUCCEEDED: &str = "status BETWEEN 1 AND 399 AND detail IS NULL";
/// Changes are written while their request is processed, which takes at most this long.
const MAX_DURATION: UnixMs = 2 * MINUTE;
/// The rejections of self-tests are intended, so they are not failures.
const NO_TEST: &str = "origin <> 'self_test'";
/// Requests with the key of an identity provider, as in a connection's health.
const PROVEN: &str = "origin = 'provider'";

/// The statement; `None` if nothing can match the filter.
pub(crate) fn page(filter: &ActivityFilter, now: UnixMs, after: Option<&str>, order: Order) -> Option<PageQuery> {
    let mut values = Vec::new();
    let way = if order == Order::OldestFirst { "ASC" } else { "DESC" };
    let after = after.map(|after| format!(" AND id > {}", number(&mut values, PageValue::Text(after.to_owned()))));
    let since = filter.within.since(now).map(|since| {
        let (id, at) =
            (number(&mut values, PageValue::Text(first_id(since))), number(&mut values, PageValue::Number(since)));
        // Ids sort by time, so the index finds the period. If the clock went back, an id can be later than its time.
        format!(" AND id >= {id} AND at >= {at}")
    });
    let since = [after, since].into_iter().flatten().collect::<String>();
    let halves: Vec<String> = [changes(filter, &mut values), requests(filter, &mut values)]
        .into_iter()
        .flatten()
        // The index limits each half before they are merged.
        .map(|(half, name)| format!("SELECT * FROM ({half}{since} ORDER BY id {way} LIMIT $3) AS {name}"))
        .collect();
    if halves.is_empty() {
        return None;
    }
    let text = format!("SELECT * FROM ({}) AS log ORDER BY id {way} LIMIT $3", halves.join(" UNION ALL "));
    Some(PageQuery { text, values })
}

fn changes(filter: &ActivityFilter, values: &mut Vec<PageValue>) -> Option<(String, &'static str)> {
    let mut text = format!("{CHANGES} WHERE team_id = $1 AND id < $2");
    let mut and = |term: &str| {
        text.push_str(" AND ");
        text.push_str(term);
    };
    match &filter.by {
        ActivitySource::Anyone => {}
        ActivitySource::People => and(OF_PEOPLE),
        ActivitySource::Providers => and("substr(actor, 1, 11) = '{\"provider\"'"),
        ActivitySource::Key(id) => {
            // Names of keys can be used again, so the condition compares the end of the JSON, which has the id.
            let end = format!("\"key_id\":\"{}\"}}}}", id.as_str());
            let length = end.chars().count();
            and(&format!("substr(actor, length(actor) - {} ) = {}", length - 1, number(values, PageValue::Text(end))));
        }
        ActivitySource::Person(name) => is(&mut and, values, &ActivityActor::Member { name: name.clone() })?,
        ActivitySource::Operator => is(&mut and, values, &ActivityActor::Operator)?,
        ActivitySource::System => is(&mut and, values, &ActivityActor::System)?,
    }
    if let Some(request) = &filter.request {
        let created_at = time_of_id(request).unwrap_or_default();
        let [id, first, last] =
            [request.clone(), first_id(created_at), first_id(created_at + MAX_DURATION)].map(PageValue::Text);
        and(&format!("request_id = {}", number(values, id)));
        and(&format!("id >= {}", number(values, first)));
        and(&format!("id < {}", number(values, last)));
    }
    if let Some(term) = about("member_id", filter, values) {
        and(&term);
    }
    match filter.result {
        ActivityOutcome::Anything => {}
        ActivityOutcome::Changes => {
            and(NOT_REFUSED);
            and(NO_CHANGE);
        }
        ActivityOutcome::Succeeded => and(NOT_REFUSED),
        ActivityOutcome::Failures => and(REFUSED),
    }
    Some((text, "changes"))
}

/// The actor is this one, and not a provider.
fn is(and: &mut impl FnMut(&str), values: &mut Vec<PageValue>, actor: &ActivityActor) -> Option<()> {
    let json = serde_json::to_string(actor).ok()?;
    and(OF_PEOPLE);
    and(&format!("actor = {}", number(values, PageValue::Text(json))));
    Some(())
}

/// Requests that changed nothing. Members make none.
fn requests(filter: &ActivityFilter, values: &mut Vec<PageValue>) -> Option<(String, &'static str)> {
    let mut text = format!("{REQUESTS} WHERE team_id = $1 AND id < $2 AND changed = 0");
    match &filter.by {
        ActivitySource::Anyone => {}
        ActivitySource::Providers => text.push_str(&format!(" AND {PROVEN}")),
        ActivitySource::Key(id) => {
            let id = number(values, PageValue::Text(id.as_str().to_owned()));
            text.push_str(&format!(" AND key_id = {id}"));
        }
        ActivitySource::People | ActivitySource::Person(_) | ActivitySource::Operator | ActivitySource::System => {
            return None;
        }
    }
    if let Some(request) = &filter.request {
        let id = number(values, PageValue::Text(request.clone()));
        text.push_str(&format!(" AND id = {id}"));
    }
    if let Some(term) = about("target", filter, values) {
        text.push_str(" AND ");
        text.push_str(&term);
    }
    match filter.result {
        ActivityOutcome::Anything => {}
        ActivityOutcome::Changes => return None,
        ActivityOutcome::Succeeded => {
            text.push_str(" AND ");
            text.push_str(SUCCEEDED);
        }
        ActivityOutcome::Failures => {
            text.push_str(&format!(" AND {FAILED} AND {NO_TEST}"));
        }
    }
    Some((text, "requests"))
}

/// The condition for the member or group, if the filter has one.
fn about(column: &str, filter: &ActivityFilter, values: &mut Vec<PageValue>) -> Option<String> {
    let ids = filter.members.iter().map(|id| number(values, PageValue::Text(id.as_str().to_owned())));
    let ids = ids.collect::<Vec<_>>().join(", ");
    let text = filter.text.as_ref().map(|text| number(values, PageValue::Text(search_text::pattern(text))));
    match (ids.is_empty(), text) {
        (true, None) => None,
        (false, None) => Some(format!("{column} IN ({ids})")),
        (true, Some(text)) => Some(format!("search LIKE {text} ESCAPE '!'")),
        (false, Some(text)) => Some(format!("({column} IN ({ids}) OR search LIKE {text} ESCAPE '!')")),
    }
}

/// Adds a value, and returns its number in the statement.
fn number(values: &mut Vec<PageValue>, value: PageValue) -> String {
    values.push(value);
    format!("${}", values.len() + 3)
}

/// Sorts before every id of this time or later (RFC 9562, section 5.7).
pub(crate) fn first_id(at: UnixMs) -> String {
    let at = at.max(0);
    format!("{:08x}-{:04x}-0000-0000-000000000000", at >> 16, at & 0xffff)
}

/// The time in an id.
pub fn time_of_id(id: &str) -> Option<UnixMs> {
    let digits: String = id.split('-').take(2).collect();
    (digits.len() == 12).then(|| i64::from_str_radix(&digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::query_plans;
    use domain::{activity::filter::ActivityPeriod, id::MemberId, key::KeyId};
    use uuid::{NoContext, Timestamp, Uuid};

    #[test]
    fn ids_of_a_time_sort_after_it() {
        let created_at = Uuid::new_v7(Timestamp::from_unix(NoContext, 1_780_000_000, 123_000_000)).to_string();
        assert!(first_id(1_780_000_000_123) <= created_at);
        assert!(first_id(1_780_000_000_124) > created_at);
    }

    #[tokio::test]
    async fn an_index_finds_each() {
        let plans = query_plans::of_a_new_database().await;
        for (by, result, table, index) in [
            (ActivitySource::Anyone, ActivityOutcome::Anything, "activity", "activity_pkey (team_id=? AND id<?)"),
            (
                ActivitySource::Anyone,
                ActivityOutcome::Anything,
                "scim_requests",
                "scim_requests_pkey (team_id=? AND id<?)",
            ),
            (ActivitySource::Anyone, ActivityOutcome::Failures, "activity", "activity_refused (team_id=? AND id<?)"),
            (
                ActivitySource::Anyone,
                ActivityOutcome::Failures,
                "scim_requests",
                "scim_requests_failed (team_id=? AND id<?)",
            ),
            (
                ActivitySource::Operator,
                ActivityOutcome::Anything,
                "activity",
                "activity_by_person (team_id=? AND actor=? AND id<?)",
            ),
            (
                ActivitySource::Person("Ada".into()),
                ActivityOutcome::Changes,
                "activity",
                "activity_by_person (team_id=? AND actor=?",
            ),
            (ActivitySource::Key(KeyId::new("k")), ActivityOutcome::Failures, "scim_requests", "scim_requests_failed"),
        ] {
            let filter = ActivityFilter { by, result, ..ActivityFilter::default() };
            plans.check(&page(&filter, 0, None, Order::NewestFirst).unwrap().text, table, index).await;
        }
        let new = page(&ActivityFilter::default(), 0, Some("0"), Order::OldestFirst).unwrap().text;
        plans.check(&new, "activity", "activity_pkey (team_id=? AND id>? AND id<?)").await;
        plans.check(&new, "scim_requests", "scim_requests_pkey (team_id=? AND id>? AND id<?)").await;
        let about = page(&ActivityFilter::about(MemberId::new("m")), 0, None, Order::NewestFirst).unwrap().text;
        plans.check(&about, "activity", "activity_by_member (team_id=? AND member_id=? AND id<?)").await;
        plans.check(&about, "scim_requests", "scim_requests_by_target (team_id=? AND target=? AND id<?)").await;
        let text =
            ActivityFilter { text: Some("ada".into()), members: vec![MemberId::new("m")], ..ActivityFilter::default() };
        let text = page(&text, 0, Some("0"), Order::NewestFirst).unwrap().text;
        plans.check(&text, "activity", "activity_pkey (team_id=? AND id>? AND id<?)").await;
        plans.check(&text, "scim_requests", "scim_requests_pkey (team_id=? AND id>? AND id<?)").await;
        let request = ActivityFilter {
            request: Some("019e0000-0000-7000-8000-000000000000".into()),
            ..ActivityFilter::default()
        };
        plans
            .check(
                &page(&request, 0, None, Order::NewestFirst).unwrap().text,
                "activity",
                "(team_id=? AND id>? AND id<?)",
            )
            .await;
        let week = ActivityFilter { within: ActivityPeriod::Week, ..ActivityFilter::default() };
        plans
            .check(&page(&week, 0, None, Order::NewestFirst).unwrap().text, "activity", "(team_id=? AND id>? AND id<?)")
            .await;
    }
}
