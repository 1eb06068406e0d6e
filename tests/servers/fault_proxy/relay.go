package main

import (
	"fmt"
	"net"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// The relay: one thread, one epoll set, no goroutine switches, about six system calls a request.

const (
	scratchBytes = 256 << 10 // one read takes at most this much
	eventsAtOnce = 128
)

// end is one of the two sockets of a connection.
type end struct {
	fd       int
	peer     *end
	client   bool
	fresh    bool   // client: what comes next may be a request
	out      []byte // what the socket did not take yet
	draining bool   // close when out is written
	closed   bool
}

// delayed is a piece of a request under way. All have the same latency, so a queue is in order.
type delayed struct {
	due  time.Time
	to   *end
	data []byte
}

type relayer struct {
	epoll, listener int
	target          syscall.Sockaddr
	latency         time.Duration
	counts          *counts
	ends            []*end // by file descriptor
	queue           []delayed
	first           int // of the queue
	scratch         []byte
	spare           [][]byte // buffers of pieces that were sent
}

func relay(listener *net.TCPListener, o options, counts *counts) error {
	address, err := net.ResolveTCPAddr("tcp4", o.target)
	if err != nil {
		return err
	}
	target := &syscall.SockaddrInet4{Port: address.Port}
	copy(target.Addr[:], address.IP.To4())
	file, err := listener.File()
	if err != nil {
		return err
	}
	// Both are used by number from here on. Unless they are still needed at the end, the garbage
	// collector closes them under way.
	defer listener.Close()
	defer file.Close()
	r := &relayer{listener: int(file.Fd()), target: target, latency: o.latency, counts: counts,
		scratch: make([]byte, scratchBytes)}
	if r.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if err := syscall.SetNonblock(r.listener, true); err != nil {
		return err
	}
	if err := r.control(syscall.EPOLL_CTL_ADD, r.listener, syscall.EPOLLIN); err != nil {
		return err
	}
	return r.run()
}

func (r *relayer) run() error {
	runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0))) // see wait
	events := make([]syscall.EpollEvent, eventsAtOnce)
	for {
		n, err := r.wait(events)
		if err != nil {
			return err
		}
		for _, event := range events[:n] {
			r.handle(int(event.Fd), event.Events)
		}
		r.sendDue()
	}
}

// wait is syscall.EpollWait without telling Go's scheduler, whose bookkeeping of a thread that
// sleeps and wakes costs more than the whole relaying of a request (measured: 42 to 15 us a GET).
// The thread keeps its processor meanwhile; the goroutine that writes the counts has another. Go
// interrupts the call by a signal when it wants the thread, to collect garbage.
func (r *relayer) wait(events []syscall.EpollEvent) (int, error) {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(r.epoll),
		uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), uintptr(r.timeout()), 0, 0)
	if errno == syscall.EINTR {
		return 0, nil
	}
	if errno != 0 {
		return 0, fmt.Errorf("epoll_pwait: %w", errno)
	}
	return int(n), nil
}

// timeout is in milliseconds, rounded up: a request is never early and at most 1 ms late.
func (r *relayer) timeout() int {
	if r.first == len(r.queue) {
		return -1
	}
	left := time.Until(r.queue[r.first].due)
	return int(max(left+time.Millisecond-1, 0) / time.Millisecond)
}

func (r *relayer) sendDue() {
	if r.first == len(r.queue) {
		return
	}
	now := time.Now()
	for r.first < len(r.queue) && !r.queue[r.first].due.After(now) {
		piece := r.queue[r.first]
		r.queue[r.first] = delayed{}
		r.first++
		r.send(piece.to, piece.data)
		r.spare = append(r.spare, piece.data[:0])
	}
	if r.first > 1024 && r.first*2 > len(r.queue) {
		r.queue = r.queue[:copy(r.queue, r.queue[r.first:])]
		r.first = 0
	}
}

