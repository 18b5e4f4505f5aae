// The pages of the provider. They load nothing, and need no script.

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; padding: 1.5rem; background: Canvas; color: CanvasText }
main { max-width: 26rem; margin: 8vh auto 0 }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
p { margin: 0 0 1rem }
form { display: grid; gap: .5rem; margin: 1.25rem 0 }
button { font: inherit; text-align: start; padding: .625rem .875rem; border: 1px solid GrayText; border-radius: .5rem; background: Canvas; color: CanvasText; cursor: pointer }
button:hover { background: color-mix(in srgb, CanvasText 8%, Canvas) }
button span { display: block; font-size: .875rem; overflow-wrap: anywhere }
a { color: LinkText }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }
`;

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title, body) => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)} · Demo IdP</title><style>${style}</style></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body>
</html>`;

/** One button for each person. The first is the one with the email that Rollcall sent. */
export function login(people, hint) {
  const sorted = people.toSorted((one, other) => Number(other.email === hint) - Number(one.email === hint));
  const buttons = sorted.map(({ name, email, subject }) =>
    `<button name="subject" value="${escape(subject)}">Continue as ${escape(name)}<span>${escape(email)}</span></button>`);
  return page("Sign in to the demo", `
<p>This identity provider is only for trying out Rollcall. It asks for no password, so anyone on this computer can be any of these people.</p>
<form method="post">${buttons.join("\n")}</form>
<p><a href="?cancel">Cancel</a></p>`);
}

/** `form` is oidc-provider's form with the id op.logoutForm. */
export const logout = (form) => page("Sign out of the demo provider?", `${form}
<p><button form="op.logoutForm" name="logout" value="yes">Sign out</button></p>
<p><button form="op.logoutForm">Stay signed in</button></p>`);

export const message = (title, text = "") => page(title, `<p>${escape(text)}</p>`);
