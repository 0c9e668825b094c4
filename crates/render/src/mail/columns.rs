//! Columns: side by side where there is room, else one below the other.
//!
//! Written for the small screen first: a program that reads no style sheet stacks them, and is right to. Outlook on
//! Windows gets a table of its own around them, in conditional comments.

use std::fmt::Write as _;

use super::text::boxed;
use super::{Css, Ground, Mail, VerticalAlign, stacked};
use crate::css::pixels;

/// How columns look, filled in.
#[derive(Debug)]
pub(crate) struct ColumnsLook {
    /// Ground, border and padding around all of them.
    pub(crate) css: Css,
    /// The space between them, in pixels.
    pub(crate) gap: u32,
    /// How many there will be, as far as is known.
    pub(crate) count: usize,
    /// How they stand beside each other.
    pub(crate) vertical: VerticalAlign,
}

/// How one column looks, filled in.
#[derive(Debug)]
pub(crate) struct ColumnLook {
    /// As written: `40%`, `200px`; `None` for an equal share of the rest.
    pub(crate) width: Option<String>,
    /// Ground, border and padding.
    pub(crate) css: Css,
    pub(crate) vertical: Option<VerticalAlign>,
}

/// What columns stand in.
#[derive(Debug)]
pub(crate) struct Around {
    look: ColumnsLook,
    class: String,
    rows: String,
    cells: Cells,
    ground: Ground,
    width: u32,
}

/// Columns drawn so far.
#[derive(Debug)]
pub(super) struct Cells {
    drawn: Vec<Cell>,
    /// How many there will be, as far as is known.
    count: usize,
    gap: u32,
    vertical: VerticalAlign,
}

impl Default for Cells {
    fn default() -> Self {
        Self {
            drawn: Vec::new(),
            count: 1,
            gap: 0,
            vertical: VerticalAlign::Top,
        }
    }
}

/// A column that was drawn.
#[derive(Debug)]
struct Cell {
    width: Option<String>,
    vertical: &'static str,
    is_boxed: bool,
    content: String,
}

/// What a column stands in.
#[derive(Debug)]
pub(crate) struct Beside {
    rows: String,
    ground: Ground,
    width: u32,
}

impl Mail {
    /// Begins columns; each is drawn between [`Self::open_column`] and [`Self::close_column`].
    pub(crate) fn open_columns(&mut self, look: ColumnsLook) -> Around {
        let class = self.box_class(&look.css);
        let cells = Cells {
            drawn: Vec::new(),
            count: look.count.max(1),
            gap: look.gap,
            vertical: look.vertical,
        };
        let around = Around {
            class,
            rows: std::mem::take(&mut self.rows),
            cells: std::mem::replace(&mut self.cells, cells),
            ground: self.ground.clone(),
            width: self.width,
            look,
        };
        self.enter(&around.look.css);
        around
    }

    /// Begins a column.
    pub(crate) fn open_column(&mut self, look: &ColumnLook) -> Beside {
        let beside = Beside {
            rows: std::mem::take(&mut self.rows),
            ground: self.ground.clone(),
            width: self.width,
        };
        let count = u32::try_from(self.cells.count).unwrap_or(1).max(1);
        let share = share(look.width.as_deref(), self.width).unwrap_or(ALL / count);
        self.width = (self.width * share / ALL)
            .saturating_sub(self.cells.gap * (count - 1) / count)
            .max(40);
        self.enter(&look.css);
        beside
    }

    /// Ends a column.
    pub(crate) fn close_column(&mut self, look: ColumnLook, beside: Beside) {
        let rows = std::mem::replace(&mut self.rows, beside.rows);
        self.ground = beside.ground;
        self.width = beside.width;
        let class = self.box_class(&look.css);
        let is_boxed = !look.css.is_empty();
        let content = if is_boxed {
            boxed(&class, self.theme.start, &look.css.to_string(), &stacked(&rows))
        } else {
            stacked(&rows)
        };
        let vertical = look.vertical.unwrap_or(self.cells.vertical).as_str();
        self.cells.drawn.push(Cell {
            width: look.width,
            vertical,
            is_boxed,
            content,
        });
    }

