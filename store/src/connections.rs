//! A team's connection to its identity provider: the last request, and the number of requests in each hour. The
//! transaction that writes the requests updates it, so that a page reads a row and not the log.

use crate::{
    ScimRequest, Store, StoreError,
    db::{statement::sql, transaction::OpenTransaction},
};
use domain::{
    HOUR, UnixMs,
    id::TeamId,
    scim_client::{ClientTrace, HourlyRequests, RequestOrigin, ScimClient},
    scim_operation::ScimOperation,
};
use std::collections::BTreeMap;

/// The last request of an identity provider, and the numbers of recent requests. Self-tests are not included, and
/// neither are requests without a key's secret, because they belong to no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimConnection {
    /// The last request's id.
    pub request: String,
    /// The time of the request.
    pub at: UnixMs,
    /// The key's name.
    pub key_name: String,
    /// The product that sent it.
    pub client: ScimClient,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The operation.
    pub operation: ScimOperation,
    /// The name of the target.
    pub target: Option<String>,
    /// The status of the response; 0 if the server sent none.
    pub status: i64,
    /// The name of the first member that the provider created; empty if that member was deleted.
    pub first_member: Option<String>,
    /// The error.
    pub detail: Option<String>,
    /// The number of consecutive failures up to the last request, and the time of the first of them.
    pub failed_in_row: i64,
    /// See `failed_in_row`.
    pub failing_since: Option<UnixMs>,
    /// The hours with requests, the oldest first.
    pub hours: Vec<HourlyRequests>,
}

/// The sum of one team's requests in a batch.
pub(crate) struct Tally<'a> {
    hours: BTreeMap<i64, (i64, i64)>,
    last: &'a ScimRequest,
    client: ScimClient,
    first_member: Option<&'a str>,
    /// Did any request succeed?
    any_succeeded: bool,
    /// The number of failures after the last success, and the time of the first of them.
    failed_in_row: i64,
    failing_since: Option<UnixMs>,
}

