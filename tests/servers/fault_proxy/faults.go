package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// fault is what happens to one request.
type fault int

const (
	faultNone   fault = iota
	fault500          // answered 500 InternalError
	fault503          // answered 503 SlowDown
	faultReset        // connection reset in the middle of the answer's body
	faultShort        // connection closed in the middle of the answer's body
	faultStall        // never answered
	faultAnswer       // answered as --answer says
	faultWrite        // answered 500 because of --fail-writes-after
	faultCount
)

func (f fault) String() string {
	return [...]string{"none", "500", "503", "reset", "short", "stall", "answer", "write"}[f]
}

type faultOptions struct {
	share       [faultCount]float64 // of the requests
	seed        uint64
	answers     answers
	writesAfter int64
}

// answers are fixed ones, by a part of the request's target.
type answers map[string]int

func (a answers) String() string { return fmt.Sprint(map[string]int(a)) }

func (a answers) Set(text string) error {
	part, status, ok := strings.Cut(text, "=")
	code, err := strconv.Atoi(status)
	if !ok || err != nil || part == "" {
		return errors.New("wanted PART=STATUS, such as 3_100.jpg=403")
	}
	a[part] = code
	return nil
}

func (o *faultOptions) define(flags *flag.FlagSet) {
	flags.Float64Var(&o.share[fault500], "fail-500", 0, "share of requests answered 500, 0 to 1")
	flags.Float64Var(&o.share[fault503], "fail-503", 0, "share of requests answered 503 SlowDown")
	flags.Float64Var(&o.share[faultReset], "reset", 0, "share of answers cut by a reset")
	flags.Float64Var(&o.share[faultShort], "short", 0, "share of answers whose body ends early")
	flags.Float64Var(&o.share[faultStall], "stall", 0, "share of requests never answered")
	flags.Uint64Var(&o.seed, "seed", 1, "same seed, same requests spoiled")
	o.answers = answers{}
	flags.Var(o.answers, "answer", "PART=STATUS: always answer so where the target has PART; repeatable")
	flags.Int64Var(&o.writesAfter, "fail-writes-after", -1, "answer 500 to every PUT and POST after this many")
}

func (o *faultOptions) any() bool {
	for _, share := range o.share {
		if share > 0 {
			return true
		}
	}
	return len(o.answers) > 0 || o.writesAfter >= 0
}

type spoiler struct {
	options
	counts *counts
	writes atomic.Int64
	lock   sync.Mutex
	asked  map[string]int // times that a request was made
}

func serveFaults(listener net.Listener, o options, counts *counts) error {
	s := &spoiler{options: o, counts: counts, asked: map[string]int{}}
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		counts.connections.Add(1)
		go s.serve(client.(*net.TCPConn))
	}
}

// serve handles the requests of one connection, one after the other.
func (s *spoiler) serve(client *net.TCPConn) {
	defer client.Close()
	server, err := net.Dial("tcp", s.target)
	if err != nil {
		return
	}
	defer server.Close()
	requests, responses := bufio.NewReader(client), bufio.NewReader(server)
	for {
		request, err := readHead(requests)
		if err != nil {
			return
		}
		k := kindOf(request.raw)
		s.counts.requests[k].Add(1)
		time.Sleep(s.latency)
		f, status := s.choose(request, k)
		if f != faultNone {
			s.counts.faults[f].Add(1)
		}
		switch f {
		case faultNone, faultReset, faultShort:
			sent := make(chan error, 1)
			go func() { sent <- forward(server, requests, request) }()
			if !s.answer(client, responses, request, f) || <-sent != nil {
				return
			}
		case faultStall:
			_, _ = io.Copy(io.Discard, client) // until the client gives up
			return
		default:
			if request.body != bodyNone && request.expects {
				// The client waits to be told to send its body; told otherwise, it starts anew.
				refuse(client, request, status, true)
				return
			}
			if err := copyBody(io.Discard, requests, request, -1); err != nil {
				return
			}
			refuse(client, request, status, false)
		}
	}
}

func forward(server io.Writer, requests *bufio.Reader, request head) error {
	if _, err := server.Write(request.raw); err != nil {
		return err
	}
	return copyBody(server, requests, request, -1)
}

// answer passes the server's answer on, spoiled or not. False: the connection is finished.
func (s *spoiler) answer(client *net.TCPConn, responses *bufio.Reader, request head, f fault) bool {
	for {
		response, err := readHead(responses)
		if err != nil {
			return false
		}
		response.answers(request)
		limit := int64(-1)
		if f != faultNone && !response.interim() {
			limit = max(response.length, 0) / 2
		}
		if _, err := client.Write(response.raw); err != nil {
			return false
		}
		if err := copyBody(client, responses, response, limit); err != nil {
			return false
		}
		if response.interim() {
			continue
		}
		if f == faultReset {
			_ = client.SetLinger(0)
		}
		return f == faultNone && !response.closes
	}
}

// choose depends on the seed, the request and how often it was made, not on the order in which
// requests of several connections arrive: a run with faults can be repeated.
func (s *spoiler) choose(request head, k kind) (fault, int) {
	target := request.target()
	for part, status := range s.faults.answers {
		if strings.Contains(target, part) {
			return faultAnswer, status
		}
	}
	if s.faults.writesAfter >= 0 && (k == kindPut || k == kindPost) &&
		s.writes.Add(1) > s.faults.writesAfter {
		return faultWrite, 500
	}
	s.lock.Lock()
	key := fmt.Sprintf("%d %d %s", s.faults.seed, k, target)
	s.asked[key]++
	times := s.asked[key]
	s.lock.Unlock()
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s %d", key, times)
	at := float64(mix(hash.Sum64())>>11) / (1 << 53)
	for f := fault500; f <= faultStall; f++ {
		if at -= s.faults.share[f]; at < 0 {
			return f, map[fault]int{fault500: 500, fault503: 503}[f]
		}
	}
	return faultNone, 0
}

// mix spreads FNV's bits (splitmix64): alone its high bits hardly differ for like inputs.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
