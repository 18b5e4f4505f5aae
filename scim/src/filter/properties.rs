//! Properties of every filter.

use super::*;
use crate::{
    AttributePath, Normalizations, ResourceType,
    attribute_path::all,
    resource::DateTime,
    schema::{Returned, Type},
};
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// Every path that supports comparisons: not complex, and not secret.
fn comparable(kind: ResourceType) -> Vec<AttributePath> {
    let parts = |path: AttributePath| path.attribute.sub_attributes.iter().filter_map(move |s| path.part(s.name).ok());
    all(kind)
        .flat_map(|path| parts(path).chain([path]))
        .filter(|path| path.leaf().kind != Type::Complex && path.leaf().returned != Returned::Never)
        .collect()
}

fn term(path: AttributePath) -> BoxedStrategy<Filter> {
    use Operator::*;
    let text = prop_oneof!["[a-c ]{0,3}", r#"[\\"'\n\u{0}é😀]{0,3}"#, any::<String>()];
    let (ops, value) = match path.leaf().kind {
        Type::Boolean => (vec![Eq, Ne], any::<bool>().prop_map(Literal::Boolean).boxed()),
        Type::DateTime => {
            let time = (0..=253_402_300_799_999i64).prop_map(|ms| {
                let text = DateTime(ms).to_string();
                Literal::DateTime { at: Instant::parse(&text).unwrap(), text }
            });
            (vec![Eq, Ne, Gt, Ge, Lt, Le], time.boxed())
        }
        Type::Binary => (vec![Eq, Ne], text.prop_map(|text| Literal::Text(text.into())).boxed()),
        _ => (Operator::ALL.to_vec(), text.prop_map(|text| Literal::Text(text.into())).boxed()),
    };
    prop_oneof![
        4 => (select(ops), value).prop_map(move |(op, value)| Filter::Compare { path, op, value }),
        1 => select(vec![Eq, Ne]).prop_map(move |op| Filter::Compare { path, op, value: Literal::Null }),
        1 => Just(Filter::Present(path)),
    ]
    .boxed()
}

/// Combines `leaf` with `and`, `or` and `not`.
fn combined(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::and),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
    .boxed()
}

fn filter(kind: ResourceType) -> BoxedStrategy<Filter> {
    let complex: Vec<_> = all(kind).filter(|path| path.leaf().kind == Type::Complex).collect();
    let values = select(complex).prop_flat_map(move |path| {
        let parts: Vec<_> = path.attribute.sub_attributes.iter().map(|sub| path.part(sub.name).unwrap()).collect();
        let filter = combined(select(parts).prop_flat_map(term).boxed());
        filter.prop_map(move |filter| Filter::Values { path, filter: Box::new(filter) })
    });
    combined(prop_oneof![4 => select(comparable(kind)).prop_flat_map(term), 1 => values].boxed())
}

fn either() -> impl Strategy<Value = (ResourceType, Filter)> {
    select(vec![ResourceType::User, ResourceType::Group])
        .prop_flat_map(|kind| filter(kind).prop_map(move |filter| (kind, filter)))
}

/// A User that some of the generated filters match.
fn user() -> impl Strategy<Value = Map<String, Value>> {
    let text = || proptest::option::of("[a-cA-C ]{0,3}");
    let email = (text(), text(), proptest::option::of(any::<bool>()))
        .prop_map(|(value, kind, primary)| json!({"value": value, "type": kind, "primary": primary}));
    (text(), text(), any::<bool>(), prop::collection::vec(email, 0..3)).prop_map(
        |(title, nick_name, active, emails)| {
            let user = json!({"title": title, "nickName": nick_name, "active": active, "emails": emails});
            user.as_object().unwrap().clone()
        },
    )
}

fn terms(filter: &Filter) -> usize {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().map(terms).sum(),
        Filter::Not(filter) | Filter::Values { filter, .. } => terms(filter),
        Filter::Compare { .. } | Filter::Present(_) => 1,
    }
}

proptest! {
    #[test]
    fn reading_inverts_printing((kind, filter) in either()) {
        let text = filter.to_string();
        prop_assume!(terms(&filter) <= MAX_TERMS && text.len() <= MAX_LENGTH);
        let mut notes = Normalizations::new();
        prop_assert_eq!(Filter::parse(&text, kind, &mut notes), Ok(filter), "{}", text);
        prop_assert!(notes.is_empty());
    }

    #[test]
    fn logical_operators_follow_boolean_algebra(a in filter(ResourceType::User), b in filter(ResourceType::User), user in user()) {
        let (holds_a, holds_b) = (a.matches(&user), b.matches(&user));
        prop_assert_eq!(Filter::Not(Box::new(a.clone())).matches(&user), !holds_a);
        prop_assert_eq!(Filter::and(vec![a.clone(), b.clone()]).matches(&user), holds_a && holds_b);
        prop_assert_eq!(Filter::or(vec![a, b]).matches(&user), holds_a || holds_b);
    }

    #[test]
    fn operators_agree_with_each_other(user in user(), path in select(vec!["title", "nickName"]), text in "[a-cA-C ]{0,3}") {
        let [eq, ne, co, sw, ew, gt, ge, lt, le] = Operator::ALL.map(|op| {
            let filter = format!("{path} {} {}", op.as_str(), Value::from(text.as_str()));
            Filter::parse(&filter, ResourceType::User, &mut Normalizations::new()).unwrap().matches(&user)
        });
        prop_assert_eq!(ne, !eq);
        prop_assert_eq!(ge, gt || eq);
        prop_assert_eq!(le, lt || eq);
        prop_assert!(!(gt && lt));
        prop_assert!(!(sw || ew) || co);
    }

    #[test]
    fn equality_implies_the_substring_operators(title in "[ a-cA-CΣσςİ]{0,5}") {
        let user = json!({"title": title}).as_object().unwrap().clone();
        for op in ["eq", "sw", "ew", "co"] {
            let filter = format!("title {op} {}", Value::from(title.as_str()));
            let filter = Filter::parse(&filter, ResourceType::User, &mut Normalizations::new()).unwrap();
            prop_assert!(filter.matches(&user), "{}", filter);
        }
    }

    #[test]
    fn a_budget_never_changes_a_result((filter, user) in (filter(ResourceType::User), user()), units in 0u64..200) {
        let mut budget = ComparisonBudget::new(units);
        if let Ok(answer) = filter.matches_within(&user, &mut budget) {
            prop_assert_eq!(answer, filter.matches(&user));
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = Filter::parse(&text, ResourceType::User, &mut Normalizations::new());
    }

    #[test]
    fn no_order_of_tokens_panics(
        tokens in prop::collection::vec(select(vec![
            "userName", "emails", "members", "[", "]", ".value", "(", ")", "not", "and", "or", "eq", "pr", "\"a\"", "true",
            "null", "type", "é",
        ]), 0..16),
        between in select(vec!["", " "]),
        user in user(),
    ) {
        for kind in [ResourceType::User, ResourceType::Group] {
            if let Ok(filter) = Filter::parse(&tokens.join(between), kind, &mut Normalizations::new()) {
                filter.matches(&user);
                prop_assert_eq!(Filter::parse(&filter.to_string(), kind, &mut Normalizations::new()), Ok(filter));
            }
        }
    }
}
