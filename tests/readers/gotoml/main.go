// SPDX-License-Identifier: MIT

// gotoml - what three TOML libraries for Go read in files.
//
// usage: gotoml FILE...
//
// Prints one line of JSON for each file and library: {"file": "a.toml",
// "reader": "burntsushi", "values": {"a.b": "base64"}}, with the strings and,
// as text, the other scalars by their paths; values is null where the library
// refuses the file.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"github.com/BurntSushi/toml"
	pelletier1 "github.com/pelletier/go-toml"
	pelletier2 "github.com/pelletier/go-toml/v2"
)

type document = map[string]interface{}

type answer struct {
	File   string            `json:"file"`
	Reader string            `json:"reader"`
	Values map[string]string `json:"values"`
}

func readBurntSushi(text []byte, into *document) error {
	return toml.Unmarshal(text, into)
}

func readPelletier1(text []byte, into *document) error {
	tree, err := pelletier1.LoadBytes(text)
	if err == nil {
		*into = tree.ToMap()
	}
	return err
}

func readPelletier2(text []byte, into *document) error {
	return pelletier2.Unmarshal(text, into)
}

var readers = []struct {
	name string
	read func([]byte, *document) error
}{
	{"burntsushi", readBurntSushi},
	{"pelletier1", readPelletier1},
	{"pelletier2", readPelletier2},
}

func flatten(value interface{}, path string, into map[string]string) {
	switch value := value.(type) {
	case document:
		for key, inner := range value {
			if path == "" {
				flatten(inner, key, into)
			} else {
				flatten(inner, path+"."+key, into)
			}
		}
	case []document:
		for i, inner := range value {
			flatten(inner, fmt.Sprintf("%s[%d]", path, i), into)
		}
	case []interface{}:
		for i, inner := range value {
			flatten(inner, fmt.Sprintf("%s[%d]", path, i), into)
		}
	default:
		text := fmt.Sprint(value)
		into[path] = base64.StdEncoding.EncodeToString([]byte(text))
	}
}

// values calls a library, which may panic where it should refuse.
func values(read func([]byte, *document) error, text []byte) (found map[string]string) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	var parsed document
	if read(text, &parsed) != nil {
		return nil
	}
	found = map[string]string{}
	flatten(parsed, "", found)
	return found
}

func main() {
	printer := json.NewEncoder(os.Stdout)
	for _, file := range os.Args[1:] {
		text, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, reader := range readers {
			found := values(reader.read, text)
			if err := printer.Encode(answer{file, reader.name, found}); err != nil {
				os.Exit(1)
			}
		}
	}
}
