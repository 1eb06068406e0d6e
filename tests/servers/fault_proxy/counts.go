package main

import (
	"bytes"
	"encoding/json"
	"os"
	"sync/atomic"
)

// kind is what a request asks for, as S3 bills it.
type kind int

const (
	kindNone kind = iota // not the start of a request
	kindGet              // of an object
	kindList             // a GET of a bucket: listings and bucket properties
	kindHead
	kindPut
	kindPost
	kindDelete
	kindCount
)

// kindOf tells from the first bytes of a request. The target is path style: /bucket/key?query.
func kindOf(head []byte) kind {
	if len(head) < 5 {
		return kindNone
	}
	switch head[0] {
	case 'G':
		if rest, ok := bytes.CutPrefix(head, []byte("GET /")); ok {
			return kindOfGet(rest)
		}
	case 'H':
		return is(head, "HEAD /", kindHead)
	case 'P':
		return is(head, "PUT /", kindPut) + is(head, "POST /", kindPost)
	case 'D':
		return is(head, "DELETE /", kindDelete)
	}
	return kindNone
}

func is(head []byte, prefix string, k kind) kind {
	if bytes.HasPrefix(head, []byte(prefix)) {
		return k
	}
	return kindNone
}

// kindOfGet gets the target without its first slash, and what follows it.
func kindOfGet(target []byte) kind {
	for i, c := range target {
		switch c {
		case '?', ' ':
			return kindList
		case '/':
			if i+1 < len(target) && target[i+1] != '?' && target[i+1] != ' ' {
				return kindGet
			}
		}
	}
	return kindGet
}

// counts may be used by many goroutines.
type counts struct {
	requests    [kindCount]atomic.Int64
	faults      [faultCount]atomic.Int64
	connections atomic.Int64
}

func (c *counts) write(path string) error {
	faults := map[string]int64{}
	for f := faultNone + 1; f < faultCount; f++ {
		faults[f.String()] = c.faults[f].Load()
	}
	text, err := json.MarshalIndent(map[string]any{
		"GET":         c.requests[kindGet].Load(),
		"LIST":        c.requests[kindList].Load(),
		"HEAD":        c.requests[kindHead].Load(),
		"PUT":         c.requests[kindPut].Load(),
		"POST":        c.requests[kindPost].Load(),
		"DELETE":      c.requests[kindDelete].Load(),
		"connections": c.connections.Load(),
		"faults":      faults,
	}, "", "  ")
	if err != nil {
		return err
	}
	// Renamed into place: a reader that polls for the file sees it whole.
	if err := os.WriteFile(path+".tmp", append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
