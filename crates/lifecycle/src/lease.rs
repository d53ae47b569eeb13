//! Who may work on what: a lease with a fence.
//!
//! A worker that claims a piece of work holds it for [`LEASE_MS`], longer while it gives signs of
//! life. Every claim has a higher epoch than the one before, and a result is taken only from the
//! holder of the present epoch: whoever was away for too long is refused, however late he comes.
//!
//! This is the rule; both databases carry it out, and the contract suite compares them with it.

use crate::{Timestamp, clock::SECOND_MS};

/// A worker that gives no sign of life for so long has lost its work.
pub const LEASE_MS: i64 = 30 * SECOND_MS;
/// A lease that ends later than in so long was given by a clock that was wrong. More than a lease
/// lasts: whoever asks may have looked at his clock before the holder did, or it is a little behind.
pub const BELIEVED_MS: i64 = 2 * LEASE_MS;

/// The lease of one piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease<O> {
    /// Who holds it and until when; `None`: nobody.
    pub held: Option<(O, Timestamp)>,
    /// How often it was claimed.
    pub epoch: i64,
}

impl<O> Default for Lease<O> {
    fn default() -> Self {
        Self { held: None, epoch: 0 }
    }
}

impl<O: PartialEq> Lease<O> {
    /// Nobody holds it any more. One that ends later than in [`BELIEVED_MS`] holds nothing.
    #[must_use]
    pub fn is_free(&self, now: Timestamp) -> bool {
        self.held.as_ref().is_none_or(|(_, until)| *until <= now || until.since(now) > BELIEVED_MS)
    }

    /// The new epoch, if it was free.
    pub fn claim(&mut self, owner: O, now: Timestamp) -> Option<i64> {
        if !self.is_free(now) {
            return None;
        }
        self.epoch += 1;
        self.held = Some((owner, now.plus(LEASE_MS)));
        Some(self.epoch)
    }

    /// A sign of life. `false`: it was lost, and the work must be dropped.
    pub fn extend(&mut self, owner: &O, epoch: i64, now: Timestamp) -> bool {
        let holds = self.holds(owner, epoch);
        if let (true, Some((_, until))) = (holds, &mut self.held) {
            *until = now.plus(LEASE_MS);
        }
        holds
    }

    /// Gives it back with a result. `false`: too late, the result must not be written.
    pub fn release(&mut self, owner: &O, epoch: i64) -> bool {
        let holds = self.holds(owner, epoch);
        if holds {
            self.held = None;
        }
        holds
    }

    /// A lease that has run out still counts until somebody else claims the work.
    fn holds(&self, owner: &O, epoch: i64) -> bool {
        self.epoch == epoch && self.held.as_ref().is_some_and(|(holder, _)| holder == owner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashSet, VecDeque};

    use super::*;

    const WORKERS: usize = 3;
    /// Half a lease: fine enough for every order of claim, sign of life and end.
    const TICK_MS: i64 = LEASE_MS / 2;
    const TICKS: i64 = 12;
    const CLAIMS: i64 = 4;

    /// Everything that can be told apart: the lease, the time, what each worker believes to hold,
    /// and which epochs have written.
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct World {
        lease: Lease<usize>,
        now: i64,
        believes: [Option<i64>; WORKERS],
        written: Vec<i64>,
    }

    impl World {
        fn at(&self) -> Timestamp {
            Timestamp(self.now * TICK_MS)
        }

        /// Every step that could come next. A worker that stands still takes none; one that died
        /// forgets what it believed.
        fn next(&self) -> Vec<Self> {
            let mut worlds = Vec::new();
            let mut then = |change: &dyn Fn(&mut Self)| {
                let mut world = self.clone();
                change(&mut world);
                worlds.push(world);
            };
            if self.now < TICKS {
                then(&|world| world.now += 1);
            }
            for worker in 0..WORKERS {
                match self.believes[worker] {
                    None if self.lease.epoch < CLAIMS => then(&|world| {
                        let at = world.at();
                        world.believes[worker] = world.lease.claim(worker, at);
                    }),
                    None => {}
                    Some(epoch) => {
                        then(&|world| world.believes[worker] = None);
                        then(&|world| {
                            let at = world.at();
                            if !world.lease.extend(&worker, epoch, at) {
                                world.believes[worker] = None;
                            }
                        });
                        then(&|world| {
                            if world.lease.release(&worker, epoch) {
                                world.written.push(epoch);
                            }
                            world.believes[worker] = None;
                        });
                    }
                }
            }
            worlds
        }

        fn holds_true(&self) {
            assert!(self.written.windows(2).all(|pair| pair[0] < pair[1]), "a late result was written");
            let fresh = self.lease.held.filter(|(_, until)| *until > self.at());
            let believers = (0..WORKERS).filter(|it| self.believes[*it] == Some(self.lease.epoch)).count();
            assert!(believers <= 1, "two workers hold one epoch");
            if let Some((_, until)) = fresh {
                assert!(until.since(self.at()) <= LEASE_MS, "work is lost for longer than a lease");
            }
            let later = self.at().plus(LEASE_MS);
            assert!(self.lease.is_free(later), "a dead worker's work is never free again");
        }
    }

    #[test]
    fn no_order_of_three_workers_writes_late_or_twice_or_loses_work() {
        let start = World { lease: Lease::default(), now: 0, believes: [None; WORKERS], written: Vec::new() };
        let (mut seen, mut open) = (HashSet::new(), VecDeque::from([start]));
        while let Some(world) = open.pop_front() {
            world.holds_true();
            for next in world.next() {
                if seen.insert(next.clone()) {
                    open.push_back(next);
                }
            }
        }
        assert!(seen.len() > 10_000, "{} worlds", seen.len());
    }

    #[test]
    fn who_looked_at_his_clock_a_moment_earlier_takes_nothing_away() {
        let (mut lease, now) = (Lease::default(), Timestamp(1_000));
        let epoch = lease.claim("a", now).unwrap();
        assert_eq!(lease.claim("b", now.plus(-1)), None);
        assert!(lease.release(&"a", epoch));
    }

    #[test]
    fn a_lease_from_a_wrong_clock_holds_nothing() {
        let mut lease = Lease::default();
        let future = Timestamp(70 * crate::clock::DAY_MS);
        let epoch = lease.claim("a", future).unwrap();
        let second = lease.claim("b", Timestamp(0)).unwrap();
        assert!(second > epoch && !lease.release(&"a", epoch) && lease.release(&"b", second));
    }
}
