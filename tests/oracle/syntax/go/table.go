// SPDX-License-Identifier: ISC

package main

import "strconv"

// The table of one imagined program (table.h).

type option struct {
	own    string   // its name in rules
	names  []string // the long names that it can be given by
	letter string
	kind   string // flag, required, optional
	typ    string // string, list, int, duration
	here   bool
	owner  *command
}

type command struct {
	name, alias  string
	path         string
	interspersed bool
	runnable     bool
	min, max     int // of operands; max -1: any number
	options      []*option
	subs         []*command
	parent       *command
}

type table struct {
	reader string
	root   *command
}

type cursor []string

func (c *cursor) text() string {
	if len(*c) == 0 {
		panic(errWire)
	}
	text := (*c)[0]
	*c = (*c)[1:]
	return text
}

func (c *cursor) number() int {
	n, err := strconv.Atoi(c.text())
	if err != nil {
		panic(errWire)
	}
	return n
}

func (c *cursor) truth() bool {
	return c.number() != 0
}

func (c *cursor) option(owner *command) *option {
	o := &option{own: c.text(), owner: owner}
	for n := c.number(); n > 0; n-- {
		o.names = append(o.names, c.text())
	}
	o.letter = c.text()
	o.kind = c.text()
	o.typ = c.text()
	c.text() // next words are getopt's
	o.here = c.truth()
	c.truth() // only getopt's tables are listed in part
	return o
}

func (c *cursor) command(parent *command) *command {
	cmd := &command{name: c.text(), alias: c.text(), parent: parent}
	cmd.path = cmd.name
	if parent != nil {
		cmd.path = parent.path + " " + cmd.name
	}
	cmd.interspersed = c.truth()
	cmd.runnable = c.truth()
	cmd.min = c.number()
	cmd.max = c.number()
	for n := c.number(); n > 0; n-- {
		cmd.options = append(cmd.options, c.option(cmd))
	}
	for n := c.number(); n > 0; n-- {
		cmd.subs = append(cmd.subs, c.command(cmd))
	}
	return cmd
}

func newTable(fields []string) *table {
	c := cursor(fields)
	t := &table{reader: c.text()}
	c.text()  // getopt's prefix
	c.truth() // whether it is complete: Go's programs abbreviate nothing
	c.truth() // -W
	c.text()  // digits
	t.root = c.command(nil)
	if len(c) != 0 {
		panic(errWire)
	}
	return t
}

func (c *command) takes(operands int) bool {
	return c.runnable && operands >= c.min && (c.max < 0 || operands <= c.max)
}

func (c *command) sub(word string) *command {
	for _, sub := range c.subs {
		if word == sub.name || (sub.alias != "" && word == sub.alias) {
			return sub
		}
	}
	return nil
}
