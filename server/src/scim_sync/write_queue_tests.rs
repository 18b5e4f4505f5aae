//! Tests of the queue of one team, with commands that end when the test lets them.

use super::*;
use crate::{
    scim_sync::command::{Command, CommandContext},
    secrets::Secrets,
    service::{Actor, NewPerson, Service},
};
use async_trait::async_trait;
use domain::{key::KeyId, plan::Plan, role::Role, scim_client::RequestOrigin};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use store::{GroupWrite, TeamRow};
use tokio::{sync::Semaphore, task::JoinHandle};

/// A command, and the test's observations of it.
#[derive(Clone)]
struct Probe {
    end: End,
    runs: Arc<AtomicUsize>,
    /// The time of its last transaction. Every transaction has a different one.
    at: Arc<AtomicI64>,
    /// A semaphore that delays the command until it has a permit.
    hold: Option<Arc<Semaphore>>,
}

#[derive(Clone, Copy)]
enum End {
    Done,
    Unavailable,
    /// After it has created a group.
    DoneAfterWriting,
}

impl Probe {
    fn new(end: End) -> Self {
        Self { end, runs: Arc::default(), at: Arc::default(), hold: None }
    }

    fn delayed(hold: &Arc<Semaphore>) -> Self {
        Self { hold: Some(hold.clone()), ..Self::new(End::Done) }
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Command for Probe {
    async fn apply(&self, context: &mut CommandContext<'_>) -> Result<Applied, ProvisioningError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        self.at.store(context.now, Ordering::SeqCst);
        if matches!(self.end, End::DoneAfterWriting) {
            let group = GroupWrite { display_name: "Half", external_id: None, now: context.now };
            context.tx.group_insert("half", &group).await?;
            context.log(domain::activity::Change::GroupCreated { name: "Half".into(), members: 0 });
        }
        if let Some(hold) = &self.hold {
            hold.acquire().await.unwrap().forget();
        }
        match self.end {
            End::Unavailable => Err(StoreError::Unavailable("gone".into()).into()),
            _ => Ok(Applied::deleted()),
        }
    }
}

struct TestQueue {
    directory: WriteQueue,
    team: Arc<TeamRow>,
    _folder: tempfile::TempDir,
}

impl TestQueue {
    async fn new(limit: impl FnOnce(&mut WriteQueue)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        let now = AtomicI64::new(1);
        let clock = Clock::from_fn(move || now.fetch_add(1, Ordering::SeqCst));
        let secrets = Secrets::from_bytes(&[7; 32]);
        let owner = NewPerson { name: "Ada", email: "ada@acme.test", role: Role::SuperAdmin, password_hash: None };
        let service = Service::new(&store, &secrets, &clock, Actor::Operator);
        let team = service.team_create("acme", "Acme", Plan::Enterprise, owner).await.unwrap();
        let mut directory = WriteQueue::new(store, clock);
        limit(&mut directory);
        Self { directory, team: Arc::new(team), _folder: folder }
    }

    fn send(&self, probe: &Probe) -> JoinHandle<Result<Applied, ProvisioningError>> {
        let (directory, team, probe) = (self.directory.clone(), self.team.clone(), probe.clone());
        let caller = Caller {
            team,
            origin: RequestOrigin::Provider,
            key_id: KeyId::new("k"),
            key_name: "Okta".into(),
            max_role: Role::SuperAdmin,
            address: None,
            request: None,
            is_internal: true,
        };
        tokio::spawn(async move { directory.execute(caller, probe).await })
    }

    /// Sends a command, and waits until it is in the queue.
    async fn queue(&self, probe: &Probe) -> JoinHandle<Result<Applied, ProvisioningError>> {
        let before = self.waiting_count();
        let response = self.send(probe);
        until(|| self.waiting_count() > before).await;
        response
    }

    fn waiting_count(&self) -> usize {
        self.directory.lock().get(&self.team.id).map_or(0, VecDeque::len)
    }
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

/// A command that keeps the queue busy until the test adds a permit.
async fn busy(queue: &TestQueue) -> (JoinHandle<Result<Applied, ProvisioningError>>, Arc<Semaphore>) {
    let hold = Arc::new(Semaphore::new(0));
    let probe = Probe::delayed(&hold);
    let response = queue.send(&probe);
    until(|| probe.runs() == 1).await;
    (response, hold)
}

#[tokio::test]
async fn a_full_queue_rejects_at_once_and_executes_its_commands() {
    let queue = TestQueue::new(|queue| queue.max_waiting = 2).await;
    let (first, hold) = busy(&queue).await;
    let probe = Probe::new(End::Done);
    let (second, third) = (queue.queue(&probe).await, queue.queue(&probe).await);
    assert!(matches!(queue.send(&probe).await.unwrap(), Err(ProvisioningError::QueueFull)));
    hold.add_permits(1);
    for response in [first, second, third] {
        response.await.unwrap().unwrap();
    }
    assert_eq!(probe.runs(), 2, "a rejected command is not executed later");
}

#[tokio::test]
async fn a_command_of_a_disconnected_client_is_dropped_and_frees_its_place() {
    let queue = TestQueue::new(|queue| queue.max_waiting = 1).await;
    let (first, hold) = busy(&queue).await;
    let (abandoned, awaited) = (Probe::new(End::Done), Probe::new(End::Done));
    let response = queue.queue(&abandoned).await;
    response.abort();
    assert!(response.await.unwrap_err().is_cancelled());
    let second = queue.send(&awaited);
    until(|| queue.directory.lock().get(&queue.team.id).is_some_and(|line| !line[0].is_abandoned())).await;
    hold.add_permits(1);
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    assert_eq!((abandoned.runs(), awaited.runs()), (0, 1));
}

#[tokio::test]
async fn a_command_that_waited_too_long_is_rejected_and_not_executed() {
    let queue = TestQueue::new(|queue| queue.patience = Duration::ZERO).await;
    let probe = Probe::new(End::Done);
    assert!(matches!(queue.send(&probe).await.unwrap(), Err(ProvisioningError::WaitedTooLong(_))));
    assert_eq!(probe.runs(), 0);
}

#[tokio::test]
async fn a_command_that_takes_too_long_is_rolled_back_and_others_continue() {
    let queue = TestQueue::new(|queue| queue.command_time = Duration::from_millis(20)).await;
    let endless = Probe { hold: Some(Arc::new(Semaphore::new(0))), ..Probe::new(End::DoneAfterWriting) };
    assert!(matches!(queue.send(&endless).await.unwrap(), Err(ProvisioningError::TookTooLong(_))));
    assert_eq!(queue.directory.store.scim_group(&queue.team.id, "half").await.unwrap(), None);
    let next = Probe::new(End::DoneAfterWriting);
    queue.send(&next).await.unwrap().unwrap();
    assert!(queue.directory.store.scim_group(&queue.team.id, "half").await.unwrap().is_some());
    assert_eq!(endless.runs(), 1, "it is not retried");
}

#[tokio::test]
async fn a_transaction_that_runs_out_of_time_leaves_the_rest_to_the_next() {
    for (batch_time, transactions) in [(Duration::ZERO, 3), (Duration::from_secs(3600), 1)] {
        let queue = TestQueue::new(|queue| queue.batch_time = batch_time).await;
        let (first, hold) = busy(&queue).await;
        let probes = [Probe::new(End::Done), Probe::new(End::Done), Probe::new(End::Done)];
        let mut responses = Vec::new();
        for probe in &probes {
            responses.push(queue.queue(probe).await);
        }
        hold.add_permits(1);
        first.await.unwrap().unwrap();
        for response in responses {
            response.await.unwrap().unwrap();
        }
        let mut times: Vec<_> = probes.iter().map(|probe| probe.at.load(Ordering::SeqCst)).collect();
        assert!(times.is_sorted(), "in the order in which they came: {times:?}");
        times.dedup();
        assert_eq!(times.len(), transactions);
    }
}

#[tokio::test]
async fn a_database_that_does_not_respond_ends_the_whole_batch() {
    let queue = TestQueue::new(|_| {}).await;
    let (first, hold) = busy(&queue).await;
    let (fails, behind) = (Probe::new(End::Unavailable), Probe::new(End::Done));
    let responses = [queue.queue(&fails).await, queue.queue(&behind).await, queue.queue(&behind).await];
    hold.add_permits(1);
    first.await.unwrap().unwrap();
    for response in responses {
        assert!(matches!(response.await.unwrap(), Err(ProvisioningError::Store(StoreError::Unavailable(_)))));
    }
    assert_eq!((fails.runs(), behind.runs()), (1, 0));
    queue.send(&behind).await.unwrap().unwrap();
    assert_eq!(behind.runs(), 1, "rejected commands are not executed later");
}
