//! `GET /teams/{slug}/settings/members/export`: the list as a file. It is written in parts while the client reads, so that it
//! needs the same memory for any number of members. It ends when the client disconnects.

use super::{csv, list};
use crate::{
    auth::audit,
    exports::PATIENCE,
    web::{
        forbidden::forbidden,
        request::{PageError, PageRequest},
    },
};
use app::{form_encoding, model::MemberQuery};
use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    activity::Change,
    format::date::iso,
    id::{MemberId, TeamId},
    role::Roles,
    sort::MemberOrder,
};
use http_body_util::channel::{Channel, Sender};
use std::{collections::HashMap, io};
use store::{ExpectedSize, MemberFilter, MemberRow, PageStart, RowGroups, Store, StoreError};
use tokio::time::timeout;

/// Members of one read.
const PART: i64 = 500;

/// Upper bound of the named groups of one member.
const NAMED: i64 = 1_000;

/// A column of the file: its head, and its value for a member.
type Column = (&'static str, fn(&MemberRow, &RowGroups) -> String);

/// Every column, from left to right.
const COLUMNS: [Column; 10] = [
    ("Name", |row, _| row.name.clone()),
    ("Email", |row, _| row.email.clone()),
    ("User name", |row, _| row.user_name.clone()),
    ("Roles", |row, _| labels(row.own_roles)),
    ("Roles from groups", |row, _| row.group_roles.map(labels).unwrap_or_default()),
    ("Source", |row, _| row.source.label().to_owned()),
    ("Status", |row, _| row.status.label().to_owned()),
    ("Last sign-in", |row, _| row.last_sign_in_at.map(iso).unwrap_or_default()),
    ("Groups", |_, groups| groups.names.join("; ")),
    ("ID", |row, _| row.id.to_string()),
];

fn labels(roles: Roles) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ")
}

/// The byte order mark, by which spreadsheets recognise UTF-8.
const MARK: char = '\u{feff}';

pub(in crate::web) async fn export(request: PageRequest, Path(slug): Path<String>) -> Result<Response, PageError> {
    let signed_in = request.in_team(&slug).await?;
    if !signed_in.role().manages_authentication() {
        return forbidden(&request, &signed_in, "Members").await;
    }
    let query = MemberQuery::parse(&form_encoding::parse(request.query()));
    let (store, team) = (request.state.store.clone(), signed_in.me.team.id.clone());
    let place = request.state.exports().begin(&team)?;
    let filter = list::whole_filter(&store, &team, &query).await?;
    audit::exported(&request.state, &signed_in.me, Change::MembersExported, request.address).await;
    let (sender, parts) = Channel::new(1);
    let reading = Reading { store, team, filter, sort: query.sort };
    tokio::spawn(reading.send(sender));
    let name = HeaderValue::try_from(format!("attachment; filename=\"{slug}-members.csv\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, place.until_sent(parts)).into_response())
}

/// A running export.
struct Reading {
    store: Store,
    team: TeamId,
    filter: MemberFilter,
    sort: MemberOrder,
}

impl Reading {
    /// Sends the parts until the end, until the client disconnects, or until the database fails. A failure cuts the response off.
    async fn send(self, mut sender: Sender<Bytes, io::Error>) {
        let mut text = String::from(MARK);
        csv::line(&mut text, &COLUMNS.map(|(head, _)| head));
        let mut place = PageStart::Start(0);
        loop {
            let (rows, groups) = match self.part(&place).await {
                Ok(part) => part,
                Err(error) => {
                    tracing::error!(%error, "an export of members was cut off");
                    return sender.abort(io::Error::other("the database could not be reached"));
                }
            };
            for row in &rows {
                write(&mut text, row, groups.get(&row.id).unwrap_or(&RowGroups::default()));
            }
            match timeout(PATIENCE, sender.send_data(Bytes::from(std::mem::take(&mut text)))).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                // An error cuts the response off, so that the client does not take it for a complete file.
                Err(_) => return sender.abort(io::ErrorKind::TimedOut.into()),
            }
            match rows.last() {
                Some(last) if rows.len() as i64 == PART => place = PageStart::After(last.id.clone()),
                _ => return,
            }
        }
    }
}

impl Reading {
    /// The members after a place, and their groups.
    async fn part(&self, place: &PageStart) -> Result<(Vec<MemberRow>, HashMap<MemberId, RowGroups>), StoreError> {
        let rows =
            self.store.members_list(&self.team, (&self.filter, ExpectedSize::Many), self.sort, place, PART).await?;
        let ids: Vec<&MemberId> = rows.iter().map(|row| &row.id).collect();
        let groups = self.store.members_groups(&self.team, &ids, NAMED).await?;
        Ok((rows, groups))
    }
}

fn write(text: &mut String, row: &MemberRow, groups: &RowGroups) {
    let cells = COLUMNS.map(|(_, cell)| cell(row, groups));
    csv::line(text, &cells.each_ref().map(String::as_str));
}