    /// Ends columns, now that it is known how many there are.
    pub(crate) fn close_columns(&mut self, around: Around) {
        let Cells { drawn, gap, .. } = std::mem::replace(&mut self.cells, around.cells);
        let widths: Vec<Option<u32>> = drawn
            .iter()
            .map(|cell| share(cell.width.as_deref(), self.width))
            .collect();
        self.rows = around.rows;
        self.ground = around.ground;
        self.width = around.width;
        if drawn.is_empty() {
            return;
        }
        let content = match fixed(&drawn, gap) {
            Some(pixels) => self.row_of(&drawn, &pixels, gap),
            None => self.side_by_side(&drawn, &shares(&widths), gap),
        };
        let content = if around.look.css.is_empty() {
            content
        } else {
            boxed(&around.class, self.theme.start, &around.look.css.to_string(), &content)
        };
        self.row("c--block-columns", "padding:0 0 16px", "", &content);
    }

    /// Columns that stand one below the other on a small screen.
    fn side_by_side(&mut self, drawn: &[Cell], shares: &[u32], gap: u32) -> String {
        let (direction, start, count) = (self.theme.direction(), self.theme.start, drawn.len());
        let mut cells = String::with_capacity(drawn.iter().map(|cell| cell.content.len() + 512).sum());
        for (index, (cell, share)) in drawn.iter().zip(shares).enumerate() {
            let class = self.sheet.share(*share);
            // Boxes must not touch where they stand one below the other; texts keep their distance anyway.
            let gap_class = if cell.is_boxed && index + 1 < count {
                " t-gap"
            } else {
                ""
            };
            let between = if index == 0 { "" } else { "</td>" };
            let Cell { vertical, content, .. } = cell;
            let (whole, rest) = (share / 100, share % 100);
            let padding = gap_padding(gap, index, count, start);
            // Writing to a string cannot fail.
            let _ = write!(
                cells,
                "<!--[if mso]>{between}<td width=\"{whole}.{rest:02}%\" valign=\"{vertical}\"><![endif]-->\
                 <div class=\"{class}\" style=\"display:inline-block;width:100%;vertical-align:{vertical};\
                 text-align:{start}\">\
                 <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
                 <td class=\"c--column t-in{gap_class}\" style=\"padding:{padding}\">{content}</td></tr></table></div>"
            );
        }
        format!(
            "<!--[if mso]><table role=\"presentation\" dir=\"{direction}\" width=\"100%\" cellpadding=\"0\" \
             cellspacing=\"0\" border=\"0\"><tr><![endif]-->{cells}<!--[if mso]></td></tr></table><![endif]-->"
        )
    }

    /// Columns that stay side by side on any screen.
    fn row_of(&self, drawn: &[Cell], pixels: &[Option<u32>], gap: u32) -> String {
        let start = self.theme.start;
        let mut cells = String::with_capacity(drawn.iter().map(|cell| cell.content.len() + 256).sum());
        for (index, (cell, width)) in drawn.iter().zip(pixels).enumerate() {
            let (attribute, css) = width.map_or((String::new(), String::new()), |width| {
                (format!(" width=\"{width}\""), format!("width:{width}px;"))
            });
            let before = if index == 0 { 0 } else { gap };
            let Cell { vertical, content, .. } = cell;
            // Writing to a string cannot fail.
            let _ = write!(
                cells,
                "<td class=\"c--column\"{attribute} valign=\"{vertical}\" align=\"{start}\" \
                 style=\"{css}padding:0;padding-{start}:{before}px\">{content}</td>"
            );
        }
        format!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\
             <tr>{cells}</tr></table>"
        )
    }
}

