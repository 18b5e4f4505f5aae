//! What people read in a document: headings, text, labels, controls and names for screen readers, a line each. No tags, classes
//! or ids, so that only wording changes it.

/// The title, and `<main>`, or the whole body where there is none.
pub(super) fn of_page(html: &str) -> String {
    let title = between(html, "<title>", "</title>").unwrap_or_default();
    let main = html.split_once("<main").map(|(_, rest)| rest.split_once("</main>").unwrap_or((rest, "")));
    let parts = match main {
        // What is shown once, such as a key, follows the frame.
        Some((main, rest)) => [format!("<main{main}</main>"), rest.to_owned()],
        None => [html.split_once("<body").map_or_else(String::new, |(_, body)| format!("<body{body}")), String::new()],
    };
    let mut page = Page::default();
    page.put(&unescape(title));
    page.flush();
    for part in parts {
        page.read(&part);
        page.flush();
    }
    stable(&page.lines)
}

/// The frame of a team's pages: all but `<main>`.
pub(super) fn of_frame(html: &str) -> String {
    let body = html.split_once("<body").map_or("", |(_, body)| body);
    let (before, rest) = body.split_once("<main").unwrap_or((body, ""));
    let mut page = Page::default();
    for part in [format!("<body{before}"), rest.split_once("</main>").map_or("", |(_, after)| after).to_owned()] {
        page.read(&part);
        page.flush();
    }
    stable(&page.lines)
}

const BLOCKS: &str = " body main header footer section aside nav div p h1 h2 h3 h4 ul ol li dl dt table thead tbody tr form \
                      fieldset legend label details summary dialog pre hr br noscript figure figcaption ";
const SKIPPED: &str = " script style svg template ";
const VOID: &str = " input br hr img link meta use wbr ";

struct Element {
    name: String,
    /// What is written at its end.
    end: String,
    /// How much of the mark was there before it.
    mark: usize,
}

#[derive(Default)]
struct Page {
    lines: Vec<String>,
    line: String,
    /// What is put before the first word of the line.
    mark: String,
    /// The elements that are open.
    open: Vec<Element>,
    /// Whether an element has just ended. The next one is separated from it, although no space is between them.
    ended: bool,
    /// How many of them are cells of a table: what is in one stays in one line.
    cells: usize,
}

impl Page {
    fn read(&mut self, html: &str) {
        let mut rest = html;
        while let Some((text, tag)) = rest.split_once('<') {
            self.put(&unescape(text));
            let (tag, after) = if let Some(comment) = tag.strip_prefix("!--") {
                ("", comment.split_once("-->").map_or("", |(_, after)| after))
            } else {
                split_tag(tag)
            };
            rest = after;
            let name = tag.split([' ', '\n', '/']).next().unwrap_or_default().to_owned();
            if let Some(name) = tag.strip_prefix('/') {
                self.end(name.trim());
            } else if is(SKIPPED, &name) || attribute(tag, "aria-hidden").as_deref() == Some("true") {
                if !is(VOID, &name) {
                    rest = after_element(rest, &name);
                }
            } else if name == "select" {
                let (options, after) = rest.split_once("</select>").unwrap_or((rest, ""));
                self.control(&select(tag, options));
                rest = after;
            } else if name == "textarea" {
                let (value, after) = rest.split_once("</textarea>").unwrap_or((rest, ""));
                self.control(&format!("{{lines: {}}} {}", unescape(value), name_of(tag)));
                rest = after;
            } else if !name.is_empty() && !name.starts_with('!') {
                self.start(&name, tag);
            }
        }
        self.put(&unescape(rest));
    }

