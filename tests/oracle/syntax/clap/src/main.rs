// SPDX-License-Identifier: ISC
//! Reads argument vectors with clap, by the tables that it is told (wire.h, table.h).
//!
//! What commands below inherit is added to each of them as an option of its own: clap's `global`
//! parses alike, but keeps of an option that is given at two levels only one level's values. That
//! is marked "dropped", as is a command's name among operands, which is the one or the other by
//! what stands between.

mod wire;

use clap::{value_parser, Arg, ArgAction, ArgMatches};
use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use wire::{Command, Field, Opt};

const ABSENT: &str = "\u{1}absent";

/// clap keeps names for as long as the program lives.
fn forever(text: impl Into<String>) -> &'static str {
    Box::leak(text.into().into_boxed_str())
}

fn id(option: &Opt) -> String {
    format!("{}\u{1}{}", option.owner, option.own)
}

fn build_option(option: &Opt) -> Arg {
    let mut arg = Arg::new(forever(id(option))).value_parser(value_parser!(OsString));
    for (i, name) in option.names.iter().enumerate() {
        let name = forever(name.as_str());
        arg = if i == 0 {
            arg.long(name)
        } else {
            arg.alias(name)
        };
    }
    if let Some(letter) = option.letter {
        arg = arg.short(letter);
    }
    match (option.kind.as_str(), option.repeat) {
        ("flag", true) => return arg.value_parser(value_parser!(u8)).action(ArgAction::Count),
        ("flag", false) => {
            return arg
                .value_parser(value_parser!(bool))
                .action(ArgAction::SetTrue)
        }
        (_, true) => arg = arg.action(ArgAction::Append),
        (_, false) => arg = arg.action(ArgAction::Set),
    }
    if option.kind == "optional" {
        arg.num_args(0..=1)
            .require_equals(true)
            .default_missing_value(ABSENT)
    } else if option.second {
        arg.num_args(2)
    } else {
        arg
    }
}

fn operand(name: &str) -> Arg {
    Arg::new(forever(name)).value_parser(value_parser!(OsString))
}

fn build<'a>(command: &'a Command, inherited: &[&'a Opt]) -> clap::Command {
    let name = forever(command.name.as_str());
    let mut built = clap::Command::new(name)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_required(!command.runnable)
        .subcommand_negates_reqs(true);
    let handed: Vec<&Opt> = inherited
        .iter()
        .copied()
        .chain(command.options.iter().filter(|o| !o.here))
        .collect();
    for option in inherited.iter().copied().chain(command.options.iter()) {
        built = built.arg(build_option(option));
    }
    let singles = command.max.unwrap_or(command.min);
    for i in 0..singles {
        built = built.arg(operand(&format!("\u{2}{i}")).required(i < command.min));
    }
    if command.max.is_none() {
        built = built.arg(operand("\u{2}more").num_args(0..).action(ArgAction::Append));
    }
    if command.dashes {
        built = built.arg(
            operand("\u{2}last")
                .num_args(0..)
                .action(ArgAction::Append)
                .last(true),
        );
    }
    for sub in &command.subs {
        let mut below = build(sub, &handed);
        if !sub.alias.is_empty() {
            below = below.alias(forever(sub.alias.as_str()));
        }
        built = built.subcommand(below);
    }
    built
}

struct Found<'a> {
    option: &'a Opt,
    name: String,
    text: OsString,
}

struct Reading<'a> {
    found: Vec<Found<'a>>,
    operands: Vec<OsString>,
    dropped: bool,
}

fn given(matches: &ArgMatches, name: &str) -> bool {
    let source = matches
        .try_contains_id(name)
        .unwrap_or(false)
        .then(|| matches.value_source(name));
    source.flatten() == Some(clap::parser::ValueSource::CommandLine)
}

fn values(matches: &ArgMatches, name: &str) -> Vec<OsString> {
    if !given(matches, name) {
        return Vec::new();
    }
    matches
        .get_many::<OsString>(name)
        .map(|v| v.cloned().collect())
        .unwrap_or_default()
}

/// An option's occurrences at this level. In what order options were given clap does not tell of
/// flags that count.
fn collect<'a>(matches: &ArgMatches, option: &'a Opt, found: &mut Vec<Found<'a>>) {
    let name = id(option);
    if !given(matches, &name) {
        return;
    }
    let texts = match (option.kind.as_str(), option.repeat) {
        ("flag", true) => vec!["true".into(); usize::from(matches.get_count(&name))],
        ("flag", false) => vec!["true".into()],
        _ => values(matches, &name),
    };
    for (i, text) in texts.into_iter().enumerate() {
        let second = if option.second && i % 2 == 1 {
            "/2"
        } else {
            ""
        };
        found.push(Found {
            option,
            name: format!("{}{second}", option.own),
            text,
        });
    }
}

