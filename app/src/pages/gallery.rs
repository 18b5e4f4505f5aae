//! `/dev/components`, in debug builds: each component in each of its states, in both themes.

use crate::{
    components::{
        avatar::Avatar,
        banner::Banner,
        copy_field::CopyField,
        dialog::{DialogRequests, FormDialog, OpenDialog, RequestDialog},
        empty::Empty,
        field::{InputKind, Options, SelectField, TextField},
        form::{FieldForm, Form, Submit},
        head::Head,
        icon::Icon,
        local_time::{self, Moment},
        menu::Menu,
        method_links::MethodLinks,
        notice::{Alert, Notices},
        role_options::RoleOptions,
        session_origin::SessionOrigin,
        switch::{Switch, SwitchAction},
        toolbar::{FilterSelect, SearchBox, SearchEnd},
    },
    forms::{Check, Rule},
    model::{SignInMethod, SsoFailurePage, SubmittedForm},
    pages::{
        centered_page::CenteredPageLogo, sign_in::EmergencyAccess, sso::failure::FailureCard,
        sso::redirect::EnteredEmail,
    },
};
use domain::{
    HOUR, UnixMs,
    role::Role,
    sso::{SsoFailure, SsoProvider},
};
use leptos::prelude::*;

/// A fixed time, so that the page is always the same.
pub(crate) const NOW: UnixMs = 1_763_474_640_000;

/// The components in a theme. The names make the `id`s of both unique.
struct Scheme {
    theme: &'static str,
    title: &'static str,
    dialog: &'static str,
    danger: &'static str,
    reason: &'static str,
    form: &'static str,
    code: &'static str,
}

const SCHEMES: [Scheme; 2] = [
    Scheme {
        theme: "light",
        title: "Light",
        dialog: "light-dialog",
        danger: "light-danger",
        reason: "light-reason",
        form: "light-form",
        code: "light-code",
    },
    Scheme {
        theme: "dark",
        title: "Dark",
        dialog: "dark-dialog",
        danger: "dark-danger",
        reason: "dark-reason",
        form: "dark-form",
        code: "dark-code",
    },
];

#[component]
pub(crate) fn GalleryPage() -> impl IntoView {
    view! {
        <main class="page" id="main" tabindex="-1">
            <Head title="Components".to_owned() lead="Each component in each of its states, in both themes.".to_owned() crumb="Development">
                <a class="btn" href="/">"An action of the page"</a>
            </Head>
            <DialogRequests action="/dev/components".to_owned()/>
            {SCHEMES.map(|scheme| view! { <Kit scheme=scheme/> }).into_iter().collect_view()}
        </main>
    }
}

#[component]
fn Kit(scheme: Scheme) -> impl IntoView {
    let Scheme { theme, title, dialog, danger, reason, form, code } = scheme;
    view! {
        <section class="gallery" data-theme=theme aria-label=title>
            <h2>{title}</h2>
            <GalleryFields scope=form reason=reason/>
            <Buttons scope=form reason=reason/>
            <GallerySection title="Switches">
                <Switch label=[title, " off"].concat() words=("Off", "On") on=false action=SwitchAction::Form/>
                <Switch label=[title, " on"].concat() words=("Off", "On") on=true action=SwitchAction::InPage(dialog.to_owned())/>
                <Switch
                    label=[title, " blocked"].concat()
                    words=("Off", "On")
                    on=false
                    action=SwitchAction::Blocked(reason.to_owned())
                />
            </GallerySection>
            <GallerySection title="Dialogs">
                <OpenDialog dialog=dialog class="btn" label="Open a dialog" icon="plus"/>
                <OpenDialog dialog=danger class="btn" label="Open a dangerous one"/>
                <OpenDialog dialog=dialog class="btn" label="Blocked" blocked=Some(reason)/>
                <RequestDialog dialog="requested".to_owned() class="btn" label="Ask for a dialog" icon="key"/>
            </GallerySection>
            <Notes title=title/>
            <GalleryValues scope=form/>
            <Lists title=title scope=form/>
            <GallerySignIns code=code/>
            <FormDialog
                id=dialog
                open=false
                action="/dev/components".to_owned()
                title="Change the address?".into_any()
                lead="What will happen."
                button="Change it"
            >
                <Alert why=None/>
                <TextField scope=dialog name="slug" label="Address" hint="A hint." submission=SubmittedForm::default() start=true/>
            </FormDialog>
            <FormDialog
                id=danger
                open=false
                action="/dev/components".to_owned()
                title="Remove it?".into_any()
                lead="It can't be brought back."
                button="Remove"
                danger=true
                careful=true
            >
                <Alert why=Some("Nothing was changed: it is in use.".to_owned())/>
            </FormDialog>
        </section>
    }
}

