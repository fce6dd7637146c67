// SPDX-License-Identifier: ISC

package main

import (
	"errors"
	"flag"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

var errOperands = errors.New("wrong number of operands")

type found struct {
	option *option
	text   string
	plain  string
	absent bool
}

// reading is what one vector was read as.
type reading struct {
	refused  error
	marks    []string
	path     string
	found    []found
	operands []string
}

func (r *reading) mark(word string) {
	r.marks = append(r.marks, word)
}

func (r *reading) fields() []string {
	marks := ""
	for _, mark := range r.marks {
		marks += mark + " "
	}
	if r.refused != nil {
		return []string{"refused", marks, r.refused.Error()}
	}
	fields := []string{"read", marks, r.path, strconv.Itoa(len(r.found))}
	for _, f := range r.found {
		state := "value"
		if f.absent {
			state = "absent"
		}
		fields = append(fields, f.option.owner.path, f.option.own, state, f.text, f.plain)
	}
	return append(fields, r.operands...)
}

func (r *reading) equals(other *reading) bool {
	if (r.refused != nil) != (other.refused != nil) {
		return false
	}
	a, b := r.fields()[2:], other.fields()[2:]
	return r.refused != nil || (len(a) == len(b) && strings.Join(a, "\x00") == strings.Join(b, "\x00"))
}

// What an option without its optional value is set to: texts that no vector holds.
var absents = map[string]string{
	"string":   "\x01absent",
	"list":     "\x01absent",
	"int":      "-987654321",
	"duration": "987654321ns",
}

// value stands before the library's own value of an option, and writes down what is set, in order.
type value struct {
	pflag.Value
	option  *option
	reading *reading
}

func (v *value) Set(text string) error {
	if err := v.Value.Set(text); err != nil {
		return err
	}
	f := found{option: v.option, text: text, plain: v.plain(text)}
	if v.option.kind == "optional" && text == absents[v.option.typ] {
		f = found{option: v.option, absent: true}
	}
	v.reading.found = append(v.reading.found, f)
	return nil
}

// plain is what the library made of the text.
func (v *value) plain(text string) string {
	switch {
	case v.option.kind == "flag":
		return v.Value.String()
	case v.option.typ == "int":
		return v.Value.String()
	case v.option.typ == "duration":
		d, err := time.ParseDuration(v.Value.String())
		if err != nil {
			panic(err)
		}
		return strconv.FormatInt(int64(d), 10)
	}
	return text
}

// addPflag adds the option under all its names.
func addPflag(fs *pflag.FlagSet, o *option, r *reading) {
	scratch := pflag.NewFlagSet("", pflag.ContinueOnError)
	switch {
	case o.kind == "flag":
		scratch.BoolP(o.own, o.letter, false, "")
	case o.typ == "int":
		scratch.IntP(o.own, o.letter, 0, "")
	case o.typ == "duration":
		scratch.DurationP(o.own, o.letter, 0, "")
	case o.typ == "list":
		scratch.StringSliceP(o.own, o.letter, nil, "")
	default:
		scratch.StringP(o.own, o.letter, "", "")
	}
	f := scratch.Lookup(o.own)
	f.Value = &value{f.Value, o, r}
	if o.kind == "optional" {
		f.NoOptDefVal = absents[o.typ]
	}
	fs.AddFlag(f)
	for _, name := range o.names[1:] {
		alias := *f
		alias.Name, alias.Shorthand = name, ""
		fs.AddFlag(&alias)
	}
}

// goValue is a value for Go's own flag package, which asks flags whether they are.
type goValue struct {
	*value
	isFlag bool
}

func (v *goValue) IsBoolFlag() bool { return v.isFlag }

type goWrapped struct{ flag.Value }

func (goWrapped) Type() string { return "" }

func addGoFlag(fs *flag.FlagSet, o *option, r *reading) {
	scratch := flag.NewFlagSet("", flag.ContinueOnError)
	switch {
	case o.kind == "flag":
		scratch.Bool(o.own, false, "")
	case o.typ == "int":
		scratch.Int(o.own, 0, "")
	case o.typ == "duration":
		scratch.Duration(o.own, 0, "")
	default:
		scratch.String(o.own, "", "")
	}
	v := &goValue{&value{goWrapped{scratch.Lookup(o.own).Value}, o, r}, o.kind == "flag"}
	for _, name := range o.names {
		if fs.Lookup(name) == nil {
			fs.Var(v, name, "")
		}
	}
}

// readGoFlag reads as programs on Go's flag package do, a subcommand with a FlagSet of its own.
func readGoFlag(t *table, words []string) *reading {
	r := &reading{}
	for c := t.root; c != nil; {
		fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.Usage = func() {}
		for up := c; up != nil; up = up.parent {
			for _, o := range up.options {
				if up == c || !o.here {
					addGoFlag(fs, o, r)
				}
			}
		}
		if r.refused = fs.Parse(words); r.refused != nil {
			return r
		}
		words = fs.Args()
		if len(words) > 0 && c.sub(words[0]) != nil {
			c, words = c.sub(words[0]), words[1:]
			continue
		}
		if !c.takes(len(words)) {
			r.refused = errOperands
		}
		r.path, r.operands, c = c.path, words, nil
	}
	return r
}

// readPflag reads with one pflag.FlagSet.
func readPflag(t *table, words []string) *reading {
	r := &reading{path: t.root.path}
	fs := pflag.NewFlagSet(t.root.name, pflag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.SetInterspersed(t.root.interspersed)
	for _, o := range t.root.options {
		addPflag(fs, o, r)
	}
	if r.refused = fs.Parse(words); r.refused == nil && !t.root.takes(fs.NArg()) {
		r.refused = errOperands
	}
	r.operands = fs.Args()
	return r
}
