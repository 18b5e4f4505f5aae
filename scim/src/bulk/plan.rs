//! In which order the operations of a bulk request are done (RFC 7644, sections 3.7.1 and 3.7.2).

use super::{BulkOperation, BulkRequest, Method};
use crate::ScimError;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet},
};

/// One step of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkStep {
    /// Which operation it belongs to: its place in [`BulkRequest::operations`], the first being 0.
    pub operation: usize,
    /// The part of the operation that is applied.
    pub phase: BulkPhase,
}

/// The part of an operation that a step applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkPhase {
    /// All of it: [`Request::resolved`](super::Request::resolved).
    Whole,
    /// The resource is made without the values that refer to these `bulkId`s, since they in turn wait for it:
    /// [`Request::without`](super::Request::without), then resolved.
    WithoutReferences(BTreeSet<String>),
    /// The resource was made by an earlier step, and now gets the values it lacks: a PUT of its whole data, resolved.
    References,
}

impl BulkRequest {
    /// The steps in an order in which each refers only to what is there. Operations that do not wait for others stay in
    /// the order sent. An operation that refers to a `bulkId` that no operation has gets its error in `self`; it still
    /// has its step, so that errors are counted where they come up.
    pub fn plan(&mut self) -> Vec<BulkStep> {
        let makers = self.makers();
        let waits_for: Vec<_> = self.operations.iter_mut().map(|operation| dependencies(operation, &makers)).collect();
        Planner::new(waits_for).run()
    }

    /// The operation that creates the resource with this `bulkId`.
    fn makers(&self) -> HashMap<String, usize> {
        let makes = |operation: &BulkOperation| {
            let request = operation.request.as_ref().ok()?;
            if request.method == Method::Post { operation.bulk_id.clone() } else { None }
        };
        self.operations.iter().enumerate().filter_map(|(at, operation)| Some((makes(operation)?, at))).collect()
    }
}

/// The operations that this one waits for, with the `bulkId`s by which it refers to them.
fn dependencies(operation: &mut BulkOperation, makers: &HashMap<String, usize>) -> BTreeMap<usize, String> {
    let Ok(request) = &operation.request else { return BTreeMap::new() };
    let mut found = BTreeMap::new();
    for bulk_id in request.references() {
        match makers.get(&bulk_id) {
            Some(maker) => {
                found.insert(*maker, bulk_id);
            }
            None => {
                let detail = format!("bulkId:{bulk_id} doesn't refer to a POST in this request");
                operation.request = Err(ScimError::invalid_value(detail));
                return BTreeMap::new();
            }
        }
    }
    found
}

/// Applies the first operation that is ready. If none is ready, it breaks a cycle.
struct Planner {
    /// The operations that each operation waits for.
    waits_for: Vec<BTreeMap<usize, String>>,
    /// Which operations wait for each.
    awaited_by: Vec<Vec<usize>>,
    /// The operations that were begun without their references.
    begun: BTreeSet<usize>,
    ready: BinaryHeap<Reverse<usize>>,
    /// Those that were not begun.
    left: BTreeSet<usize>,
    /// Operations of which each waits for the next: see [`Planner::in_circle`].
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
        let (ready, left) = (ready.collect(), (0..waits_for.len()).collect());
        Self {
            awaited_by,
            begun: BTreeSet::new(),
            ready,
            left,
            trail: Vec::new(),
            on_trail: HashSet::new(),
            steps: Vec::with_capacity(waits_for.len()),
            waits_for,
        }
    }

    fn run(mut self) -> Vec<BulkStep> {
        loop {
            while let Some(Reverse(operation)) = self.ready.pop() {
                if self.begun.contains(&operation) {
                    self.steps.push(BulkStep { operation, phase: BulkPhase::References });
                } else {
                    self.steps.push(BulkStep { operation, phase: BulkPhase::Whole });
                    self.left.remove(&operation);
                    self.made(operation);
                }
            }
            let Some(operation) = self.in_circle() else { return self.steps };
            let bulk_ids =
                self.waits_for.get(operation).into_iter().flat_map(|others| others.values().cloned()).collect();
            self.steps.push(BulkStep { operation, phase: BulkPhase::WithoutReferences(bulk_ids) });
            self.left.remove(&operation);
            self.begun.insert(operation);
            self.made(operation);
        }
    }

    /// Releases the operations that waited for this resource.
    fn made(&mut self, operation: usize) {
        for waiting in self.awaited_by.get_mut(operation).map(std::mem::take).unwrap_or_default() {
            if let Some(others) = self.waits_for.get_mut(waiting) {
                others.remove(&operation);
                if others.is_empty() {
                    self.ready.push(Reverse(waiting));
                }
            }
        }
    }

    /// An operation that waits, by way of others, for itself. Nothing is ready, so each operation that is left waits for
    /// another that is left: following them leads back to one on the trail. What leads to the circle is kept for the next
    /// call, so that a long chain in front of many circles is not followed again for each.
    fn in_circle(&mut self) -> Option<usize> {
        // Each operation on the trail waits for the next one, so those that are done are at its end.
        while let Some(last) = self.trail.pop_if(|last| !self.left.contains(last)) {
            self.on_trail.remove(&last);
        }
        let mut at = match self.trail.last() {
            Some(last) => self.next(*last)?,
            None => *self.left.first()?,
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

    /// The first operation that this one waits for. Those that are done are not waited for any longer.
    fn next(&self, operation: usize) -> Option<usize> {
        self.waits_for.get(operation)?.keys().next().copied()
    }
}
