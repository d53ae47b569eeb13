//! The `fields` parameter: `id,name,instagram_business_account{id,username}`,
//! and its application to an object.

use serde_json::{Map, Value};

use crate::reply::GraphError;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    pub inner: Option<Vec<Field>>,
}

/// One kind of node: its name in messages, its fields, and those which are
/// nodes themselves.
pub(crate) struct NodeKind {
    pub name: &'static str,
    pub fields: &'static [&'static str],
    pub nodes: &'static [(&'static str, &'static NodeKind)],
}

const DEEPEST: usize = 5;

pub(crate) fn parse(text: &str) -> Result<Vec<Field>, GraphError> {
    let mut reader = Reader { rest: text, read: 0 };
    let fields = reader.list(0)?;
    if reader.rest.is_empty() { Ok(fields) } else { Err(reader.wrong("end of string")) }
}

/// Whether a field is asked for at the top level.
pub(crate) fn wants(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

/// The asked fields of an object. A node within an object is reduced to its id
/// unless its own fields are asked for, and `id` is always there.
pub(crate) fn project(object: &Map<String, Value>, fields: &[Field], kind: &NodeKind) -> Result<Value, GraphError> {
    let mut out = Map::new();
    if let Some(id) = object.get("id") {
        out.insert("id".to_owned(), id.clone());
    }
    for field in fields {
        if !kind.fields.contains(&field.name.as_str()) {
            return Err(no_field(&field.name, kind.name));
        }
        let Some(value) = object.get(&field.name) else {
            continue;
        };
        let node = kind.nodes.iter().find(|(name, _)| *name == field.name).map(|(_, node)| *node);
        let value = match (node, value) {
            (Some(node), Value::Object(inner)) => project(inner, field.inner.as_deref().unwrap_or_default(), node)?,
            _ => value.clone(),
        };
        out.insert(field.name.clone(), value);
    }
    Ok(Value::Object(out))
}

pub(crate) fn no_field(field: &str, kind: &str) -> GraphError {
    GraphError::new(100, format!("(#100) Tried accessing nonexisting field ({field}) on node type ({kind})"))
}

struct Reader<'a> {
    rest: &'a str,
    read: usize,
}

impl<'a> Reader<'a> {
    fn list(&mut self, depth: usize) -> Result<Vec<Field>, GraphError> {
        let mut fields = Vec::new();
        loop {
            let name = self.name();
            if name.is_empty() {
                // `a,,b` and a comma at the end are tolerated.
                if self.skip(',') {
                    continue;
                }
                return Ok(fields);
            }
            // Modifiers such as `.limit(5)` change nothing here.
            while self.skip('.') {
                self.name();
                if self.skip('(') {
                    self.advance(self.rest.find(')').unwrap_or(self.rest.len()));
                    if !self.skip(')') {
                        return Err(self.wrong("\")\""));
                    }
                }
            }
            let mut inner = None;
            if self.skip('{') {
                if depth + 1 >= DEEPEST {
                    return Err(self.wrong("fewer levels"));
                }
                inner = Some(self.list(depth + 1)?);
                if !self.skip('}') {
                    return Err(self.wrong("\"}\""));
                }
            }
            fields.push(Field { name: name.to_owned(), inner });
            if !self.skip(',') {
                return Ok(fields);
            }
        }
    }

    fn name(&mut self) -> &'a str {
        self.spaces();
        let end = self
            .rest
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .unwrap_or(self.rest.len());
        let name = &self.rest[..end];
        self.advance(end);
        self.spaces();
        name
    }

    fn skip(&mut self, sign: char) -> bool {
        if self.rest.starts_with(sign) {
            self.advance(sign.len_utf8());
            self.spaces();
            return true;
        }
        false
    }

    fn spaces(&mut self) {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.advance(blank);
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
        self.read += bytes;
    }

    fn wrong(&self, expected: &str) -> GraphError {
        GraphError::new(
            2500,
            format!("Syntax error \"Expected {expected} at character {}\" in the parameter fields", self.read),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, parse};

    fn leaf(name: &str) -> Field {
        Field { name: name.to_owned(), inner: None }
    }

    #[test]
    fn nested_fields() {
        assert_eq!(
            parse("id, name,ig.limit(2){id,username},x").map_err(|error| error.message),
            Ok(vec![
                leaf("id"),
                leaf("name"),
                Field { name: "ig".to_owned(), inner: Some(vec![leaf("id"), leaf("username")]) },
                leaf("x"),
            ])
        );
    }

    #[test]
    fn wrong_fields_are_refused() {
        for wrong in ["a{", "a}", "a.limit(2", "a{b", "é", "a{a{a{a{a{a{}}}}}}"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
