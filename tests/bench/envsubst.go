// SPDX-License-Identifier: MIT

// envsubst - standard input with variables in it, by drone's library: a
// template tool in Go of which Debian has no more than that.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/drone/envsubst"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err == nil {
		var result string
		result, err = envsubst.EvalEnv(string(text))
		fmt.Print(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "envsubst:", err)
		os.Exit(1)
	}
}