#[component]
fn GallerySection(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="card">
            <div class="card-head">
                <h3>{title}</h3>
            </div>
            <div class="row-block gallery-part">{children()}</div>
        </div>
    }
}

#[component]
fn GalleryFields(scope: &'static str, reason: &'static str) -> impl IntoView {
    let wrong = SubmittedForm {
        values: vec![("wrong".to_owned(), "no address".to_owned())],
        errors: vec![
            ("wrong".to_owned(), "Enter an email address, such as ada@example.com.".to_owned()),
            ("wrong-choice".to_owned(), "Choose one of the options.".to_owned()),
        ],
        ..SubmittedForm::default()
    };
    let options = || vec![("a", "First"), ("b", "Second")];
    view! {
        <GallerySection title="Fields">
            <TextField scope=scope name="empty" label="Empty" submission=SubmittedForm::default()/>
            <TextField scope=scope name="hint" label="With a hint" hint="What helps to fill it in." value="Text".to_owned() submission=SubmittedForm::default()/>
            <TextField scope=scope name="wrong" label="Wrong" kind=InputKind::Email hint="Not seen." submission=wrong.clone()/>
            <TextField scope=scope name="secret" label="Secret" kind=InputKind::Secret submission=SubmittedForm::default()/>
            <TextField scope=scope name="url" label="URL" kind=InputKind::Url value="https://idp.example.com".to_owned() submission=SubmittedForm::default()/>
            <TextField scope=scope name="code" label="Code" kind=InputKind::Code value="-----BEGIN CERTIFICATE-----".to_owned() submission=SubmittedForm::default()/>
            <TextField scope=scope name="large" label="Large" large=true submission=SubmittedForm::default()/>
            <TextField scope=scope name="blocked" label="Blocked" value="As it is".to_owned() submission=SubmittedForm::default() blocked=Some(reason)/>
            <SelectField scope=scope name="choice" label="Choice" hint="A hint." submission=SubmittedForm::default()>
                <Options options=options() selected="b"/>
            </SelectField>
            <SelectField scope=scope name="wrong-choice" label="Wrong choice" submission=wrong>
                <Options options=options() selected="a"/>
            </SelectField>
            <SelectField scope=scope name="role" label="Role" submission=SubmittedForm::default()>
                <RoleOptions roles=Role::ALL selected=Some(Role::Admin) disabled_role=Some(Role::SuperAdmin)/>
            </SelectField>
        </GallerySection>
    }
}

#[component]
fn Buttons(scope: &'static str, reason: &'static str) -> impl IntoView {
    view! {
        <GallerySection title="Buttons and forms">
            <Form action="/dev/components" class="toolbar" label="Buttons">
                <Submit label="Save" busy="Saving" class="btn btn-primary"/>
                <Submit label="Plain"/>
                <Submit label="Quiet" class="btn btn-quiet"/>
                <Submit label="Remove" class="btn btn-danger"/>
                <Submit label="Blocked" blocked=Some(reason)/>
                <button class="btn btn-primary" type="button" aria-busy="true">
                    "Saving"
                </button>
                <button class="btn" type="button" disabled=true>
                    "Disabled"
                </button>
            </Form>
            <p class="hint" id=reason>
                "Why it is blocked."
            </p>
            <FieldForm
                scope=scope
                action="/dev/components".to_owned()
                check=Check::new(Rule::TeamName)
                name="name"
                label="A form of one field"
                value="Acme".to_owned()
                submission=SubmittedForm::default()
                button="Save name"
                blocked=None
            />
        </GallerySection>
    }
}

#[component]
fn Notes(title: &'static str) -> impl IntoView {
    view! {
        <GallerySection title="Notices">
            <Notices success=Some("It was saved.".into_any()) refusal=Some("It was not saved.".to_owned())/>
            <Banner tone="accent">"For information."</Banner>
            <Banner tone="success">"It was done."</Banner>
            <Banner tone="warning">"Something needs attention."</Banner>
            <Banner tone="danger">"Something failed."</Banner>
            <Empty title="Nothing yet">"The next step of " {title} "."</Empty>
        </GallerySection>
    }
}

