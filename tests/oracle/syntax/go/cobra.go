// SPDX-License-Identifier: ISC

package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var errUsage = errors.New("usage")
var errNoCommand = errors.New("needs a command of its own")

// tree is the table as a cobra program. It is built anew for each vector: cobra keeps state.
type tree struct {
	root    *cobra.Command
	table   *table
	tables  map[*cobra.Command]*command
	reading *reading
	words   []string // what cobra is given
}

func newTree(t *table, traverse bool) *tree {
	tr := &tree{table: t, tables: map[*cobra.Command]*command{}, reading: &reading{}}
	tr.root = tr.build(t.root)
	tr.root.TraverseChildren = traverse
	tr.root.CompletionOptions.DisableDefaultCmd = true
	tr.root.SilenceErrors, tr.root.SilenceUsage = true, true
	tr.root.SetOut(io.Discard)
	tr.root.SetErr(io.Discard)
	tr.root.SetHelpFunc(func(*cobra.Command, []string) {})
	// A help command of the table's own, where it has one; else one that no word calls.
	tr.root.SetHelpCommand(&cobra.Command{Use: "\x01help", Hidden: true})
	tr.root.SetFlagErrorFunc(func(*cobra.Command, error) error { return errUsage })
	return tr
}

func (tr *tree) build(c *command) *cobra.Command {
	cmd := &cobra.Command{Use: c.name}
	if c.alias != "" {
		cmd.Aliases = []string{c.alias}
	}
	tr.tables[cmd] = c
	cmd.Flags().SetInterspersed(c.interspersed)
	for _, o := range c.options {
		if o.here {
			addPflag(cmd.Flags(), o, tr.reading)
		} else {
			addPflag(cmd.PersistentFlags(), o, tr.reading)
		}
	}
	if c.runnable {
		cmd.Args = func(_ *cobra.Command, words []string) error {
			if !c.takes(len(words)) {
				return errOperands
			}
			return nil
		}
		cmd.Run = func(*cobra.Command, []string) {}
	}
	for _, sub := range c.subs {
		cmd.AddCommand(tr.build(sub))
	}
	return cmd
}

// globalFlags does what docker does before it gives the rest to cobra: its own options are read by pflag
// alone, up to the first operand (cli/cobra.go, HandleGlobalFlags), and Find looks what command it is.
func (tr *tree) globalFlags(words []string) ([]string, error) {
	flags := pflag.NewFlagSet(tr.root.Name(), pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.SetInterspersed(false)
	flags.AddFlagSet(tr.root.Flags())
	flags.AddFlagSet(tr.root.PersistentFlags())
	if err := flags.Parse(words); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		tr.root.Find(flags.Args())
	}
	return flags.Args(), nil
}

func (tr *tree) read(words []string) *reading {
	r := tr.reading
	if tr.table.reader == "docker" {
		if words, r.refused = tr.globalFlags(words); r.refused != nil {
			return r
		}
	}
	tr.words = words
	tr.root.SetArgs(words)
	cmd, err := tr.root.ExecuteC()
	if err != nil {
		r.refused = err
		return r
	}
	c := tr.tables[cmd]
	r.path = c.path
	r.operands = cmd.Flags().Args()
	// --help was given: cobra asks no more, but what would have been done is what writ reads.
	if !c.runnable {
		r.refused = errNoCommand
	} else if !c.takes(len(r.operands)) {
		r.refused = errOperands
	}
	for up := cmd.Parent(); up != nil && tr.root.TraverseChildren; up = up.Parent() {
		if up.Flags().NArg() > 0 {
			r.mark("dropped")
			break
		}
	}
	return r
}

// readCobra reads with cobra and says where writ must refuse: where cobra drops words without reading
// them, and where its versions differ.
func readCobra(t *table, words []string) *reading {
	tr := newTree(t, t.reader != "find")
	r := tr.read(words)
	if tr.root.TraverseChildren && t.root.traverseDiffers(tr.words) ||
		!tr.root.TraverseChildren && t.root.findDiffers(tr.words) {
		r.mark("versions")
	}
	return r
}

// Reads a second time with the text "test." changed into one that no option has, where it could be
// letters: pflag drops a cluster's end that begins so.
func markTest(r *reading, words []string, read func([]string) *reading) {
	const test, other = "test.", "\x01est."
	changed, any := make([]string, len(words)), false
	for i, word := range words {
		changed[i] = word
		if len(word) > 1 && word[0] == '-' && word[1] != '-' && strings.Contains(word, test) {
			changed[i] = strings.ReplaceAll(word, test, other)
			any = true
		}
	}
	if !any {
		return
	}
	again := read(changed)
	for i := range again.found {
		f := &again.found[i]
		f.text = strings.ReplaceAll(f.text, other, test)
		f.plain = strings.ReplaceAll(f.plain, other, test)
	}
	for i, word := range again.operands {
		if strings.HasPrefix(word, "-") {
			again.operands[i] = strings.ReplaceAll(word, other, test)
		}
	}
	if !r.equals(again) {
		r.mark("dropped")
	}
}
