//! The parser of filters. Open brackets are on a list and not on the call stack, so that no input overflows the stack.

use super::{
    Filter, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, Operator,
    lexer::{Lexer, Token},
    syntax_error::FilterSyntaxError,
    typed::{Written, typed},
};
use crate::{
    AttributePath, Normalizations, ResourceType, ScimError,
    attribute_path::{all, shortened},
    schema::{Returned, Type},
};
use std::mem;

impl Filter {
    /// Parses the filter of a query for this resource type. `text` is decoded from the URL. Tolerated deviations are
    /// noted.
    ///
    /// `not` binds closer than `and`, and `and` closer than `or`. Names, operators and keywords are case-insensitive. A
    /// value path may have a sub-attribute: `emails[type eq "work"].value eq "x"` means `emails[type eq "work" and
    /// value eq "x"]`.
    ///
    /// # Errors
    /// `invalidFilter` with the reason and the position in characters, where the first is 1.
    pub fn parse(text: &str, kind: ResourceType, notes: &mut Normalizations) -> Result<Self, ScimError> {
        let read = Parser::new(text, kind, notes).and_then(|mut parser| parser.filter(None));
        read.map_err(|problem| ScimError::invalid_filter(problem.describe("filter", text)))
    }
}

/// Parses filters and the paths that contain them.
pub(crate) struct Parser<'t, 'n> {
    pub(crate) lexer: Lexer<'t>,
    kind: ResourceType,
    notes: &'n mut Normalizations,
    terms: usize,
}

/// The content of a pair of brackets.
struct Level {
    opened: Opened,
    /// The position of the bracket, in bytes.
    at: usize,
    /// The attribute of a value filter, whose sub-attributes the names refer to.
    scope: Option<AttributePath>,
    /// The operands before the last `or`.
    any: Vec<Filter>,
    /// The operands since then, joined by `and`.
    all: Vec<Filter>,
}

#[derive(Clone, Copy, PartialEq)]
enum Opened {
    Whole,
    Group,
    Not,
    Values,
}

impl Level {
    fn new(opened: Opened, at: usize, scope: Option<AttributePath>) -> Self {
        Self { opened, at, scope, any: Vec::new(), all: Vec::new() }
    }

    fn or(&mut self) {
        let all = mem::take(&mut self.all);
        self.any.push(Filter::and(all));
    }

    fn close(mut self) -> Filter {
        self.or();
        Filter::or(self.any)
    }
}

impl<'t, 'n> Parser<'t, 'n> {
    pub(crate) fn new(
        text: &'t str,
        kind: ResourceType,
        notes: &'n mut Normalizations,
    ) -> Result<Self, FilterSyntaxError> {
        if text.len() > MAX_LENGTH {
            return Err(FilterSyntaxError::new(
                format!("longer than {MAX_LENGTH} bytes"),
                text.floor_char_boundary(MAX_LENGTH),
            ));
        }
        Ok(Self { lexer: Lexer::new(text), kind, notes, terms: 0 })
    }

    /// Parses to the end of the text. With the attribute of an open bracket, parses to the closing bracket.
    pub(crate) fn filter(&mut self, values: Option<AttributePath>) -> Result<Filter, FilterSyntaxError> {
        let opened = if values.is_some() { Opened::Values } else { Opened::Whole };
        let mut level = Level::new(opened, self.lexer.position().saturating_sub(1), values);
        let mut outer = Vec::new();
        loop {
            if let Some(inner) = self.operand(&mut level)? {
                outer.push(mem::replace(&mut level, inner));
                if outer.len() > MAX_DEPTH {
                    return Err(FilterSyntaxError::new(format!("nested more than {MAX_DEPTH} levels deep"), level.at));
                }
                continue;
            }
            // One operand is complete, and so is the operand of each bracket that closes here.
            loop {
                let at = self.lexer.position();
                let bracket = match self.lexer.next()? {
                    Some(Token::Word(word)) if word.eq_ignore_ascii_case("and") => break,
                    Some(Token::Word(word)) if word.eq_ignore_ascii_case("or") => {
                        level.or();
                        break;
                    }
                    Some(Token::Bracket(bracket @ (')' | ']'))) => Some(bracket),
                    None => None,
                    Some(_) => return Err(FilterSyntaxError::new("expected “and” or “or”", at)),
                };
                match (level.opened, bracket) {
                    (Opened::Whole, None) => return Ok(level.close()),
                    (Opened::Values, Some(']')) | (Opened::Group | Opened::Not, Some(')')) => {}
                    (Opened::Whole, Some(bracket)) => {
                        return Err(FilterSyntaxError::new(format!("unmatched “{bracket}”"), at));
                    }
                    (_, Some(bracket)) => {
                        return Err(FilterSyntaxError::new(format!("mismatched “{bracket}”"), at));
                    }
                    (_, None) => return Err(FilterSyntaxError::new("unclosed bracket", level.at)),
                }
                let Some(before) = outer.pop() else { return Ok(level.close()) };
                let closed = mem::replace(&mut level, before);
                let operand = self.closed(closed)?;
                level.all.push(operand);
            }
        }
    }

