// SPDX-License-Identifier: ISC

// Reads argument vectors with the real flag, pflag and cobra, by the tables that it is told (wire.h,
// table.h). Readers: "goflag"; "pflag"; "docker", "traverse" and "find" are cobra as docker, podman and
// ollama set it up.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func read(t *table, words []string) (r *reading) {
	// A table that cobra does not take is no reading of the vector.
	defer func() {
		if trouble := recover(); trouble != nil {
			r = &reading{refused: fmt.Errorf("%v", trouble), marks: []string{"panic"}}
		}
	}()
	var how func([]string) *reading
	switch t.reader {
	case "goflag":
		return readGoFlag(t, words)
	case "pflag":
		how = func(words []string) *reading { return readPflag(t, words) }
	case "docker", "traverse", "find":
		how = func(words []string) *reading { return readCobra(t, words) }
	default:
		panic("unknown reader " + t.reader)
	}
	r = how(words)
	markTest(r, words, how)
	return r
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	var t *table
	for {
		fields, err := readRecord(in)
		if err == io.EOF {
			return
		}
		if err != nil || len(fields) == 0 {
			fmt.Fprintln(os.Stderr, "go peer:", errWire)
			os.Exit(2)
		}
		switch fields[0] {
		case "table":
			t = newTable(fields[1:])
		case "read":
			writeRecord(out, read(t, fields[1:]).fields()...)
		case "flush":
			out.Flush()
		}
	}
}
