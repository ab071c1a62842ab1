// SPDX-License-Identifier: MIT

package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// A source is a data source, as its file has it and the API shows it.
type source struct {
	ID   int    `json:"id" yaml:"-"`
	UID  string `json:"uid"`
	Name string `json:"name"`
	Type string `json:"type"`
	URL  string `json:"url"`
}

// A dashboard is what a search tells of one.
type dashboard struct {
	UID   string `json:"uid"`
	Title string `json:"title"`
}

// readAll calls each with the bytes of each file that matches.
func readAll(pattern string, each func(bytes []byte) error) error {
	paths, err := filepath.Glob(pattern)
	for _, path := range paths {
		var bytes []byte
		if bytes, err = os.ReadFile(path); err == nil {
			err = each(bytes)
		}
		if err != nil {
			return err
		}
	}
	return err
}

func readSources(folder string) (sources []source, err error) {
	err = readAll(folder+"/datasources/*.yml", func(bytes []byte) error {
		var file struct{ Datasources []source }
		if err := yaml.Unmarshal(bytes, &file); err != nil {
			return err
		}
		for _, found := range file.Datasources {
			found.ID = len(sources) + 1
			sources = append(sources, found)
		}
		return nil
	})
	return sources, err
}

func readDashboards(folder string) (dashboards []dashboard, err error) {
	read := func(bytes []byte) error {
		var found dashboard
		err := json.Unmarshal(bytes, &found)
		dashboards = append(dashboards, found)
		return err
	}
	err = readAll(folder+"/dashboards/*.yml", func(bytes []byte) error {
		var file struct {
			Providers []struct{ Options struct{ Path string } }
		}
		if err := yaml.Unmarshal(bytes, &file); err != nil {
			return err
		}
		for _, provider := range file.Providers {
			err := readAll(provider.Options.Path+"/*.json", read)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return dashboards, err
}
