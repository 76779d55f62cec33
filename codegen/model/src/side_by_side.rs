//! Independent work on as many threads as the machine has cores, with the results in the order of the work.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of each number below `count`. Every thread takes the next number as soon as it is free.
///
/// # Panics
/// As `work` does.
pub(crate) fn each<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let number = next.fetch_add(1, Ordering::Relaxed)
            && number < count
        {
            done.push((number, work(number)));
        }
        done
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count);
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_stand_in_the_order_of_the_work() {
        let squares = super::each(1_000, |number| number * number);
        assert!(squares.into_iter().enumerate().all(|(number, square)| square == number * number));
        assert!(super::each(0, |number| number).is_empty());
    }
}
