// SPDX-License-Identifier: ISC

package main

import (
	"bufio"
	"errors"
	"io"
	"strconv"
)

var errWire = errors.New("the oracle's record is broken")

// readRecord returns the fields of the next record (wire.h), io.EOF at the end.
func readRecord(in *bufio.Reader) ([]string, error) {
	fields := []string{}
	for {
		c, err := in.ReadByte()
		if err != nil {
			if len(fields) > 0 {
				return nil, errWire
			}
			return nil, err
		}
		if c == '\n' {
			return fields, nil
		}
		if err := in.UnreadByte(); err != nil {
			return nil, err
		}
		length, err := in.ReadString(':')
		if err != nil {
			return nil, errWire
		}
		n, err := strconv.Atoi(length[:len(length)-1])
		if err != nil {
			return nil, errWire
		}
		field := make([]byte, n+1)
		if _, err := io.ReadFull(in, field); err != nil || field[n] != ',' {
			return nil, errWire
		}
		fields = append(fields, string(field[:n]))
	}
}

func writeRecord(out *bufio.Writer, fields ...string) {
	for _, field := range fields {
		out.WriteString(strconv.Itoa(len(field)))
		out.WriteByte(':')
		out.WriteString(field)
		out.WriteByte(',')
	}
	out.WriteByte('\n')
}
