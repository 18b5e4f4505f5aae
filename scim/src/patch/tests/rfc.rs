//! The examples of RFC 7644, section 3.5.2.

use super::*;

fn babs() -> Value {
    json!({"userName":"bjensen@example.com","name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen",
        "givenName":"Barbara"},
        "emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}],
        "addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","primary":true},
            {"type":"home","streetAddress":"456 Hollywood Blvd"}]})
}

/// `babs` with these attributes after the change.
fn babs_with(changed: Value) -> Value {
    let mut babs = object(babs());
    babs.extend(object(changed));
    Value::Object(babs)
}

#[test]
fn adding_members() {
    let operations = json!([{"op":"add","path":"members","value":[{"display":"Babs Jensen",
        "$ref":"https://example.com/v2/Users/2819c223...413861904646","value":"2819c223-7f76-453a-919d-413861904646"}]}]);
    assert_eq!(members(operations).0, [MemberChange::Add(ids(&["2819c223-7f76-453a-919d-413861904646"]))]);
}

#[test]
fn adding_without_a_path() {
    changes(
        babs(),
        json!([{"op":"add","value":{"emails":[{"value":"babs@jensen.org","type":"home"}],"nickName":"Babs"}}]),
        babs_with(json!({"nickName":"Babs"})),
    );
}

#[test]
fn removing_members() {
    let one = json!([{"op":"remove","path":"members[value eq \"2819c223-7f76-...413861904646\"]"}]);
    assert_eq!(members(one).0, [MemberChange::Remove(ids(&["2819c223-7f76-...413861904646"]))]);
    assert_eq!(members(json!([{"op":"remove","path":"members"}])).0, [MemberChange::Clear]);
    let both = json!([
        {"op":"remove","path":"members[value eq \"2819c223-7f76-...413861904646\"]"},
        {"op":"add","path":"members","value":[{"display":"James Smith",
            "$ref":"https://example.com/v2/Users/08e1d05d...473d93df9210","value":"08e1d05d...473d93df9210"}]}
    ]);
    let expected = [
        MemberChange::Remove(ids(&["2819c223-7f76-...413861904646"])),
        MemberChange::Add(ids(&["08e1d05d...473d93df9210"])),
    ];
    assert_eq!(members(both).0, expected);
}

#[test]
fn removing_values_of_a_complex_attribute() {
    changes(
        babs(),
        json!([{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}]),
        babs_with(json!({"emails":[{"value":"babs@jensen.org","type":"home"}]})),
    );
}

#[test]
fn replacing_members() {
    let operations = json!([{"op":"replace","path":"members","value":[
        {"display":"Babs Jensen","$ref":"https://example.com/v2/Users/2819c223...413861904646","value":"2819c223...413861904646"},
        {"display":"James Smith","$ref":"https://example.com/v2/Users/08e1d05d...473d93df9210","value":"08e1d05d...473d93df9210"}]}]);
    let expected = ids(&["2819c223...413861904646", "08e1d05d...473d93df9210"]);
    assert_eq!(members(operations).0, [MemberChange::Replace(expected)]);
}

#[test]
fn replacing_the_work_address() {
    changes(
        babs(),
        json!([{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work","streetAddress":"911 Universal City Plaza",
            "locality":"Hollywood","region":"CA","postalCode":"91608","country":"US",
            "formatted":"911 Universal City Plaza\nHollywood, CA 91608 US","primary":true}}]),
        babs_with(
            json!({"addresses":[{"type":"work","streetAddress":"911 Universal City Plaza","locality":"Hollywood",
            "region":"CA","postalCode":"91608","country":"US",
            "formatted":"911 Universal City Plaza\nHollywood, CA 91608 US","primary":true},
            {"type":"home","streetAddress":"456 Hollywood Blvd"}]}),
        ),
    );
}

#[test]
fn replacing_a_part_of_the_work_address() {
    changes(
        babs(),
        json!([{"op":"replace","path":"addresses[type eq \"work\"].streetAddress","value":"1010 Broadway Ave"}]),
        babs_with(
            json!({"addresses":[{"type":"work","streetAddress":"1010 Broadway Ave","locality":"Hollywood","primary":true},
            {"type":"home","streetAddress":"456 Hollywood Blvd"}]}),
        ),
    );
}

#[test]
fn replacing_without_a_path() {
    changes(
        babs(),
        json!([{"op":"replace","value":{"emails":[{"value":"bjensen@example.com","type":"work","primary":true},
            {"value":"babs@jensen.org","type":"home"}],"nickName":"Babs"}}]),
        babs_with(json!({"nickName":"Babs"})),
    );
}
