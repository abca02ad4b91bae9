// Prints what a Go program counts: runtime.NumCPU(), runtime.GOMAXPROCS(0) and the memory limit.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

func main() {
	fmt.Println(runtime.NumCPU(), runtime.GOMAXPROCS(0), debug.SetMemoryLimit(-1))
}
