//! The User (RFC 7643, section 4.1).

use super::{
    Schema,
    attribute::{Attribute, binary, boolean, complex, reference, text},
};

/// The URI.
pub const ID: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// A member of the team.
pub static SCHEMA: Schema = Schema { id: ID, name: "User", description: "User Account", attributes: ATTRIBUTES };

const ATTRIBUTES: &[Attribute] = &[
    text("userName", "Unique name of the member at the identity provider, kept as sent.")
        .required()
        .unique()
        .at_most(255),
    complex("name", NAME, "The parts of the person's name."),
    text("displayName", "The name that other members see."),
    text("nickName", "Casual name of the person."),
    reference("profileUrl", &["external"], "The person's profile on the web."),
    text("title", "The job title, such as “Vice President”."),
    text("userType", "Relationship to the organization, such as “Contractor”."),
    text("preferredLanguage", "Preferred languages, as in Accept-Language."),
    text("locale", "Locale for dates, numbers, and currency, such as “en-US”.").at_most(64),
    text("timezone", "The time zone by its IANA name, such as “Europe/Paris”.").at_most(64),
    boolean("active", "Whether the member can sign in. Setting it to false deactivates the member."),
    text("password", "Accepted for compatibility and ignored.").case_exact().write_only(),
    complex("emails", EMAIL, "Emails. The member signs in with the primary one.").list(),
    complex("phoneNumbers", PHONE, "Telephone numbers.").list(),
    complex("ims", IM, "Instant messaging addresses.").list(),
    complex("photos", PHOTO, "Pictures of the person.").list(),
    complex("addresses", ADDRESS, "Postal addresses.").list(),
    complex("groups", GROUP, "The groups that the member is in. They are changed through the groups.")
        .list()
        .read_only(),
    complex("entitlements", ENTITLEMENT, "What the identity provider says the person is entitled to.").list(),
    complex("roles", ROLE, "The member's roles in the team, assigned manually or by a group.").list().read_only(),
    complex("x509Certificates", CERTIFICATE, "The person's X.509 certificates.").list(),
];

const NAME: &[Attribute] = &[
    text("formatted", "Full name, formatted for display."),
    // Without a displayName, given and family name together are the displayed name.
    text("familyName", "The family name.").at_most(128),
    text("givenName", "The given name.").at_most(128),
    text("middleName", "The middle names.").at_most(128),
    text("honorificPrefix", "Honorific prefix, such as “Dr.”.").at_most(64),
    text("honorificSuffix", "Honorific suffix, such as “III”.").at_most(64),
];

const DISPLAY: Attribute = text("display", "Human-readable value.");
const PRIMARY: Attribute = boolean("primary", "Whether it is the preferred value; at most one is.");

const EMAIL: &[Attribute] = &[
    // RFC 5321, section 4.5.3.1.
    text("value", "The email.").at_most_bytes(254),
    DISPLAY,
    text("type", "What the address is for.").usually(&["work", "home", "other"]),
    PRIMARY,
];

const PHONE: &[Attribute] = &[
    text("value", "The telephone number."),
    DISPLAY,
    text("type", "What the number is for.").usually(&["work", "home", "mobile", "fax", "pager", "other"]),
    PRIMARY,
];

const IM: &[Attribute] = &[
    text("value", "The instant messaging address."),
    DISPLAY,
    text("type", "The service.").usually(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];

const PHOTO: &[Attribute] = &[
    // A data URL contains the picture itself.
    reference("value", &["external"], "The URL of the picture.").at_most(16_384),
    DISPLAY,
    text("type", "The size of the picture.").usually(&["photo", "thumbnail"]),
    PRIMARY,
];

const ADDRESS: &[Attribute] = &[
    text("formatted", "Full address, formatted for display.").at_most(1_024),
    text("streetAddress", "Street, house number and the like.").at_most(1_024),
    text("locality", "The city."),
    text("region", "The state or region."),
    text("postalCode", "The postal code.").at_most(64),
    text("country", "The country in ISO 3166-1 alpha-2, such as “FR”.").at_most(64),
    text("type", "What the address is for.").usually(&["work", "home", "other"]),
    PRIMARY,
];

const GROUP: &[Attribute] = &[
    text("value", "ID of the group.").case_exact().read_only(),
    reference("$ref", &["Group"], "The group's URL.").read_only(),
    text("display", "The group's name.").read_only(),
    text("type", "Whether the member is in the group itself.").usually(&["direct", "indirect"]).read_only(),
];

const ENTITLEMENT: &[Attribute] = &[
    text("value", "The entitlement.").at_most(1_024),
    DISPLAY,
    text("type", "What kind of entitlement it is."),
    PRIMARY,
];

const ROLE: &[Attribute] = &[
    text("value", "The role.").usually(&["super_admin", "admin", "billing", "developer"]).read_only(),
    text("display", "Human-readable role.").read_only(),
    text("type", "What kind of role it is.").read_only(),
    boolean("primary", "Whether it is the most powerful one.").read_only(),
];

const CERTIFICATE: &[Attribute] = &[
    binary("value", "The certificate: DER in base64."),
    DISPLAY,
    text("type", "What the certificate is for."),
    PRIMARY,
];
