package main

import (
	"io"
	"os"
	"syscall"
)

// endWithParent ends this process, gently, once its standard input ends: the parent holds the other side and writes
// nothing, so that is when the parent has ended, however it ended.
func endWithParent() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
	}()
}
