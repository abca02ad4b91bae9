// Prints what a Go program counts: runtime.NumCPU() and runtime.GOMAXPROCS(0).
package main

import (
	"fmt"
	"runtime"
)

func main() {
	fmt.Println(runtime.NumCPU(), runtime.GOMAXPROCS(0))
}
