//! The open connections: a limit for all, a share for each client address, and a few reserved connections for important
//! requests.
//!
//! When the table is full, an idle connection is closed for the new one: of the same address if its share is used up, else of
//! the address with the most. A client that only opens connections therefore loses them to clients that send requests. If all
//! connections are busy, the new connection is a reserved one.

use super::{ConnectionLimits, phase::ConnectionPhase};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// The connections of a listener. Cloning shares them.
#[derive(Clone, Debug)]
pub(super) struct Table(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    proxies: Vec<IpAddr>,
    start: Instant,
    pools: Mutex<Pools>,
}

#[derive(Debug)]
struct Pools {
    usual: Pool,
    reserved: Pool,
}

/// Connections with a limit of their own.
#[derive(Debug, Default)]
struct Pool {
    max: usize,
    per_client: usize,
    count: usize,
    clients: HashMap<IpAddr, Vec<Arc<ConnectionPhase>>>,
}

/// The slot of one connection. Dropping it frees the slot.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    table: Table,
    client: IpAddr,
    pub(super) phase: Arc<ConnectionPhase>,
    pub(super) is_reserved: bool,
}

impl Table {
    /// Creates an empty table. The addresses of `proxies` have no share, because they forward the requests of all clients.
    pub(super) fn new(limits: &ConnectionLimits, proxies: &[IpAddr]) -> Self {
        let pool = |max, per_client| Pool { max, per_client, ..Pool::default() };
        let pools = Pools {
            usual: pool(limits.connections, limits.per_address),
            reserved: pool(limits.reserved, limits.reserved_per_address),
        };
        let proxies = proxies.iter().map(IpAddr::to_canonical).collect();
        Self(Arc::new(Inner { proxies, start: Instant::now(), pools: Mutex::new(pools) }))
    }

    /// A slot for a new connection. `None`: all slots are in use, even the reserved ones.
    pub(super) fn admit(&self, peer: IpAddr) -> Option<ConnectionSlot> {
        let has_share = !self.0.proxies.contains(&peer.to_canonical());
        let client = client(peer);
        let phase = Arc::new(ConnectionPhase::new(self.0.start));
        let mut pools = self.pools();
        let is_reserved = !pools.usual.admit(client, has_share, &phase);
        if is_reserved && !pools.reserved.admit(client, has_share, &phase) {
            return None;
        }
        drop(pools);
        Some(ConnectionSlot { table: self.clone(), client, phase, is_reserved })
    }

    /// Closes the connection with the longest idle time, to free its descriptor. `false`: none is idle.
    pub(super) fn make_room(&self) -> bool {
        self.pools().usual.close_of_any()
    }

    fn pools(&self) -> MutexGuard<'_, Pools> {
        self.0.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut pools = self.table.pools();
        let pool = if self.is_reserved { &mut pools.reserved } else { &mut pools.usual };
        pool.remove(self.client, &self.phase);
    }
}

impl Pool {
    fn admit(&mut self, client: IpAddr, has_share: bool, phase: &Arc<ConnectionPhase>) -> bool {
        let has_room = if has_share && self.clients.get(&client).map_or(0, Vec::len) >= self.per_client {
            self.close_of(client)
        } else {
            self.count < self.max || self.close_of_any()
        };
        if has_room {
            self.count += 1;
            self.clients.entry(client).or_default().push(phase.clone());
        }
        has_room
    }

    /// Closes an idle connection of this client.
    fn close_of(&mut self, client: IpAddr) -> bool {
        loop {
            let open = self.clients.get(&client).map(Vec::as_slice).unwrap_or_default();
            let first = open.iter().filter_map(|phase| Some((phase.rank()?, phase))).min_by_key(|(rank, _)| *rank);
            let Some((_, phase)) = first else { return false };
            let phase = phase.clone();
            // It may have received a request meanwhile. Then the next one is tried.
            if phase.close() {
                self.remove(client, &phase);
                return true;
            }
        }
    }

    /// Closes an idle connection of the client that has the most.
    fn close_of_any(&mut self) -> bool {
        let mut clients: Vec<_> = self.clients.iter().map(|(client, open)| (open.len(), *client)).collect();
        clients.sort_unstable_by(|a, b| b.cmp(a));
        clients.into_iter().any(|(_, client)| self.close_of(client))
    }