    fn start(&mut self, name: &str, tag: &str) {
        if is(BLOCKS, name) && name != "dd" {
            self.flush();
        }
        if std::mem::take(&mut self.ended) && name != "dd" {
            self.put(" ");
        }
        let (mut end, mark) = (String::new(), self.mark.len());
        match name {
            "h1" => self.mark.push_str("# "),
            "h2" => self.mark.push_str("## "),
            "h3" => self.mark.push_str("### "),
            "li" => self.mark.push_str("- "),
            "dd" => self.put(": "),
            "th" | "td" => {
                if !self.line.is_empty() {
                    self.put(" | ");
                }
                self.cells += 1;
            }
            "dialog" => {
                let state = if has(tag, "open") { "open" } else { "closed" };
                self.lines.push(format!("[dialog, {state}]"));
            }
            "button" => {
                self.put("[");
                end = if is_off(tag) { "] (unavailable)".to_owned() } else { "]".to_owned() };
            }
            "a" => {
                self.put("<");
                end = if is_off(tag) { "> (unavailable)".to_owned() } else { ">".to_owned() };
            }
            "input" => self.input(tag),
            "summary" => self.mark.push_str("> "),
            _ => {}
        }
        match attribute(tag, "role").as_deref() {
            Some("alert") if !has(tag, "hidden") => self.mark.push_str("(alert) "),
            Some("status") => self.mark.push_str("(status) "),
            _ => {}
        }
        if has(tag, "hidden") && name != "input" {
            self.mark.push_str("(hidden) ");
        }
        if name != "input" {
            self.put(&name_of(tag));
        }
        if !is(VOID, name) {
            self.open.push(Element { name: name.to_owned(), end, mark });
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else { return };
        let Element { end, mark, .. } = self.open.remove(at);
        if !end.is_empty() {
            let line = self.line.trim_end().len();
            self.line.truncate(line);
            self.line.push_str(&end);
        }
        match name {
            "th" | "td" => self.cells = self.cells.saturating_sub(1),
            "dialog" => {
                self.flush();
                self.lines.push("[end of dialog]".to_owned());
            }
            "button" if self.cells == 0 => self.flush(),
            "dt" => {}
            _ if is(BLOCKS, name) => self.flush(),
            _ => {}
        }
        self.mark.truncate(mark);
        self.ended = true;
    }

    fn input(&mut self, tag: &str) {
        let kind = attribute(tag, "type").unwrap_or_else(|| "text".to_owned());
        let text = match kind.as_str() {
            "hidden" => return,
            "checkbox" | "radio" if has(tag, "checked") => "[x]".to_owned(),
            "checkbox" | "radio" => "[ ]".to_owned(),
            kind => {
                let value = attribute(tag, "value").filter(|value| !value.is_empty());
                let hint = attribute(tag, "placeholder").map(|hint| format!(", such as “{hint}”")).unwrap_or_default();
                format!("{{{kind}{}{hint}}}", value.map(|value| format!(": {value}")).unwrap_or_default())
            }
        };
        let off = if is_off(tag) { " (unavailable)" } else { "" };
        self.control(&format!("{text} {}{off}", name_of(tag)));
    }

    fn control(&mut self, text: &str) {
        self.put(&format!(" {text} "));
    }

    fn put(&mut self, text: &str) {
        self.ended &= text.is_empty();
        let mut space = text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            if space && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            self.line.push_str(word);
            space = true;
        }
        if text.ends_with(char::is_whitespace) && !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    /// Ends the line.
    fn flush(&mut self) {
        if self.cells > 0 {
            self.put(" ");
            return;
        }
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        self.lines.push(format!("{}{}", std::mem::take(&mut self.mark), line.trim()));
    }
}

/// The options of a choice, the chosen one marked.
fn select(tag: &str, options: &str) -> String {
    let options: Vec<String> = options
        .split("<option")
        .skip(1)
        .map(|option| {
            let (tag, rest) = split_tag(option);
            let label = unescape(rest.split('<').next().unwrap_or_default());
            let chosen = if has(tag, "selected") { "*" } else { "" };
            let off = if has(tag, "disabled") { " (unavailable)" } else { "" };
            format!("{chosen}{}{off}", label.trim())
        })
        .collect();
    let off = if is_off(tag) { " (unavailable)" } else { "" };
    format!("{{choice: {}}} {}{off}", options.join(" / "), name_of(tag))
}

/// What a screen reader calls it.
fn name_of(tag: &str) -> String {
    attribute(tag, "aria-label").map(|label| format!("«{label}» ")).unwrap_or_default()
}

fn is_off(tag: &str) -> bool {
    has(tag, "disabled") || attribute(tag, "aria-disabled").as_deref() == Some("true")
}

fn is(names: &str, name: &str) -> bool {
    names.contains(&format!(" {name} "))
}

/// A tag, and what follows it. An attribute may contain ">".
fn split_tag(html: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = html.find(|c| {
        quoted ^= c == '"';
        c == '>' && !quoted
    });
    end.map_or((html, ""), |end| (&html[..end], &html[end + 1..]))
}

/// What follows an element that is left out.
fn after_element<'a>(html: &'a str, name: &str) -> &'a str {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut rest, mut depth) = (html, 1);
    while depth > 0 {
        let Some(end) = rest.find(&close) else { return "" };
        depth += rest[..end].matches(&open).count();
        depth -= 1;
        rest = &rest[end + close.len()..];
    }
    rest
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    between(tag, &format!(" {name}=\""), "\"").map(unescape)
}

fn has(tag: &str, name: &str) -> bool {
    let mut outside = tag.split('"').step_by(2);
    outside.any(|part| part.split_whitespace().any(|word| word.trim_end_matches(['=', '/']) == name))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inside, _)| inside)
}

fn unescape(html: &str) -> String {
    let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&amp;", "&")
}

/// The lines, without what is different in each run.
fn stable(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{}\n", stable_line(line))).collect()
}

/// Ids, secrets, ports, sizes and durations give way to their kind.
fn stable_line(line: &str) -> String {
    for (start, kind) in [("Stored data: ", "SIZE"), ("Duration: ", "TIME")] {
        if line.starts_with(start) {
            return format!("{start}{kind}");
        }
    }
    let mut stable = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')) {
        let id = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
        let end = &word[id.len()..];
        // The last characters of a key follow an ellipsis, its name in a label, or these words.
        let is_after_key = stable.ends_with('…') || stable.ends_with("ending in ");
        let is_tail = id.len() == 4 && (is_after_key || stable.ends_with(", ") && end.starts_with('»'));
        let is_port = stable.ends_with("127.0.0.1:") && id.parse::<u16>().is_ok();
        stable.push_str(match id {
            _ if is_tail => "KEY",
            _ if is_port => "PORT",
            id if id.len() >= 32 => "ID",
            id => id,
        });
        stable.push_str(end);
    }
    stable.replace(|c: char| c.is_control(), "␀")
}