#[component]
fn GalleryValues(scope: &'static str) -> impl IntoView {
    let id = move |name: &str| [scope, ".", name].concat();
    view! {
        <GallerySection title="Values">
            <CopyField id=id("copy") label="base URL" value="https://rollcall.test/scim/v2".to_owned()/>
            <CopyField id=id("secret-copy") label="key" value="rc_scim_EXAMPLE".to_owned() secret=true/>
            <CopyField id=id("long-copy") label="command" value="one line\nanother line".to_owned()/>
            <p>
                <Moment at=NOW - HOUR / 2 now=NOW kind=local_time::TimeFormat::Relative/>
                ", "
                <Moment at=NOW - HOUR now=NOW kind=local_time::TimeFormat::Inline/>
                ", "
                <Moment at=NOW now=NOW kind=local_time::TimeFormat::Clock/>
                ", "
                <Moment at=NOW now=NOW kind=local_time::TimeFormat::Exact/>
            </p>
            <p>
                <Avatar name="Ada Lovelace".to_owned()/>
                <Avatar name="Okta".to_owned() tile=true/>
            </p>
            <div>
                <SessionOrigin
                    browser=Some("Firefox on Windows".to_owned())
                    address=Some("192.0.2.7".to_owned())
                    since=NOW - HOUR
                    last_seen_at=NOW
                    now=NOW
                />
            </div>
            <p>
                {[("success", "Active"), ("accent", "Invited"), ("warning", "Expires"), ("danger", "Failed")]
                    .map(|(tone, text)| {
                        view! {
                            <span class="badge" data-tone=tone>
                                {text}
                            </span>
                            " "
                        }
                    })
                    .into_iter()
                    .collect_view()}
                <span class="badge badge-line">"Line"</span>
                " "
                <span class="badge badge-plain" data-tone="success">
                    <i class="dot"></i>
                    "Plain"
                </span>
            </p>
        </GallerySection>
    }
}

#[component]
fn Lists(title: &'static str, scope: &'static str) -> impl IntoView {
    let menu = [scope, ".menu"].concat();
    view! {
        <GallerySection title="Lists">
            <form class="toolbar" role="search" aria-label=title method="get" action="/dev/components" data-filter="">
                <SearchBox name="q" value=String::new() placeholder="Name" label="Search" go=true/>
                <FilterSelect
                    name="status"
                    label="Status"
                    any=Some("Any status")
                    options=vec![("active", "Active")]
                    selected=None
                />
                <SearchEnd reset_url=Some("/dev/components".to_owned()) match_count=Some("2 members".to_owned())/>
            </form>
            <Menu id=menu label=["Actions in ", title].concat()>
                <RequestDialog dialog="edit".to_owned() class="item" icon="edit" label="Edit…"/>
                <hr/>
                <RequestDialog dialog="delete".to_owned() class="item" icon="ban" label="Delete…" danger=true/>
            </Menu>
            <p>
                <Icon name="check"/>
                <Icon name="alert"/>
                <Icon name="info"/>
                <Icon name="key"/>
            </p>
        </GallerySection>
    }
}

#[component]
fn GallerySignIns(code: &'static str) -> impl IntoView {
    let method =
        |name: &str, provider| SignInMethod { name: name.to_owned(), provider, href: "/dev/components".to_owned() };
    let okta = move || method("Okta", SsoProvider::Okta);
    let failed = SsoFailurePage {
        method: "Okta".to_owned(),
        provider: SsoProvider::Okta,
        team: ("Acme".to_owned(), "acme".to_owned()),
        failure: SsoFailure::NoMatch,
        account: Some("ada@acme.test".to_owned()),
        detail: Some("userName".to_owned()),
        deactivated_at: None,
        clock_difference: None,
        reference: "7Q2F-K81D".to_owned(),
        retry: "/dev/components".to_owned(),
        other_account: None,
    };
    view! {
        <GallerySection title="Sign-in">
            <p>
                <CenteredPageLogo icon="mark" tone=None/>
                <CenteredPageLogo icon="alert" tone=Some("danger")/>
                <CenteredPageLogo icon="lock" tone=Some("warning")/>
            </p>
            <EnteredEmail email="ada@acme.test".to_owned()/>
            <MethodLinks methods=vec![okta()]/>
            <p class="field-or hint">"or with a password"</p>
            <MethodLinks methods=vec![okta(), method("Google Workspace", SsoProvider::Google)]/>
            <EmergencyAccess methods="Okta".to_owned() open=true>
                <p>"The form."</p>
            </EmergencyAccess>
            <FailureCard id=code data=failed now=NOW/>
        </GallerySection>
    }
}
