//! HTML written so that a person can review it: one element a line, indented.

/// Elements that stand in a line of text.
const INLINE: &[&str] = &["a", "b", "br", "code", "em", "i", "s", "span", "strong", "u"];
/// Elements without an end.
const VOID: &[&str] = &["br", "img", "meta", "link", "hr", "!doctype"];

/// The same HTML, broken into lines.
pub(crate) fn pretty(html: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut line = String::new();
    let flush = |line: &mut String, lines: &mut Vec<String>, depth: usize| {
        if !line.trim().is_empty() {
            lines.push(format!("{}{}", "  ".repeat(depth), line.trim()));
        }
        line.clear();
    };
    for piece in pieces(html) {
        let name = name(piece);
        if !piece.starts_with('<') || INLINE.contains(&name.as_str()) {
            line.push_str(piece);
        } else if piece.starts_with("</") {
            flush(&mut line, &mut lines, depth);
            depth = depth.saturating_sub(1);
            lines.push(format!("{}{piece}", "  ".repeat(depth)));
        } else {
            flush(&mut line, &mut lines, depth);
            lines.push(format!("{}{piece}", "  ".repeat(depth)));
            let opens = !piece.starts_with("<!") && !piece.ends_with("/>") && !VOID.contains(&name.as_str());
            depth += usize::from(opens);
        }
    }
    flush(&mut line, &mut lines, depth);
    // An element that holds but a line of text fits on it.
    let mut joined: Vec<String> = Vec::new();
    for line in lines {
        let closes = line
            .trim_start()
            .strip_prefix("</")
            .map(|rest| rest.trim_end_matches('>').to_owned());
        let text = joined.len().checked_sub(1).and_then(|last| joined.get(last)).cloned();
        let opening = joined.len().checked_sub(2).and_then(|at| joined.get(at)).cloned();
        if let (Some(closes), Some(text), Some(opening)) = (closes, text, opening)
            && opening.trim_start().starts_with(&format!("<{closes}"))
            && opening.ends_with('>')
            && !INLINE_ONLY.iter().any(|tag| text.trim_start().starts_with(tag))
        {
            joined.truncate(joined.len() - 2);
            joined.push(format!("{opening}{}{}", text.trim(), line.trim()));
        } else {
            joined.push(line);
        }
    }
    joined.join("\n")
}

/// Lines that begin with these are no text.
const INLINE_ONLY: &[&str] = &[
    "<table", "<tr", "<td", "<div", "<ul", "<ol", "<li", "<!--", "</", "<h", "<p", "<style",
];

fn pieces(html: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let end = if rest.starts_with("<!--[if mso]>") || rest.starts_with("<!--[if !mso]>") {
            rest.find("]>").map_or(rest.len(), |at| at + 2)
        } else if rest.starts_with('<') {
            rest.find('>').map_or(rest.len(), |at| at + 1)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn name(piece: &str) -> String {
    piece
        .trim_start_matches(['<', '/'])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '!' | ':'))
        .collect::<String>()
        .to_ascii_lowercase()
}
