// SPDX-License-Identifier: MIT

// Command grafana reads an INI file as Grafana does: go-ini with no options,
// the file's values over those of the defaults, then the expansion of
// variables, then go-ini's own of %(key)s.  Tests read rendered files back
// with it.
//
//	grafana [-defaults FILE] FILE SECTION KEY   the value on standard output
//	grafana [-defaults FILE] -json FILE...      a line for each file:
//	                                            {"section": {"key": base64}}
//
// Keys above the first header are in the section DEFAULT.  Where Grafana would
// not start there is null for the file.  The exit status is 1 when that
// happened or there is no such key.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"

	"gopkg.in/ini.v1"
)

// variable is what Grafana replaces, wherever it stands.
var variable = regexp.MustCompile(`\$(|__\w+)\{([^}]+)\}`)

// A pass replaces the variables of some kinds.
type pass struct {
	kinds  []string
	lookup func(name string) (string, error)
}

func lookupEnv(name string) (string, error) {
	value := os.Getenv(name)
	if value == "" && name == "HOSTNAME" {
		return os.Hostname()
	}
	return value, nil
}

func lookupFile(name string) (string, error) {
	bytes, err := os.ReadFile(name)
	return strings.TrimSpace(string(bytes)), err
}

var passes = []pass{
	{[]string{"", "__env"}, lookupEnv},
	{[]string{"__file"}, lookupFile},
}

func (p pass) handles(kind string) bool {
	for _, own := range p.kinds {
		if own == kind {
			return true
		}
	}
	return false
}

// expand finds the matches once: what one brings in is not looked at again.
func (p pass) expand(value string) (string, error) {
	for _, match := range variable.FindAllStringSubmatch(value, -1) {
		if !p.handles(match[1]) {
			continue
		}
		found, err := p.lookup(match[2])
		if err != nil {
			return "", err
		}
		value = strings.Replace(value, match[0], found, 1)
	}
	return value, nil
}

func expandAll(file *ini.File) error {
	for _, p := range passes {
		for _, section := range file.Sections() {
			for _, key := range section.Keys() {
				value, err := p.expand(key.Value())
				if err != nil {
					return err
				}
				key.SetValue(value)
			}
		}
	}
	return nil
}

// merge puts the user's values over the defaults; empty ones do not count.
func merge(defaults, user *ini.File) {
	for _, section := range user.Sections() {
		for _, key := range section.Keys() {
			if key.Value() != "" {
				override(defaults, section.Name(), key)
			}
		}
	}
}

func override(defaults *ini.File, name string, key *ini.Key) {
	section, err := defaults.GetSection(name)
	if err != nil {
		section, _ = defaults.NewSection(name)
	}
	// A key that only the parent section has is the parent's.
	known, err := section.GetKey(key.Name())
	if err != nil {
		known, _ = section.NewKey(key.Name(), key.Value())
	}
	known.SetValue(key.Value())
}

func load(defaultsPath, path string) (*ini.File, error) {
	defaults := ini.Empty()
	if defaultsPath != "" {
		var err error
		if defaults, err = ini.Load(defaultsPath); err != nil {
			return nil, err
		}
	}
	user, err := ini.Load(path)
	if err != nil {
		return nil, err
	}
	merge(defaults, user)
	return defaults, expandAll(defaults)
}

func printAll(defaultsPath string, paths []string) error {
	var refused error
	out := json.NewEncoder(os.Stdout)
	for _, path := range paths {
		file, err := load(defaultsPath, path)
		if err != nil {
			refused = err
			err = out.Encode(nil)
		} else {
			err = out.Encode(allKeys(file))
		}
		if err != nil {
			return err
		}
	}
	return refused
}

func allKeys(file *ini.File) map[string]map[string][]byte {
	all := map[string]map[string][]byte{}
	for _, section := range file.Sections() {
		keys := map[string][]byte{}
		for _, key := range section.Keys() {
			keys[key.Name()] = []byte(key.String())
		}
		all[section.Name()] = keys
	}
	return all
}

func printOne(defaultsPath, path, section, key string) error {
	file, err := load(defaultsPath, path)
	if err != nil {
		return err
	}
	if !file.Section(section).HasKey(key) {
		return errors.New("no such key")
	}
	_, err = os.Stdout.WriteString(file.Section(section).Key(key).String())
	return err
}

func main() {
	defaults := flag.String("defaults", "", "`FILE` with Grafana's defaults")
	asJSON := flag.Bool("json", false, "print all keys, values in base64")
	flag.Parse()
	var err error
	switch {
	case *asJSON && flag.NArg() > 0:
		err = printAll(*defaults, flag.Args())
	case !*asJSON && flag.NArg() == 3:
		err = printOne(*defaults, flag.Arg(0), flag.Arg(1), flag.Arg(2))
	default:
		fmt.Fprintln(os.Stderr, "usage: grafana [-defaults FILE] FILE "+
			"SECTION KEY | -json FILE...")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "grafana:", err)
		os.Exit(1)
	}
}
