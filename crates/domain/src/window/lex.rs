//! The words of an opening-hours expression.

use super::WindowError;

/// One word. Times are words of their own, so that `Oct 31: 09:00` and `Oct 09:00` are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    Number(&'a str),
    /// Minutes after midnight, up to and including 24:00.
    Time(u16),
    /// `24/7`
    Always,
    Dash,
    Comma,
    Colon,
    Semicolon,
}

/// Reads an expression one word ahead.
pub(super) struct Lexer<'a> {
    rest: &'a str,
    next: Option<Token<'a>>,
    /// Where `next` begins, for errors.
    from: &'a str,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, WindowError> {
        let mut lexer = Self {
            rest: text,
            next: None,
            from: text,
        };
        lexer.advance()?;
        Ok(lexer)
    }

    /// The word that comes next; none at the end.
    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.next
    }

    /// Goes on to the word after the next.
    pub(super) fn advance(&mut self) -> Result<(), WindowError> {
        self.from = self.rest.trim_start();
        (self.next, self.rest) = match self.from.chars().next() {
            None => (None, ""),
            Some(first) => read(first, self.from).map(|(token, rest)| (Some(token), rest))?,
        };
        Ok(())
    }

    /// Goes on if the next word is this one.
    pub(super) fn eat(&mut self, token: Token<'_>) -> Result<bool, WindowError> {
        let found = self.next == Some(token);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// The error that something else was expected than what comes next.
    pub(super) fn expected(&self, what: &'static str) -> WindowError {
        WindowError::syntax(what, self.from)
    }
}

fn read(first: char, text: &str) -> Result<(Token<'_>, &str), WindowError> {
    let sign = match first {
        '-' | '–' => Token::Dash,
        ',' => Token::Comma,
        ':' => Token::Colon,
        ';' => Token::Semicolon,
        _ if first.is_ascii_digit() => return read_number(text),
        _ if first.is_ascii_alphabetic() => {
            let (word, rest) = split_while(text, |it| it.is_ascii_alphabetic());
            return Ok((Token::Word(word), rest));
        }
        _ => return Err(WindowError::syntax("a month, a weekday or a time", text)),
    };
    Ok((sign, text.strip_prefix(first).unwrap_or_default()))
}

fn read_number(text: &str) -> Result<(Token<'_>, &str), WindowError> {
    if let Some(rest) = text.strip_prefix("24/7") {
        return Ok((Token::Always, rest));
    }
    let (number, rest) = split_while(text, |it| it.is_ascii_digit());
    let (minute, after) = split_while(rest.strip_prefix(':').unwrap_or_default(), |it| it.is_ascii_digit());
    if minute.is_empty() {
        // A day of a month. A colon may follow it, but that is another word.
        return Ok((Token::Number(number), rest));
    }
    let time = minutes(number, minute).ok_or_else(|| WindowError::syntax("a time from 00:00 to 24:00", text))?;
    Ok((Token::Time(time), after))
}

fn minutes(hour: &str, minute: &str) -> Option<u16> {
    let (hour, minute) = (
        two_digits(hour)?,
        Some(minute).filter(|it| it.len() == 2).and_then(two_digits)?,
    );
    let time = hour * 60 + minute;
    (minute < 60 && time <= 24 * 60).then_some(time)
}

fn two_digits(text: &str) -> Option<u16> {
    (text.len() <= 2).then(|| text.parse().ok())?
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|it| !keep(it)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Result<Vec<Token<'_>>, WindowError> {
        let mut lexer = Lexer::new(text)?;
        let mut words = Vec::new();
        while let Some(word) = lexer.peek() {
            words.push(word);
            lexer.advance()?;
        }
        Ok(words)
    }

    #[test]
    fn a_day_is_told_from_an_hour() {
        use Token::{Colon, Dash, Number, Time, Word};
        let day = [Word("Oct"), Number("31"), Colon, Time(540), Dash, Time(1440)];
        assert_eq!(words("Oct 31: 9:00-24:00").as_deref(), Ok(day.as_slice()));
        assert_eq!(words("Oct 09:00").as_deref(), Ok([Word("Oct"), Time(540)].as_slice()));
    }

    #[test]
    fn times_end_with_the_day() {
        for text in ["24:01", "25:00", "09:60", "9:5", "009:00", "09:000"] {
            assert!(matches!(words(text), Err(WindowError::Syntax { .. })), "{text}");
        }
    }
}