func (r *relayer) handle(fd int, events uint32) {
	if fd == r.listener {
		r.accept()
		return
	}
	e := r.ends[fd]
	if e == nil {
		return
	}
	if events&syscall.EPOLLOUT != 0 {
		r.flush(e)
	}
	if events&(syscall.EPOLLIN|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 && !e.closed {
		r.read(e)
	}
}

func (r *relayer) read(e *end) {
	n, err := syscall.Read(e.fd, r.scratch)
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return
	}
	if n <= 0 || err != nil {
		r.finish(e.peer)
		r.close(e)
		return
	}
	data := r.scratch[:n]
	if !e.client {
		e.peer.fresh = true
		r.send(e.peer, data)
		return
	}
	// Clients of S3 do not pipeline, so a request starts only at the start of a read, after an
	// answer (which may be "100 Continue": the body that follows does not look like a request).
	if e.fresh {
		if k := kindOf(data); k != kindNone {
			r.counts.requests[k].Add(1)
			e.fresh = false
		}
	}
	if r.latency == 0 {
		r.send(e.peer, data)
		return
	}
	r.queue = append(r.queue, delayed{time.Now().Add(r.latency), e.peer, append(r.buffer(), data...)})
}

func (r *relayer) buffer() []byte {
	if last := len(r.spare) - 1; last >= 0 {
		buffer := r.spare[last]
		r.spare = r.spare[:last]
		return buffer
	}
	return make([]byte, 0, 2048)
}

// send writes what the socket takes now and keeps the rest; the other side waits meanwhile.
func (r *relayer) send(e *end, data []byte) {
	if e.closed {
		return
	}
	if len(e.out) > 0 {
		e.out = append(e.out, data...)
		return
	}
	n, err := syscall.Write(e.fd, data)
	if err != nil && err != syscall.EAGAIN && err != syscall.EINTR {
		r.close(e)
		r.finish(e.peer)
		return
	}
	if n = max(n, 0); n < len(data) {
		e.out = append(e.out, data[n:]...)
		r.listen(e)
		r.listen(e.peer)
	}
}

func (r *relayer) flush(e *end) {
	n, err := syscall.Write(e.fd, e.out)
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return
	}
	if err != nil {
		r.close(e)
		r.finish(e.peer)
		return
	}
	e.out = e.out[n:]
	if len(e.out) > 0 {
		return
	}
	e.out = nil
	if e.draining {
		r.close(e)
		return
	}
	r.listen(e)
	r.listen(e.peer)
}

// listen tells epoll what the end waits for: to write what is left over, and to read unless the
// other end is behind.
func (r *relayer) listen(e *end) {
	if e.closed {
		return
	}
	var events uint32
	if len(e.out) > 0 {
		events |= syscall.EPOLLOUT
	}
	if len(e.peer.out) == 0 && !e.draining {
		events |= syscall.EPOLLIN
	}
	if err := r.control(syscall.EPOLL_CTL_MOD, e.fd, events); err != nil {
		r.close(e)
	}
}

// finish closes an end whose peer is gone, after what it still has to write.
func (r *relayer) finish(e *end) {
	if len(e.out) == 0 {
		r.close(e)
		return
	}
	e.draining = true
	r.listen(e)
}

func (r *relayer) close(e *end) {
	if e.closed {
		return
	}
	e.closed = true
	r.ends[e.fd] = nil
	syscall.Close(e.fd) // leaves the epoll set by itself
}

func (r *relayer) accept() {
	fd, _, err := syscall.Accept4(r.listener, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
	if err != nil {
		return
	}
	r.counts.connections.Add(1)
	server, err := r.connect()
	if err != nil {
		syscall.Close(fd) // the server is down: the client sees a reset
		return
	}
	client := &end{fd: fd, client: true, fresh: true}
	client.peer = &end{fd: server, peer: client}
	for _, e := range []*end{client, client.peer} {
		for len(r.ends) <= e.fd {
			r.ends = append(r.ends, nil)
		}
		r.ends[e.fd] = e
		_ = syscall.SetsockoptInt(e.fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
		if err := r.control(syscall.EPOLL_CTL_ADD, e.fd, syscall.EPOLLIN); err != nil {
			r.close(client)
			r.close(client.peer)
			return
		}
	}
}

// connect waits for the server, which is on this machine.
func (r *relayer) connect() (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err = syscall.Connect(fd, r.target); err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err != nil {
		syscall.Close(fd)
	}
	return fd, err
}

func (r *relayer) control(operation, fd int, events uint32) error {
	return syscall.EpollCtl(r.epoll, operation, fd, &syscall.EpollEvent{Events: events, Fd: int32(fd)})
}
