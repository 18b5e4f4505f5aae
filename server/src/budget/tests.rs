//! Tests of budgets by themselves.

use super::{limits::MIB, *};
use std::sync::mpsc;

const LIMITS: BudgetLimits = BudgetLimits {
    rows: 10,
    comparisons: 100,
    time: Duration::from_secs(10),
    memory_wait: Duration::from_secs(2),
    memory: 10 * MIB,
    memory_of_team: 4 * MIB,
    queue: 2,
};

fn budgets() -> Budgets {
    Budgets::new(LIMITS)
}

/// Budgets that allow no waiting.
fn without_waiting() -> Budgets {
    Budgets::new(BudgetLimits { time: Duration::ZERO, memory_wait: Duration::ZERO, ..LIMITS })
}

fn of(budgets: &Budgets, team: &str) -> Budget {
    budgets.of_request(&TeamId::new(team))
}

/// Occupies a thread until the sender is used or dropped.
async fn hold_a_thread(budget: &Budget) -> mpsc::Sender<()> {
    let (end, ended) = mpsc::channel();
    let (begin, begun) = tokio::sync::oneshot::channel();
    let budget = budget.clone();
    tokio::spawn(async move {
        budget
            .compute(move |_| {
                let _ = begin.send(());
                let _ = ended.recv();
                Ok::<_, OverBudget>(())
            })
            .await
    });
    begun.await.unwrap();
    end
}

#[tokio::test]
async fn rows_comparisons_and_time_are_counted() {
    let budget = of(&budgets(), "a");
    budget.rows(10).unwrap();
    assert_eq!(budget.rows(1), Err(OverBudget::Rows(10)));
    budget.compared(60);
    assert_eq!(budget.clone().comparisons_left(), 40);
    budget.compared(41);
    assert_eq!((budget.comparisons_left(), budget.too_many()), (0, OverBudget::Comparisons(100)));
    let late = of(&without_waiting(), "a");
    // The time begins with the first check, so the second one comes too late.
    let _ = late.check();
    assert_eq!(late.rows(1), Err(OverBudget::Time(0)));
    let many_operations = of(&without_waiting(), "a");
    many_operations.extend(Duration::from_secs(60));
    let _ = many_operations.check();
    many_operations.rows(1).unwrap();
}

#[tokio::test]
async fn work_stops_when_the_client_disconnects() {
    let budget = of(&budgets(), "a");
    let guard = budget.guard();
    budget.check().unwrap();
    drop(guard);
    assert_eq!(budget.check(), Err(OverBudget::Gone));
    assert_eq!(budget.read().await.err(), Some(OverBudget::Gone));
    assert_eq!(budget.hold(MIB).await.err(), Some(OverBudget::Gone));
    let result = budget.compute(|_| Ok::<_, OverBudget>("begun")).await;
    assert_eq!(result, Err(OverBudget::Gone));
}

#[tokio::test]
async fn waiting_work_is_dropped_when_its_client_disconnects() {
    let budgets = budgets();
    let budget = of(&budgets, "a");
    let threads = available_parallelism().map_or(2, usize::from).saturating_sub(1).max(1);
    let mut running = Vec::new();
    for _ in 0..threads.div_ceil(2).min(2) {
        running.push(hold_a_thread(&budget).await);
    }
    let (began, begun) = mpsc::channel();
    let own = budget.clone();
    let task = tokio::spawn(async move { own.compute(move |_| Ok::<_, OverBudget>(began.send(()))).await });
    tokio::task::yield_now().await;
    task.abort();
    assert!(task.await.is_err_and(|error| error.is_cancelled()));
    drop(running);
    assert_eq!(budget.compute(|_| Ok::<_, OverBudget>(1)).await, Ok(1), "the next one gets the thread");
    assert!(begun.recv().is_err(), "the work did not begin");
}

#[tokio::test]
async fn memory_is_shared_by_teams_and_rejected_after_a_wait() {
    let budgets = without_waiting();
    let (a, b) = (of(&budgets, "a"), of(&budgets, "b"));
    let permit = a.hold(3 * MIB).await.unwrap();
    assert_eq!(a.hold(2 * MIB).await.err(), Some(OverBudget::Memory));
    let _small = a.hold(SMALL as u64).await.unwrap();
    let _theirs = b.hold(100 * MIB).await.unwrap();
    assert_eq!(b.hold(MIB).await.err(), Some(OverBudget::Memory), "it has its share");
    drop(permit);
    a.hold(2 * MIB).await.unwrap();
}

#[tokio::test]
async fn a_team_makes_one_long_read_at_a_time_and_its_queue_is_bounded() {
    let budgets = budgets();
    let (a, b) = (of(&budgets, "a"), of(&budgets, "b"));
    let reading = a.read().await.unwrap();
    b.read().await.unwrap();
    let tasks = [a.clone(), a.clone()].map(|a| tokio::spawn(async move { a.read().await.map(drop) }));
    tokio::task::yield_now().await;
    assert_eq!(a.read().await.err(), Some(OverBudget::Queue(2)));
    drop(reading);
    for one in tasks {
        one.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_request_whose_turn_does_not_come_in_time_is_rejected() {
    let budgets = without_waiting();
    let (first, second) = (of(&budgets, "a"), of(&budgets, "a"));
    first.extend(Duration::from_secs(60));
    let _reading = first.read().await.unwrap();
    assert_eq!(second.read().await.err(), Some(OverBudget::Time(0)));
}

#[tokio::test]
async fn the_response_to_a_change_is_never_rejected() {
    let budgets = without_waiting();
    let budget = of(&budgets, "a");
    budget.extend(Duration::from_secs(60));
    let _reading = budget.read().await.unwrap();
    let _held = budget.hold(4 * MIB).await.unwrap();
    drop(budget.guard());
    assert!(budget.hold(MIB).await.is_err());
    let answer = of(&budgets, "a").after_change();
    answer.rows(1_000).unwrap();
    answer.read().await.unwrap();
    answer.hold(MIB).await.unwrap();
    assert_eq!(answer.compute(|_| Ok::<_, OverBudget>(7)).await, Ok(7));
}
