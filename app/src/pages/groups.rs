//! `/teams/{slug}/settings/groups`.

use crate::{
    components::{empty::Empty, head::Head, number::thousands, shell::Section},
    model::{Groups, Shell},
};
use leptos::prelude::*;

/// The groups by name.
#[component]
pub(super) fn GroupsPage(shell: Shell, data: Groups) -> impl IntoView {
    let authentication = Section::Authentication.path(&shell.team.slug);
    let none = data.rows.is_empty();
    view! {
        <Head
            title="Groups".to_owned()
            lead=["The groups that an identity provider keeps in ", &shell.team.name, "."].concat()
        />
        <section class="card" aria-label="Groups">
            {if none {
                view! {
                    <Empty title="No groups yet">
                        "They come from your identity provider, once it is connected in "
                        <a href=authentication>"Authentication"</a> "."
                    </Empty>
                }
                    .into_any()
            } else {
                view! { <Table rows=data.rows/> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Table(rows: Vec<(String, i64)>) -> impl IntoView {
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-label="Groups">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Group"</th>
                        <th role="columnheader" scope="col">"Members"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows
                        .into_iter()
                        .map(|(name, members)| {
                            view! {
                                <tr role="row">
                                    <th role="rowheader" scope="row">
                                        <b>{name}</b>
                                    </th>
                                    <td role="cell" data-label="Members">
                                        {thousands(members)}
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
