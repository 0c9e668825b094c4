//! Jsonnet programs that make a chat program's own JSON.
//!
//! [`parse`] is for when content is written. [`evaluate`] is for a process of its own: a program may run for ever or fill
//! the memory, and only ending a process ends that for certain. Neither reads anything but its arguments: imports fail.

use rsjsonnet_lang::arena::Arena;
use rsjsonnet_lang::interner::InternedStr;
use rsjsonnet_lang::lexer::LexError;
use rsjsonnet_lang::parser::ParseError;
use rsjsonnet_lang::program::{
    AnalyzeError, Callbacks, EvalErrorKind, EvalStackTraceItem, ImportError, LoadError, NativeError, Program, Thunk,
    Value,
};
use rsjsonnet_lang::span::{SpanContextId, SpanId};

/// The longest program, in bytes.
pub const MAX_SOURCE: usize = 16 * 1024;
/// The deepest brackets within brackets.
const MAX_NESTING: usize = 200;
/// How deep calls may nest.
const MAX_STACK: usize = 400;

/// The stack on which a program is read, in bytes; only what is used takes memory. The parser calls itself for every sign
/// and word that begins an expression, and a whole source may be made of those: about 32 KB for each.
const STACK: usize = 512 << 20;

/// Checks that a program can be read. Errors say what is wrong and in which line.
///
/// A program that is all signs would fill the caller's stack and end the server with it, so it is read on its own.
///
/// # Errors
/// What is wrong, in words.
pub fn parse(source: &str) -> Result<(), String> {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        let reader = reader.spawn_scoped(scope, || read(source));
        let read = reader.map_err(|error| format!("cannot be checked here: {error}"))?;
        read.join().unwrap_or_else(|_| Err("cannot be read".to_owned()))
    })
}

/// As [`parse`], on the caller's own stack.
fn read(source: &str) -> Result<(), String> {
    if source.len() > MAX_SOURCE {
        return Err(format!("is longer than {MAX_SOURCE} bytes"));
    }
    nesting(source)?;
    let arena = Arena::new();
    let mut program = Program::new(&arena);
    load(&mut program, source).map(drop)
}

/// Evaluates a program with the external variables `data` and `profile`, and gives its value as JSON.
///
/// # Errors
/// What went wrong and in which line, in words that hold no value.
pub fn evaluate(source: &str, data: &serde_json::Value, profile: &serde_json::Value) -> Result<String, String> {
    read(source)?;
    let arena = Arena::new();
    let mut program = Program::new(&arena);
    program.set_max_stack(MAX_STACK);
    for (name, json) in [("data", data), ("profile", profile)] {
        let value = value(&mut program, json);
        let thunk = program.value_to_thunk(&value);
        let name = program.intern_str(name);
        program.add_ext_var(name, &thunk);
    }
    let thunk = load(&mut program, source)?;
    let found = program.eval_value(&thunk, &mut Alone);
    let json = found.and_then(|value| program.manifest_json(&value, false));
    json.map_err(|error| {
        let line = error.stack_trace.iter().rev().find_map(|item| match item {
            EvalStackTraceItem::Expr { span } | EvalStackTraceItem::Variable { span, .. } => Some(*span),
            EvalStackTraceItem::Call { span, .. }
            | EvalStackTraceItem::ArrayItem { span, .. }
            | EvalStackTraceItem::ObjectField { span, .. } => *span,
            _ => None,
        });
        let words = failure(&error.kind);
        match line {
            Some(span) => format!("{words} (line {})", line_of(&program, source, span)),
            None => words.to_owned(),
        }
    })
}

/// A bound on how deep the program nests, found without reading it: strings and comments count too, which can only make
/// it stricter.
fn nesting(source: &str) -> Result<(), String> {
    let (mut open, mut deepest) = (0_usize, 0_usize);
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    if deepest > MAX_NESTING {
        return Err(format!("nests deeper than {MAX_NESTING} brackets"));
    }
    Ok(())
}

