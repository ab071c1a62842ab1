// SPDX-License-Identifier: MIT

// goyaml - what yaml.v3, or with -v2 yaml.v2, reads in a file.
//
// usage: goyaml [-v2] FILE [PATH...]
//
// Prints one line of JSON for each PATH, or for each scalar of the file:
// {"path":"a.b[0]","type":"string","base64":"..."}.  A path joins keys by
// dots; one with a dot, bracket, quote or blank in it stands in quotes.  Of
// several documents the first counts.  Status 1: the file cannot be read or
// a path names no scalar.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	yaml2 "gopkg.in/yaml.v2"
	yaml3 "gopkg.in/yaml.v3"
)

type scalar struct {
	Path   string `json:"path"`
	Type   string `json:"type"`
	Base64 string `json:"base64"`
}

// segment writes a key as it stands in a path.
func segment(key interface{}) string {
	text := fmt.Sprint(key)
	if text != "" && !strings.ContainsAny(text, ".[]\" \t\r\n") {
		return text
	}
	text = strings.ReplaceAll(text, `\`, `\\`)
	return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
}

func join(path string, key interface{}) string {
	if path == "" {
		return segment(key)
	}
	return path + "." + segment(key)
}

func typeName(value interface{}) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "bool"
	case int, int64, uint64:
		return "int"
	case float64:
		return "float"
	case time.Time:
		return "time"
	}
	return fmt.Sprintf("%T", value)
}

func leaf(path string, value interface{}) scalar {
	text := ""
	if value != nil {
		text = fmt.Sprint(value)
	}
	return scalar{path, typeName(value),
		base64.StdEncoding.EncodeToString([]byte(text))}
}

// walk lists the scalars below value, mappings in the order of their paths.
func walk(path string, value interface{}) []scalar {
	var found []scalar
	switch node := value.(type) {
	case map[string]interface{}:
		for key, child := range node {
			found = append(found, walk(join(path, key), child)...)
		}
	case map[interface{}]interface{}:
		for key, child := range node {
			found = append(found, walk(join(path, key), child)...)
		}
	case []interface{}:
		for i, child := range node {
			at := fmt.Sprintf("%s[%d]", path, i)
			found = append(found, walk(at, child)...)
		}
	default:
		found = append(found, leaf(path, value))
	}
	sort.SliceStable(found, func(i, j int) bool {
		return found[i].Path < found[j].Path
	})
	return found
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "goyaml: "+format+"\n", args...)
	os.Exit(1)
}

func read(args []string) (interface{}, []string) {
	unmarshal := yaml3.Unmarshal
	if len(args) > 0 && args[0] == "-v2" {
		unmarshal = yaml2.Unmarshal
		args = args[1:]
	}
	if len(args) == 0 {
		fail("usage: goyaml [-v2] FILE [PATH...]")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		fail("%v", err)
	}
	var tree interface{}
	if err := unmarshal(text, &tree); err != nil {
		fail("%v", err)
	}
	return tree, args[1:]
}

func main() {
	tree, paths := read(os.Args[1:])
	out := json.NewEncoder(os.Stdout)
	found := walk("", tree)
	if len(paths) == 0 {
		for _, one := range found {
			out.Encode(one)
		}
		return
	}
	byPath := map[string]scalar{}
	for _, one := range found {
		byPath[one.Path] = one
	}
	for _, path := range paths {
		one, ok := byPath[path]
		if !ok {
			fail("no scalar at %s", path)
		}
		out.Encode(one)
	}
}