impl<'a> Tally<'a> {
    /// The sums by team, in the order of ids, so that two processes lock their rows in the same order.
    pub(crate) fn of(requests: &'a [ScimRequest]) -> BTreeMap<&'a str, Self> {
        let mut teams: BTreeMap<&str, Self> = BTreeMap::new();
        let mut in_order: Vec<&ScimRequest> =
            requests.iter().filter(|one| one.origin == RequestOrigin::Provider).collect();
        in_order.sort_by(|one, other| one.id.cmp(&other.id));
        for request in in_order {
            let client = ScimClient::recognise(ClientTrace {
                user_agent: request.user_agent.as_deref(),
                origin: request.origin,
                path: &request.path,
                body: request.request.as_deref(),
            });
            let tally = teams.entry(request.team.as_str()).or_insert_with(|| Self {
                hours: BTreeMap::new(),
                last: request,
                client,
                first_member: None,
                any_succeeded: false,
                failed_in_row: 0,
                failing_since: None,
            });
            tally.add(request, client);
        }
        teams
    }

    fn add(&mut self, request: &'a ScimRequest, client: ScimClient) {
        let (requests, failures) = self.hours.entry(request.at.div_euclid(HOUR)).or_default();
        *requests += 1;
        *failures += i64::from(is_failure(request));
        // Providers look for a member before they create it. That it does not exist is a regular result.
        let is_answer = request.status == 404 && !ScimOperation::parse(&request.operation).is_change();
        if is_failure(request) && !is_answer {
            self.failed_in_row += 1;
            self.failing_since = self.failing_since.or(Some(request.at));
        } else {
            (self.any_succeeded, self.failed_in_row, self.failing_since) = (true, 0, None);
        }
        if request.operation == ScimOperation::UserCreate.name() && request.status == 201 && self.first_member.is_none()
        {
            self.first_member = request.target.as_deref();
        }
        if request.id >= self.last.id {
            // Not every request identifies its client. The same key and `User-Agent` keep the client of before.
            let is_same = self.last.key == request.key && self.last.user_agent == request.user_agent;
            if client != ScimClient::Unknown || !is_same {
                self.client = client;
            }
            self.last = request;
        }
    }
}

/// Did the request, or one of its operations, fail, or was it not answered? The log counts failures in the same way.
fn is_failure(request: &ScimRequest) -> bool {
    request.status >= 400 || request.status == 0 || request.detail.is_some()
}

/// If the stored last request is five minutes later than the new one, it comes from a wrong clock.
const UPSERT: &str = "INSERT INTO scim_connections (team_id, request_id, at, key_id, key_name, client, user_agent, \
     operation, target_name, status, first_member, detail, failing_since, failed_in_row) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
     ON CONFLICT (team_id) DO UPDATE SET request_id = excluded.request_id, at = excluded.at, key_id = excluded.key_id, \
     key_name = excluded.key_name, client = CASE WHEN excluded.client = 'unknown' \
         AND excluded.key_id = scim_connections.key_id \
         AND COALESCE(excluded.user_agent, '') = COALESCE(scim_connections.user_agent, '') \
         THEN scim_connections.client ELSE excluded.client END, \
     user_agent = excluded.user_agent, operation = excluded.operation, target_name = excluded.target_name, \
     detail = excluded.detail, \
     failing_since = CASE WHEN $15 = 1 THEN excluded.failing_since \
         ELSE COALESCE(scim_connections.failing_since, excluded.failing_since) END, \
     failed_in_row = CASE WHEN $15 = 1 THEN excluded.failed_in_row \
         ELSE scim_connections.failed_in_row + excluded.failed_in_row END, \
     status = excluded.status, first_member = COALESCE(scim_connections.first_member, excluded.first_member) \
     WHERE excluded.request_id >= scim_connections.request_id OR scim_connections.at > excluded.at + 300000";
const COUNT: &str = "INSERT INTO scim_hours (team_id, hour, requests, failures) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (team_id, hour) DO UPDATE SET requests = scim_hours.requests + excluded.requests, \
     failures = scim_hours.failures + excluded.failures";

/// Updates the connections of the requests' teams, in the transaction that writes the requests.
pub(crate) async fn keep(tx: &mut OpenTransaction, requests: &[ScimRequest]) -> Result<(), StoreError> {
    for (team, tally) in Tally::of(requests) {
        let Tally { hours, last, client, first_member, any_succeeded, failed_in_row, failing_since } = tally;
        sql(UPSERT)
            .text(team)
            .text(&last.id)
            .number(last.at)
            .text(last.key.as_str())
            .text(&last.key_name)
            .text(client.name())
            .opt_text(last.user_agent.as_deref())
            .text(&last.operation)
            .opt_text(last.target_name.as_deref().or(last.target.as_deref()))
            .number(last.status)
            .opt_text(first_member)
            .opt_text(last.detail.as_deref())
            .opt_number(failing_since)
            .number(failed_in_row)
            .flag(any_succeeded)
            .run(&mut *tx)
            .await?;
        for (hour, (requests, failures)) in hours {
            sql(COUNT).text(team).number(hour).number(requests).number(failures).run(&mut *tx).await?;
        }
    }
    Ok(())
}

impl Store {
    /// The team's connection, with the hours from the one that contains `since`: one statement. `None` before the first
    /// request.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn connection(&self, team: &TeamId, since: UnixMs) -> Result<Option<ScimConnection>, StoreError> {
        let rows = sql("SELECT c.request_id, c.at, c.key_name, c.client, c.user_agent, c.operation, c.target_name, \
                 c.status, c.detail, c.failing_since, c.failed_in_row, \
                 CASE WHEN c.first_member IS NULL THEN NULL ELSE COALESCE(m.display_name, '') END AS first_member, h.hour, h.requests, h.failures FROM scim_connections c \
             LEFT JOIN members m ON m.team_id = c.team_id AND m.id = c.first_member AND m.status <> 'deleted' \
             LEFT JOIN scim_hours h ON h.team_id = c.team_id AND h.hour >= $2 WHERE c.team_id = $1 ORDER BY h.hour")
        .text(team.as_str())
        .number(since.div_euclid(HOUR))
        .inline()
        .all(&self.reader)
        .await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let mut connection = ScimConnection {
            request: first.text("request_id")?,
            at: first.number("at")?,
            key_name: first.text("key_name")?,
            client: ScimClient::parse(&first.text("client")?),
            user_agent: first.opt_text("user_agent")?,
            operation: ScimOperation::parse(&first.text("operation")?),
            target: first.opt_text("target_name")?,
            status: first.number("status")?,
            first_member: first.opt_text("first_member")?,
            detail: first.opt_text("detail")?,
            failed_in_row: first.number("failed_in_row")?,
            failing_since: first.opt_number("failing_since")?,
            hours: Vec::new(),
        };
        for row in &rows {
            if let Some(hour) = row.opt_number("hour")? {
                let (requests, failures) = (row.number("requests")?, row.number("failures")?);
                connection.hours.push(HourlyRequests { at: hour * HOUR, requests, failures });
            }
        }
        Ok(Some(connection))
    }

