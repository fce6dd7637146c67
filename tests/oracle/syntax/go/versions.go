// SPDX-License-Identifier: ISC

package main

import "strings"

// Below are the words that cobra takes for options and their values before it has read them
// (command.go: stripFlags, Traverse). Found again here only to tell where versions of cobra differ: up to
// 1.6 Find takes the first word away that equals the command's name, even if it is an option's value, and
// Traverse takes "a-b" for an option.

// wants tells whether the option that is this whole word takes the next one as its value. What cobra does
// not know does, and before Find came to a command it knows only the options that are its alone.
func (c *command) wants(word string, merged bool) bool {
	seen := map[string]bool{}
	for up := c; up != nil && (merged || up == c); up = up.parent {
		names := []string{}
		for _, o := range up.options {
			if (up != c && o.here) || (!merged && !o.here) {
				continue
			}
			for _, name := range o.names {
				if word == "--"+name && !seen[name] {
					return o.kind == "required"
				}
			}
			if o.letter != "" && word == "-"+o.letter && !seen[o.own] {
				return o.kind == "required"
			}
			names = append(names, o.names...)
		}
		for _, name := range names {
			seen[name] = true
		}
	}
	return true
}

func isBare(word string) bool {
	return !strings.Contains(word, "=") &&
		(strings.HasPrefix(word, "--") || (len(word) == 2 && word[0] == '-'))
}

// findNext is the place of the word that Find takes for a subcommand's name, or -1.
func (c *command) findNext(words []string) int {
	for i := 0; i < len(words); i++ {
		word := words[i]
		valued := isBare(word) && c.wants(word, true)
		switch {
		case word == "--":
			return -1
		case valued && i+2 >= len(words):
			return -1
		case valued:
			i++
		case word != "" && word[0] != '-':
			return i
		}
	}
	return -1
}

// without takes the word at that place away; old: the first that equals it.
func without(words []string, at int, old bool) []string {
	for i := 0; old && i < at; i++ {
		if words[i] == words[at] {
			at = i
		}
	}
	return append(append([]string{}, words[:at]...), words[at+1:]...)
}

// found lists the commands that Find comes to.
func (c *command) found(words []string, old bool) map[*command]bool {
	found := map[*command]bool{}
	for c != nil && len(words) > 0 {
		found[c] = true
		at := c.findNext(words)
		if at < 0 {
			break
		}
		c, words = c.sub(words[at]), without(words, at, old)
	}
	return found
}

// traverseNext is the place of the subcommand's name for Traverse, or -1; and whether a name was passed
// over because it looks like an option to old versions.
func (c *command) traverseNext(words []string, merged bool) (at int, passed bool) {
	inOption := false
	for i, word := range words {
		wants := isBare(word) && c.wants(word, merged)
		switch {
		case isBare(word) && (wants || word[1] == '-'):
			inOption = wants
		case inOption:
			inOption = false
		case len(word) >= 2 && word[0] == '-':
		case len(word) >= 3 && word[1] == '-':
			passed = passed || c.sub(word) != nil
		default:
			if c.sub(word) == nil {
				return -1, passed
			}
			return i, passed
		}
	}
	return -1, passed
}

// findDiffers tells whether it matters to Find which one of equal words is taken away.
func (c *command) findDiffers(words []string) bool {
	for c != nil {
		at := c.findNext(words)
		if at < 0 || c.sub(words[at]) == nil {
			return false
		}
		new, old := without(words, at, false), without(words, at, true)
		for i := range new {
			if new[i] != old[i] {
				return true
			}
		}
		c, words = c.sub(words[at]), new
	}
	return false
}

// traverseDiffers tells whether Traverse goes elsewhere in other versions: they pass over names, or Find
// came to other commands before.
func (c *command) traverseDiffers(words []string) bool {
	newFound, oldFound := c.found(words, false), c.found(words, true)
	for c != nil && len(words) > 0 {
		new, newPassed := c.traverseNext(words, newFound[c])
		old, oldPassed := c.traverseNext(words, oldFound[c])
		if new != old || newPassed || oldPassed {
			return true
		}
		if new < 0 {
			return false
		}
		c, words = c.sub(words[new]), words[new+1:]
	}
	return false
}