    /// Parses a term and adds it, or parses an opening bracket and returns its level.
    fn operand(&mut self, level: &mut Level) -> Result<Option<Level>, FilterSyntaxError> {
        let at = self.lexer.position();
        let name = match self.lexer.next()? {
            Some(Token::Bracket('(')) => return Ok(Some(Level::new(Opened::Group, at, level.scope))),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("not") => {
                let at = self.lexer.position();
                return match self.lexer.next()? {
                    Some(Token::Bracket('(')) => Ok(Some(Level::new(Opened::Not, at, level.scope))),
                    _ => Err(FilterSyntaxError::new("expected “(” after “not”", at)),
                };
            }
            Some(Token::Word(word)) if !word.eq_ignore_ascii_case("and") && !word.eq_ignore_ascii_case("or") => word,
            _ => return Err(FilterSyntaxError::new("expected an attribute name", at)),
        };
        let path = self.resolve(name, level.scope, at)?;
        let bracket = self.lexer.position();
        if !self.lexer.touches('[') {
            let term = self.term(path)?;
            level.all.push(term);
            return Ok(None);
        }
        self.lexer.next()?;
        if path.leaf().kind != Type::Complex {
            return Err(FilterSyntaxError::new(
                format!("{path} isn't complex, so it can't take a value filter"),
                bracket,
            ));
        }
        Ok(Some(Level::new(Opened::Values, bracket, Some(path))))
    }

    /// The filter of a closed level, with the sub-attribute after its bracket.
    fn closed(&mut self, level: Level) -> Result<Filter, FilterSyntaxError> {
        match (level.opened, level.scope) {
            (Opened::Not, _) => Ok(Filter::Not(Box::new(level.close()))),
            (Opened::Values, Some(path)) => {
                let mut filter = level.close();
                if let Some(part) = self.part(path)? {
                    filter = Filter::and(vec![filter, self.term(part)?]);
                }
                Ok(Filter::Values { path, filter: Box::new(filter) })
            }
            _ => Ok(level.close()),
        }
    }

    /// Parses the optional sub-attribute after a closing bracket: `.value`.
    pub(crate) fn part(&mut self, path: AttributePath) -> Result<Option<AttributePath>, FilterSyntaxError> {
        if !self.lexer.touches('.') {
            return Ok(None);
        }
        let at = self.lexer.position();
        match self.lexer.next()? {
            Some(Token::Word(word)) => {
                let part = path.part(word.trim_start_matches('.'));
                part.map(Some).map_err(|unknown| FilterSyntaxError::new(unknown.to_string(), at))
            }
            _ => Ok(None),
        }
    }

    /// Parses the comparison of an attribute.
    fn term(&mut self, path: AttributePath) -> Result<Filter, FilterSyntaxError> {
        let at = self.lexer.position();
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(FilterSyntaxError::new(format!("more than {MAX_TERMS} comparisons"), at));
        }
        let word = match self.lexer.next()? {
            Some(Token::Word(word)) => word,
            _ => return Err(FilterSyntaxError::new(format!("expected an operator after {path}"), at)),
        };
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let op = Operator::parse(word).ok_or_else(|| {
            let all = Operator::ALL.map(Operator::as_str).join(", ");
            FilterSyntaxError::new(format!("“{}” isn't an operator. Use pr, {all}", shortened(word)), at)
        })?;
        let at = self.lexer.position();
        let written = match self.lexer.next()? {
            Some(Token::Text(text)) => Written::Quoted(text),
            Some(Token::Word(word)) => Written::Bare(word),
            _ => return Err(FilterSyntaxError::new(format!("expected a value after “{}”", op.as_str()), at)),
        };
        let (path, value) = typed(path, op, written, self.notes).map_err(|what| FilterSyntaxError::new(what, at))?;
        Ok(Filter::Compare { path, op, value })
    }

    /// Resolves a name in this scope.
    fn resolve(&self, name: &str, scope: Option<AttributePath>, at: usize) -> Result<AttributePath, FilterSyntaxError> {
        let filterable = |path: &AttributePath| path.leaf().returned != Returned::Never;
        let path = match scope {
            Some(scope) => scope.part(name).map_err(|unknown| FilterSyntaxError::new(unknown.to_string(), at))?,
            None => AttributePath::parse(name, self.kind).map_err(|unknown| {
                let mut what = unknown.to_string();
                if unknown.is_of_resource() {
                    let names: Vec<_> = all(self.kind).filter(filterable).map(|path| path.attribute.name).collect();
                    what = format!("{what}. Filterable attributes: {}", names.join(", "));
                }
                FilterSyntaxError::new(what, at)
            })?,
        };
        if filterable(&path) {
            Ok(path)
        } else {
            Err(FilterSyntaxError::new(format!("{path} can't be used in a filter"), at))
        }
    }
}