/// What this level and those below it hold; the command that was found last.
fn gather<'a>(
    matches: &ArgMatches,
    command: &'a Command,
    inherited: &[&'a Opt],
    reading: &mut Reading<'a>,
) -> &'a Command {
    let handed: Vec<&Opt> = inherited
        .iter()
        .copied()
        .chain(command.options.iter().filter(|o| !o.here))
        .collect();
    let mut found = Vec::new();
    for option in inherited.iter().copied().chain(command.options.iter()) {
        collect(matches, option, &mut found);
    }
    reading.dropped |= found.iter().any(|f| {
        reading
            .found
            .iter()
            .any(|g| std::ptr::eq(f.option, g.option))
    });
    reading.found.append(&mut found);
    let mut operands = Vec::new();
    for i in 0..command.max.unwrap_or(command.min) {
        operands.append(&mut values(matches, &format!("\u{2}{i}")));
    }
    if command.max.is_none() {
        operands.append(&mut values(matches, "\u{2}more"));
    }
    if command.dashes {
        operands.append(&mut values(matches, "\u{2}last"));
    }
    let is_name = |w: &OsString| {
        command
            .subs
            .iter()
            .any(|s| *w == *s.name || *w == *s.alias && !s.alias.is_empty())
    };
    reading.dropped |= operands.iter().any(is_name);
    if let Some((name, below)) = matches.subcommand() {
        reading.dropped |= !operands.is_empty();
        let sub = command
            .subs
            .iter()
            .find(|s| s.name == name)
            .expect("a command of the table");
        return gather(below, sub, &handed, reading);
    }
    reading.operands = operands;
    reading
        .found
        .sort_by(|a, b| (&a.option.owner, &a.name).cmp(&(&b.option.owner, &b.name)));
    command
}

fn refused(mark: &str, why: &str) -> Vec<Field> {
    ["refused", mark, why]
        .iter()
        .map(|s| s.as_bytes().to_vec())
        .collect()
}

fn answer(reading: &Reading, command: &Command) -> Vec<Field> {
    let mark = if reading.dropped { "dropped " } else { "" };
    let mut fields: Vec<Field> = [
        "read",
        mark,
        &command.path,
        &reading.found.len().to_string(),
    ]
    .iter()
    .map(|s| s.as_bytes().to_vec())
    .collect();
    for found in &reading.found {
        let absent = found.text == ABSENT;
        let text = if absent {
            Vec::new()
        } else {
            found.text.as_bytes().to_vec()
        };
        fields.push(found.option.owner.as_bytes().to_vec());
        fields.push(found.name.as_bytes().to_vec());
        fields.push(if absent {
            b"absent".to_vec()
        } else {
            b"value".to_vec()
        });
        fields.push(text.clone());
        fields.push(text);
    }
    fields.extend(reading.operands.iter().map(|w| w.as_bytes().to_vec()));
    fields
}

fn read_vector(table: &Command, words: Vec<Field>) -> Vec<Field> {
    let words = words.into_iter().map(OsString::from_vec);
    match build(table, &[])
        .no_binary_name(true)
        .try_get_matches_from(words)
    {
        Err(error) => refused("", &format!("{:?}", error.kind())),
        Ok(matches) => {
            let mut reading = Reading {
                found: Vec::new(),
                operands: Vec::new(),
                dropped: false,
            };
            let command = gather(&matches, table, &[], &mut reading);
            answer(&reading, command)
        }
    }
}

fn main() -> io::Result<()> {
    let mut input = BufReader::new(io::stdin());
    let mut output = BufWriter::new(io::stdout());
    let mut table = None;
    std::panic::set_hook(Box::new(|_| ()));
    while let Some(mut fields) = wire::read(&mut input)? {
        match fields[0].as_slice() {
            b"table" => table = Some(wire::table(fields)),
            b"read" => {
                let words = fields.split_off(1);
                let table = table.as_ref().expect("a table before words");
                let done = std::panic::catch_unwind(|| read_vector(table, words));
                wire::write(&mut output, &done.unwrap_or_else(|_| refused("panic ", "")))?;
            }
            b"flush" => output.flush()?,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
    Ok(())
}