    /// Removes the connection, if it is there.
    fn remove(&mut self, client: IpAddr, phase: &Arc<ConnectionPhase>) {
        let Some(open) = self.clients.get_mut(&client) else { return };
        let Some(at) = open.iter().position(|other| Arc::ptr_eq(other, phase)) else { return };
        open.swap_remove(at);
        if open.is_empty() {
            self.clients.remove(&client);
        }
        self.count -= 1;
    }
}

/// The client of an address. An IPv6 client has a whole /64.
fn client(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(connections: usize, per_address: usize, reserved: usize) -> Table {
        let limits = ConnectionLimits {
            connections,
            per_address,
            reserved,
            reserved_per_address: reserved.div_ceil(2),
            ..ConnectionLimits::few()
        };
        Table::new(&limits, &["192.0.2.1".parse().unwrap()])
    }

    fn admit(table: &Table, peer: &str) -> Option<ConnectionSlot> {
        table.admit(peer.parse().unwrap())
    }

    /// A connection that is serving a request.
    fn busy(table: &Table, peer: &str) -> ConnectionSlot {
        let place = admit(table, peer).unwrap();
        std::mem::forget(place.phase.begin().unwrap());
        place
    }

    fn is_open(place: &ConnectionSlot) -> bool {
        place.phase.begin().is_some()
    }

    #[test]
    fn an_address_cannot_use_more_than_its_share() {
        let table = table(100, 2, 2);
        let places = [busy(&table, "203.0.113.1"), busy(&table, "203.0.113.1"), admit(&table, "203.0.113.1").unwrap()];
        assert_eq!(places.each_ref().map(|place| place.is_reserved), [false, false, true]);
        assert!(!admit(&table, "203.0.113.2").unwrap().is_reserved, "others have theirs");
        drop(places);
        assert!(!admit(&table, "203.0.113.1").unwrap().is_reserved, "and it comes back");
    }

    #[test]
    fn an_ipv6_client_has_one_network() {
        let table = table(100, 1, 2);
        let _first = busy(&table, "2001:db8::1");
        assert!(admit(&table, "2001:db8::ffff:2").unwrap().is_reserved);
        assert!(!admit(&table, "2001:db8:0:1::1").unwrap().is_reserved);
        let _mapped = busy(&table, "::ffff:203.0.113.1");
        assert!(admit(&table, "203.0.113.1").unwrap().is_reserved, "the same address in two forms");
    }

    #[test]
    fn idle_connections_are_closed_for_the_same_address() {
        let table = table(100, 2, 1);
        let (waits, works) = (admit(&table, "203.0.113.1").unwrap(), busy(&table, "203.0.113.1"));
        let other = admit(&table, "203.0.113.2").unwrap();
        assert!(!admit(&table, "203.0.113.1").unwrap().is_reserved);
        assert!(!is_open(&waits) && is_open(&works) && is_open(&other));
    }

    #[test]
    fn at_the_limit_the_address_with_the_most_makes_room() {
        let table = table(4, 3, 1);
        let many: Vec<_> = (0..3).map(|_| admit(&table, "203.0.113.1").unwrap()).collect();
        let one = admit(&table, "203.0.113.2").unwrap();
        assert!(!admit(&table, "203.0.113.3").unwrap().is_reserved);
        assert!(is_open(&one));
        assert_eq!(many.iter().filter(|place| !is_open(place)).count(), 1);
    }

    #[test]
    fn a_proxy_has_no_share_but_counts() {
        let table = table(3, 1, 1);
        let _all: Vec<_> = (0..3).map(|_| busy(&table, "192.0.2.1")).collect();
        assert!(admit(&table, "192.0.2.1").unwrap().is_reserved);
    }

    #[test]
    fn reserved_slots_are_shared_by_addresses() {
        let table = table(1, 1, 2);
        let _all = busy(&table, "203.0.113.1");
        let first = busy(&table, "203.0.113.1");
        assert!(first.is_reserved);
        assert!(admit(&table, "203.0.113.1").is_none(), "half of them at most");
        let second = busy(&table, "203.0.113.2");
        assert!(second.is_reserved);
        assert!(admit(&table, "203.0.113.3").is_none());
        drop(first);
        assert!(admit(&table, "203.0.113.3").is_some());
    }

    #[test]
    fn closed_connections_leave_no_entry() {
        let table = table(8, 2, 2);
        let places: Vec<_> = (0..50).filter_map(|at| admit(&table, &format!("203.0.113.{}", at % 7))).collect();
        drop(places);
        let pools = table.pools();
        assert_eq!((pools.usual.count, pools.reserved.count), (0, 0));
        assert!(pools.usual.clients.is_empty() && pools.reserved.clients.is_empty());
    }
}