/// The widths in pixels of columns that can stay side by side on a small screen: all but one are told theirs, and these
/// are so narrow that the other has room, such as a small picture, a text and a price.
fn fixed(drawn: &[Cell], gap: u32) -> Option<Vec<Option<u32>>> {
    const MOST: u32 = 170;
    let widths: Vec<Option<u32>> = drawn
        .iter()
        .map(|cell| cell.width.as_deref().and_then(pixels))
        .collect();
    let open = widths.iter().filter(|width| width.is_none()).count();
    let gaps = gap.saturating_mul(u32::try_from(drawn.len()).ok()?.saturating_sub(1));
    let taken = widths
        .iter()
        .flatten()
        .fold(gaps, |sum, width| sum.saturating_add(*width));
    (drawn.len() > 1 && open == 1 && taken <= MOST).then_some(widths)
}

/// The gap, shared out so that all columns lose the same, and the outer edges stay where they are.
fn gap_padding(gap: u32, index: usize, count: usize, start: &str) -> String {
    let number = |value: usize| u32::try_from(value).unwrap_or(0);
    let count = count.max(1);
    let before = gap * number(index) / number(count);
    let after = gap * number(count - 1 - index.min(count - 1)) / number(count);
    let (left, right) = if start == "right" {
        (after, before)
    } else {
        (before, after)
    };
    format!("0 {right}px 0 {left}px")
}

/// All of the width, in hundredths of a per cent.
const ALL: u32 = 10_000;

/// The share of a room that a width asks for, if it is one.
fn share(width: Option<&str>, room: u32) -> Option<u32> {
    let width = width?;
    let share = match width.strip_suffix('%') {
        Some(percent) => hundredths(percent)?,
        None => pixels(width)?.saturating_mul(ALL) / room.max(1),
    };
    Some(share.clamp(100, ALL))
}

/// How much of the width each column takes, in hundredths of a per cent. Those that say nothing share what is left; all
/// together they never take more than there is.
fn shares(known: &[Option<u32>]) -> Vec<u32> {
    let count = u32::try_from(known.len()).unwrap_or(1).max(1);
    let taken: u32 = known.iter().flatten().sum();
    let open = u32::try_from(known.iter().filter(|one| one.is_none()).count()).unwrap_or(0);
    // A column without a width always has some room, even where the others ask for everything.
    let kept_open = if open == 0 {
        0
    } else {
        (ALL.saturating_sub(taken)).max(ALL / count * open / 2)
    };
    let for_known = ALL - kept_open;
    known
        .iter()
        .map(|one| match *one {
            Some(share) if taken > for_known => share * for_known / taken,
            Some(share) => share,
            None => kept_open / open.max(1),
        })
        .collect()
}

/// `33.3` as 3330.
fn hundredths(percent: &str) -> Option<u32> {
    let (whole, rest) = percent.split_once('.').unwrap_or((percent, ""));
    let rest: String = rest.chars().chain("00".chars()).take(2).collect();
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 1_000)?;
    Some(whole * 100 + rest.parse::<u32>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(widths: &[&str]) -> Vec<u32> {
        let widths: Vec<Option<u32>> = widths.iter().map(|one| share(Some(one), 520)).collect();
        shares(&widths)
    }

    #[test]
    fn columns_share_the_width_and_never_take_more_than_there_is() {
        assert_eq!(of(&["auto", "auto", "auto"]), [3333, 3333, 3333]);
        assert_eq!(of(&["40%", "auto"]), [4000, 6000]);
        assert_eq!(of(&["260px", "auto"]), [5000, 5000]);
        assert_eq!(of(&["33.3%", "66.7%"]), [3330, 6670]);
        assert_eq!(of(&["80%", "80%"]), [5000, 5000]);
        for widths in [
            &["100%", "auto"][..],
            &["900px", "900px", "auto"],
            &["1%", "100%", "auto", "auto"],
        ] {
            let shares = of(widths);
            assert!(
                shares.iter().sum::<u32>() <= 10_000 && shares.iter().all(|share| *share > 0),
                "{shares:?}"
            );
        }
    }
}
