//! From tokens to a tree, by precedence climbing.

use serde_json::Value;

use super::lex::{Placed, Token, tokens};
use super::{ConditionError, MAX_DEPTH, MAX_PARTS};
use crate::ROOTS;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// A value as written.
    Literal(Value),
    /// The whole context.
    Root,
    /// A member: `a.b`, `a["b"]`, `a[0]`.
    Member(Box<Self>, Box<Self>),
    /// `!a`.
    Not(Box<Self>),
    /// `-a`.
    Negate(Box<Self>),
    /// Two operands.
    Binary(Binary, Box<Self>, Box<Self>),
    /// `a ? b : c`.
    Choice(Box<Self>, Box<Self>, Box<Self>),
    /// `a.includes(b)` and its like.
    Call(Call, Box<Self>, Box<Self>),
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Or,
    And,
    Equal,
    Same,
    NotEqual,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Calls that are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Includes,
    StartsWith,
    EndsWith,
}

/// Each operator with how strongly it binds.
const BINARY: &[(&str, u8, Binary)] = &[
    ("||", 1, Binary::Or),
    ("&&", 2, Binary::And),
    ("==", 3, Binary::Equal),
    ("===", 3, Binary::Same),
    ("!=", 3, Binary::NotEqual),
    ("!==", 3, Binary::NotSame),
    ("<", 4, Binary::Less),
    ("<=", 4, Binary::LessOrEqual),
    (">", 4, Binary::Greater),
    (">=", 4, Binary::GreaterOrEqual),
    ("in", 4, Binary::In),
    ("+", 5, Binary::Add),
    ("-", 5, Binary::Subtract),
    ("*", 6, Binary::Multiply),
    ("/", 6, Binary::Divide),
    ("%", 6, Binary::Remainder),
];

/// Reads a whole expression; also says of how many parts it is made.
pub(super) fn parse(source: &str) -> Result<(Expression, u32), ConditionError> {
    let tokens = tokens(source)?;
    let mut parser = Parser {
        tokens: &tokens,
        end: source.len(),
        depth: 0,
        parts: 0,
    };
    let expression = parser.expression()?;
    match parser.tokens.first() {
        None => Ok((expression, u32::try_from(parser.parts).unwrap_or(u32::MAX))),
        Some((at, _)) => Err(ConditionError::Syntax {
            at: *at,
            reason: "nothing was expected here",
        }),
    }
}

struct Parser<'a> {
    tokens: &'a [Placed],
    end: usize,
    depth: usize,
    parts: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.first().map(|(_, token)| token)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let ((_, token), rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(token)
    }

    fn take(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Mark(found)) if *found == mark);
        if found {
            self.next();
        }
        found
    }

    fn require(&mut self, mark: &str, reason: &'static str) -> Result<(), ConditionError> {
        if self.take(mark) {
            Ok(())
        } else {
            Err(self.wrong(reason))
        }
    }

    fn wrong(&self, reason: &'static str) -> ConditionError {
        ConditionError::Syntax {
            at: self.tokens.first().map_or(self.end, |(at, _)| *at),
            reason,
        }
    }

    /// Counts a part: the tree's height, and with it the evaluator's recursion, cannot exceed their number.
    fn part(&mut self, expression: Expression) -> Result<Expression, ConditionError> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(ConditionError::TooManyParts { limit: MAX_PARTS });
        }
        Ok(expression)
    }

    fn expression(&mut self) -> Result<Expression, ConditionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ConditionError::TooDeep { limit: MAX_DEPTH });
        }
        let test = self.binary(1)?;
        let expression = if self.take("?") {
            let yes = self.expression()?;
            self.require(":", "`:` was expected")?;
            let no = self.expression()?;
            self.part(Expression::Choice(Box::new(test), Box::new(yes), Box::new(no)))?
        } else {
            test
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn binary(&mut self, weakest: u8) -> Result<Expression, ConditionError> {
        let mut left = self.unary()?;
        while let Some((strength, operator)) = self.operator().filter(|(strength, _)| *strength >= weakest) {
            self.next();
            let right = self.binary(strength + 1)?;
            left = self.part(Expression::Binary(operator, Box::new(left), Box::new(right)))?;
        }
        Ok(left)
    }

    fn operator(&self) -> Option<(u8, Binary)> {
        let name = match self.peek()? {
            Token::Mark(mark) => mark,
            Token::Name(name) if name == "in" => "in",
            _ => return None,
        };
        BINARY
            .iter()
            .find(|(text, ..)| *text == name)
            .map(|(_, strength, operator)| (*strength, *operator))
    }

    fn unary(&mut self) -> Result<Expression, ConditionError> {
        let wrap: fn(Box<Expression>) -> Expression = if self.take("!") {
            Expression::Not
        } else if self.take("-") {
            Expression::Negate
        } else {
            return self.member();
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ConditionError::TooDeep { limit: MAX_DEPTH });
        }
        let operand = self.unary()?;
        self.depth -= 1;
        self.part(wrap(Box::new(operand)))
    }

    fn member(&mut self) -> Result<Expression, ConditionError> {
        let mut value = self.primary()?;
        loop {
            if self.take(".") {
                let Some(Token::Name(name)) = self.next() else {
                    return Err(self.wrong("a name was expected"));
                };
                value = if self.take("(") {
                    let call = call(name)?;
                    let argument = self.expression()?;
                    self.require(")", "`)` was expected")?;
                    self.part(Expression::Call(call, Box::new(value), Box::new(argument)))?
                } else {
                    let key = Box::new(Expression::Literal(Value::from(name.as_str())));
                    self.part(Expression::Member(Box::new(value), key))?
                };
            } else if self.take("[") {
                let key = self.expression()?;
                self.require("]", "`]` was expected")?;
                value = self.part(Expression::Member(Box::new(value), Box::new(key)))?;
            } else {
                return Ok(value);
            }
        }
    }

    fn primary(&mut self) -> Result<Expression, ConditionError> {
        let unexpected = self.wrong("a value was expected");
        let expression = match self.next().ok_or_else(|| unexpected.clone())? {
            Token::Number(number) => Expression::Literal(Value::from(*number)),
            Token::Text(text) => Expression::Literal(Value::from(text.as_str())),
            Token::Name(name) => named(name)?,
            Token::Mark("(") => {
                let inside = self.expression()?;
                self.require(")", "`)` was expected")?;
                inside
            }
            Token::Mark(_) => return Err(unexpected),
        };
        self.part(expression)
    }
}

fn call(name: &str) -> Result<Call, ConditionError> {
    match name {
        "includes" => Ok(Call::Includes),
        "startsWith" => Ok(Call::StartsWith),
        "endsWith" => Ok(Call::EndsWith),
        _ => Err(ConditionError::UnknownCall { name: name.to_owned() }),
    }
}

fn named(name: &str) -> Result<Expression, ConditionError> {
    Ok(match name {
        "true" => Expression::Literal(Value::Bool(true)),
        "false" => Expression::Literal(Value::Bool(false)),
        "null" | "undefined" => Expression::Literal(Value::Null),
        "$" => Expression::Root,
        name if ROOTS.contains(&name) => Expression::Member(
            Box::new(Expression::Root),
            Box::new(Expression::Literal(Value::from(name))),
        ),
        name => return Err(ConditionError::UnknownName { name: name.to_owned() }),
    })
}
