// SPDX-License-Identifier: ISC

package main

import "strings"

// Below are the words that cobra takes for options and their values before it has read them
// (command.go: stripFlags, Traverse). Found again here only to tell where versions of cobra differ: up to
// 1.6 Find takes the first word away that equals the command's name, even if it is an option's value, and
// Traverse takes "a-b" for an option.

// wants tells whether the option that is this whole word takes the next one as its value. What cobra does
// not know does.
func (c *command) wants(word string) bool {
	seen := map[string]bool{}
	for up := c; up != nil; up = up.parent {
		names := []string{}
		for _, o := range up.options {
			if up != c && o.here {
				continue
			}
			names = append(names, o.names...)
			for _, name := range o.names {
				if word == "--"+name && !seen[name] {
					return o.kind == "required"
				}
			}
			if o.letter != "" && word == "-"+o.letter && !seen[o.own] {
				return o.kind == "required"
			}
		}
		for _, name := range names {
			seen[name] = true
		}
	}
	return true
}

// findNext is the place of the word that Find takes for a subcommand's name, or -1.
func (c *command) findNext(words []string) int {
	for i := 0; i < len(words); i++ {
		word := words[i]
		valued := !strings.Contains(word, "=") && c.wantsIfOption(word)
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

func (c *command) wantsIfOption(word string) bool {
	return (strings.HasPrefix(word, "--") || (len(word) == 2 && word[0] == '-')) && c.wants(word)
}

// traverseNext is the place of the subcommand's name for Traverse, or -1; and whether a name was passed
// over because it looks like an option to some versions.
func (c *command) traverseNext(words []string) (at int, passed bool) {
	inOption := false
	for i, word := range words {
		plain := !strings.Contains(word, "=")
		switch {
		case strings.HasPrefix(word, "--") && plain:
			inOption = c.wants(word)
		case len(word) == 2 && word[0] == '-' && plain && c.wants(word):
			inOption = true
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

// differs tells whether versions of cobra could read the words differently. Traverse itself never looks
// for a name again, but it knows the inherited options of those commands only that Find came to.
func (c *command) differs(words []string, traverse bool) bool {
	for c != nil {
		at, passed := c.findNext(words), false
		if traverse {
			at, passed = c.traverseNext(words)
		}
		if passed {
			return true
		}
		if at < 0 || c.sub(words[at]) == nil {
			return false
		}
		name := words[at]
		c = c.sub(name)
		for _, word := range words[:at] {
			if word == name && (!traverse || len(c.subs) > 0) {
				return true
			}
		}
		if traverse {
			words = words[at+1:]
		} else {
			words = append(append([]string{}, words[:at]...), words[at+1:]...)
		}
	}
	return false
}
