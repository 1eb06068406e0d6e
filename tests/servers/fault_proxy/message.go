package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Just enough of HTTP/1.1 to know where a message ends without changing a byte of it.

type body int

const (
	bodyNone body = iota
	bodyLength
	bodyChunked
	bodyUntilClose
)

// head is the start of a request or a response as it came, with what it says of its body.
type head struct {
	raw     []byte
	first   string // start line, without CRLF
	body    body
	length  int64
	expects bool // "Expect: 100-continue"
	closes  bool // "Connection: close"
}

func readHead(r *bufio.Reader) (head, error) {
	var h head
	sized := false
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return h, err
		}
		h.raw = append(h.raw, line...)
		text := strings.TrimRight(string(line), "\r\n")
		if h.first == "" {
			h.first = text
			continue
		}
		if text == "" {
			if h.isResponse() && h.closes && !sized {
				h.body = bodyUntilClose
			}
			return h, nil
		}
		name, value, _ := strings.Cut(text, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "content-length":
			if h.length, err = strconv.ParseInt(value, 10, 64); err != nil {
				return h, err
			}
			sized = true
			if h.length > 0 {
				h.body = bodyLength
			}
		case "transfer-encoding":
			sized = true
			h.body = bodyChunked
		case "expect":
			h.expects = true
		case "connection":
			h.closes = strings.EqualFold(value, "close")
		}
	}
}

func (h *head) isResponse() bool { return strings.HasPrefix(h.first, "HTTP/") }

// answers corrects what only the request tells: some responses have no body whatever they say.
func (h *head) answers(request head) {
	status := h.status()
	if strings.HasPrefix(request.first, "HEAD ") || status < 200 || status == 204 || status == 304 {
		h.body, h.length = bodyNone, 0
	}
}

func (h *head) status() int {
	fields := strings.Fields(h.first)
	if len(fields) < 2 {
		return 0
	}
	status, _ := strconv.Atoi(fields[1])
	return status
}

// interim: "100 Continue"; the answer proper follows.
func (h *head) interim() bool { return h.status() < 200 }

func (h *head) target() string {
	fields := strings.Fields(h.first)
	if len(fields) < 2 {
		return ""
	}
	return fields[1]
}

// copyBody passes on the message's body, or its first `limit` bytes if limit >= 0.
func copyBody(to io.Writer, from *bufio.Reader, h head, limit int64) error {
	switch h.body {
	case bodyLength:
		if limit < 0 {
			limit = h.length
		}
		_, err := io.CopyN(to, from, limit)
		return err
	case bodyChunked:
		if limit >= 0 {
			return nil
		}
		return copyChunks(to, from)
	case bodyUntilClose:
		if limit >= 0 {
			return nil
		}
		_, err := io.Copy(to, from)
		return err
	}
	return nil
}

func copyChunks(to io.Writer, from *bufio.Reader) error {
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return err
		}
		if _, err := io.WriteString(to, line); err != nil {
			return err
		}
		digits, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		size, err := strconv.ParseInt(digits, 16, 64)
		if err != nil {
			return errors.New("not a chunk size: " + digits)
		}
		if size == 0 {
			break
		}
		if _, err := io.CopyN(to, from, size+2); err != nil {
			return err
		}
	}
	for { // trailers, up to an empty line
		line, err := from.ReadString('\n')
		if err != nil {
			return err
		}
		if _, err := io.WriteString(to, line); err != nil {
			return err
		}
		if strings.TrimSpace(line) == "" {
			return nil
		}
	}
}

var codes = map[int]string{
	403: "AccessDenied", 404: "NoSuchKey", 412: "PreconditionFailed",
	500: "InternalError", 503: "SlowDown",
}

// refuse answers in the server's place, as S3 words it.
func refuse(client io.Writer, request head, status int, closes bool) {
	text := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + codes[status] +
		"</Code><Message>said by fault_proxy</Message></Error>"
	connection := "keep-alive"
	if closes {
		connection = "close"
	}
	sent := text
	if strings.HasPrefix(request.first, "HEAD ") {
		sent = ""
	}
	fmt.Fprintf(client, "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n"+
		"Connection: %s\r\n\r\n%s", status, http.StatusText(status), len(text), connection, sent)
}
