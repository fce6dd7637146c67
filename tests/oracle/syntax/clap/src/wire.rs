// SPDX-License-Identifier: ISC
//! Records over pipes (wire.h), and the table in them (table.h).

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStringExt;

pub type Field = Vec<u8>;

/// The next record; None at the end of the stream.
pub fn read(input: &mut impl Read) -> io::Result<Option<Vec<Field>>> {
    let mut fields = Vec::new();
    loop {
        let mut byte = [0];
        if input.read(&mut byte)? == 0 {
            return if fields.is_empty() {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        if byte[0] == b'\n' {
            return Ok(Some(fields));
        }
        let mut length = 0;
        while byte[0] != b':' {
            length = length * 10 + usize::from(byte[0] - b'0');
            input.read_exact(&mut byte)?;
        }
        let mut field = vec![0; length];
        input.read_exact(&mut field)?;
        input.read_exact(&mut byte)?;
        fields.push(field);
    }
}

pub fn write(output: &mut impl Write, fields: &[Field]) -> io::Result<()> {
    for field in fields {
        write!(output, "{}:", field.len())?;
        output.write_all(field)?;
        output.write_all(b",")?;
    }
    output.write_all(b"\n")
}

pub struct Opt {
    pub own: String,
    pub names: Vec<String>,
    pub letter: Option<char>,
    pub kind: String,
    pub here: bool,
    pub repeat: bool,
    pub second: bool,
    pub owner: String,
}

pub struct Command {
    pub name: String,
    pub alias: String,
    pub path: String,
    pub runnable: bool,
    pub min: usize,
    pub max: Option<usize>,
    pub dashes: bool,
    pub options: Vec<Opt>,
    pub subs: Vec<Command>,
}

pub struct Cursor(std::vec::IntoIter<Field>);

impl Cursor {
    fn text(&mut self) -> String {
        OsString::from_vec(self.0.next().expect("a field"))
            .into_string()
            .expect("a table in UTF-8")
    }

    fn number(&mut self) -> i64 {
        self.text().parse().expect("a number")
    }

    fn truth(&mut self) -> bool {
        self.number() != 0
    }

    fn option(&mut self, owner: &str) -> Opt {
        let own = self.text();
        let names = (0..self.number()).map(|_| self.text()).collect();
        let letter = self.text().chars().next();
        let kind = self.text();
        self.text(); // the type: a value is a value
        self.text(); // next words are getopt's
        let here = self.truth();
        self.truth(); // clap's tables are listed whole
        let repeat = self.truth();
        let second = self.truth();
        Opt {
            own,
            names,
            letter,
            kind,
            here,
            repeat,
            second,
            owner: owner.to_string(),
        }
    }

    fn command(&mut self, above: &str) -> Command {
        let name = self.text();
        let alias = self.text();
        let path = if above.is_empty() {
            name.clone()
        } else {
            format!("{above} {name}")
        };
        self.truth(); // options may always follow operands
        let runnable = self.truth();
        let min = self.number() as usize;
        let max = usize::try_from(self.number()).ok();
        let dashes = self.truth();
        let options = (0..self.number()).map(|_| self.option(&path)).collect();
        let subs = (0..self.number()).map(|_| self.command(&path)).collect();
        Command {
            name,
            alias,
            path,
            runnable,
            min,
            max,
            dashes,
            options,
            subs,
        }
    }
}

/// The table of a record, whose first field says that it is one.
pub fn table(fields: Vec<Field>) -> Command {
    let mut cursor = Cursor(fields.into_iter());
    for _ in 0..6 {
        cursor.text(); // what it is, the reader, getopt's prefix, completeness, -W, digits
    }
    cursor.command("")
}
