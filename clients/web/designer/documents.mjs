// Documents in the text editor's own words: one of each block, as people leave them.

export const text = (words, marks = []) => ({ type: "text", text: words, ...(marks.length && { marks: marks.map((type) => (type.type ? type : { type })) }) });
export const variable = (id) => ({ type: "variable", attrs: { id, isInvalid: false } });
export const paragraph = (content, attrs = {}) => ({ type: "paragraph", attrs, content: [content].flat() });
export const heading = (level, content, attrs = {}) => ({ type: "heading", attrs: { level, ...attrs }, content: [content].flat() });
const item = (...content) => ({ type: "listItem", content: [paragraph(content)] });
const link = (href) => ({ type: "link", attrs: { href } });

/** A condition as the editor writes it. */
export const when = (property, operator, value) => [{ conditions: [{ property, operator, value }], logical_operator: "and" }];

/** Every block, with what may be set at it. */
export const everyBlock = (image) => [
  heading(1, [text("Your order "), variable("order.id")], { textAlign: "center" }),
  heading(2, text("A heading of the second level")),
  heading(3, text("And one of the third")),
  paragraph(
    [
      text("Plain, "),
      text("bold", ["bold"]),
      text(", "),
      text("italic", ["italic"]),
      text(", "),
      text("underlined", ["underline"]),
      text(", "),
      text("struck", ["strike"]),
      text(", "),
      text("red", [{ type: "textStyle", attrs: { color: "#c02020" } }]),
      { type: "hardBreak" },
      text("a second line with "),
      text("a link", [link("https://shop.example/orders?a=1&b=2")]),
      text("."),
    ],
    { backgroundColor: "#eef6ff", paddingVertical: 12, paddingHorizontal: 16, borderWidth: 2, borderColor: "#3355aa" },
  ),
  paragraph(text("For gold members"), { if: when("data.tier", "equals", "gold") }),
  paragraph(text("For nobody"), { if: when("data.tier", "equals", "tin") }),
  {
    type: "list",
    attrs: { listType: "ordered" },
    content: [item(text("First")), item(text("Second, "), text("bold", ["bold"]))],
  },
  { type: "list", attrs: { listType: "unordered", loop: "data.items" }, content: [item(variable("$.item.name"), text(": "), variable("$.item.price"))] },
  { type: "imageBlock", attrs: { sourcePath: image, alt: "A picture", width: 50, alignment: "center", link: "https://shop.example/picture" } },
  { type: "imageBlock", attrs: { sourcePath: "", width: 1 } },
  { type: "divider", attrs: { variant: "spacer", color: "transparent", size: 1, padding: 24 } },
  { type: "divider", attrs: { variant: "divider", color: "#ff8800", size: 3, padding: 12 } },
  { type: "button", attrs: { label: "See it", link: "https://shop.example/orders/{{order.id}}", backgroundColor: "#117733", textColor: "#ffffff", borderRadius: 6 }, content: [text("See it")] },
  {
    type: "column",
    attrs: { columnsCount: 2, backgroundColor: "#f3f3f3", paddingVertical: 8, paddingHorizontal: 8 },
    content: [
      {
        type: "columnRow",
        content: [
          { type: "columnCell", attrs: { index: 0, width: 40 }, content: [paragraph(text("On the left"))] },
          { type: "columnCell", attrs: { index: 1, width: 60 }, content: [heading(3, text("On the right")), paragraph(text("with more below"))] },
        ],
      },
    ],
  },
  { type: "blockquote", attrs: { borderColor: "#8844cc" }, content: [paragraph([text("Well "), text("said", ["italic"])])] },
  { type: "customCode", attrs: { code: '<table role="presentation"><tr><td>Made by hand for {{order.id}}</td></tr></table>' } },
];

/** What the mails above are filled with. */
export const data = { order: { id: "A&7" }, tier: "gold", items: [{ name: "Tea", price: "4 <EUR>" }, { name: "Cups", price: "12 EUR" }] };
