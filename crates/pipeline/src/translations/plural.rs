//! Plurals of PO files: a rule says which form is for which number. Content has the forms as one message, by the language's
//! own categories.

use tidings_template::{Context, Env, Escape, Options, Template};

/// How deep a rule may nest.
const MAX_DEPTH: usize = 32;
/// The most forms there are: no known language has more than six.
const MAX_FORMS: usize = 10;
/// How far numbers are looked at to learn which category has which form. Every known rule repeats after 100.
const LOOKED_AT: u64 = 220;
/// Numbers that some languages treat apart.
const LARGE: [u64; 3] = [1_000, 1_000_000, 2_000_000];
/// Up to here a number may have a form of its own, whatever its category.
const APART: u64 = 20;

/// Which form is for which number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    forms: usize,
    expression: Expression,
}

impl Default for Rule {
    /// That of English, which gettext takes when a file says nothing.
    fn default() -> Self {
        Self {
            forms: 2,
            expression: Expression::Binary(Operator::Unequal, Box::new((Expression::N, Expression::Number(1)))),
        }
    }
}

impl Rule {
    /// Reads `nplurals=2; plural=(n != 1);`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut forms = None;
        let mut expression = None;
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            match name.trim() {
                "nplurals" => forms = Some(value.trim().parse::<usize>().ok()?),
                "plural" => expression = Some(Parser::new(value)?.whole()?),
                _ => return None,
            }
        }
        let rule = Self {
            forms: forms.filter(|forms| (1..=MAX_FORMS).contains(forms))?,
            expression: expression?,
        };
        // A rule that leads beyond its forms is wrong for all.
        (0..LOOKED_AT).all(|n| rule.form(n).is_some()).then_some(rule)
    }

    /// How many forms there are.
    pub(super) fn forms(&self) -> usize {
        self.forms
    }

    /// The form for a number.
    fn form(&self, n: u64) -> Option<usize> {
        let form = usize::try_from(self.expression.value(n)?).ok()?;
        (form < self.forms).then_some(form)
    }
}

/// The forms of a language by its categories, with the numbers that go their own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forms {
    /// `one`, `few`, ... or `=0`, with the form's place.
    branches: Vec<(String, usize)>,
    other: usize,
}

impl Forms {
    /// Learns which category of a language has which form.
    pub(super) fn new(locale: &str, rule: &Rule) -> Self {
        let mut branches: Vec<(String, usize)> = Vec::new();
        let numbers = (0..LOOKED_AT).chain(LARGE);
        let known: Vec<(u64, String, usize)> = numbers
            .filter_map(|n| Some((n, category(locale, n), rule.form(n)?)))
            .collect();
        let form_of = |wanted: &str| {
            // Small numbers may be exceptions, so the largest tells.
            let last = known.iter().rev().find(|(_, category, _)| category == wanted);
            last.map(|(_, _, form)| *form)
        };
        for (n, category, form) in &known {
            if form_of(category) != Some(*form) && *n <= APART {
                branches.push((format!("={n}"), *form));
            }
        }
        for category in ["zero", "one", "two", "few", "many"] {
            if let Some(form) = form_of(category) {
                branches.push((category.to_owned(), form));
            }
        }
        let last = rule.forms.saturating_sub(1);
        Self {
            branches,
            other: form_of("other").unwrap_or(last),
        }
    }

    /// One message of all forms; its number is called `count`.
    pub(super) fn message(&self, texts: &[String]) -> String {
        let text = |form: usize| texts.get(form).map(String::as_str).unwrap_or_default();
        let mut message = String::from("{count, plural,");
        for (branch, form) in &self.branches {
            message.extend([" ", branch, " {", text(*form), "}"]);
        }
        message.extend([" other {", text(self.other), "}}"]);
        message
    }
}

/// The category of a number in a language: what the helper for messages takes it for.
fn category(locale: &str, n: u64) -> String {
    const CATEGORIES: &str =
        "{{intl \"{n, plural, zero {zero} one {one} two {two} few {few} many {many} other {other}}\" n=n}}";
    let other = || "other".to_owned();
    let Ok(template) = Template::parse(CATEGORIES) else {
        return other();
    };
    let context = Context::from(serde_json::json!({ "data": { "n": n } }));
    let options = Options {
        locale: Some(locale),
        ..Options::default()
    };
    let mut text = String::new();
    match template.render_in(&mut Env::with(&context, options), Escape::None, &mut text) {
        Ok(()) => text,
        Err(_) => other(),
    }
}