fn load<'p>(program: &mut Program<'p>, source: &str) -> Result<Thunk<'p>, String> {
    let (context, _) = program.span_manager_mut().insert_source_context(source.len());
    let loaded = program.load_source(context, source.as_bytes(), true, "content");
    loaded.map_err(|error| match reason(&error) {
        (words, Some(span)) => format!("{words} (line {})", line_of(program, source, span)),
        (words, None) => words,
    })
}

/// What is wrong with a program that cannot be read, and where.
fn reason(error: &LoadError) -> (String, Option<SpanId>) {
    match error {
        LoadError::Lex(error) => match error {
            LexError::InvalidChar { span, .. } => ("holds a character that stands for nothing".to_owned(), Some(*span)),
            LexError::UnfinishedString { span } => ("has a string without an end".to_owned(), Some(*span)),
            LexError::UnfinishedMultilineComment { span } => ("has a comment without an end".to_owned(), Some(*span)),
            LexError::InvalidEscapeInString { span, .. } => {
                ("has an escape that means nothing".to_owned(), Some(*span))
            }
            _ => ("cannot be read".to_owned(), None),
        },
        LoadError::Parse(ParseError::Expected { span, .. }) => ("is no valid jsonnet".to_owned(), Some(*span)),
        LoadError::Analyze(error) => match error {
            AnalyzeError::UnknownVariable { span, name } => (format!("names {name}, which there is not"), Some(*span)),
            AnalyzeError::RepeatedLocalName {
                repeated_span, name, ..
            }
            | AnalyzeError::RepeatedFieldName {
                repeated_span, name, ..
            }
            | AnalyzeError::RepeatedParamName {
                repeated_span, name, ..
            } => (format!("names {name} twice"), Some(*repeated_span)),
            AnalyzeError::SelfOutsideObject { self_span: span }
            | AnalyzeError::SuperOutsideObject { super_span: span }
            | AnalyzeError::DollarOutsideObject { dollar_span: span } => {
                ("speaks of an object outside of any".to_owned(), Some(*span))
            }
            _ => ("is no valid jsonnet".to_owned(), None),
        },
    }
}

/// Why an evaluation ended, without the values that were at hand.
fn failure(kind: &EvalErrorKind) -> &'static str {
    match kind {
        EvalErrorKind::StackOverflow => "its calls nest too deep",
        EvalErrorKind::InfiniteRecursion => "a value depends on itself",
        EvalErrorKind::ImportFailed { .. } => "nothing can be imported",
        EvalErrorKind::UnknownExtVar { .. } => "there are no external variables but data and profile",
        EvalErrorKind::UnknownObjectField { .. } => "it asks for a field that is not there",
        EvalErrorKind::ExplicitError { .. } => "it gave up by an error of its own",
        EvalErrorKind::AssertFailed { .. } | EvalErrorKind::AssertEqualFailed { .. } => {
            "an assertion of its own failed"
        }
        EvalErrorKind::DivByZero { .. } => "it divides by zero",
        EvalErrorKind::ManifestFunction => "its value holds a function, which JSON cannot",
        EvalErrorKind::NumericIndexOutOfRange { .. } => "it asks for an item beyond the end",
        _ => "a value is not of the type it is used as",
    }
}

/// The number of a line, from one.
fn line_of(program: &Program<'_>, source: &str, span: SpanId) -> usize {
    let (context, start, _): (SpanContextId, usize, usize) = program.span_manager().get_span(span);
    let _ = context;
    let before = source.get(..start).unwrap_or(source);
    1 + before.matches('\n').count()
}

