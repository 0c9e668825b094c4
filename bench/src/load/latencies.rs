//! How long answers took.

use std::time::Duration;

/// Every measured answer, so that percentiles are exact.
#[derive(Debug, Default)]
pub(crate) struct Latencies {
    micros: Vec<u32>,
}

impl Latencies {
    /// Adds one answer.
    pub(crate) fn add(&mut self, took: Duration) {
        self.micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// Adds what another connection measured.
    pub(crate) fn merge(&mut self, other: Self) {
        self.micros.extend(other.micros);
    }

    /// How many answers there were.
    pub(crate) fn count(&self) -> usize {
        self.micros.len()
    }

    /// The smallest time within which this share of answers came, in milliseconds; zero without answers.
    pub(crate) fn percentile(&mut self, percent: usize) -> f64 {
        self.micros.sort_unstable();
        let place = (self.micros.len() * percent).div_ceil(100).saturating_sub(1);
        self.micros.get(place).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_answers_that_were_measured() {
        let mut latencies = Latencies::default();
        assert!(latencies.percentile(50).abs() < f64::EPSILON);
        for millis in (1..=100).rev() {
            latencies.add(Duration::from_millis(millis));
        }
        assert!((latencies.percentile(50) - 50.0).abs() < f64::EPSILON);
        assert!((latencies.percentile(99) - 99.0).abs() < f64::EPSILON);
        assert!((latencies.percentile(100) - 100.0).abs() < f64::EPSILON);
    }
}
