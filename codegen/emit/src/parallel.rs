//! Work side by side: emitters are functions of the catalog alone, so that none waits for another.

use std::panic::resume_unwind;
use std::thread;

/// What every function makes of `input`, in the order of the functions.
///
/// # Panics
/// As the functions do.
pub(crate) fn map<I: Sync + ?Sized, F: Fn(&I) -> T + Send, T: Send>(
    input: &I,
    functions: impl IntoIterator<Item = F>,
) -> Vec<T> {
    thread::scope(|scope| {
        let running: Vec<_> = functions.into_iter().map(|work| scope.spawn(move || work(input))).collect();
        running.into_iter().map(|work| work.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_stand_in_the_order_of_their_functions() {
        fn slow(text: &str) -> String {
            (0..100).for_each(|_| std::thread::yield_now());
            text.len().to_string()
        }
        let functions: [fn(&str) -> String; 2] = [slow, |text| text.to_uppercase()];
        assert_eq!(super::map("abc", functions), ["3", "ABC"]);
    }
}
