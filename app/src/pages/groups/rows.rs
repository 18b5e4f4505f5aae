//! The table of groups.

use crate::{
    components::{
        local_time::{Moment, TimeFormat},
        number::thousands,
    },
    model::{GroupLine, GroupSort},
};
use domain::UnixMs;
use leptos::prelude::*;

/// One page of groups. Each is a link to its page, if the reader may open it.
#[component]
pub(super) fn GroupTable(
    rows: Vec<GroupLine>,
    path: String,
    /// The accessible name of the table.
    label: String,
    /// The sorted column.
    sort: GroupSort,
    may_open: bool,
    now: UnixMs,
) -> impl IntoView {
    let by_name = (sort == GroupSort::Name).then_some("ascending");
    let by_members = (sort == GroupSort::Members).then_some("descending");
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" aria-sort=by_name>"Group"</th>
                        <th role="columnheader" scope="col" aria-sort=by_members>"Members"</th>
                        <th role="columnheader" scope="col">"Role"</th>
                        <th role="columnheader" scope="col">"Source"</th>
                        <th role="columnheader" scope="col">"Updated"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows
                        .into_iter()
                        .map(|group| {
                            let href = may_open.then(|| [&path, "/", &group.id].concat());
                            view! { <GroupTableRow group=group href=href now=now/> }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn GroupTableRow(group: GroupLine, href: Option<String>, now: UnixMs) -> impl IntoView {
    view! {
        <tr role="row" data-testid="group">
            <th role="rowheader" scope="row">
                <b>
                    {match href {
                        Some(href) => view! { <a href=href>{group.name}</a> }.into_any(),
                        None => group.name.into_any(),
                    }}
                </b>
            </th>
            <td role="cell" data-label="Members">
                {thousands(group.members)}
            </td>
            <td role="cell" data-label="Role">
                {match group.role {
                    Some(role) => role.label().into_any(),
                    None => view! { <span class="muted">"None"</span> }.into_any(),
                }}
            </td>
            <td role="cell" data-label="Source">
                "SCIM"
            </td>
            <td role="cell" data-label="Updated">
                <Moment at=group.updated_at now=now kind=TimeFormat::Relative/>
            </td>
        </tr>
    }
}