/// A rule's expression, as in C, over numbers without a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Expression {
    N,
    Number(u64),
    Not(Box<Expression>),
    Binary(Operator, Box<(Expression, Expression)>),
    Choice(Box<(Expression, Expression, Expression)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// Operators, those that bind least first; longer spellings before shorter ones.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("||", Operator::Or)],
    &[("&&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::Unequal)],
    &[
        ("<=", Operator::LessEqual),
        (">=", Operator::GreaterEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[
        ("*", Operator::Multiply),
        ("/", Operator::Divide),
        ("%", Operator::Modulo),
    ],
];

impl Expression {
    fn value(&self, n: u64) -> Option<u64> {
        Some(match self {
            Self::N => n,
            Self::Number(number) => *number,
            Self::Not(inner) => u64::from(inner.value(n)? == 0),
            Self::Choice(parts) => {
                let (condition, then, otherwise) = parts.as_ref();
                if condition.value(n)? == 0 {
                    otherwise.value(n)?
                } else {
                    then.value(n)?
                }
            }
            Self::Binary(operator, parts) => {
                let left = parts.0.value(n)?;
                match (operator, left) {
                    (Operator::Or, 1..) => return Some(1),
                    (Operator::And, 0) => return Some(0),
                    _ => {}
                }
                let right = parts.1.value(n)?;
                match operator {
                    Operator::Or | Operator::And => u64::from(right != 0),
                    Operator::Equal => u64::from(left == right),
                    Operator::Unequal => u64::from(left != right),
                    Operator::Less => u64::from(left < right),
                    Operator::LessEqual => u64::from(left <= right),
                    Operator::Greater => u64::from(left > right),
                    Operator::GreaterEqual => u64::from(left >= right),
                    Operator::Add => left.checked_add(right)?,
                    Operator::Subtract => left.checked_sub(right)?,
                    Operator::Multiply => left.checked_mul(right)?,
                    Operator::Divide => left.checked_div(right)?,
                    Operator::Modulo => left.checked_rem(right)?,
                }
            }
        })
    }
}

/// Reads an expression from text without blanks.
struct Parser {
    text: String,
    at: usize,
    depth: usize,
}

impl Parser {
    fn new(text: &str) -> Option<Self> {
        // Long ones are no rules of any language.
        (text.len() <= 1_000).then(|| Self {
            text: text.chars().filter(|one| !one.is_whitespace()).collect(),
            at: 0,
            depth: 0,
        })
    }

    fn whole(mut self) -> Option<Expression> {
        let read = self.choice()?;
        (self.at == self.text.len()).then_some(read)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn choice(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let condition = self.level(0)?;
        let read = if self.take("?") {
            let then = self.choice()?;
            if !self.take(":") {
                return None;
            }
            Expression::Choice(Box::new((condition, then, self.choice()?)))
        } else {
            condition
        };
        self.depth -= 1;
        Some(read)
    }

    fn level(&mut self, level: usize) -> Option<Expression> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.level(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(spelling, _)| self.take(spelling)) {
            left = Expression::Binary(*operator, Box::new((left, self.level(level + 1)?)));
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<Expression> {
        if self.take("!") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return None;
            }
            let inner = self.unary()?;
            self.depth -= 1;
            return Some(Expression::Not(Box::new(inner)));
        }
        if self.take("(") {
            let inner = self.choice()?;
            return self.take(")").then_some(inner);
        }
        if self.take("n") {
            return Some(Expression::N);
        }
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        self.at += digits.len();
        digits.parse().ok().map(Expression::Number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLISH: &str = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";

    #[test]
    fn rules_of_several_languages_are_read() {
        let form = |rule: &str, n: u64| Rule::parse(rule).unwrap().form(n).unwrap();
        assert_eq!(
            [0, 1, 2, 5].map(|n| form("nplurals=2; plural=(n != 1);", n)),
            [1, 0, 1, 1]
        );
        assert_eq!([0, 1, 2].map(|n| form("nplurals=2; plural=n > 1", n)), [0, 0, 1]);
        assert_eq!([1, 2, 5, 12, 22, 25].map(|n| form(POLISH, n)), [0, 1, 2, 2, 1, 2]);
        assert_eq!([0, 7].map(|n| form("nplurals=1; plural=0;", n)), [0, 0]);
        assert_eq!(form("nplurals=2; plural=!(n == 1);", 1), 0);
        assert_eq!(Rule::parse("nplurals=2; plural=(n != 1);").unwrap(), Rule::default());
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let deep = format!("nplurals=1; plural={}0{};", "(".repeat(40), ")".repeat(40));
        for text in [
            "",
            "nplurals=2",
            "plural=n",
            "nplurals=0; plural=0;",
            "nplurals=99; plural=0;",
            "nplurals=2; plural=n;",
            "nplurals=2; plural=1/0;",
            "nplurals=2; plural=n-5;",
            "nplurals=2; plural=(n != 1;",
            "nplurals=2; plural=n ! 1;",
            "nplurals=2; plural=m;",
            deep.as_str(),
        ] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }

    #[test]
    fn categories_have_their_forms() {
        let texts = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let polish = Forms::new("pl", &Rule::parse(POLISH).unwrap());
        assert_eq!(
            polish.message(&texts),
            "{count, plural, one {a} few {b} many {c} other {c}}"
        );
        let english = Forms::new("en", &Rule::default());
        assert_eq!(english.message(&texts), "{count, plural, one {a} other {b}}");
        // A file may treat nothing apart.
        let none = Rule::parse("nplurals=3; plural=(n==0 ? 0 : n==1 ? 1 : 2);").unwrap();
        assert_eq!(
            Forms::new("en", &none).message(&texts),
            "{count, plural, =0 {a} one {b} other {c}}"
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(text in "[n0-9()?:!=<>&|+*/% -]{0,60}") {
            let _ = Rule::parse(&format!("nplurals=3; plural={text};"));
        }
    }
}
