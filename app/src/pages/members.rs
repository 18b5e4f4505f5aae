//! `/teams/{slug}/settings/members`.

use crate::{
    components::{avatar::Avatar, head::Head, icon::Icon, number::thousands, shell::Section},
    model::{Member, MemberStatus, Members, Shell},
};
use leptos::prelude::*;

/// Who is in the team: one page of them, by name.
#[component]
pub(super) fn MembersPage(shell: Shell, data: Members) -> impl IntoView {
    let Members { rows, page, pages, total } = data;
    let range = range(page, pages, total, rows.len() as i64);
    let path = Section::Members.path(&shell.team.slug);
    view! {
        <Head
            title="Members".to_owned()
            lead=["The people of ", &shell.team.name, ", what they may do, and where they come from."].concat()
        />
        <section class="card" aria-label="Members">
            <div class="table-box">
                <table class="table" role="table" aria-label=format!("Members, page {page} of {pages}")>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"Member"</th>
                            <th role="columnheader" scope="col">"Role"</th>
                            <th role="columnheader" scope="col">"Source"</th>
                            <th role="columnheader" scope="col">"Status"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {rows.into_iter().map(|member| view! { <Row member=member/> }).collect_view()}
                    </tbody>
                </table>
            </div>
            <nav class="pager hint" aria-label="Pages">
                <span>{range}</span>
                {(pages > 1).then(|| view! { <Pager path=path page=page pages=pages/> })}
            </nav>
        </section>
    }
}

#[component]
fn Row(member: Member) -> impl IntoView {
    let Member { name, email, roles, status, from_directory } = member;
    let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    let (class, tone, label) = match status {
        MemberStatus::Active => ("badge badge-plain", Some("success"), "Active"),
        MemberStatus::Invited => ("badge badge-plain", Some("accent"), "Invited"),
        MemberStatus::Deactivated => ("badge badge-line", None, "Deactivated"),
    };
    view! {
        <tr role="row" class=(status == MemberStatus::Deactivated).then_some("off")>
            <th role="rowheader" scope="row">
                <span class="who">
                    <Avatar name=name.clone()/>
                    <span>
                        <b>{name}</b>
                        " "
                        <span class="sub">{email}</span>
                    </span>
                </span>
            </th>
            <td role="cell" data-label="Role">
                {roles.join(", ")}
            </td>
            <td role="cell" data-label="Source">
                {if from_directory { "SCIM" } else { "Added here" }}
            </td>
            <td role="cell" data-label="Status">
                <span class=class data-tone=tone>
                    {tone.map(|_| view! { <i class="dot"></i> })}
                    {label}
                </span>
            </td>
        </tr>
    }
}

#[component]
fn Pager(path: String, page: i64, pages: i64) -> impl IntoView {
    let to = move |page: i64| [&path, "?page=", &page.to_string()].concat();
    view! {
        <ul>
            <li>
                <Step icon="left" label="Previous page" href=(page > 1).then(|| to(page - 1))/>
            </li>
            {offered(page, pages)
                .into_iter()
                .map(|offer| match offer {
                    Some(number) => {
                        view! {
                            <li class="page-no">
                                <a
                                    class="btn btn-quiet btn-icon"
                                    href=to(number)
                                    aria-current=(number == page).then_some("page")
                                    aria-label=format!("Page {number}")
                                >
                                    {thousands(number)}
                                </a>
                            </li>
                        }
                            .into_any()
                    }
                    None => view! { <li class="page-no" aria-hidden="true">"…"</li> }.into_any(),
                })
                .collect_view()}
            <li>
                <Step icon="right" label="Next page" href=(page < pages).then(|| to(page + 1))/>
            </li>
        </ul>
    }
}

/// A link to the neighbouring page; at the end it stays in place, without a destination.
#[component]
fn Step(icon: &'static str, label: &'static str, href: Option<String>) -> impl IntoView {
    let end = href.is_none();
    view! {
        <a
            class="btn btn-quiet btn-icon"
            href=href
            role=end.then_some("link")
            aria-disabled=end.then_some("true")
            aria-label=label
        >
            <Icon name=icon/>
        </a>
    }
}

/// The page numbers that are offered: the first, the last, and the current one with its neighbours; `None` is a gap.
fn offered(page: i64, pages: i64) -> Vec<Option<i64>> {
    let mut offers = Vec::new();
    let mut last = 0;
    for number in (1..=pages).filter(|number| *number == 1 || *number == pages || (number - page).abs() <= 1) {
        if number - last == 2 {
            offers.push(Some(number - 1));
        } else if number - last > 2 {
            offers.push(None);
        }
        offers.push(Some(number));
        last = number;
    }
    offers
}

/// "1–50 of 1,126". On the last page, what stands before it is counted from the end.
fn range(page: i64, pages: i64, total: i64, rows: i64) -> String {
    if rows == 0 {
        return "No members on this page".to_owned();
    }
    let first = if page >= pages { total - rows + 1 } else { (page - 1) * rows + 1 };
    [&thousands(first), "–", &thousands(first + rows - 1), " of ", &thousands(total)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: i64, pages: i64) -> String {
        let offers = offered(page, pages);
        let words: Vec<String> = offers.iter().map(|offer| offer.map_or("…".into(), |n| n.to_string())).collect();
        words.join(" ")
    }

    #[test]
    fn a_few_pages_are_all_offered() {
        assert_eq!(text(1, 1), "1");
        assert_eq!(text(1, 5), "1 2 … 5");
        assert_eq!(text(3, 5), "1 2 3 4 5");
    }

    #[test]
    fn of_many_pages_the_near_ones_are_offered() {
        assert_eq!(text(1, 2_000), "1 2 … 2000");
        assert_eq!(text(4, 2_000), "1 2 3 4 5 … 2000");
        assert_eq!(text(1_000, 2_000), "1 … 999 1000 1001 … 2000");
        assert_eq!(text(2_000, 2_000), "1 … 1999 2000");
    }

    #[test]
    fn the_range_is_right_on_every_page() {
        assert_eq!(range(1, 1, 3, 3), "1–3 of 3");
        assert_eq!(range(2, 3, 120, 50), "51–100 of 120");
        assert_eq!(range(3, 3, 120, 20), "101–120 of 120");
        assert_eq!(range(1, 1, 0, 0), "No members on this page");
    }
}
