// fault_proxy stands between a client and an S3 server and makes the network worse.
//
//	fault_proxy --target 127.0.0.1:9000 --latency 20ms --counts counts.json
//
// With latency alone it is a relay of raw bytes that costs a few microseconds a request, so that a
// benchmark on the same cores measures the client (relay.go). With any fault asked for it reads
// HTTP and picks requests to spoil (faults.go). Either way bytes pass unchanged, the Host header
// too, which the client has signed; connections stay open; and requests are counted.
//
// It prints "READY HOST:PORT". SIGUSR1 writes the counts, SIGTERM and SIGINT write them and end.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type options struct {
	target  string
	latency time.Duration
	faults  faultOptions
}

func main() {
	var o options
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on; port 0 is a free one")
	countsFile := flag.String("counts", "", "file that SIGUSR1 and the end write the counts to, as JSON")
	flag.StringVar(&o.target, "target", "", "HOST:PORT of the server (required)")
	flag.DurationVar(&o.latency, "latency", 0, "delay of everything the client sends, such as 20ms")
	o.faults.define(flag.CommandLine)
	flag.Parse()
	if o.target == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "fault_proxy: --target HOST:PORT is required, and only options are taken")
		os.Exit(2)
	}

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		fatal(err)
	}
	counts := &counts{}
	go writeCountsOnSignal(counts, *countsFile)
	fmt.Println("READY", listener.Addr())
	if o.faults.any() {
		err = serveFaults(listener, o, counts)
	} else {
		err = relay(listener.(*net.TCPListener), o, counts)
	}
	fatal(err)
}

func writeCountsOnSignal(counts *counts, path string) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGTERM, syscall.SIGINT)
	for s := range signals {
		if path != "" {
			if err := counts.write(path); err != nil {
				fatal(err)
			}
		}
		if s != syscall.SIGUSR1 {
			os.Exit(0)
		}
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "fault_proxy:", strings.TrimSpace(err.Error()))
	os.Exit(1)
}
