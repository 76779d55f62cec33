//! How long syncs took, and how many of them succeeded, as bars.

use crate::stripe::dashboard::runs::Run;

/// Bars of a chart.
const BARS: usize = 30;
/// The height of the highest one, in the units of the drawing.
const HEIGHT: u64 = 60;
/// From one bar to the next.
const STEP: usize = 10;

/// The last syncs that ended, the oldest first. Who only looks and finds a difference has not failed.
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    /// Seconds of the highest bar.
    pub(super) longest: u64,
    /// Of those that ended, how many succeeded.
    pub(super) succeeded: usize,
}

/// One run.
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: u64,
    pub(super) height: u64,
    pub(super) is_good: bool,
    pub(super) title: String,
}

impl Chart {
    pub(super) fn of(newest_first: &[Run]) -> Self {
        let syncs = newest_first.iter().filter(|run| run.mode != "validate");
        let ended = syncs.filter_map(|run| Some((run, run.secs()?)));
        let mut ended: Vec<_> = ended.take(BARS).collect();
        ended.reverse();
        let longest = ended.iter().map(|(_, secs)| *secs).max().unwrap_or_default();
        let bars = ended.iter().enumerate().map(|(at, (run, secs))| {
            // One that took no second is seen, too.
            let height = (secs * HEIGHT / longest.max(1)).max(2);
            let title = format!("{}: {} {}, {secs} s", run.started_at, run.mode, run.status);
            Bar { x: at * STEP, y: HEIGHT - height, height, is_good: run.status == "succeeded", title }
        });
        let bars: Vec<_> = bars.collect();
        let succeeded = bars.iter().filter(|bar| bar.is_good).count();
        Self { bars, longest, succeeded }
    }

    pub(super) fn percent(&self) -> usize {
        self.succeeded * 100 / self.bars.len().max(1)
    }
}
