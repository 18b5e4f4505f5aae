//! 403: the role does not allow this page. It names people who can help, and contains nothing of the page itself.

use crate::{
    components::{avatar::Avatar, head::Head, shell::Section},
    model::{Forbidden, Shell},
};
use leptos::prelude::*;

#[component]
pub(super) fn ForbiddenPage(shell: Shell, data: Forbidden) -> impl IntoView {
    let Forbidden { page, helpers } = data;
    let team = &shell.team.name;
    let about = match Section::parse(&page) {
        Some(Section::Authentication) => {
            ["This page controls how people sign in to ", team, " and which identity provider manages them."].concat()
        }
        Some(Section::Activity) => ["This page lists every change to ", team, "."].concat(),
        _ => "This page is for admins.".to_owned(),
    };
    let role = shell.me.role.label();
    let subject = encode(&[&page, " settings of ", team, " in Rollcall"].concat());
    view! {
        <Head
            measure=true
            title=["Only admins can open ", &page].concat()
            lead=[&about, " Your role is ", role, "."].concat()
        />
        <div class="measure">
            <section class="card" aria-labelledby="admins">
                <div class="card-head">
                    <div>
                        <h2 id="admins">"Who can help"</h2>
                        <p>"An admin can make a change for you, or make you an admin."</p>
                    </div>
                </div>
                <ul class="rows">
                    {helpers
                        .into_iter()
                        .map(|(name, email)| {
                            let href = ["mailto:", &encode(&email), "?subject=", &subject].concat();
                            let label = ["Email ", &name].concat();
                            view! {
                                <li class="row">
                                    <Avatar name=name.clone()/>
                                    <div class="grow">
                                        <h3>{name}</h3>
                                        <p>{email.clone()}</p>
                                    </div>
                                    {email
                                        .contains('@')
                                        .then(|| view! { <a class="btn" href=href aria-label=label>"Email"</a> })}
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
            <p>
                <a href=Section::Members.path(&shell.team.slug)>"Go to Members"</a>
            </p>
        </div>
    }
}

/// Percent-encodes for a `mailto:` address (RFC 6068, section 2): everything except letters, digits and a few harmless
/// marks.
fn encode(text: &str) -> String {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let hex = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_cannot_add_fields_to_the_mail() {
        assert_eq!(encode("ada@acme.test"), "ada@acme.test");
        assert_eq!(encode("a?bcc=eve@x.test&cc=b"), "a%3Fbcc%3Deve@x.test%26cc%3Db");
        assert_eq!(encode("Tomás %"), "Tom%C3%A1s%20%25");
    }
}