    /// Deletes the numbers of the hours before a time.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn scim_hours_sweep(&self, before: UnixMs) -> Result<u64, StoreError> {
        self.in_batches(|| {
            sql("DELETE FROM scim_hours WHERE (team_id, hour) IN \
                 (SELECT team_id, hour FROM scim_hours WHERE hour < $1 ORDER BY hour LIMIT $2)")
            .number(before.div_euclid(HOUR))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::key::KeyId;

    fn request(id: &str, at: UnixMs, status: i64) -> ScimRequest {
        ScimRequest {
            id: id.into(),
            team: TeamId::new("team"),
            at,
            key: KeyId::new("key"),
            key_name: "Production".into(),
            address: None,
            user_agent: None,
            method: "GET".into(),
            path: "/scim/v2/Users".into(),
            operation: "user_list".into(),
            target: None,
            target_name: None,
            status,
            micros: 1,
            detail: None,
            notes: Vec::new(),
            request: None,
            answer: None,
            changed: false,
            origin: RequestOrigin::Provider,
        }
    }

    #[test]
    fn requests_are_counted_by_hour_and_the_newest_is_the_last() {
        let entra = ScimRequest { path: "/scim/v2/Users?aadOptscim062020".into(), ..request("b", 5, 200) };
        let created =
            ScimRequest { operation: "user_create".into(), target: Some("id".into()), ..request("d", HOUR + 1, 201) };
        let test = ScimRequest { origin: RequestOrigin::SelfTest, ..request("z", 9 * HOUR, 500) };
        let forged = ScimRequest { origin: RequestOrigin::Unproven, ..request("y", 9 * HOUR, 401) };
        let requests = [entra, request("d2", HOUR, 0), request("a", 6, 404), created, test, forged];
        let tally = Tally::of(&requests).remove("team").unwrap();
        assert_eq!(tally.hours.into_iter().collect::<Vec<_>>(), [(0, (2, 1)), (1, (2, 1))]);
        assert_eq!((tally.last.id.as_str(), tally.client, tally.first_member), ("d2", ScimClient::Entra, Some("id")));
    }

    #[test]
    fn failures_are_counted_after_the_last_success() {
        let all = [request("c", 30, 400), request("a", 10, 401), request("d", 40, 0), request("b", 20, 200)];
        let tally = Tally::of(&all).remove("team").unwrap();
        assert_eq!((tally.any_succeeded, tally.failed_in_row, tally.failing_since), (true, 2, Some(30)));
        let lookups = [request("a", 10, 401), request("b", 20, 404)];
        assert_eq!(Tally::of(&lookups).remove("team").unwrap().failed_in_row, 0);
        let bad = [request("a", 10, 401)];
        let tally = Tally::of(&bad).remove("team").unwrap();
        assert_eq!((tally.any_succeeded, tally.failed_in_row, tally.failing_since), (false, 1, Some(10)));
    }

    #[test]
    fn another_client_is_recognized_anew() {
        let entra = ScimRequest { path: "/scim/v2/Users?aadOptscim062020".into(), ..request("a", 5, 200) };
        let other = ScimRequest { user_agent: Some("curl/8".into()), ..request("b", 5, 200) };
        assert_eq!(Tally::of(&[entra, other]).remove("team").unwrap().client, ScimClient::Unknown);
    }
}