/// JSON as a value of the language. JSON that was read from text nests no deeper than its reader allows.
fn value<'p>(program: &mut Program<'p>, json: &serde_json::Value) -> Value<'p> {
    match json {
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(flag) => Value::bool(*flag),
        serde_json::Value::Number(number) => Value::number(number.as_f64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::string(text),
        serde_json::Value::Array(items) => {
            let items: Vec<Value<'p>> = items.iter().map(|item| value(program, item)).collect();
            program.make_array(&items)
        }
        serde_json::Value::Object(object) => {
            let fields: Vec<(InternedStr<'p>, Value<'p>)> = object
                .iter()
                .map(|(name, json)| (program.intern_str(name), value(program, json)))
                .collect();
            program.make_object(&fields)
        }
    }
}

/// A program has nothing but its variables.
struct Alone;

impl<'p> Callbacks<'p> for Alone {
    fn import(&mut self, _: &mut Program<'p>, _: SpanId, _: &str) -> Result<Thunk<'p>, ImportError> {
        Err(ImportError)
    }

    fn import_str(&mut self, _: &mut Program<'p>, _: SpanId, _: &str) -> Result<String, ImportError> {
        Err(ImportError)
    }

    fn import_bin(&mut self, _: &mut Program<'p>, _: SpanId, _: &str) -> Result<Vec<u8>, ImportError> {
        Err(ImportError)
    }

    fn trace(&mut self, _: &mut Program<'p>, _: &str, _: &[EvalStackTraceItem]) {}

    fn native_call(
        &mut self,
        _: &mut Program<'p>,
        _: InternedStr<'p>,
        _: &[Value<'p>],
    ) -> Result<Value<'p>, NativeError> {
        Err(NativeError)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(source: &str) -> Result<serde_json::Value, String> {
        let found = evaluate(source, &json!({"name": "Ada", "items": [1, 2]}), &json!({"id": 7}));
        found.map(|text| serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn a_program_makes_json_of_its_variables() {
        let source = "local d = std.extVar('data');\n[{type: 'section', text: d.name + std.length(d.items)}]";
        assert_eq!(run(source), Ok(json!([{"type": "section", "text": "Ada2"}])));
        assert_eq!(run("std.extVar('profile').id"), Ok(json!(7)));
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        for (source, expected) in [
            ("{\n a: 1", "is no valid jsonnet (line 2)"),
            ("local x = 1;\ny", "names y, which there is not (line 2)"),
            ("'abc", "has a string without an end (line 1)"),
            ("{a: 1, a: 2}", "names a twice (line 1)"),
        ] {
            assert_eq!(parse(source).unwrap_err(), expected, "{source}");
        }
        assert!(parse(&"[".repeat(1_000)).unwrap_err().contains("nests"));
        assert!(parse(&" ".repeat(MAX_SOURCE + 1)).unwrap_err().contains("longer"));
    }

    #[test]
    fn failures_hold_no_values() {
        for source in [
            "error 'secret ' + std.extVar('data').name",
            "assert false : std.extVar('data').name; 1",
            "std.extVar('data').name.foo",
        ] {
            let error = run(source).unwrap_err();
            assert!(!error.contains("Ada") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn nothing_outside_can_be_read() {
        for source in ["import 'x'", "importstr '/etc/passwd'", "importbin '/etc/passwd'"] {
            assert!(
                run(source).unwrap_err().starts_with("nothing can be imported"),
                "{source}"
            );
        }
        assert!(run("std.extVar('HOME')").unwrap_err().contains("external variables"));
        assert!(run("std.native('x')()").is_err());
    }

    #[test]
    fn deep_recursion_is_an_error() {
        let error = run("local f(x) = 1 + f(x + 1); f(0)").unwrap_err();
        assert!(error.contains("nest too deep"), "{error}");
        assert!(run("local a = a; a").unwrap_err().contains("depends on itself"));
    }

    /// Words that nest without brackets: the reader must not need a deep stack for them.
    #[test]
    fn long_chains_are_read() {
        for piece in [
            "!",
            "-",
            "local x=1;",
            "if true then ",
            "function(x)",
            "error ",
            "assert true;",
            "1+",
        ] {
            let source = piece.repeat(MAX_SOURCE / piece.len() - 4) + "1";
            let _ = parse(&source);
        }
    }
}
