//! Paging. The link to a neighbouring page has the member at which that page starts, so that every page is read as fast
//! as the first.

use crate::{
    components::{icon::Icon, number::thousands},
    model::{Member, MemberQuery},
};
use leptos::prelude::*;

/// The number of members on a page.
const SIZE: i64 = 50;

pub(in crate::pages) type To = Box<dyn Fn(i64) -> String + Send>;

/// The URLs of the pages around the one with these rows.
pub(in crate::pages) fn around(rows: &[Member], query: MemberQuery, path: String, page: i64) -> To {
    let ends = rows.first().zip(rows.last()).map(|(first, last)| (first.row.id.clone(), last.row.id.clone()));
    Box::new(move |number| {
        let names = number.to_string();
        let mut more = vec![("page", names.as_str())];
        match &ends {
            _ if number == 1 => more.clear(),
            Some((_, last)) if number == page + 1 => more.push(("after", last.as_str())),
            Some((first, _)) if number == page - 1 => more.push(("before", first.as_str())),
            _ => {}
        }
        query.address(&path, &more)
    })
}

/// The range of this page, and the links to the others.
#[component]
pub(in crate::pages) fn Pages(
    /// "1–50 of 1,126".
    range: String,
    /// The URLs of the pages.
    to: To,
    page: i64,
    pages: i64,
) -> impl IntoView {
    view! {
        <nav class="pager hint" aria-label="Pages">
            <span>{range}</span>
            {(pages > 1).then(|| view! { <Steps to=to page=page pages=pages/> })}
        </nav>
    }
}

/// The page numbers with their links.
#[component]
fn Steps(
    /// The URLs of the pages.
    to: To,
    page: i64,
    pages: i64,
) -> impl IntoView {
    view! {
        <ul>
            <li>
                <PagerLink icon="left" label="Previous page" href=(page > 1).then(|| to(page - 1))/>
            </li>
            {offered(page, pages)
                .into_iter()
                .map(|offer| match offer {
                    Some(number) => {
                        view! {
                            <li class="pager-number">
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
                    None => view! { <li class="pager-number" aria-hidden="true">"…"</li> }.into_any(),
                })
                .collect_view()}
            <li>
                <PagerLink icon="right" label="Next page" href=(page < pages).then(|| to(page + 1))/>
            </li>
        </ul>
    }
}

/// A link to the neighbouring page. On the last page it keeps its place without a target.
#[component]
fn PagerLink(icon: &'static str, label: &'static str, href: Option<String>) -> impl IntoView {
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

/// The listed page numbers: the first, the last, and the current one with its neighbours. `None` is a gap.
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

/// "1–50 of 1,126". On the last page, the members before it are counted from the end.
pub(in crate::pages) fn range(page: i64, pages: i64, total: i64, has_more: bool, rows: i64) -> String {
    if rows == 0 {
        return "No members on this page".to_owned();
    }
    let first = if page >= pages && !has_more { total - rows + 1 } else { (page - 1) * SIZE + 1 };
    let of = if has_more { " of more than " } else { " of " };
    [&thousands(first), "–", &thousands(first + rows - 1), of, &thousands(total)].concat()
}

/// "1,126 members".
pub(in crate::pages) fn match_count(total: i64, has_more: bool) -> String {
    let more = if has_more { "More than " } else { "" };
    [more, &thousands(total), if total == 1 { " member" } else { " members" }].concat()
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
    fn a_few_pages_are_all_listed() {
        assert_eq!(text(1, 1), "1");
        assert_eq!(text(1, 5), "1 2 … 5");
        assert_eq!(text(3, 5), "1 2 3 4 5");
    }

    #[test]
    fn of_many_pages_the_nearest_are_listed() {
        assert_eq!(text(1, 2_000), "1 2 … 2000");
        assert_eq!(text(4, 2_000), "1 2 3 4 5 … 2000");
        assert_eq!(text(1_000, 2_000), "1 … 999 1000 1001 … 2000");
        assert_eq!(text(2_000, 2_000), "1 … 1999 2000");
    }

    #[test]
    fn every_page_has_its_range() {
        assert_eq!(range(1, 1, 3, false, 3), "1–3 of 3");
        assert_eq!(range(2, 3, 120, false, 50), "51–100 of 120");
        assert_eq!(range(3, 3, 120, false, 20), "101–120 of 120");
        assert_eq!(range(2, 3, 1_000, true, 50), "51–100 of more than 1,000");
        assert_eq!(range(21, 21, 1_000, true, 7), "1,001–1,007 of more than 1,000");
        assert_eq!(range(1, 1, 0, false, 0), "No members on this page");
    }
}
