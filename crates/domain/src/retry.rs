//! The retry clock of one provider: 5, 10, 20, 40, 60, 120, 240, 480, 720, 900 seconds, then every 900 seconds.

/// The schedule in seconds; the last entry repeats.
const SCHEDULE_S: [u64; 10] = [5, 10, 20, 40, 60, 120, 240, 480, 720, 900];

/// No target is retried for longer than this after its first attempt: 24 hours, in milliseconds.
pub const CEILING_MS: u64 = 24 * 60 * 60 * 1000;

/// How long to wait after the given number of failed attempts, in milliseconds. A provider that asks for longer gets it.
pub fn wait_ms(failed_attempts: u32, asked_ms: Option<u64>) -> u64 {
    let index = usize::try_from(failed_attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let seconds = SCHEDULE_S.get(index).or(SCHEDULE_S.last()).copied().unwrap_or(900);
    (seconds * 1000).max(asked_ms.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_slows_down_and_then_ticks() {
        let waits: Vec<_> = (1..=12).map(|n| wait_ms(n, None) / 1000).collect();
        assert_eq!(waits, [5, 10, 20, 40, 60, 120, 240, 480, 720, 900, 900, 900]);
        assert_eq!(wait_ms(1, Some(60_000)), 60_000);
        assert_eq!(wait_ms(5, Some(1)), 60_000);
    }

    #[test]
    fn a_day_holds_the_documented_number_of_attempts() {
        let mut elapsed = 0;
        let mut attempts = 1;
        while elapsed + wait_ms(attempts, None) <= CEILING_MS {
            elapsed += wait_ms(attempts, None);
            attempts += 1;
        }
        assert_eq!(attempts, 104);
    }
}
