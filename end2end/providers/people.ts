/** A person that a provider knows. */
export interface Person {
  /** What the person types into the login page. */
  userName: string;
  password: string;
  /** The `sub` of OpenID Connect, by default the user name. */
  subject?: string;
  name: string;
  email: string;
  /** Any value, because providers send `true`, `"true"`, `false`, or (undefined) no such claim. */
  emailVerified?: boolean | string;
  /** More claims or attributes, by their full names. */
  attributes?: Record<string, string | string[]>;
}

/** The people of oidc-provider and SimpleSAMLphp, unless a test names others. */
export const people: Person[] = [
  { userName: "ada", password: "ada", subject: "5f0c-ada", name: "Ada Lovelace", email: "ada@acme.test", emailVerified: true },
  { userName: "grace", password: "grace", subject: "71b2-grace", name: "Grace Hopper", email: "grace@acme.test", emailVerified: true },
];

/** The people of LemonLDAP::NG, whose demonstration accounts cannot be changed. */
export const demonstration: Person[] = [
  { userName: "dwho", password: "dwho", name: "Doctor Who", email: "dwho@badwolf.org" },
  { userName: "rtyler", password: "rtyler", name: "Rose Tyler", email: "rtyler@badwolf.org" },
  { userName: "msmith", password: "msmith", name: "Mickey Smith", email: "msmith@badwolf.org" },
];
