//! Departments, jobs and places.

use super::pick;

/// Departments, their share of a hundred people, and their jobs from the first to the last step of the ladder.
pub(super) const DEPARTMENTS: [(&str, usize, [&str; 3]); 9] = [
    ("Engineering", 34, ["Software Engineer", "Senior Software Engineer", "Engineering Manager"]),
    ("Sales", 17, ["Account Executive", "Senior Account Executive", "Sales Manager"]),
    ("Customer Success", 13, ["Support Engineer", "Customer Success Manager", "Head of Customer Success"]),
    ("Marketing", 8, ["Content Designer", "Campaign Manager", "Brand Director"]),
    ("Product", 8, ["Product Designer", "Product Manager", "Group Product Manager"]),
    ("Data", 7, ["Data Analyst", "Data Scientist", "Data Platform Lead"]),
    ("Finance", 5, ["Accountant", "Financial Analyst", "Controller"]),
    ("People", 4, ["Recruiter", "People Partner", "People Director"]),
    ("IT", 4, ["Systems Administrator", "Security Engineer", "IT Manager"]),
];

/// Places: city, country, time zone, locale.
pub(super) const OFFICES: [(&str, &str, &str, &str); 6] = [
    ("Berlin", "DE", "Europe/Berlin", "de-DE"),
    ("Dublin", "IE", "Europe/Dublin", "en-IE"),
    ("Lisbon", "PT", "Europe/Lisbon", "pt-PT"),
    ("Singapore", "SG", "Asia/Singapore", "en-SG"),
    ("São Paulo", "BR", "America/Sao_Paulo", "pt-BR"),
    ("Toronto", "CA", "America/Toronto", "en-CA"),
];

/// A department by a number below a hundred.
pub(super) fn department(of_hundred: usize) -> (&'static str, [&'static str; 3]) {
    let mut below = 0;
    for (name, share, titles) in DEPARTMENTS {
        below += share;
        if of_hundred < below {
            return (name, titles);
        }
    }
    let (name, _, titles) = pick(&DEPARTMENTS, 0);
    (name, titles)
}
