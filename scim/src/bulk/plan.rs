//! The order in which the operations of a bulk request are executed (RFC 7644, sections 3.7.1 and 3.7.2).

use super::{BulkOperation, BulkRequest, Method};
use crate::ScimError;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet},
};

/// One step of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkStep {
    /// The index of the operation in [`BulkRequest::operations`].
    pub operation: usize,
    /// The part of the operation that is applied.
    pub phase: BulkPhase,
}

/// The part of an operation that a step applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkPhase {
    /// The whole operation: [`Request::resolved`](super::Request::resolved).
    Whole,
    /// The creation of the resource without the values that refer to these `bulkId`s, because their operations wait for
    /// this one: [`Request::without`](super::Request::without), then resolved.
    WithoutReferences(BTreeSet<String>),
    /// The references of a resource that an earlier step created: a PUT of its whole data, resolved.
    References,
}

impl BulkRequest {
    /// The steps in an order in which each refers to existing resources only. Operations that wait for no other one
    /// stay in the order sent. If an operation refers to a `bulkId` that no operation has, `self` gets its error. It
    /// keeps its step, so that errors are counted in order.
    pub fn plan(&mut self) -> Vec<BulkStep> {
        let creators = self.creators();
        let waits_for: Vec<_> =
            self.operations.iter_mut().map(|operation| dependencies(operation, &creators)).collect();
        Planner::new(waits_for).run()
    }

    /// The operation that creates each `bulkId`.
    fn creators(&self) -> HashMap<String, usize> {
        let makes = |operation: &BulkOperation| {
            let request = operation.request.as_ref().ok()?;
            if request.method == Method::Post { operation.bulk_id.clone() } else { None }
        };
        self.operations.iter().enumerate().filter_map(|(at, operation)| Some((makes(operation)?, at))).collect()
    }
}

/// The operations that this one waits for, with the `bulkId`s that it refers to.
fn dependencies(operation: &mut BulkOperation, creators: &HashMap<String, usize>) -> BTreeMap<usize, String> {
    let Ok(request) = &operation.request else { return BTreeMap::new() };
    let mut dependencies = BTreeMap::new();
    for bulk_id in request.references() {
        match creators.get(&bulk_id) {
            Some(creator) => {
                dependencies.insert(*creator, bulk_id);
            }
            None => {
                let detail = format!("bulkId:{bulk_id} doesn't refer to a POST in this request");
                operation.request = Err(ScimError::invalid_value(detail));
                return BTreeMap::new();
            }
        }
    }
    dependencies
}

/// Applies the first operation that is ready. If none is ready, it breaks a cycle.
struct Planner {
    /// The operations that each operation waits for.
    waits_for: Vec<BTreeMap<usize, String>>,
    /// The operations that wait for each operation.
    awaited_by: Vec<Vec<usize>>,
    /// The operations whose resources were created without references.
    partial: BTreeSet<usize>,
    ready: BinaryHeap<Reverse<usize>>,
    /// The operations that have no step yet.
    pending: BTreeSet<usize>,
    /// A chain of operations, each of which waits for the next: see [`Planner::next_in_cycle`].
    trail: Vec<usize>,
    on_trail: HashSet<usize>,
    steps: Vec<BulkStep>,
}

impl Planner {
    fn new(waits_for: Vec<BTreeMap<usize, String>>) -> Self {
        let mut awaited_by = vec![Vec::new(); waits_for.len()];
        for (at, others) in waits_for.iter().enumerate() {
            for other in others.keys() {
                if let Some(awaited_by) = awaited_by.get_mut(*other) {
                    awaited_by.push(at);
                }
            }
        }
        let ready = waits_for.iter().enumerate().filter(|(_, others)| others.is_empty()).map(|(at, _)| Reverse(at));
        let (ready, pending) = (ready.collect(), (0..waits_for.len()).collect());
        Self {
            awaited_by,
            partial: BTreeSet::new(),
            ready,
            pending,
            trail: Vec::new(),
            on_trail: HashSet::new(),
            steps: Vec::with_capacity(waits_for.len()),
            waits_for,
        }
    }

    fn run(mut self) -> Vec<BulkStep> {
        loop {
            while let Some(Reverse(operation)) = self.ready.pop() {
                if self.partial.contains(&operation) {
                    self.steps.push(BulkStep { operation, phase: BulkPhase::References });
                } else {
                    self.steps.push(BulkStep { operation, phase: BulkPhase::Whole });
                    self.pending.remove(&operation);
                    self.release(operation);
                }
            }
            let Some(operation) = self.next_in_cycle() else { return self.steps };
            let bulk_ids =
                self.waits_for.get(operation).into_iter().flat_map(|others| others.values().cloned()).collect();
            self.steps.push(BulkStep { operation, phase: BulkPhase::WithoutReferences(bulk_ids) });
            self.pending.remove(&operation);
            self.partial.insert(operation);
            self.release(operation);
        }
    }

    /// Releases the operations that waited for this resource.
    fn release(&mut self, operation: usize) {
        for waiter in self.awaited_by.get_mut(operation).map(std::mem::take).unwrap_or_default() {
            if let Some(others) = self.waits_for.get_mut(waiter) {
                others.remove(&operation);
                if others.is_empty() {
                    self.ready.push(Reverse(waiter));
                }
            }
        }
    }

    /// An operation that waits, through others, for itself. No operation is ready, so each pending operation waits for
    /// another pending one, and following them leads back to the trail. The start of the chain is kept for the next
    /// call, so that a long chain in front of many cycles is followed only once.
    fn next_in_cycle(&mut self) -> Option<usize> {
        // Each operation on the trail waits for the next one, so the completed ones are at its end.
        while let Some(last) = self.trail.pop_if(|last| !self.pending.contains(last)) {
            self.on_trail.remove(&last);
        }
        let mut at = match self.trail.last() {
            Some(last) => self.next(*last)?,
            None => *self.pending.first()?,
        };
        while self.on_trail.insert(at) {
            self.trail.push(at);
            at = self.next(at)?;
        }
        while let Some(popped) = self.trail.pop() {
            self.on_trail.remove(&popped);
            if popped == at {
                break;
            }
        }
        Some(at)
    }

    /// The first pending operation that this one waits for.
    fn next(&self, operation: usize) -> Option<usize> {
        self.waits_for.get(operation)?.keys().next().copied()
    }
}
